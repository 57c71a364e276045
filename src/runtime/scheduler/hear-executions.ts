/**
 * Flow triggers: they listen to the states that executions take, in the order of the ledger, and start
 * executions of their own flow. How far one has listened stands in its record, which is written in the
 * same write as the execution that it starts.
 *
 * INVARIANT: a trigger starts at most one execution for a state that an execution took, and does not pass
 * by one that it was to start an execution for.
 */
import { type Execution, stateProvenance } from '../../core/engine/index.ts';
import { Failure } from '../../core/failure/index.ts';
import {
  type Condition,
  type Facts,
  gather,
  type Gathering,
  holds,
  isFinal,
  type Listening,
  listeningOf,
} from '../../core/triggers/index.ts';
import {
  flatten,
  joinMarks,
  joinProvenance,
  type Marks,
  marksOf,
  plainMarks,
  type Provenance,
} from '../../core/value/index.ts';
import type { ExecutionRecord, RegisterRecord } from '../../ports/store.ts';
import { isStoreTrouble } from '../committer/index.ts';
import { foldExecution, type RunLoop } from '../run-loop/index.ts';
import { startFired, toldMessage } from './fire-trigger.ts';
import { gatheredRecord, readGathered } from './gathered-records.ts';
import { heardVariables } from './heard-variables.ts';
import { createHeardStates, type HeardState, isBehind } from './heard-states.ts';
import { listeningSince } from './listening-since.ts';
import { missWindows } from './miss-windows.ts';
import { contextOf, decide } from './trigger-context.ts';
import {
  type HeardPlace,
  nameOf,
  readTrigger,
  riderOf,
  type TriggerPlace,
  type TriggerState,
  writeTrigger,
} from './trigger-records.ts';

/** Hears of something that went wrong with a trigger. */
export type Complain = (place: TriggerPlace | undefined, error: unknown) => void;

/** A trigger that listens. */
interface Listener {
  readonly place: TriggerPlace;
  readonly listening: Listening;
  /** How far it has listened. */
  heard: HeardPlace;
  /** Whether something was asked since that may be answered otherwise when it is asked again. */
  hasAsked: boolean;
  /** The place from which a process that begins anew would listen. */
  savedSeq: number;
  /** What the execution that was considered last holds. */
  seen: Marks;
}

/** Listens for all Flow triggers of a tenant. */
export interface ExecutionHearing {
  /** Listens to what has become durable; gives when to look again at the latest. */
  hear(): Promise<number | undefined>;
  /** Triggers have changed: another set is to be listened for. */
  forget(): void;
  /** Tells whether anybody listens, as far as is known. */
  readonly isListening: boolean;
}

/** How often to look whether other processes have written. */
const elsewhereMs = 1_000;
/** How far somebody who hears nothing may fall behind what is stored of it. */
const unsavedMax = 10_000;
/** The most executions that cause each other, one after the other. */
const chainMax = 20;
const endOfEntry = 1_000_000;
const flowTrigger = 'core.trigger.Flow';

/** Tells whether an execution may be one that a trigger listens for, by what its record says alone. */
function isHeard(
  { states, condition, gatherings }: Listening,
  facts: Facts,
  { trigger }: TriggerPlace,
): boolean {
  if (trigger.type !== flowTrigger || !states.includes(facts.state ?? '')) return false;
  if (holds(condition, facts) === false) return false;
  return gatherings.every(({ parts }) =>
    parts.some((part) => holds(part.condition, facts) !== false),
  );
}

function factsOf({ namespace, flowId, labels }: ExecutionRecord, state: string): Facts {
  const pairs = Object.entries(labels).map(([key, value]) => ({ key, value }));
  return { flow: { namespace, flowId }, state, labels: pairs };
}

/** Everything that can be known of an execution that was heard of. */
function allFacts(execution: Execution, { state, at }: HeardState): Facts {
  const { flow, labels, runs, outputs } = execution;
  return {
    flow: { namespace: flow.namespace, flowId: flow.id },
    state,
    labels,
    attempts: runs.map((run) => run.attempts.map((attempt) => attempt.state)),
    hasOutputs: outputs !== undefined && Object.keys(outputs).length > 0,
    date: Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone()),
  };
}

/** Returns everything that templates may read of an execution. */
function seenIn({ inputsMarks, tree, outputsMarks, triggerMarks, labelsMarks }: Execution) {
  return [inputsMarks, tree.marks, outputsMarks, triggerMarks, labelsMarks]
    .map(flatten)
    .reduce(joinProvenance);
}

/** Where days begin, for windows that name no zone. */
function zone(): string {
  return Temporal.Now.timeZoneId();
}

function correlationOf({ labels }: Execution): string | undefined {
  return labels.find(({ key }) => key === 'system.correlationId')?.value;
}

/** Throws `trigger.chain-too-long` where too many executions lead to the one that was heard of. */
async function assertChainEnds({ parts }: RunLoop, executionId: string): Promise<void> {
  const { store, tenant } = parts;
  let at: string | null = executionId;
  for (let length = 0; at !== null; length += 1) {
    if (length >= chainMax) {
      const what = `more than ${chainMax} executions lead to \`${executionId}\`, one causing the next`;
      throw new Failure('trigger.chain-too-long', what);
    }
    at = (await store.execution(tenant, at))?.causedBy ?? null;
  }
}

