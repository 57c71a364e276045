/**
 * A flow as nodes and edges, for people to look at: which task follows which, where branches part and
 * join, what loops, what handles failures. Plain data; drawing belongs to others.
 */
import { flowableOf } from './block-grammar.ts';
import type { Flow, Task } from './flow.ts';

/** A task, a trigger, or the start or end of the flow. */
export interface GraphNode {
  /** The id of the task; `$start`, `$end`, and `trigger:<id>` for what is no task. */
  readonly id: string;
  readonly kind: 'start' | 'end' | 'task' | 'trigger';
  readonly label: string;
  readonly type?: string;
  /** The flowable around it. */
  readonly parent?: string;
  /** The block of the parent (or of the flow) that holds it. */
  readonly block?: string;
  readonly isDisabled: boolean;
}

/** A flowable with what is inside it. */
export interface GraphCluster {
  readonly id: string;
  readonly label: string;
  readonly parent?: string;
  /** The nodes directly inside, in order. */
  readonly members: readonly string[];
}

/** Something that follows something. */
export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly kind: 'trigger' | 'sequence' | 'branch' | 'dag' | 'loop' | 'error';
  /** The branch, or why the edge is taken. */
  readonly label?: string;
}

/** A flow as nodes and edges. */
export interface FlowGraph {
  readonly nodes: readonly GraphNode[];
  readonly clusters: readonly GraphCluster[];
  readonly edges: readonly GraphEdge[];
}

class GraphBuilder {
  readonly nodes: GraphNode[] = [];
  readonly clusters: GraphCluster[] = [];
  readonly edges: GraphEdge[] = [];

  edge(from: string, to: string, kind: GraphEdge['kind'], label?: string): void {
    this.edges.push({ from, to, kind, ...(label === undefined ? {} : { label }) });
  }

  /** Adds tasks that run one after the other behind `entries`; returns what the next thing follows. */
  sequence(
    tasks: readonly Task[],
    block: string,
    parent: string | undefined,
    entries: readonly string[],
    kind: GraphEdge['kind'],
    label?: string,
  ): readonly string[] {
    let exits = entries;
    let isFirst = true;
    for (const task of tasks) {
      for (const from of exits) {
        if (isFirst) this.edge(from, task.id, kind, label);
        else this.edge(from, task.id, 'sequence');
      }
      exits = this.task(task, block, parent);
      isFirst = false;
    }
    return exits;
  }

  /** Adds a task with what is inside it; returns the nodes after which it is over. */
  task(task: Task, block: string, parent: string | undefined): readonly string[] {
    const place = { block, ...(parent === undefined ? {} : { parent }) };
    const { id, type, isDisabled } = task;
    this.nodes.push({ id, kind: 'task', label: id, type, isDisabled, ...place });
    const grammar = flowableOf(type);
    const blocks = Object.entries(task.blocks);
    if (grammar === undefined || blocks.length === 0) return [id];
    const members = blocks.flatMap(([, tasks]) => tasks.map((one) => one.id));
    const outer = parent === undefined ? {} : { parent };
    this.clusters.push({ id, label: id, members, ...outer });
    const exits: string[] = [];
    const last: string[] = [];
    for (const [name, tasks] of blocks) {
      const known = grammar.blocks.find((one) => one.name === name);
      const phase = known?.phase ?? 0;
      if (phase === 1) {
        last.push(...this.sequence(tasks, name, id, [id], 'error', 'on failure'));
      } else if (phase === 2) {
        last.push(...this.sequence(tasks, name, id, [id], 'branch', name));
      } else {
        exits.push(...this.#block(task, name, tasks, known?.order ?? 'sequence'));
      }
    }
    if (grammar.isLoop) for (const from of exits) this.edge(from, id, 'loop', 'next');
    const mayPassBy = type === 'core.flow.If' && task.blocks['else'] === undefined;
    return exits.length === 0 || mayPassBy ? [...exits, ...last, id] : [...exits, ...last];
  }

  #block(
    task: Task,
    name: string,
    tasks: readonly Task[],
    order: 'sequence' | 'parallel' | 'dag',
  ): readonly string[] {
    const isPlain = name === 'tasks';
    if (order === 'sequence') {
      const label = name.startsWith('cases.') ? name.slice('cases.'.length) : name;
      return this.sequence(
        tasks,
        name,
        task.id,
        [task.id],
        isPlain ? 'sequence' : 'branch',
        isPlain ? undefined : label,
      );
    }
    const exits: string[] = [];
    const waitedFor = new Set(Object.values(task.dependsOn ?? {}).flat());
    const ends = new Map<string, readonly string[]>();
    for (const one of tasks) {
      const over = this.task(one, name, task.id);
      ends.set(one.id, over);
      if (!waitedFor.has(one.id)) exits.push(...over);
    }
    for (const one of tasks) {
      const on = task.dependsOn?.[one.id] ?? [];
      if (on.length === 0) this.edge(task.id, one.id, order === 'dag' ? 'dag' : 'branch');
      for (const id of on) for (const from of ends.get(id) ?? [id]) this.edge(from, one.id, 'dag');
    }
    return exits;
  }
}

/** Returns the graph of a flow. */
export function graphOf(flow: Flow): FlowGraph {
  const builder = new GraphBuilder();
  const label = `${flow.namespace}.${flow.id}`;
  builder.nodes.push({ id: '$start', kind: 'start', label, isDisabled: flow.isDisabled });
  for (const { id, type, isDisabled } of flow.triggers) {
    const node = `trigger:${id}`;
    builder.nodes.push({ id: node, kind: 'trigger', label: id, type, isDisabled });
    builder.edge(node, '$start', 'trigger');
  }
  let exits = builder.sequence(flow.tasks, 'tasks', undefined, ['$start'], 'sequence');
  const errorExits =
    flow.errors.length === 0
      ? []
      : builder.sequence(flow.errors, 'errors', undefined, ['$start'], 'error', 'on failure');
  exits = builder.sequence(
    flow.finally,
    'finally',
    undefined,
    [...exits, ...errorExits],
    'sequence',
    'finally',
  );
  builder.nodes.push({ id: '$end', kind: 'end', label: 'end', isDisabled: false });
  for (const from of exits) builder.edge(from, '$end', 'sequence');
  builder.sequence(
    flow.afterExecution,
    'afterExecution',
    undefined,
    ['$end'],
    'sequence',
    'afterwards',
  );
  for (const { tasks } of flow.listeners) {
    builder.sequence(tasks, 'listeners', undefined, ['$end'], 'branch', 'listener');
  }
  return { nodes: builder.nodes, clusters: builder.clusters, edges: builder.edges };
}
