/**
 * Replay: a new execution takes over the runs that come before a chosen one, with their outputs, and
 * goes on from there. What follows the chosen run is dropped; what ran beside it is kept if it ended
 * well and runs again if it did not.
 */
import type { Flow, Task } from '../flow/index.ts';
import { plainText, flatten, joinProvenance, marksOf, plain, plainMarks } from '../value/index.ts';
import type { Execution, Progress, TaskRun } from './execution.ts';
import type { CopiedRun } from './event.ts';
import { placeOutputs } from './output-tree.ts';
import { freshProgress, oneLane, tally } from './progress.ts';
import type { Turn } from './rules.ts';
import { isTerminated, type State } from './state.ts';
import {
  beginRun,
  createRun,
  dependOn,
  enabled,
  markBranches,
  markMissing,
  setRunState,
} from './transitions.ts';

/** Returns every task of `flow`, by id. */
export function tasksById(flow: Flow): Map<string, Task> {
  const found = new Map<string, Task>();
  const add = (tasks: readonly Task[]): void => {
    for (const task of tasks) {
      found.set(task.id, task);
      for (const block of Object.values(task.blocks)) add(block);
    }
  };
  for (const list of [flow.tasks, flow.errors, flow.finally, flow.afterExecution]) add(list);
  for (const listener of flow.listeners) add(listener.tasks);
  return found;
}

/** Types whose inside cannot be taken over half: the whole runs again. */
const wholeTypes: ReadonlySet<string> = new Set([
  'core.flow.WorkingDirectory',
  'core.flow.ForEachItem',
  'core.flow.LoopUntil',
]);

const endedWell: ReadonlySet<State> = new Set<State>(['SUCCESS', 'WARNING', 'SKIPPED']);

/** Returns the run at which a replay from `run` really begins: the outermost that cannot be split. */
function beginning(run: TaskRun): TaskRun {
  let found = run;
  for (let at = run.parent; at !== null; at = at.parent) {
    if (wholeTypes.has(at.task.type)) found = at;
  }
  return found;
}

function isInMainPart(run: TaskRun): boolean {
  for (let at: TaskRun | null = run; at !== null; at = at.parent)
    if (at.phase !== 'tasks') return false;
  return true;
}

/** Returns the lanes of `progress` that wait, directly or not, for `lane`. */
function lanesAfter(progress: Progress | undefined, lane: number): Set<number> {
  const after = new Set<number>();
  const { dependents } = progress?.plan.lanes ?? {};
  const visit = (at: number): void => {
    for (const next of dependents?.[at] ?? []) {
      if (after.has(next)) continue;
      after.add(next);
      visit(next);
    }
  };
  visit(lane);
  return after;
}

/** Tells what becomes of `sibling` when the run `on` of the same block runs again. */
function roleBeside(
  progress: Progress | undefined,
  on: TaskRun,
  sibling: TaskRun,
): 'done' | 'again' | 'drop' {
  if (sibling.lane === on.lane) return sibling.ordinal < on.ordinal ? 'done' : 'drop';
  if (progress?.plan.limit === 1 && sibling.lane > on.lane) return 'drop';
  if (lanesAfter(progress, on.lane).has(sibling.lane)) return 'drop';
  return endedWell.has(sibling.state) ? 'done' : 'again';
}

/** Returns what becomes of each run in a replay from `fromId`; undefined where that cannot be a beginning. */
function rolesForReplay(
  execution: Execution,
  fromId: string,
): Map<TaskRun, CopiedRun['role']> | undefined {
  const named = execution.runsById.get(fromId);
  if (named === undefined || !isInMainPart(named)) return undefined;
  const from = beginning(named);
  const path = new Set<TaskRun>();
  for (let at: TaskRun | null = from; at !== null; at = at.parent) path.add(at);
  const roles = new Map<TaskRun, CopiedRun['role']>();
  for (const run of execution.runs) {
    if (run.isRemoved || run.phase !== 'tasks') continue;
    const role = roleOf(execution, run, from, path, roles);
    if (role !== undefined) roles.set(run, role);
  }
  return roles;
}

