/**
 * The tasks of a flow as a graph: what follows what, what runs side by side, what is run when something
 * fails. One reading of the flow, printed in three forms.
 */
import type { Flow, Task } from '../../core/flow/index.ts';
import { oneLine } from './terminal-text.ts';

/** A task in the graph. */
export interface GraphNode {
  readonly id: string;
  readonly type: string;
}

/** An arrow of the graph. */
export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  /** The branch that is taken: `then`, a case of a Switch. */
  readonly label?: string;
  /** Taken only when something failed. */
  readonly isError?: boolean;
}

/** The tasks of a flow and what follows what. */
export interface FlowGraph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

/** Where the next arrow begins. */
interface End {
  readonly from: string;
  readonly label?: string;
  readonly isError?: boolean;
}

const sideBySide = new Set(['core.flow.Parallel', 'core.flow.EachParallel']);
const oneOf = new Set(['core.flow.If', 'core.flow.Switch']);
/** Blocks that are not part of the ordinary way through a task. */
const asideBlocks = new Set(['errors', 'finally', 'onPause']);

class GraphBuilder {
  readonly nodes: GraphNode[] = [];
  readonly edges: GraphEdge[] = [];

  sequence(tasks: readonly Task[], ends: readonly End[]): readonly End[] {
    return tasks.reduce((before, task) => this.task(task, before), ends);
  }

  task(task: Task, ends: readonly End[]): readonly End[] {
    const { id, type, blocks } = task;
    this.nodes.push({ id, type });
    for (const { from, ...rest } of ends) this.edges.push({ from, to: id, ...rest });
    const after = this.#inside(task);
    const aside: End = { from: id, isError: true };
    this.sequence(blocks['errors'] ?? [], [{ ...aside, label: 'errors' }]);
    this.sequence(blocks['onPause'] ?? [], [{ from: id, label: 'onPause' }]);
    return this.sequence(blocks['finally'] ?? [], after);
  }

  #inside(task: Task): readonly End[] {
    const { id, type, blocks } = task;
    const named = Object.entries(blocks).filter(
      ([name, tasks]) => !asideBlocks.has(name) && tasks.length > 0,
    );
    if (named.length === 0) return [{ from: id }];
    if (task.dependsOn !== undefined) return this.#dag(task);
    if (sideBySide.has(type)) {
      return (blocks['tasks'] ?? []).flatMap((child) => this.task(child, [{ from: id }]));
    }
    const isChoice = oneOf.has(type);
    const ends = named.flatMap(([name, tasks]) => {
      const label = isChoice || name !== 'tasks' ? { label: name.replace(/^cases\./, '') } : {};
      return this.sequence(tasks, [{ from: id, ...label }]);
    });
    const passes = type === 'core.flow.If' && (blocks['else'] ?? []).length === 0;
    return passes ? [...ends, { from: id, label: 'else' }] : ends;
  }

  #dag({ id, blocks, dependsOn = {} }: Task): readonly End[] {
    const ends = new Map<string, readonly End[]>();
    const awaited = new Set(Object.values(dependsOn).flat());
    let waiting = blocks['tasks'] ?? [];
    while (waiting.length > 0) {
      const isReady = (task: Task) => (dependsOn[task.id] ?? []).every((one) => ends.has(one));
      const ready = waiting.filter(isReady);
      // A cycle is refused when the flow is read; this only keeps the loop finite.
      const next = ready.length > 0 ? ready : waiting;
      for (const task of next) {
        const before = (dependsOn[task.id] ?? []).flatMap((one) => ends.get(one) ?? []);
        ends.set(task.id, this.task(task, before.length > 0 ? before : [{ from: id }]));
      }
      waiting = waiting.filter((task) => !next.includes(task));
    }
    return [...ends].filter(([task]) => !awaited.has(task)).flatMap(([, some]) => some);
  }
}

/** Returns the graph of `flow`. */
export function graphOf(flow: Flow): FlowGraph {
  const builder = new GraphBuilder();
  const ends = builder.sequence(flow.tasks, [{ from: startId }]);
  builder.sequence(flow.errors, [{ from: startId, label: 'errors', isError: true }]);
  const closing = builder.sequence(flow.finally, ends);
  builder.sequence(flow.afterExecution, closing);
  return { nodes: builder.nodes, edges: builder.edges };
}

