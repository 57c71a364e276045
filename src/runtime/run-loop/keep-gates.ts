/**
 * What people do to an execution by hand leads past no gate: what somebody agreed to is one run of what stands
 * behind it, and where nobody agreed, nobody says that they did. A Pause that anybody may resume is none.
 *
 * INVARIANT: a replay takes over no gate as passed, and no gate is passed by setting a state.
 */
import {
  type Execution,
  keptForReplay,
  type State,
  type TaskRun,
} from '../../core/engine/index.ts';
import { Failure } from '../../core/failure/index.ts';
import { flowableOf, type Task } from '../../core/flow/index.ts';
import { flowStartedBy } from '../../core/governance/index.ts';
import { isBindingWait } from '../approvals/index.ts';
import type { RunLoop } from './loop.ts';

const gateType = 'govern.Approval';
const pauseType = 'core.flow.Pause';

type FlowKey = `${string}/${string}`;

/** Returns the ids of gates in `tasks` and in the flows that they start; `seen` are flows looked at. */
async function gatesIn(
  loop: RunLoop,
  tasks: readonly Task[],
  seen = new Set<FlowKey>(),
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const task of tasks) {
    if (task.isDisabled) continue;
    if (task.type === gateType) found.push(task.id);
    const started = flowStartedBy(task);
    if (started !== undefined) {
      found.push(...(await gatesOfFlow(loop, started.namespace, started.flowId, seen)));
    }
    for (const block of Object.values(task.blocks)) {
      found.push(...(await gatesIn(loop, block, seen)));
    }
  }
  return found;
}

async function gatesOfFlow(
  loop: RunLoop,
  namespace: string,
  flowId: string,
  seen: Set<FlowKey>,
): Promise<readonly string[]> {
  if (seen.has(`${namespace}/${flowId}`)) return [];
  seen.add(`${namespace}/${flowId}`);
  try {
    const { flow } = await loop.library.find(namespace, flowId);
    return await gatesIn(loop, flow.tasks, seen);
  } catch (error) {
    // Of a name that is a template, and of a flow that is gone, the executions themselves are looked at.
    if (error instanceof Failure && error.code.startsWith('flow.')) return [];
    throw error;
  }
}

/** Returns the ids of the gates of the executions that a run has started. */
async function gatesOfChildren(loop: RunLoop, run: TaskRun): Promise<readonly string[]> {
  const { store, tenant } = loop.parts;
  const seen = new Set<FlowKey>();
  const found: string[] = [];
  for (const childId of (run.children ?? new Map<string, unknown>()).keys()) {
    const record = await store.execution(tenant, childId);
    if (record === undefined || record.flowId === '') continue;
    found.push(...(await gatesOfFlow(loop, record.namespace, record.flowId, seen)));
  }
  return found;
}

/** Tells whether a run waited for people whom only their yes lets it pass. */
async function isGate(loop: RunLoop, run: TaskRun): Promise<boolean> {
  if (run.task.type === gateType) return true;
  const { approvals } = loop.parts;
  if (run.task.type !== pauseType || approvals === undefined) return false;
  return isBindingWait(approvals.parts, run);
}

function isInLoop(run: TaskRun): boolean {
  for (let at = run.parent; at !== null; at = at.parent) {
    if (flowableOf(at.task.type)?.isLoop === true) return true;
  }
  return false;
}

/** Returns a gate that stands in `revision` of the flow, and did not in that of `execution`, before a run. */
async function newGateBefore(
  loop: RunLoop,
  { flow, runsById }: Execution,
  fromId: string,
  revision: number,
): Promise<string | undefined> {
  const other = await loop.library.find(flow.namespace, flow.id, revision);
  let outermost = runsById.get(fromId);
  const isInside = outermost !== undefined && outermost.parent !== null;
  while (outermost !== undefined && outermost.parent !== null) outermost = outermost.parent;
  const { tasks } = other.flow;
  const place = tasks.findIndex(({ id }) => id === outermost?.task.id);
  // What has no place there may stand behind anything.
  const before = place === -1 ? tasks : tasks.slice(0, isInside ? place + 1 : place);
  return (await gatesIn(loop, before))[0];
}

function passedBy(execution: Execution, gate: string, from: string): Failure {
  return new Failure(
    'approval.gate-passed-by',
    `the execution \`${execution.id}\` cannot be replayed from behind \`${gate}\`: what was agreed to there is done once`,
    { help: `replay it from \`${from}\` or before, or restart it where it failed` },
  );
}

/** Throws `approval.gate-passed-by` where a replay would take a gate over as passed, or come in behind it. */
export async function assertReplayAsks(
  loop: RunLoop,
  execution: Execution,
  fromId: string | undefined,
  revision: number,
): Promise<void> {
  if (fromId !== undefined && revision !== execution.revision) {
    const gate = await newGateBefore(loop, execution, fromId, revision);
    if (gate !== undefined) throw passedBy(execution, gate, gate);
  }
  for (const run of keptForReplay(execution, fromId)) {
    // What was left out had no gate; what runs in a loop is no gate of what comes after.
    if (run.state === 'SKIPPED' || isInLoop(run)) continue;
    const started = flowStartedBy(run.task) === undefined ? [] : await gatesIn(loop, [run.task]);
    const gates = [...started, ...(await gatesOfChildren(loop, run))];
    const gate = (await isGate(loop, run)) ? run.task.id : gates[0];
    if (gate === undefined) continue;
    throw passedBy(execution, gate, run.task.id);
  }
}

/** Throws `approval.gate-passed-by` where a run that is given `state` by hand would pass a gate. */
export async function assertNoGateIsPassed(
  loop: RunLoop,
  execution: Execution,
  run: TaskRun,
  state: State,
): Promise<void> {
  if (state === 'FAILED' || state === 'KILLED') return;
  const inside = execution.runs.filter((one) => !one.isRemoved && isWithin(one, run));
  const passed = new Set<string>();
  let gate: string | undefined;
  for (const one of inside) {
    if (!(await isGate(loop, one))) continue;
    if (one.state === 'SUCCESS') passed.add(one.task.id);
    else gate ??= one.task.id;
  }
  const others = [...(await gatesIn(loop, [run.task])), ...(await gatesOfChildren(loop, run))];
  gate ??= others.find((id) => !passed.has(id));
  if (gate === undefined) return;
  throw new Failure(
    'approval.gate-passed-by',
    `the task run \`${run.id}\` of \`${run.task.id}\` cannot be made ${state} by hand: nobody has agreed at \`${gate}\``,
    { help: 'restart the execution, so that it asks again' },
  );
}

function isWithin(run: TaskRun, outer: TaskRun): boolean {
  for (let at: TaskRun | null = run; at !== null; at = at.parent) if (at === outer) return true;
  return false;
}
