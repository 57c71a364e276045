/**
 * Taking up what an ended process had begun: executions that it started and did not note, ends that it
 * did not tell. One cause, one execution: what was created already is found and not created again.
 */
import { type Cause, decodeEvent, isTerminated } from '../../core/engine/index.ts';
import { decodeValue, isMap } from '../../core/value/index.ts';
import type { ExecutionRecord } from '../../ports/store.ts';
import type { Active } from './active.ts';
import {
  causeOf,
  settleRepetition,
  startAgain,
  type StartChild,
  startChild,
  tellParent,
  tellParentOfPause,
  untoldTimer,
} from './children.ts';
import { awaitTimers, timersSoon } from './due-timers.ts';
import type { RunLoop } from './loop.ts';
import { dropLeftFolders } from './run-folders.ts';

const causedMax = 100_000;

function causedBy(loop: RunLoop, executionId: string): Promise<readonly ExecutionRecord[]> {
  const { store, tenant } = loop.parts;
  return store.executions({ tenant, causedBy: executionId, limit: causedMax });
}

async function causeIn(loop: RunLoop, id: string): Promise<Cause | undefined> {
  const { store, tenant } = loop.parts;
  const [first] = await store.entries(tenant, `execution:${id}`);
  if (first === undefined) return undefined;
  const event = decodeEvent(first.type, first.at, first.payload);
  return event.type === 'execution-created' ? event.causedBy : undefined;
}

function isSame(one: Cause, other: Cause): boolean {
  return (
    one.taskRunId === other.taskRunId && one.index === other.index && one.attempt === other.attempt
  );
}

/** Reports the execution that `command` asks for: the one that exists already, or a started one. */
export async function adoptChild(loop: RunLoop, one: Active, command: StartChild): Promise<void> {
  const done = loop.begin(one);
  try {
    const wanted = causeOf(one, command);
    for (const { id } of await causedBy(loop, one.execution.id)) {
      const cause = await causeIn(loop, id);
      if (cause === undefined || !isSame(cause, wanted)) continue;
      const about = { taskRunId: command.run.id, index: command.index };
      loop.push(one, { type: 'child-started', ...about, executionId: id });
      await tellAgain(loop, id);
      return;
    }
    await startChild(loop, one, command);
  } finally {
    done();
  }
}

/** Starts the execution that repeats `one` unless it exists already. */
export async function adoptRepetition(loop: RunLoop, one: Active, startsAt: number): Promise<void> {
  const done = loop.begin(one);
  try {
    const { id, originalId, attemptNumber, causedBy: cause } = one.execution;
    const related = await causedBy(loop, cause?.executionId ?? id);
    const exists = related.some((record) => {
      const document = decodeValue(record.document);
      return (
        record.originalId === originalId &&
        isMap(document) &&
        document['attemptNumber'] === attemptNumber + 1
      );
    });
    if (exists) await settleRepetition(loop, one);
    else await startAgain(loop, one, startsAt);
  } finally {
    done();
  }
}

/** Tells the parent of the execution `id` how it stands, if that is something to be told. */
async function tellAgain(loop: RunLoop, id: string): Promise<void> {
  const child = await loop.load(id);
  const { state } = child.execution;
  if (isTerminated(state) && child.execution.isClosed) await tellParent(loop, child);
  else if (state === 'PAUSED') await tellParentOfPause(loop, child, 'PAUSED');
}

/** Tells `one` the ends of executions it waits for that an ended process did not tell it. */
async function hearOfChildren(loop: RunLoop, one: Active): Promise<void> {
  for (const run of one.execution.runs) {
    if (run.isRemoved || isTerminated(run.state)) continue;
    for (const [childId, child] of run.children ?? []) {
      if (child.state === undefined) await tellAgain(loop, childId);
    }
  }
}

/** Tells the end of `id` to whoever waits for it: the ended process had not. */
async function tellEnd(loop: RunLoop, id: string): Promise<void> {
  const child = await loop.load(id);
  child.isUntold = true;
  await tellParent(loop, child);
}

/** Lets everything go on that an ended process left behind; gives the executions that are taken up. */
export async function recoverExecutions(loop: RunLoop): Promise<readonly string[]> {
  const { store, tenant } = loop.parts;
  await loop.parts.leftProcesses.end();
  const ids = new Set(await store.unfinishedExecutions(tenant));
  const untold: string[] = [];
  for (const { executionId, id } of await timersSoon(loop)) {
    if (id === untoldTimer) untold.push(executionId);
    else ids.add(executionId);
  }
  for (const id of ids) await loop.load(id);
  for (const id of ids) {
    const one = loop.active.get(id);
    if (one !== undefined) await hearOfChildren(loop, one);
  }
  for (const id of untold) await tellEnd(loop, id);
  for (const { namespace, flowId } of await store.queuedFlows(tenant)) {
    for (const id of await loop.slots.refill(namespace, flowId)) {
      ids.add(id);
      await loop.signal(id, { type: 'slot-granted' });
    }
  }
  await dropLeftFolders(loop);
  // What only waits leaves memory again.
  for (const id of ids) {
    const one = loop.active.get(id);
    if (one !== undefined) loop.begin(one)();
  }
  await awaitTimers(loop);
  return [...ids];
}