/** Returns what a replay of `execution` from the run `fromId` takes over; nothing when it begins anew. */
export function copiesForReplay(
  execution: Execution,
  fromId: string | undefined,
): CopiedRun[] | undefined {
  if (fromId === undefined) return [];
  const roles = rolesForReplay(execution, fromId);
  if (roles === undefined) return undefined;
  const places = new Map<TaskRun, number>();
  const copies: CopiedRun[] = [];
  for (const [run, role] of roles) {
    places.set(run, copies.length);
    copies.push(copyOf(run, role, run.parent === null ? null : (places.get(run.parent) ?? null)));
  }
  return copies;
}

/** Returns the runs that a replay of `execution` from the run `fromId` takes over as ended. */
export function keptForReplay(
  execution: Execution,
  fromId: string | undefined,
): readonly TaskRun[] {
  const roles = fromId === undefined ? undefined : rolesForReplay(execution, fromId);
  return [...(roles ?? [])].flatMap(([run, role]) => (role === 'done' ? [run] : []));
}

function roleOf(
  execution: Execution,
  run: TaskRun,
  from: TaskRun,
  path: ReadonlySet<TaskRun>,
  roles: ReadonlyMap<TaskRun, CopiedRun['role']>,
): CopiedRun['role'] | undefined {
  if (run === from) return 'again';
  if (path.has(run)) return 'open';
  const { parent } = run;
  const around = parent === null ? 'open' : roles.get(parent);
  if (around === 'done') return 'done';
  if (around !== 'open') return undefined;
  const on = [...path].find((one) => one.parent === parent) as TaskRun;
  const progress = parent === null ? execution.progress : parent.progress;
  const role = roleBeside(progress, on, run);
  return role === 'drop' ? undefined : role;
}

function copyOf(run: TaskRun, role: CopiedRun['role'], parent: number | null): CopiedRun {
  const keepsFacts = role !== 'again';
  return {
    taskId: run.task.id,
    parent,
    ...(run.value !== undefined && { value: run.value, valueMarks: run.valueMarks }),
    ...(run.iteration !== undefined && { iteration: run.iteration }),
    lane: run.lane,
    state: run.state,
    ...(keepsFacts && run.outputs !== undefined && { outputs: run.outputs }),
    ...(keepsFacts && run.outputsMarks !== plainMarks && { outputsMarks: run.outputsMarks }),
    ...controlToCopy(run, keepsFacts),
    facts: keepsFacts ? run.facts : {},
    role,
  };
}

/** Returns what the run, and what it left out, depended on, as far as something is marked. */
function controlToCopy(
  run: TaskRun,
  keepsFacts: boolean,
): Pick<CopiedRun, 'controlMarks' | 'valuesMarks'> {
  const values = joinProvenance(flatten(run.valuesMarks ?? plainMarks), run.failure);
  return {
    ...(run.control !== plain && { controlMarks: marksOf(run.control) }),
    ...(keepsFacts && values !== plain && { valuesMarks: marksOf(values) }),
  };
}

/** Marks what is there or missing because of what a copied run depended on. */
function restoreMarks(turn: Turn, run: TaskRun, copy: CopiedRun): void {
  run.control = joinProvenance(run.control, flatten(copy.controlMarks ?? plainMarks));
  run.outputsMarks = copy.outputsMarks ?? plainMarks;
  run.failure = flatten(copy.valuesMarks ?? plainMarks);
  if (copy.valuesMarks !== undefined) run.valuesMarks = copy.valuesMarks;
  const { blocks } = run.task;
  if (run.failure !== plain) markMissing(turn, run);
  if (Object.keys(blocks).length > 0) markBranches(turn, run, flatten(run.outputsMarks));
}

