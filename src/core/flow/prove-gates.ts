/**
 * Proves of each outside effect of a flow that a gate stands before it on every path, or shows a path on
 * which none does. It walks the tasks as the engine would, with everything that may happen: branches not
 * taken, loops of no rounds, conditions that skip, failures that are allowed or handled, subflows.
 *
 * INVARIANT: a gate counts only where it cannot be passed by. What is not known (a subflow whose name is
 * a template, one that is not there) counts as an effect.
 */
import { flowableOf } from './block-grammar.ts';
import type { Flow, Task } from './flow.ts';

/** One step of a path: the task, and how it was come by when that is not plain order. */
export interface PathStep {
  readonly task: string;
  readonly by?: string;
}

/** What was found about one outside effect. */
export interface EffectProof {
  /** `namespace/id` of the flow that holds it, which may be a subflow. */
  readonly flow: string;
  readonly task: string;
  readonly type: string;
  readonly isGated: boolean;
  /** A path from the start to it without a gate; empty when there is none. */
  readonly path: readonly PathStep[];
}

/** What the walk must be told. */
export interface GateQuestion {
  /** Tells whether a task has an effect outside that has to be gated. */
  isEffect(task: Task): boolean;
  /** Tells whether passing a task means that its gate was passed. */
  isGate(task: Task): boolean;
  /** Returns the flow of a name; undefined when it is not there. */
  subflow(namespace: string, id: string): Flow | undefined;
}

/** The path so far when no gate was passed on it; undefined once one must have been. */
type Way = readonly PathStep[] | undefined;

const ungatedStart: Way = [];

/** Of ways that come together at a choice, any without a gate leaves the rest without one. */
function either(ways: readonly Way[]): Way {
  return ways.find((way) => way !== undefined);
}

/** Where all ways must be over before it goes on, one gate is enough. */
function all(ways: readonly Way[], otherwise: Way): Way {
  if (ways.some((way) => way === undefined)) return undefined;
  return ways.at(-1) ?? otherwise;
}

function stepped(way: Way, task: Task, by: string | undefined): Way {
  return way === undefined
    ? undefined
    : [...way, { task: task.id, ...(by === undefined ? {} : { by }) }];
}

const waiting: ReadonlySet<string> = new Set(['core.flow.Pause', 'ee.flow.HumanTask']);

/** Tells whether a person must act before a task is over: a pause that does not resume by itself, or an approval. */
export function waitsForPerson({ type, properties }: Task): boolean {
  if (type === 'core.flow.Approval' || type === 'govern.Approval') return true;
  if (!waiting.has(type)) return false;
  const behavior = properties['behavior'] ?? 'RESUME';
  return properties['pauseDuration'] === undefined || behavior === 'FAIL' || behavior === 'CANCEL';
}

class GateWalk {
  readonly proofs: EffectProof[] = [];
  readonly #question: GateQuestion;
  /** The flows around the one that is walked, so that a circle of subflows ends. */
  readonly #around: readonly string[];
  readonly #flow: Flow;

  constructor(question: GateQuestion, flow: Flow, around: readonly string[] = []) {
    this.#question = question;
    this.#flow = flow;
    this.#around = [...around, `${flow.namespace}/${flow.id}`];
  }

  flow(start: Way): Way {
    const { tasks, errors, finally: last, afterExecution, listeners } = this.#flow;
    const over = this.sequence(tasks, start);
    // Whatever failed, and wherever: the handler may run with no gate passed since the start.
    this.sequence(errors, start, 'on failure');
    this.sequence(last, start, 'finally');
    this.sequence(afterExecution, start, 'afterwards');
    for (const one of listeners) this.sequence(one.tasks, start, 'listener');
    return over;
  }

  sequence(tasks: readonly Task[], start: Way, by?: string): Way {
    let way = start;
    let reason = by;
    for (const task of tasks) {
      if (task.isDisabled) continue;
      way = this.task(task, way, reason);
      reason = undefined;
    }
    return way;
  }

  task(task: Task, before: Way, by: string | undefined): Way {
    const way = stepped(before, task, by);
    const over = this.#inside(task, way);
    // A task that may be skipped, or fail without stopping the flow, gates nothing.
    const mayPassBy = task.runIf !== undefined || task.allowFailure;
    const passedBy = mayPassBy
      ? stepped(before, task, task.runIf === undefined ? 'failed' : 'skipped')
      : undefined;
    return mayPassBy ? either([over, passedBy]) : over;
  }