/** The node in which every way through a flow begins; no task can have this id. */
export const startId = '(start)';

function quoted(text: string): string {
  return `"${oneLine(text).replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

/** Returns `graph` in the language of Graphviz. */
export function dotText({ nodes, edges }: FlowGraph, title: string): string {
  const lines = [
    `digraph ${quoted(title)} {`,
    '  rankdir=TB; node [shape=box, style=rounded, fontname="sans-serif"];',
    `  ${quoted(startId)} [label=${quoted(title)}, shape=oval];`,
    ...nodes.map(({ id, type }) => `  ${quoted(id)} [label="${id}\\n${type}"];`),
    ...edges.map(({ from, to, label, isError }) => {
      const style = [
        ...(label === undefined ? [] : [`label=${quoted(label)}`]),
        ...(isError === true ? ['style=dashed'] : []),
      ];
      const more = style.length === 0 ? '' : ` [${style.join(', ')}]`;
      return `  ${quoted(from)} -> ${quoted(to)}${more};`;
    }),
    '}',
  ];
  return `${lines.join('\n')}\n`;
}

/** Returns `graph` in the language of Mermaid. */
export function mermaidText({ nodes, edges }: FlowGraph, title: string): string {
  const names = new Map([startId, ...nodes.map(({ id }) => id)].map((id, at) => [id, `n${at}`]));
  const shown = (text: string) => `"${oneLine(text).replaceAll('"', '#quot;')}"`;
  const lines = [
    'flowchart TD',
    `  n0([${shown(title)}])`,
    ...nodes.map(({ id, type }) => `  ${names.get(id)}[${shown(`${id}<br/>${type}`)}]`),
    ...edges.map(({ from, to, label, isError }) => {
      const arrow = isError === true ? '-.->' : '-->';
      const text = label === undefined ? '' : `|${shown(label)}|`;
      return `  ${names.get(from)} ${arrow}${text} ${names.get(to)}`;
    }),
  ];
  return `${lines.join('\n')}\n`;
}

interface Branch {
  readonly text: string;
  readonly branches: readonly Branch[];
}

function branchOf(task: Task, waits: readonly string[] = []): Branch {
  const blocks = Object.entries(task.blocks).filter(([, tasks]) => tasks.length > 0);
  const own = (tasks: readonly Task[]) =>
    tasks.map((child) => branchOf(child, task.dependsOn?.[child.id]));
  const branches = blocks.flatMap(([name, tasks]) =>
    // The one ordinary list of a task needs no line of its own.
    name === 'tasks' ? own(tasks) : [{ text: name, branches: own(tasks) }],
  );
  const after = waits.length === 0 ? '' : `  after ${waits.join(', ')}`;
  const condition = task.runIf === undefined ? '' : `  if ${oneLine(task.runIf)}`;
  const disabled = task.isDisabled ? '  disabled' : '';
  return { text: `${task.id}  ${task.type}${after}${condition}${disabled}`, branches };
}

function draw(branches: readonly Branch[], prefix: string, lines: string[]): void {
  for (const [index, { text, branches: inner }] of branches.entries()) {
    const isLast = index === branches.length - 1;
    lines.push(`${prefix}${isLast ? '└─ ' : '├─ '}${text}`);
    draw(inner, `${prefix}${isLast ? '   ' : '│  '}`, lines);
  }
}

/** Returns the tasks of `flow` as an indented tree. */
export function treeText(flow: Flow): string {
  const section = (text: string, tasks: readonly Task[]): readonly Branch[] =>
    tasks.length === 0 ? [] : [{ text, branches: tasks.map((task) => branchOf(task)) }];
  const lines = [`${flow.namespace}/${flow.id}`];
  const branches = [
    ...flow.tasks.map((task) => branchOf(task)),
    ...section('errors', flow.errors),
    ...section('finally', flow.finally),
    ...section('afterExecution', flow.afterExecution),
  ];
  draw(branches, '', lines);
  return `${lines.join('\n')}\n`;
}
