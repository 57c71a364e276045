/**
 * Draws a graph as text: for Graphviz, for Mermaid, or as an indented tree for a terminal.
 * Names come from users, so each way of writing escapes what would end a label.
 */
import type { FlowGraph, GraphEdge, GraphNode } from './flow-graph.ts';

/** The ways a graph can be written. */
export const graphFormats = ['text', 'dot', 'mermaid'] as const;

/** A way a graph can be written. */
export type GraphFormat = (typeof graphFormats)[number];

/** Returns `graph` as text. */
export function renderGraph(graph: FlowGraph, format: GraphFormat): string {
  switch (format) {
    case 'text':
      return asTree(graph);
    case 'dot':
      return asDot(graph);
    case 'mermaid':
      return asMermaid(graph);
  }
}

function dotText(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

const dotShapes: Readonly<Record<GraphNode['kind'], string>> = {
  start: 'circle',
  end: 'doublecircle',
  task: 'box',
  trigger: 'cds',
};

const dotStyles: Readonly<Record<GraphEdge['kind'], string>> = {
  trigger: 'style=dotted',
  sequence: 'style=solid',
  branch: 'style=solid',
  dag: 'style=solid',
  loop: 'style=dashed, constraint=false',
  error: 'style=dashed, color=red',
};

/** Groups what belongs to the same flowable; the flow itself has the key undefined. */
function byParent<T extends { readonly parent?: string }>(
  things: readonly T[],
): Map<string | undefined, T[]> {
  const groups = new Map<string | undefined, T[]>();
  for (const one of things) {
    const group = groups.get(one.parent);
    if (group === undefined) groups.set(one.parent, [one]);
    else group.push(one);
  }
  return groups;
}

function asDot(graph: FlowGraph): string {
  const lines = ['digraph flow {', '  rankdir=TB;'];
  const nodes = byParent(graph.nodes);
  const clusters = byParent(graph.clusters);
  const draw = (parent: string | undefined, indent: string): void => {
    for (const node of nodes.get(parent) ?? []) {
      const label = node.type === undefined ? node.label : `${node.label}\n${node.type}`;
      const shown = dotText(label).replaceAll('\n', '\\n');
      const style = node.isDisabled ? ', style=dashed' : '';
      lines.push(
        `${indent}${dotText(node.id)} [shape=${dotShapes[node.kind]}, label=${shown}${style}];`,
      );
    }
    for (const cluster of clusters.get(parent) ?? []) {
      lines.push(`${indent}subgraph ${dotText(`cluster_${cluster.id}`)} {`);
      lines.push(`${indent}  label=${dotText(cluster.label)};`);
      draw(cluster.id, `${indent}  `);
      lines.push(`${indent}}`);
    }
  };
  draw(undefined, '  ');
  for (const { from, to, kind, label } of graph.edges) {
    const shown = label === undefined ? '' : `, label=${dotText(label)}`;
    lines.push(`  ${dotText(from)} -> ${dotText(to)} [${dotStyles[kind]}${shown}];`);
  }
  lines.push('}');
  return `${lines.join('\n')}\n`;
}

function mermaidText(text: string): string {
  const safe = text
    .replaceAll('#', '#35;')
    .replaceAll('"', '#quot;')
    .replaceAll('<', '#lt;')
    .replaceAll('>', '#gt;')
    .replaceAll('\n', ' ');
  return `"${safe}"`;
}

function asMermaid(graph: FlowGraph): string {
  // Mermaid takes words such as `end` for its own, so nodes are numbered.
  const names = new Map(graph.nodes.map((node, index) => [node.id, `n${index}`]));
  const nodes = byParent(graph.nodes);
  const clusters = byParent(graph.clusters);
  const lines = ['flowchart TB'];
  const draw = (parent: string | undefined, indent: string): void => {
    for (const node of nodes.get(parent) ?? []) {
      const text = mermaidText(
        node.type === undefined ? node.label : `${node.label} · ${node.type}`,
      );
      const isRound = node.kind === 'start' || node.kind === 'end';
      lines.push(`${indent}${names.get(node.id)}${isRound ? `([${text}])` : `[${text}]`}`);
    }
    for (const cluster of clusters.get(parent) ?? []) {
      lines.push(`${indent}subgraph c_${names.get(cluster.id)}[${mermaidText(cluster.label)}]`);
      draw(cluster.id, `${indent}  `);
      lines.push(`${indent}end`);
    }
  };
  draw(undefined, '  ');
  for (const { from, to, kind, label } of graph.edges) {
    const arrow = kind === 'loop' || kind === 'error' || kind === 'trigger' ? '-.->' : '-->';
    const shown = label === undefined ? '' : `|${mermaidText(label)}|`;
    lines.push(`  ${names.get(from)} ${arrow}${shown} ${names.get(to)}`);
  }
  return `${lines.join('\n')}\n`;
}

const plainBlocks = new Set(['tasks', undefined]);

function asTree(graph: FlowGraph): string {
  const nodes = byParent(graph.nodes);
  const parents = new Map(graph.nodes.map((node) => [node.id, node.parent]));
  const waits = new Map<string, string[]>();
  for (const { from, to, kind } of graph.edges) {
    if (kind !== 'dag' || from === parents.get(to)) continue;
    const before = waits.get(to);
    if (before === undefined) waits.set(to, [from]);
    else before.push(from);
  }
  const lines: string[] = [];
  const draw = (parent: string | undefined, indent: string): void => {
    const group = (nodes.get(parent) ?? []).filter(
      (node) => node.kind !== 'start' && node.kind !== 'end',
    );
    for (const [index, node] of group.entries()) {
      const isLast = index === group.length - 1;
      const block =
        node.kind === 'trigger'
          ? 'trigger: '
          : plainBlocks.has(node.block)
            ? ''
            : `${node.block}: `;
      const after = waits.get(node.id);
      const notes = [
        ...(node.isDisabled ? ['disabled'] : []),
        ...(after === undefined ? [] : [`after ${after.join(', ')}`]),
      ];
      const note = notes.length === 0 ? '' : `  [${notes.join('; ')}]`;
      lines.push(
        `${indent}${isLast ? '└─' : '├─'} ${block}${node.label}  ${node.type ?? ''}${note}`,
      );
      draw(node.id, `${indent}${isLast ? '   ' : '│  '}`);
    }
  };
  const [start] = graph.nodes;
  lines.push(start?.label ?? 'flow');
  draw(undefined, '');
  return `${lines.join('\n')}\n`;
}