  #inside(task: Task, way: Way): Way {
    if (task.type === 'core.flow.Subflow' || task.type === 'core.flow.ForEachItem') {
      return this.#subflow(task, way);
    }
    if (this.#question.isEffect(task)) this.#effect(task, way);
    const isGate = this.#question.isGate(task);
    const grammar = flowableOf(task.type);
    if (grammar === undefined) return isGate ? undefined : way;
    const block = (name: string): readonly Task[] => task.blocks[name] ?? [];
    this.sequence(block('errors'), way, 'on failure');
    this.sequence(block('finally'), way, 'finally');
    for (const name of ['onPause', 'onWait']) this.sequence(block(name), way, name);
    if (task.type === 'core.flow.Approval') {
      const granted = this.sequence(block('onApprove'), isGate ? undefined : way, 'onApprove');
      const denied = this.sequence(block('onDeny'), way, 'onDeny');
      return block('onDeny').length === 0 ? granted : either([granted, denied]);
    }
    const over = this.#blocks(task, way);
    return isGate ? undefined : over;
  }

  #blocks(task: Task, way: Way): Way {
    const tasks = task.blocks['tasks'] ?? [];
    switch (task.type) {
      case 'core.flow.If':
      case 'core.flow.Switch': {
        const branches = Object.entries(task.blocks).filter(
          ([name]) => name !== 'errors' && name !== 'finally',
        );
        const ends = branches.map(([name, inner]) => this.sequence(inner, way, name));
        const last = task.type === 'core.flow.If' ? 'else' : 'defaults';
        return task.blocks[last] === undefined ? either([...ends, way]) : either(ends);
      }
      case 'core.flow.Parallel':
        return all(
          tasks.filter((one) => !one.isDisabled).map((one) => this.task(one, way, undefined)),
          way,
        );
      case 'core.flow.Dag':
        return this.#dag(task, tasks, way);
      case 'core.flow.AllowFailure':
        return either([this.sequence(tasks, way), way]);
      default: {
        const over = this.sequence(tasks, way);
        // A loop may have no rounds at all.
        return flowableOf(task.type)?.isLoop === true ? either([over, way]) : over;
      }
    }
  }

  #dag(dag: Task, tasks: readonly Task[], start: Way): Way {
    const ends = new Map<string, Way>();
    const over = (task: Task): Way => {
      const known = ends.has(task.id);
      if (known) return ends.get(task.id);
      // A circle is a diagnostic of its own; here it ends the walk.
      ends.set(task.id, start);
      const on = dag.dependsOn?.[task.id] ?? [];
      const before = tasks.filter((one) => on.includes(one.id) && !one.isDisabled).map(over);
      const end = task.isDisabled ? start : this.task(task, all(before, start), undefined);
      ends.set(task.id, end);
      return end;
    };
    return all(tasks.filter((one) => !one.isDisabled).map(over), start);
  }

  #subflow(task: Task, way: Way): Way {
    const { namespace, flowId } = task.properties;
    const isNamed =
      typeof namespace === 'string' &&
      typeof flowId === 'string' &&
      !`${namespace}${flowId}`.includes('{{');
    const found = isNamed ? this.#question.subflow(namespace, flowId) : undefined;
    if (found === undefined) {
      this.#effect(task, way);
      return way;
    }
    if (this.#around.includes(`${found.namespace}/${found.id}`)) return way;
    const walk = new GateWalk(this.#question, found, this.#around);
    const over = walk.flow(way);
    this.proofs.push(...walk.proofs);
    // Only who waits for the end of the subflow has passed what it passed; a list may be empty.
    const waits = (task.properties['wait'] ?? true) === true && task.type === 'core.flow.Subflow';
    const mustSucceed = (task.properties['transmitFailed'] ?? true) === true;
    return waits && mustSucceed ? over : way;
  }

  #effect(task: Task, way: Way): void {
    const { namespace, id } = this.#flow;
    this.proofs.push({
      flow: `${namespace}/${id}`,
      task: task.id,
      type: task.type,
      isGated: way === undefined,
      path: way ?? [],
    });
  }
}

/** Returns what is found about each outside effect of `flow`, those of its subflows included. */
export function proveGates(flow: Flow, question: GateQuestion): readonly EffectProof[] {
  const walk = new GateWalk(question, flow);
  walk.flow(ungatedStart);
  return walk.proofs;
}

/** Returns a path as one line: `check > branch (else) > refund`. */
export function pathText(path: readonly PathStep[]): string {
  return path.map(({ task, by }) => (by === undefined ? task : `${task} (${by})`)).join(' > ');
}
