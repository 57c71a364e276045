/**
 * How far a flowable, or the execution itself, is with its lists of tasks. All flowables share one
 * model: normal tasks run in lanes (a sequence is one lane, a parallel block one lane per task, a loop
 * one lane per value), then the errors list if a normal task failed, then the finally list.
 *
 * INVARIANT: finding out what starts next never looks at more than what can start.
 */
import type { Task } from '../flow/index.ts';
import { type Provenance, plain } from '../value/index.ts';
import type { Lanes, LaneValue, Plan, Progress, TaskRun } from './execution.ts';
import type { State } from './state.ts';

/** Returns lanes for tasks that run one after the other. */
export function oneLane(tasks: readonly Task[]): Lanes {
  return { count: tasks.length === 0 ? 0 : 1, tasks: () => tasks };
}

/** Returns lanes for tasks that run side by side. */
export function laneEach(tasks: readonly Task[]): Lanes {
  return { count: tasks.length, tasks: (lane) => [tasks[lane] as Task] };
}

/** Returns lanes for tasks of which each waits for others. */
export function graphLanes(
  tasks: readonly Task[],
  dependsOn: Readonly<Record<string, readonly string[]>>,
): Lanes {
  const places = new Map(tasks.map((task, place) => [task.id, place]));
  const dependents: number[][] = tasks.map(() => []);
  const waitsFor = tasks.map((task, place) => {
    const known = (Object.hasOwn(dependsOn, task.id) ? (dependsOn[task.id] ?? []) : [])
      .map((id) => places.get(id))
      .filter((other) => other !== undefined);
    for (const other of known) dependents[other]?.push(place);
    return known.length;
  });
  return { count: tasks.length, tasks: (lane) => [tasks[lane] as Task], waitsFor, dependents };
}

/** Returns the progress of a block of which nothing has started. */
export function freshProgress(
  owner: TaskRun | null,
  lanes: Lanes,
  limit = 0,
  control: Provenance = owner?.control ?? plain,
): Progress {
  return {
    owner,
    phase: 'tasks',
    plan: freshPlan(lanes, limit),
    runningTasks: 0,
    runningExtra: 0,
    failed: 0,
    warned: 0,
    killed: 0,
    extra: [],
    extraNext: 0,
    control,
    failure: plain,
    isHeldBack: false,
  };
}

/** Returns a plan of which nothing has started. */
export function freshPlan(lanes: Lanes, limit: number): Plan {
  const { waitsFor } = lanes;
  const ready: number[] = [];
  if (waitsFor !== undefined) {
    for (let lane = 0; lane < lanes.count; lane += 1) if (waitsFor[lane] === 0) ready.push(lane);
  }
  return {
    lanes,
    limit,
    nextLane: waitsFor === undefined ? 0 : lanes.count,
    ready,
    readyHead: 0,
    cursors: new Map(),
  };
}

/** Takes the next lane that may start from `plan`, or gives undefined. */
export function takeLane(plan: Plan): number | undefined {
  if (plan.readyHead < plan.ready.length) {
    const lane = plan.ready[plan.readyHead] as number;
    plan.readyHead += 1;
    if (plan.readyHead > 1024 && plan.readyHead * 2 > plan.ready.length) {
      plan.ready = plan.ready.slice(plan.readyHead);
      plan.readyHead = 0;
    }
    return lane;
  }
  if (plan.nextLane < plan.lanes.count) {
    plan.nextLane += 1;
    return plan.nextLane - 1;
  }
  return undefined;
}

/** Tells whether `plan` has a lane that may start. */
export function hasReadyLane(plan: Plan): boolean {
  return plan.readyHead < plan.ready.length || plan.nextLane < plan.lanes.count;
}

/** Notes that the task at which `lane` is has ended well: its next task, or who waits for it, may start. */
export function passLane(plan: Plan, lane: number): void {
  const cursor = (plan.cursors.get(lane) ?? 0) + 1;
  if (cursor < plan.lanes.tasks(lane).length) {
    plan.cursors.set(lane, cursor);
    plan.ready.push(lane);
    return;
  }
  plan.cursors.delete(lane);
  for (const dependent of plan.lanes.dependents?.[lane] ?? []) {
    const waitsFor = plan.lanes.waitsFor as number[];
    waitsFor[dependent] = (waitsFor[dependent] ?? 1) - 1;
    if (waitsFor[dependent] === 0) plan.ready.push(dependent);
  }
}

/** Returns the loop value of `lane`, or nothing outside loops. */
export function laneValue(plan: Plan, lane: number): LaneValue | undefined {
  return plan.lanes.value?.(lane);
}

/** Returns the state that the normal tasks of `progress` lead to. */
export function resultOf(progress: Progress): State {
  if (progress.killed > 0) return 'KILLED';
  if (progress.failed > 0) return 'FAILED';
  return progress.warned > 0 ? 'WARNING' : 'SUCCESS';
}

/** Counts the end of a normal task, or takes the count back. */
export function tally(progress: Progress, state: State, by: 1 | -1): void {
  if (state === 'FAILED') progress.failed += by;
  else if (state === 'WARNING') progress.warned += by;
  else if (state === 'KILLED') progress.killed += by;
}
