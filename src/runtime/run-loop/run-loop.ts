/**
 * The run loop: events are applied to executions, what follows is committed in one transaction (entries
 * and projections together), and only then are commands performed whose effects can be seen. Executions
 * that rest are not in memory; an event for one of them loads it by folding its stream of the ledger.
 *
 * INVARIANT: an execution is driven by one drain at a time; nothing outside is touched because of an
 * event that is not durable.
 */
import {
  applyEvent,
  encodeEvent,
  type Execution,
  type ExecutionCreated,
  type ExecutionEvent,
  isTerminated,
  type TaskRun,
} from '../../core/engine/index.ts';
import { Failure } from '../../core/failure/index.ts';
import { flatten, plainText } from '../../core/value/index.ts';
import { isSlotConflict } from '../../ports/slot-conflict.ts';
import type {
  NewEntry,
  RegisterRecord,
  TaskRunRecord,
  TimerRecord,
  Write,
} from '../../ports/store.ts';
import { holdsCredential, stars } from '../rendering/index.ts';
import { isStoreTrouble } from '../committer/index.ts';
import { createKillSwitches } from '../kill-switch/index.ts';
import { type Active, createActive, type Outstanding, standsUnderWay } from './active.ts';
import type { BatchWriter, RunLoop } from './loop.ts';
import { takeDueTimers } from './due-timers.ts';
import { createFarTimers, isLongWait, soonMs } from './far-timers.ts';
import { createFlowLibrary, type FlowLibrary } from './flow-library.ts';
import { ForgetfulMap } from './forgetful-map.ts';
import { foldExecution } from './fold-execution.ts';
import { createFollowers, type Notice } from './follow.ts';
import type { RunLoopParts } from './parts.ts';
import { obey, obeySwitches } from './obey-switches.ts';
import { performNow, requestSlot, resumeCommand } from './perform.ts';
import { isUnwanted, voidApprovals } from './settle-approvals.ts';
import { executionRecord, taskRunRecord } from './records.ts';
import { hideSecrets } from './write-log.ts';
import { dropFolder, isFolderOver } from './run-folders.ts';
import { settleEnded } from './settle-spends.ts';
import { pauseChange, tellParentOfPause, untoldTimer } from './children.ts';
import { createSlots } from './slots.ts';

interface Batch {
  /** Those that it was made of; not those that followed from them. */
  readonly events: ExecutionEvent[];
  readonly entries: NewEntry[];
  readonly touched: Set<TaskRun>;
  isExecutionTouched: boolean;
  readonly setTimers: TimerRecord[];
  readonly clearedTimers: { executionId: string; id: string }[];
  /** Of riders: what goes with the events. */
  readonly moreEntries: NewEntry[];
  readonly registerRecords: RegisterRecord[];
  /** Approvals that nobody waits for once it is written. */
  readonly voided: string[];
  /** What to do once the batch is durable. */
  readonly afterwards: (() => void)[];
}

interface Folded {
  readonly execution: Execution;
  readonly around: readonly Execution[];
  readonly known: number;
  readonly outstanding: Outstanding;
}

const watchEveryMs = 250;

/** States in which an execution begins or goes on. */
const beginnings: ReadonlySet<string> = new Set(['CREATED', 'RESTARTED', 'RUNNING']);

/** How long a line of a running task may wait to be seen; lines of short tasks go with their end. */
const flushAfterMs = 200;