/** Adds the copied runs to a new execution; they begin when it does. */
export function addCopies(turn: Turn, copies: readonly CopiedRun[]): void {
  const tasks = tasksById(turn.execution.flow);
  const made: (TaskRun | undefined)[] = [];
  for (const copy of copies) {
    const parent = copy.parent === null ? null : made[copy.parent];
    const task = tasks.get(copy.taskId) ?? parent?.task;
    if (task === undefined || parent === undefined) {
      made.push(undefined);
      continue;
    }
    const run = createRun(turn, task.id === copy.taskId ? task : { ...task, id: copy.taskId }, {
      parent,
      phase: 'tasks',
      lane: copy.lane,
      ...(copy.value !== undefined && { value: plainText(copy.value) }),
      ...(copy.valueMarks !== undefined && { valueMarks: copy.valueMarks }),
      ...(copy.iteration !== undefined && { iteration: copy.iteration }),
    });
    run.facts = { ...copy.facts };
    run.outputs = copy.outputs;
    restoreMarks(turn, run, copy);
    made.push(run);
    if (copy.role === 'done') {
      setRunState(turn, run, copy.state);
      turn.execution.openRuns -= 1;
      placeOutputs(turn.execution.tree, run);
    } else if (copy.role === 'open') {
      placeOutputs(turn.execution.tree, run);
      run.facts['isReopened'] = true;
    }
  }
}

function childrenOf(execution: Execution, owner: TaskRun | null): TaskRun[] {
  return execution.runs.filter((run) => run.parent === owner && !run.isRemoved);
}

/** Sets the plan of `progress` to where the copied runs `children` stand. */
function restorePlan(progress: Progress, children: readonly TaskRun[]): void {
  const { plan } = progress;
  const done = new Map<number, number>();
  const active = new Set<number>();
  let last = -1;
  for (const run of children) {
    last = Math.max(last, run.lane);
    if (isTerminated(run.state)) {
      done.set(run.lane, (done.get(run.lane) ?? 0) + 1);
      tally(progress, run.state, 1);
    } else {
      active.add(run.lane);
      progress.runningTasks += 1;
    }
  }
  for (const run of children) dependOn(progress, run.control);
  const { lanes } = plan;
  const isGraph = lanes.waitsFor !== undefined;
  for (const lane of done.keys()) {
    for (const dependent of lanes.dependents?.[lane] ?? []) {
      const waitsFor = lanes.waitsFor as number[];
      waitsFor[dependent] = (waitsFor[dependent] ?? 1) - 1;
    }
  }
  plan.ready = [];
  for (let lane = 0; lane < lanes.count; lane += 1) {
    const passed = done.get(lane) ?? 0;
    const isStarted = passed > 0 || active.has(lane);
    if (isStarted && passed < lanes.tasks(lane).length) plan.cursors.set(lane, passed);
    if (active.has(lane) || passed >= lanes.tasks(lane).length) continue;
    if (isStarted || (isGraph && lanes.waitsFor?.[lane] === 0)) plan.ready.push(lane);
    else if (!isGraph && lane <= last) plan.ready.push(lane);
  }
  if (!isGraph) plan.nextLane = last + 1;
}

/** Lets an execution that took runs over go on from them. */
export function rebuildRuns(turn: Turn): void {
  const { execution } = turn;
  const root = freshProgress(null, oneLane(enabled(execution.flow.tasks)), 0, execution.control);
  execution.progress = root;
  restorePlan(root, childrenOf(execution, null));
  turn.toSettle.push(root);
  for (const run of execution.runs.slice()) {
    if (isTerminated(run.state)) continue;
    if (run.facts['isReopened'] === true) {
      const block = turn.rulesOf(run.task.type)?.lanes?.(run);
      setRunState(turn, run, 'RUNNING');
      if (block === undefined) continue;
      const progress = freshProgress(run, block.lanes, block.limit);
      run.progress = progress;
      restorePlan(progress, childrenOf(execution, run));
      turn.toSettle.push(progress);
    } else {
      setRunState(turn, run, 'RESTARTED');
      beginRun(turn, run);
    }
  }
}
