/**
 * Flows whose ends start each other in a circle. A circle that goes round by itself is refused when its
 * last part is saved; one that may go round (some states only, by labels, by expressions) is warned of.
 */
import type { Diagnostic, Flow, Task, Trigger } from '../flow/index.ts';
import { type Facts, holds } from './holds.ts';
import { type Listening, listeningOf } from './listening.ts';

/** Names a flow. */
export interface FlowId {
  readonly namespace: string;
  readonly flowId: string;
}

/** What leads from one flow to the next. */
interface Step {
  readonly to: Flow;
  /** The trigger of `to`; undefined where a task starts it. */
  readonly trigger: Trigger | undefined;
  /** Whether it follows whenever the flow before ends well. */
  readonly isSure: boolean;
}

function keyOf({ namespace, id }: Flow): string {
  return `${namespace}/${id}`;
}

const flowTrigger = 'core.trigger.Flow';

/** Tells whether any flow in `flow` listens to the ends of others. */
export function listens({ triggers, isDisabled }: Flow): boolean {
  return !isDisabled && triggers.some(({ type, isDisabled: off }) => type === flowTrigger && !off);
}

/** Tells whether an end of a flow in one of the states fires a trigger: surely, perhaps, or not. */
function firesAt(listening: Listening, facts: Facts): boolean | undefined {
  const own = holds(listening.condition, facts);
  if (own === false) return false;
  let all: boolean | undefined = own;
  for (const { parts, needed } of listening.gatherings) {
    const answers = parts.map(({ condition }) => holds(condition, facts));
    if (answers.every((one) => one === false)) return false;
    if (answers.filter((one) => one === true).length < needed) all = undefined;
  }
  return all;
}

function stepBetween(from: Flow, to: Flow, trigger: Trigger): Step | undefined {
  if (trigger.type !== flowTrigger || trigger.isDisabled || to.isDisabled) return undefined;
  if (keyOf(from) === keyOf(to)) return undefined;
  const listening = listeningOf(trigger, to.namespace);
  const facts = { flow: { namespace: from.namespace, flowId: from.id } };
  const answers = listening.states.map((state) => [state, firesAt(listening, { ...facts, state })]);
  if (answers.every(([, answer]) => answer === false)) return undefined;
  const isSure = answers.some(([state, answer]) => state === 'SUCCESS' && answer === true);
  return { to, trigger, isSure };
}

function* tasksIn(tasks: readonly Task[], isSure: boolean): Generator<readonly [Task, boolean]> {
  for (const task of tasks) {
    if (task.isDisabled) continue;
    const isReached = isSure && task.runIf === undefined;
    yield [task, isReached];
    for (const inner of Object.values(task.blocks)) yield* tasksIn(inner, false);
  }
}

/** Returns the flows that tasks of `flow` start, and whether they always do. */
export function startedBy(flow: Flow): readonly (FlowId & { readonly isSure: boolean })[] {
  const found: (FlowId & { isSure: boolean })[] = [];
  const lists = [
    ...tasksIn(flow.tasks, true),
    ...tasksIn([...flow.errors, ...flow.finally, ...flow.afterExecution], false),
  ];
  for (const [{ properties }, isSure] of lists) {
    const { namespace, flowId } = properties;
    const isNamed = typeof namespace === 'string' && typeof flowId === 'string';
    if (!isNamed || `${namespace}${flowId}`.includes('{')) continue;
    found.push({ namespace, flowId, isSure });
  }
  return found;
}

/** Returns the shortest way from `start` back to itself that goes through a trigger. */
function wayBack(
  start: Flow,
  flows: readonly Flow[],
  onlySure: boolean,
): readonly Step[] | undefined {
  const byKey = new Map(flows.map((flow) => [keyOf(flow), flow]));
  const next = (from: Flow): Step[] => {
    const triggered = flows.flatMap((to) =>
      to.triggers.flatMap((trigger) => stepBetween(from, to, trigger) ?? []),
    );
    const called = startedBy(from).flatMap(({ namespace, flowId, isSure }) => {
      const to = byKey.get(`${namespace}/${flowId}`);
      return to === undefined ? [] : [{ to, trigger: undefined, isSure }];
    });
    return [...triggered, ...called].filter(({ isSure }) => isSure || !onlySure);
  };
  // A flow is passed twice at most: once by calls alone, which other rules look at, once behind a trigger.
  const waiting: { readonly at: Flow; readonly way: readonly Step[]; readonly fires: boolean }[] = [
    { at: start, way: [], fires: false },
  ];
  const passed = new Set<string>();
  for (const { at, way, fires } of waiting) {
    for (const step of next(at)) {
      const isFired = fires || step.trigger !== undefined;
      const now = [...way, step];
      if (keyOf(step.to) === keyOf(start) && isFired) return now;
      const key = `${keyOf(step.to)} ${isFired}`;
      if (passed.has(key)) continue;
      passed.add(key);
      waiting.push({ at: step.to, way: now, fires: isFired });
    }
  }
  return undefined;
}

function shown(start: Flow, way: readonly Step[]): string {
  return [start, ...way.map(({ to }) => to)].map((flow) => `\`${keyOf(flow)}\``).join(' → ');
}

/**
 * Returns what is wrong or doubtful in the circles that `flow` closes. `flows` are those that listen to
 * others and those that tasks start from them on, `flow` itself among them.
 */
export function triggerLoops(
  flow: Flow,
  flows: readonly Flow[],
  file: string,
): readonly Diagnostic[] {
  const all = [...flows.filter((one) => keyOf(one) !== keyOf(flow)), flow];
  const sure = wayBack(flow, all, true);
  const way = sure ?? wayBack(flow, all, false);
  if (way === undefined) return [];
  const own = way.find(({ to, trigger }) => keyOf(to) === keyOf(flow) && trigger !== undefined);
  const { line, column } = own?.trigger?.span ?? flow.triggers[0]?.span ?? { line: 1, column: 1 };
  const place = flow.triggers.findIndex((one) => one === own?.trigger);
  const about = {
    file,
    line,
    column,
    path: place < 0 ? 'triggers' : `triggers[${place}]`,
  };
  if (sure !== undefined) {
    const message = `the ends of these flows start each other for ever: ${shown(flow, way)}`;
    const help =
      'let a condition end the circle: other states, a label, an expression over outputs';
    return [{ ...about, severity: 'error', code: 'flow.trigger-loop', message, help }];
  }
  const message = `the ends of these flows may start each other in a circle: ${shown(flow, way)}`;
  const help = 'see to it that the conditions end it; a chain is cut after 20 executions anyway';
  return [{ ...about, severity: 'warning', code: 'flow.trigger-loop-possible', message, help }];
}