/** Returns a run loop over `parts`; `library` is that of others who read its flows. */
export function createRunLoop(
  parts: RunLoopParts,
  library: FlowLibrary = createFlowLibrary(parts),
): RunLoop {
  let fatal: unknown;
  const active = new ForgetfulMap<string, Active>();
  const loading = new Map<string, Promise<Active>>();
  const followers = createFollowers();
  /** How many states of each run followers know. */
  const told = new WeakMap<TaskRun, number>();

  const entryOf = (execution: Execution, event: ExecutionEvent): NewEntry => ({
    tenant: parts.tenant,
    at: event.at,
    stream: `execution:${execution.id}`,
    type: event.type,
    actor: ('by' in event ? event.by : undefined) ?? parts.actor,
    payload: encodeEvent(event),
  });

  /** Applies everything that waits, together with what follows at once. */
  const applyAll = (one: Active): Batch => {
    const batch: Batch = {
      events: [],
      entries: [],
      touched: new Set(),
      isExecutionTouched: false,
      setTimers: [],
      clearedTimers: [],
      moreEntries: [],
      registerRecords: [],
      voided: [],
      afterwards: [],
    };
    const { execution } = one;
    const writer: BatchWriter = {
      afterCommit: (act) => void batch.afterwards.push(act),
      setTimer: (id, dueAt) => {
        const timer = { tenant: parts.tenant, executionId: execution.id, id, dueAt };
        batch.setTimers.push(timer);
        batch.afterwards.push(() => wake(one, id, dueAt));
      },
      clearTimer: (id) => {
        one.wakes.get(id)?.();
        one.wakes.delete(id);
        const pendingSet = batch.setTimers.findIndex((timer) => timer.id === id);
        if (pendingSet >= 0) batch.setTimers.splice(pendingSet, 1);
        batch.clearedTimers.push({ executionId: execution.id, id });
      },
      voidApproval: (id) => void batch.voided.push(id),
      noteUnsettled: (id) => {
        const timer = { tenant: parts.tenant, executionId: execution.id, id, dueAt: loop.now() };
        batch.setTimers.push(timer);
      },
    };
    const before = execution.state;
    const given = one.queue.length;
    for (let at = 0; at < one.queue.length; at += 1) {
      const event = one.queue[at] as ExecutionEvent;
      const rider = one.riders.size === 0 ? undefined : one.riders.get(event);
      if (rider !== undefined && isUnwanted(execution, event)) {
        one.riders.delete(event);
        rider.over(false);
        continue;
      }
      // What follows from them follows again where they are applied again.
      if (at < given) batch.events.push(event);
      const applied = applyEvent(execution, event);
      batch.entries.push(entryOf(execution, event));
      if (rider !== undefined) {
        batch.moreEntries.push(...(rider.entries ?? []));
        batch.registerRecords.push(...rider.registerRecords);
      }
      if (event.type === 'timer-fired') writer.clearTimer(event.id);
      // It has been told: in the same write, so that it is told again exactly when it must be.
      if (event.type === 'child-ended' && isTerminated(event.state))
        batch.clearedTimers.push({ executionId: event.executionId, id: untoldTimer });
      if (
        event.type === 'attempt-lost' ||
        event.type === 'question-answered' ||
        event.type === 'task-denied'
      ) {
        batch.afterwards.push(() => loop.carry(settleEnded(loop, one, event.taskRunId)));
      }
      for (const run of applied.touched) batch.touched.add(run);
      batch.isExecutionTouched ||= applied.isExecutionTouched;
      for (const command of applied.commands) performNow(loop, one, command, writer);
    }
    const change = pauseChange(before, execution.state);
    if (change !== undefined && execution.causedBy !== undefined) {
      batch.afterwards.push(() => loop.carry(tellParentOfPause(loop, one, change)));
    }
    for (const run of batch.touched) {
      if (isFolderOver(run)) batch.afterwards.push(() => loop.carry(dropFolder(loop, one, run)));
    }
    one.queue = [];
    return batch;
  };

  const writeOf = (one: Active, batch: Batch): Write => {
    const { execution } = one;
    const hide = (text: string): string => hideSecrets(one, text);
    const taskRuns: TaskRunRecord[] = [];
    const removed: { tenant: string; executionId: string; id: string }[] = [];
    for (const run of batch.touched) {
      if (run.isRemoved)
        removed.push({ tenant: parts.tenant, executionId: execution.id, id: run.id });
      else taskRuns.push(taskRunRecord(execution, run, hide));
    }
    const { logs, metrics } = one;
    one.logs = [];
    one.metrics = [];
    const isFound = standsUnderWay(execution);
    const isChanged = batch.isExecutionTouched || isFound !== one.isStoredUnderWay;
    one.isStoredUnderWay = isFound;
    const slot = batch.events.some(({ type }) => type === 'slot-granted')
      ? loop.slots.guardOf(execution)
      : undefined;
    return {
      entries:
        batch.moreEntries.length === 0 ? batch.entries : [...batch.entries, ...batch.moreEntries],
      ...(batch.registerRecords.length > 0 && { registerRecords: batch.registerRecords }),
      ...(batch.entries.length > 0 && {
        expects: {
          tenant: parts.tenant,
          stream: `execution:${execution.id}`,
          length: one.known,
        },
      }),
      ...(isChanged && { executions: [executionRecord(execution, hide)] }),
      ...(slot !== undefined && { slot }),
      ...(taskRuns.length > 0 && { taskRuns }),
      ...(removed.length > 0 && { removedTaskRuns: removed }),
      ...(batch.setTimers.length > 0 && { setTimers: batch.setTimers }),
      ...(batch.clearedTimers.length > 0 && { clearedTimers: batch.clearedTimers }),
      ...(logs.length > 0 && { logs }),
      ...(metrics.length > 0 && { metrics }),
    };
  };

  const noticesOf = (one: Active, batch: Batch, write: Write): Notice[] => {
    const { execution } = one;
    const of = {
      executionId: execution.id,
      namespace: execution.flow.namespace,
      flowId: execution.flow.id,
    };
    const states = execution.histories.slice(one.toldStates).map(({ state, at }): Notice => {
      const error = state === 'FAILED' ? execution.error : undefined;
      const message = error === undefined ? undefined : hideSecrets(one, error.message);
      return {
        ...of,
        at,
        kind: 'execution-state',
        state,
        ...(message !== undefined && { message }),
      };
    });
    one.toldStates = execution.histories.length;
    // It begins before its task runs, and rests or ends after them.
    const notices = states.filter((one) => beginnings.has(one.state));
    for (const line of write.logs ?? []) {
      notices.push({
        ...of,
        at: line.at,
        kind: 'log',
        state: line.level,
        message: line.message,
        ...(line.taskRunId !== null && { taskRunId: line.taskRunId }),
        ...(line.taskId !== null && { taskId: line.taskId }),
      });
    }
    for (const run of batch.touched) {
      if (run.isRemoved) continue;
      notices.push(...runNotices(of, run, told.get(run) ?? 0));
      told.set(run, run.histories.length);
    }
    notices.push(...states.filter((one) => !beginnings.has(one.state)));
    return notices;
  };

  /** Commits `write`; false when another process had written first and the batch is to be applied anew. */
  const isCommitted = async (one: Active, batch: Batch, write: Write): Promise<boolean> => {
    try {
      await parts.committer.commit(write);
      for (const [event, rider] of one.riders) {
        if (one.queue.includes(event)) continue;
        one.riders.delete(event);
        rider.over(true);
      }
      for (const { type } of batch.events) {
        if (type === 'slot-granted' || type === 'slot-denied') {
          loop.slots.settled(one.execution.id, type);
        }
      }
      return true;
    } catch (error) {
      if (!(error instanceof Failure) || error.code !== 'store.conflict') throw error;
      // It never came to be: what its creation was to be written with is there already, by another hand.
      if (one.known === 0) throw error;
      const isRefused = isSlotConflict(error);
      await refold(one);
      // What followed from the events by themselves follows again.
      const again = isRefused
        ? batch.events.filter(({ type }) => type !== 'slot-granted')
        : batch.events;
      one.queue = [...(await withRiders(one, again)), ...one.queue];
      one.logs = [...(write.logs ?? []), ...one.logs];
      one.metrics = [...(write.metrics ?? []), ...one.metrics];
      if (isRefused) {
        loop.slots.settled(one.execution.id, 'slot-granted');
        // Another process took the slot: asked again, unless it waits in the queue for one anyway.
        if (one.execution.state !== 'QUEUED') loop.carry(requestSlot(loop, one));
      }
      return false;
    }
  };

  /** Returns those of `events` whose riders may still be written. */
  const withRiders = async (
    one: Active,
    events: readonly ExecutionEvent[],
  ): Promise<readonly ExecutionEvent[]> => {
    const kept: ExecutionEvent[] = [];
    const records = new Set<string>();
    for (const event of events) {
      const rider = one.riders.get(event);
      const names = (rider?.registerRecords ?? []).map(({ kind, id }) => `${kind} ${id}`);
      // Of two that replace the same record, the second is to look at what the first left.
      const isFirst = !names.some((name) => records.has(name));
      for (const name of names) records.add(name);
      if (rider === undefined || (isFirst && (await rider.isCurrent()))) {
        kept.push(event);
        continue;
      }
      one.riders.delete(event);
      rider.over(false);
    }
    return kept;
  };

  /** Takes over what another process has written to an execution that is in memory here. */
  const refold = async (one: Active): Promise<void> => {
    const { execution, known } = await fold(one.execution.id);
    one.execution = execution;
    one.known = known;
    one.isStoredUnderWay = standsUnderWay(execution);
    for (const [runId, stop] of one.stops) {
      const run = execution.runsById.get(runId);
      const isGivenUp = run === undefined || isTerminated(run.state);
      if (isGivenUp || (execution.ending !== undefined && !execution.isClosed)) stop();
    }
  };

  const drain = async (one: Active): Promise<void> => {
    if (one.isDraining) return;
    one.isDraining = true;
    try {
      while (one.queue.length > 0 || one.logs.length > 0 || one.metrics.length > 0) {
        const batch = applyAll(one);
        if (batch.voided.length > 0) {
          const { moreEntries: entries, registerRecords } = batch;
          await voidApprovals(loop, batch.voided, { entries, registerRecords });
        }
        const write = writeOf(one, batch);
        // Taken now: by the time the write is durable, further events may have changed the runs.
        const notices = followers.count > 0 ? noticesOf(one, batch, write) : [];
        if (!(await isCommitted(one, batch, write))) continue;
        one.known += batch.entries.length;
        followers.tell(notices);
        if (batch.registerRecords.length > 0) parts.approvals?.parts.notices?.wake();
        one.whenDurable?.();
        one.whenDurable = undefined;
        for (const act of batch.afterwards) act();
      }
    } finally {
      one.isDraining = false;
    }
    rested(one);
  };

  const failedDrain = (one: Active, error: unknown): void => {
    if (one.known === 0 && error instanceof Failure && error.code === 'store.conflict') {
      one.isVoid = true;
      active.delete(one.execution.id);
      for (const rider of one.riders.values()) rider.over(false);
      return;
    }
    // Nothing may follow from what is not durable: the execution leaves memory as it was stored.
    active.delete(one.execution.id);
    for (const stop of one.stops.values()) stop();
    for (const takeBack of one.wakes.values()) takeBack();
    strand(error);
    for (const waiter of one.waiters.splice(0)) waiter();
  };

  const strand = (error: unknown): void => {
    fatal ??= error;
    // Nothing more becomes durable, so nobody comes to rest either.
    for (const one of active.values()) for (const waiter of one.waiters.slice()) waiter();
  };
  const schedule = (one: Active): void => {
    if (one.isDraining) return;
    queueMicrotask(() => {
      drain(one).catch((error: unknown) => failedDrain(one, error));
    });
  };

  let isFlushDue = false;
  // One timer for all: one for each line would keep ended executions in memory until it fires.
  const flushSoon = (): void => {
    if (isFlushDue) return;
    isFlushDue = true;
    parts.clock.wakeAt(parts.clock.now() + flushAfterMs, () => {
      isFlushDue = false;
      for (const waiting of active.values()) {
        if (waiting.logs.length > 0 || waiting.metrics.length > 0) schedule(waiting);
      }
    });
  };

  const wake = (one: Active, id: string, dueAt: number): void => {
    const { id: executionId } = one.execution;
    if (one.wakes.has(id)) return;
    // A long wait is a row and nothing else; it is looked for when it is near.
    if (dueAt > loop.now() + soonMs) {
      farTimers.awaitUntil(dueAt);
      return;
    }
    const takeBack = parts.clock.wakeAt(dueAt, () => {
      one.wakes.delete(id);
      loop.carry(loop.signal(executionId, { type: 'timer-fired', id }));
    });
    one.wakes.set(id, takeBack);
  };

  /** Tells those who wait, and drops what need not be in memory. */
  const rested = (one: Active): void => {
    if (one.queue.length > 0 || one.isDraining) return;
    for (const waiter of one.waiters.slice()) waiter();
    const { execution } = one;
    if (execution.state === 'QUEUED' && one.waiters.length > 0) loop.awaitedInQueue.add(one);
    else loop.awaitedInQueue.delete(one);
    // Whoever waits for a queued execution waits for those before it.
    for (const other of loop.awaitedInQueue) {
      if (other !== one) for (const waiter of other.waiters.slice()) waiter();
    }
    const isIdle = one.pending === 0 && one.stops.size === 0 && one.waiters.length === 0;
    const waitsForChildren = execution.state === 'RUNNING' && !execution.isSettled;
    if (!isIdle || waitsForChildren || one.wakes.size > 0) return;
    if (execution.isSettled || isLongWait(execution)) active.delete(execution.id);
  };

  /** Folds the stored events of an execution; gives it and what was under way. */
  const fold = async (executionId: string): Promise<Folded> => {
    const { created, ...folded } = await foldExecution(loop, executionId);
    const around = await executionsAround(created);
    for (const run of folded.execution.runs) told.set(run, run.histories.length);
    return { ...folded, around };
  };

  const executionsAround = async (created: ExecutionCreated): Promise<readonly Execution[]> => {
    if (created.loopTaskId === undefined || created.causedBy === undefined) return [];
    const outer = await loop.load(created.causedBy.executionId);
    return [outer.execution, ...outer.around];
  };

  const loadAnew = async (executionId: string): Promise<Active> => {
    const { execution, around, known, outstanding } = await fold(executionId);
    const one = createActive(execution, around);
    one.known = known;
    one.toldStates = execution.histories.length;
    active.set(executionId, one);
    // What is under way may be in the hands of another process; it is taken up when nobody has it.
    if (parts.presence.hasOthers()) return one;
    await loop.switches.refresh();
    obey(loop, one);
    for (const command of outstanding.commands()) resumeCommand(loop, one, command, wake);
    return one;
  };

  /** Looks from time to time whether another process has written to what is in memory here. */
  const watch = (): void => {
    if (isWatching || isClosed) return;
    isWatching = true;
    parts.clock.wakeAt(parts.clock.now() + watchEveryMs, () => {
      isWatching = false;
      if (active.size === 0 || isClosed) return;
      loop.carry(lookElsewhere());
      watch();
    });
  };
  let isWatching = false;
  let isClosed = false;
  let isEnding = false;
  const closing: (() => void)[] = [];
  let seenChanges = 0;
  const lookElsewhere = async (): Promise<void> => {
    const changes = await parts.store.changesElsewhere();
    if (changes === seenChanges) return;
    seenChanges = changes;
    await obeySwitches(loop);
    for (const one of Array.from(active.values())) {
      const { id } = one.execution;
      if (one.isDraining) continue;
      const length = await parts.store.streamLength(parts.tenant, `execution:${id}`);
      if (length === one.known) continue;
      if (one.isDraining) continue;
      one.isDraining = true;
      await refold(one).finally(() => {
        one.isDraining = false;
      });
      if (one.queue.length > 0) schedule(one);
      else rested(one);
    }
  };

  const farTimers = createFarTimers(parts.clock, () => loop.carry(takeDueTimers(loop)));

  const loop: RunLoop = {
    parts,
    wake,
    farTimers,
    library,
    followers,
    slots: createSlots(parts, library),
    switches: createKillSwitches(parts),
    active,
    promoted: new Set(),
    awaitedInQueue: new Set(),
    now: () => parts.clock.now(),
    flushSoon,
    fatal: () => fatal,
    strand,
    carry: (work) =>
      void work.catch((error: unknown) => {
        if (!isStoreTrouble(error)) throw error;
        strand(error);
      }),
    close: () => {
      isClosed = true;
      farTimers.close();
      for (const act of closing.splice(0)) act();
    },
    isClosed: () => isClosed,
    beginNothing: () => {
      isEnding = true;
    },
    mayBegin: () => !isEnding,
    whenClosed: (act) => void closing.push(act),
    push(one, event, rider) {
      if (one.isVoid || (fatal !== undefined && !active.has(one.execution.id))) return;
      // It may have left memory while something for it was under way.
      if (!active.has(one.execution.id)) active.set(one.execution.id, one);
      watch();
      const dated = { ...event, at: parts.clock.now() } as ExecutionEvent;
      if (rider !== undefined) one.riders.set(dated, rider);
      one.queue.push(dated);
      schedule(one);
    },
    async signal(executionId, event) {
      const one = await loop.load(executionId);
      loop.push(one, event);
    },
    async admit(execution, around, event, whenDurable, rider) {
      const one = createActive(execution, around);
      one.whenDurable = whenDurable;
      if (rider !== undefined) one.riders.set(event, rider);
      active.set(execution.id, one);
      one.queue.push(event);
      await drain(one).catch((error: unknown) => {
        failedDrain(one, error);
        throw error;
      });
    },
    async load(executionId) {
      const known = active.get(executionId);
      if (known !== undefined) return known;
      let coming = loading.get(executionId);
      if (coming === undefined) {
        coming = loadAnew(executionId).finally(() => loading.delete(executionId));
        loading.set(executionId, coming);
      }
      return coming;
    },
    begin(one) {
      one.pending += 1;
      let isOver = false;
      return () => {
        if (isOver) return;
        isOver = true;
        one.pending -= 1;
        if (one.pending === 0 && !one.isDraining && one.queue.length === 0) rested(one);
      };
    },
  };
  return loop;
}

function shownValue({ value = null, valueMarks }: TaskRun): string {
  return holdsCredential(flatten(valueMarks).classes) ? stars : plainText(value);
}

function runNotices(
  of: { executionId: string; namespace: string; flowId: string },
  run: TaskRun,
  told: number,
): Notice[] {
  const about = {
    ...of,
    kind: 'task-run-state' as const,
    taskRunId: run.id,
    taskId: run.task.id,
    ...(run.parent !== null && { parentTaskRunId: run.parent.id }),
    ...(run.value !== undefined && { value: shownValue(run) }),
    ...(run.iteration !== undefined && { iteration: run.iteration }),
  };
  return run.histories.slice(told).map(({ state, at }) => ({
    ...about,
    at,
    state,
    ...(state === 'FAILED' && run.error !== undefined && { message: run.error.message }),
  }));
}