/** Returns what listens for the Flow triggers among `places`. */
export function createExecutionHearing(
  loop: RunLoop,
  places: () => Promise<readonly TriggerPlace[]>,
  complain: Complain,
): ExecutionHearing {
  const { parts } = loop;
  const states = createHeardStates(loop);
  let listeners: readonly Listener[] | undefined;
  let listed: readonly TriggerPlace[] | undefined;

  const listenersNow = async (): Promise<readonly Listener[]> => {
    const present = await places();
    if (listeners !== undefined && listed === present) return listeners;
    const before = new Map(listeners?.map((one) => [one.place.trigger, one]));
    const found: Listener[] = [];
    for (const place of present) {
      const { type, stopAfter } = place.trigger;
      if (type !== flowTrigger && stopAfter.length === 0) continue;
      const state = await readTrigger(parts, place);
      if (state.isDisabled) continue;
      const known = before.get(place.trigger);
      const listening = listeningOf(place.trigger, place.namespace);
      const heard = known?.heard ?? (await listeningSince(loop, place, state));
      found.push({
        place,
        listening,
        heard,
        hasAsked: known?.hasAsked ?? false,
        savedSeq: known?.savedSeq ?? heard.seq,
        seen: plainMarks,
      });
    }
    listeners = found;
    listed = present;
    return found;
  };

  /** Notes how far a trigger has listened, with why it did not fire. */
  const note = async (
    { place, heard }: Listener,
    state: TriggerState,
    type: string,
    records: readonly RegisterRecord[] = [],
    message?: string,
  ): Promise<void> => {
    const count = (state.trouble?.count ?? 0) + 1;
    const trouble = message === undefined ? undefined : { at: loop.now(), message, count };
    const next = { ...state, heard, ...(trouble !== undefined && { trouble }) };
    const more = { ...(message !== undefined && { error: message }) };
    await writeTrigger(parts, { place, state: next, type, records, more });
  };

  const fire = async (
    listener: Listener,
    heard: HeardState,
    execution: Execution,
    given: {
      readonly control: Provenance;
      readonly records: readonly RegisterRecord[];
      readonly gathered: readonly { readonly of: Gathering; readonly ids: readonly string[] }[];
    },
  ): Promise<void> => {
    const { place } = listener;
    const state = await readTrigger(parts, place);
    if (state.heard !== undefined && !isBehind(heard, state.heard)) return;
    // It was switched off meanwhile, perhaps by a task of what it started before.
    if (state.isDisabled) return;
    const next = { ...state, heard: listener.heard, firedAt: heard.at };
    const { executionId, seq, part } = heard;
    try {
      await assertChainEnds(loop, executionId);
      const { variables, marks } = await heardVariables(loop, execution, heard, given.gathered);
      const correlationId = correlationOf(execution);
      const trigger = place.trigger.id;
      await startFired(loop, {
        ...place,
        variables,
        marks,
        heard: execution,
        causedBy: { executionId, taskRunId: '', trigger, heard: { seq, part } },
        ...(correlationId !== undefined && { correlationId }),
        control: given.control,
        rider: riderOf(parts, {
          place,
          state: next,
          records: given.records,
          more: { heard: { seq, part }, heardOf: executionId },
        }),
      });
    } catch (error) {
      const isOwn = error instanceof Failure && !isStoreTrouble(error);
      if (!isOwn || error.code === 'store.conflict') throw error;
      const told = toldMessage(error, joinMarks(execution.outputsMarks, given.control));
      await note(listener, { ...state, firedAt: heard.at }, 'trigger-failed', given.records, told);
      complain(place, new Failure(error.code, told));
    }
  };

  /** Adds an execution to what gathers; gives the rows, and whether all is complete. */
  const gatherAll = async (
    { place, listening }: Listener,
    heard: HeardState,
    test: (condition: Condition) => Promise<boolean>,
  ) => {
    const records: RegisterRecord[] = [];
    const gathered: { of: Gathering; ids: readonly string[] }[] = [];
    let isComplete = true;
    for (const gathering of listening.gatherings) {
      const keys: string[] = [];
      for (const { key, condition } of gathering.parts) if (await test(condition)) keys.push(key);
      const kept = await readGathered(parts, place, gathering.id);
      const { executionId, at } = heard;
      const step = gather(gathering, kept.gathered, { keys, executionId, at }, zone());
      isComplete &&= step?.isComplete === true;
      if (step === undefined) continue;
      const next = { ...kept, gathered: step.gathered };
      records.push(gatheredRecord(parts, place, gathering.id, next));
      gathered.push({ of: gathering, ids: step.executionIds });
    }
    return { records, gathered, isComplete };
  };

  /** Lets a trigger hear of an execution that may concern it. */
  const consider = async (listener: Listener, heard: HeardState): Promise<void> => {
    const { place, listening } = listener;
    const { execution } = await foldExecution(loop, heard.executionId, heard.seq);
    // An iteration is a part of the execution around it; a test starts nothing that is no test.
    if (execution.loopTaskId !== undefined) return;
    if (execution.labels.some(({ key }) => key === 'system.test')) return;
    listener.hasAsked = true;
    listener.seen = marksOf(seenIn(execution));
    const facts = allFacts(execution, heard);
    const { variables, marks } = await heardVariables(loop, execution, heard, []);
    const happened = { ...place, variables, marks, heard: execution };
    const context = () => contextOf(loop, happened, () => undefined);
    let control = joinProvenance(execution.control, stateProvenance(execution));
    const test = async (condition: Condition): Promise<boolean> => {
      const decided = await decide(condition, facts, context);
      control = joinProvenance(control, decided.marks);
      return decided.holds;
    };
    if (!(await test(listening.condition))) return;
    const { records, gathered, isComplete } = await gatherAll(listener, heard, test);
    if (isComplete) {
      await fire(listener, heard, execution, { control, records, gathered });
      listener.hasAsked = false;
      return;
    }
    if (records.length === 0) return;
    await note(listener, await readTrigger(parts, place), 'trigger-gathered', records);
    listener.hasAsked = false;
  };

  /** Switches a trigger off that is to stop after such an end of what it started. */
  const stopAfter = async (listener: Listener, heard: HeardState): Promise<void> => {
    const { place } = listener;
    if (!place.trigger.stopAfter.includes(heard.state)) return;
    const [created] = await parts.store.entries(parts.tenant, `execution:${heard.executionId}`);
    if (created?.actor !== `trigger:${nameOf(place)}`) return;
    const state = await readTrigger(parts, place);
    const next = { ...state, heard: listener.heard, isDisabled: true };
    const more = { executionId: heard.executionId, state: heard.state };
    await writeTrigger(parts, { place, state: next, type: 'trigger-stopped', more });
    listeners = undefined;
  };

  const hearState = async (
    listener: Listener,
    heard: HeardState,
    record: ExecutionRecord | undefined,
  ): Promise<void> => {
    if (!isBehind(heard, listener.heard)) return;
    const { place, listening } = listener;
    const before = listener.heard;
    listener.heard = { seq: heard.seq, part: heard.part };
    if (record === undefined) return;
    try {
      const isOwn = record.namespace === place.namespace && record.flowId === place.flowId;
      if (isOwn) {
        await stopAfter(listener, heard);
      } else if (isHeard(listening, factsOf(record, heard.state), place)) {
        await consider(listener, heard);
      }
    } catch (error) {
      if (!(error instanceof Failure) || isStoreTrouble(error) || error.code === 'store.conflict') {
        listener.heard = before;
        throw error;
      }
      // What could not be decided may have failed on anything that the execution holds.
      const told = toldMessage(error, listener.seen);
      await note(listener, await readTrigger(parts, place), 'trigger-failed', [], told);
      listener.hasAsked = false;
      complain(place, new Failure(error.code, told));
    }
  };

  /** Writes down how far triggers have listened, where that would be far, or otherwise, to do again. */
  const save = async (all: readonly Listener[]): Promise<void> => {
    for (const listener of all) {
      const isFar = listener.heard.seq - listener.savedSeq >= unsavedMax;
      if (!listener.hasAsked && !isFar) continue;
      await note(listener, await readTrigger(parts, listener.place), 'trigger-heard');
      listener.hasAsked = false;
      listener.savedSeq = listener.heard.seq;
    }
  };

  const hearAll = async (all: readonly Listener[]): Promise<void> => {
    const wantsPassing = all.some(({ listening }) =>
      listening.states.some((state) => !isFinal(state)),
    );
    for (;;) {
      // Of an entry that was heard in part the rest is heard as well.
      const from = Math.min(
        ...all.map(({ heard }) => heard.seq - (heard.part < endOfEntry ? 1 : 0)),
      );
      const { states: found, lastSeq, isLast } = await states.after(from, wantsPassing);
      for (const heard of found) {
        if (!loop.mayBegin() || loop.isClosed()) return;
        const record = await parts.store.execution(parts.tenant, heard.executionId);
        for (const listener of all) await hearState(listener, heard, record);
      }
      const end = { seq: lastSeq, part: endOfEntry };
      for (const one of all) if (isBehind(end, one.heard)) one.heard = end;
      if (isLast) return;
    }
  };

  return {
    get isListening() {
      return listeners === undefined || listeners.length > 0;
    },
    forget() {
      listeners = undefined;
    },
    async hear() {
      const all = await listenersNow();
      if (all.length === 0) return undefined;
      try {
        await hearAll(all);
        await save(all);
      } catch (error) {
        // Another process has heard it: what it wrote is looked at.
        if (!(error instanceof Failure) || error.code !== 'store.conflict') throw error;
        listeners = undefined;
        return loop.now();
      }
      const missAt = await missWindows(loop, all, zone(), complain);
      // What other processes run is told by nobody.
      const lookAt = parts.presence.hasOthers() ? loop.now() + elsewhereMs : undefined;
      return missAt === undefined ? lookAt : Math.min(missAt, lookAt ?? missAt);
    },
  };
}
