/** Graphs: what follows what, and the three ways to write them. */
import { describe, expect, test } from 'vitest';
import { sampleCatalogue } from '../../../test/support/sample-catalogue.ts';
import { type FlowGraph, graphOf } from './flow-graph.ts';
import { parseFlow } from './parse-flow.ts';
import { renderGraph } from './render-graph.ts';

function graph(tasks: string): FlowGraph {
  const source = `id: g\nnamespace: a\n${tasks}`;
  const { flow, diagnostics } = parseFlow(source, { file: 'g.yaml', catalogue: sampleCatalogue });
  if (flow === undefined) throw new Error(JSON.stringify(diagnostics));
  return graphOf(flow);
}

function edges(tasks: string): string[] {
  return graph(tasks).edges.map(({ from, to, kind, label }) =>
    [`${from} > ${to}`, kind, ...(label === undefined ? [] : [label])].join(' '),
  );
}

const leaf = (id: string): string => `{id: ${id}, type: core.debug.Return}`;

describe('graphOf', () => {
  test('puts tasks in sequence between start and end', () => {
    expect(edges(`tasks: [${leaf('a')}, ${leaf('b')}]`)).toEqual([
      '$start > a sequence',
      'a > b sequence',
      'b > $end sequence',
    ]);
  });

  test('parts at branches and joins behind them; an If without else may be passed by', () => {
    const both = `{id: if, type: core.flow.If, condition: "true", then: [${leaf('a')}], else: [${leaf('b')}]}`;
    expect(edges(`tasks: [${both}, ${leaf('c')}]`)).toEqual([
      '$start > if sequence',
      'if > a branch then',
      'if > b branch else',
      'a > c sequence',
      'b > c sequence',
      'c > $end sequence',
    ]);
    const one = `{id: if, type: core.flow.If, condition: "true", then: [${leaf('a')}]}`;
    expect(edges(`tasks: [${one}]`)).toContain('if > $end sequence');
  });

  test('shows the dependencies of a Dag, loops and errors', () => {
    const dag = `{id: dag, type: core.flow.Dag, tasks: [{task: ${leaf('a')}}, {task: ${leaf('b')}, dependsOn: [a]}], errors: [${leaf('e')}]}`;
    expect(edges(`tasks: [${dag}]`)).toEqual([
      '$start > dag sequence',
      'dag > a dag',
      'a > b dag',
      'dag > e error on failure',
      'b > $end sequence',
      'e > $end sequence',
    ]);
    const loop = `{id: each, type: core.flow.ForEach, values: [1], tasks: [${leaf('a')}]}`;
    expect(edges(`tasks: [${loop}]`)).toContain('a > each loop next');
  });

  test('ends with finally and goes on after the end', () => {
    const found = edges(
      `tasks: [${leaf('a')}]\nerrors: [${leaf('e')}]\nfinally: [${leaf('f')}]\nafterExecution: [${leaf('x')}]`,
    );
    expect(found).toContain('a > f sequence finally');
    expect(found).toContain('e > f sequence finally');
    expect(found).toContain('$start > e error on failure');
    expect(found).toContain('$end > x sequence afterwards');
  });
});

describe('renderGraph', () => {
  const sample = graph(
    `tasks: [{id: seq, type: core.flow.Sequential, tasks: [${leaf('a')}, ${leaf('b')}]}]\ntriggers: [{id: daily, type: core.trigger.Schedule, cron: "@daily"}]`,
  );

  test('draws a tree', () => {
    expect(renderGraph(sample, 'text')).toBe(
      'a.g\n├─ trigger: daily  core.trigger.Schedule\n└─ seq  core.flow.Sequential\n   ├─ a  core.debug.Return\n   └─ b  core.debug.Return\n',
    );
  });

  test('writes Graphviz and Mermaid with a group for the flowable', () => {
    const dot = renderGraph(sample, 'dot');
    expect(dot).toContain('subgraph "cluster_seq" {');
    expect(dot).toContain('"a" -> "b" [style=solid];');
    const mermaid = renderGraph(sample, 'mermaid');
    expect(mermaid).toMatch(/^flowchart TB\n/);
    expect(mermaid).toContain('subgraph c_n2["seq"]');
    expect(mermaid.match(/-\.->/g)).toHaveLength(1);
  });

  test('lets no control character through', () => {
    const cases = `{id: sw, type: core.flow.Switch, value: x, cases: {"a\\e[31m\\nb": [${leaf('a')}]}}`;
    const odd = graph(`tasks: [${cases}]`);
    for (const format of ['text', 'dot', 'mermaid'] as const) {
      expect(renderGraph(odd, format).replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
    }
    expect(renderGraph(odd, 'text')).toContain('cases.a [31m b: a');
  });

  test('escapes what would end a label', () => {
    const odd: FlowGraph = {
      nodes: [{ id: 'a"b', kind: 'task', label: 'say "hi"\\', isDisabled: false }],
      clusters: [],
      edges: [],
    };
    expect(renderGraph(odd, 'dot')).toContain('"a\\"b" [shape=box, label="say \\"hi\\"\\\\"];');
    expect(renderGraph(odd, 'mermaid')).toContain('n0["say #quot;hi#quot;\\"]');
  });
});
