/**
 * Watches the disk and the outside: after each commit it reads what became durable and looks whether
 * everything that must hold does. It reads entries and projections through the store's own questions and
 * believes nothing that the run loop says.
 */
import { enclosing, isTerminated } from '../../../src/core/engine/index.ts';
import type { ExecutionCreated, ExecutionEvent } from '../../../src/core/engine/index.ts';
import type { TypeCatalogue } from '../../../src/core/flow/index.ts';
import type { Entry, NewEntry, Store, Write } from '../../../src/ports/store.ts';
import { type LedgerParts, verifyStore } from '../../../src/runtime/sealer/index.ts';
import type { FlowLibrary } from '../../../src/runtime/run-loop/flow-library.ts';
import type { Approval } from '../../../src/core/governance/index.ts';
import type { Asks } from '../approvals.ts';
import type { Effect } from '../outside-tasks.ts';
import { approvalsIn, approvalTrouble, effectTrouble } from './approvals.ts';
import { blankFor, eventOf, flowsOf, tenant } from './fold.ts';
import { projectionTrouble } from './projections.ts';
import { childKey, TrackedExecution } from './tracked-execution.ts';

const everything = 1_000_000;

/** Something a caller was told is durable. */
export interface Promised {
  readonly what: string;
  readonly executionId: string;
  isKept(executions: ReadonlyMap<string, TrackedExecution>): boolean;
}

function sameEntry(one: NewEntry, other: NewEntry): boolean {
  return one.stream === other.stream && one.type === other.type && one.payload === other.payload;
}

/** Watches the disk and the outside. */
export class Watcher {
  readonly executions = new Map<string, TrackedExecution>();
  readonly effects: Effect[] = [];
  readonly troubles: string[] = [];
  /** Before what people are asked. */
  asks: Asks = {};
  readonly #ledger: Omit<LedgerParts, 'store'>;
  readonly #catalogue: TypeCatalogue;
  readonly #promised: Promised[] = [];
  /** Entries whose writers were told that they are durable. */
  readonly #acknowledged: NewEntry[] = [];
  readonly #causes = new Map<string, string>();
  #store: Store;
  #library: FlowLibrary;
  #lastSeq = 0;
  /** The approvals on the disk. */
  approvals: readonly Approval[] = [];
  /** The last place of the ledger before the last commit. */
  #heardTo = 0;
  /** How many entries the last commit brought. */
  #lastCount = 0;

  constructor(store: Store, catalogue: TypeCatalogue, ledger: Omit<LedgerParts, 'store'>) {
    this.#store = store;
    this.#catalogue = catalogue;
    this.#library = flowsOf(store, catalogue);
    this.#ledger = ledger;
  }

  /** Notes what is wrong; the first of it ends the run. */
  blame(trouble: string | undefined): void {
    if (trouble !== undefined) this.troubles.push(trouble);
  }

  /** Takes in what a commit made durable. */
  async committed(writes: readonly Write[]): Promise<void> {
    const fresh = await this.#store.allEntries(this.#lastSeq, everything);
    const wanted = writes.flatMap(({ entries }) => entries);
    if (wanted.length !== fresh.length || wanted.some((one, at) => !sameEntry(one, fresh[at]!))) {
      this.blame(`a commit of ${wanted.length} entries left ${fresh.length} others on the disk`);
    }
    this.#lastCount = fresh.length;
    await this.#takeIn(fresh);
  }

  /** Notes that the writer of `writes` was told that they are durable. */
  acknowledged(writes: readonly Write[]): void {
    for (const { entries } of writes) this.#acknowledged.push(...entries);
  }

  /** Notes that somebody was told that something is durable. */
  promised(promise: Promised): void {
    this.#promised.push(promise);
    this.#lookAtPromise(promise);
  }

  /** Looks at an effect at the moment it reaches the outside. */
  performed(effect: Effect): void {
    const { executionId, taskRunId, taskId, attempt, kind, key, value } = effect;
    const named = `attempt ${attempt} of ${taskId} in ${executionId}`;
    const tracked = this.executions.get(executionId);
    if (tracked === undefined) {
      this.blame(`${named} had an effect, but no durable execution ordered it`);
      return;
    }
    if (!tracked.intends(effect)) {
      this.blame(`${named} had an effect before its intent was durable`);
    }
    const run = tracked.execution.runsById.get(taskRunId);
    if (run === undefined || isTerminated(run.state)) {
      this.blame(`${named} had an effect although the run had ended durably`);
    } else if (tracked.execution.isClosed) {
      const outermost = enclosing(run).at(-1) ?? run;
      if (outermost.phase !== 'afterExecution') {
        this.blame(`${named} had an effect after its execution had ended`);
      }
    }
    const same = this.effects.filter((one) => one.taskRunId === taskRunId);
    if (kind === 'send' && same.some((one) => one.attempt === attempt)) {
      this.blame(`${named} was sent twice`);
    }
    // What people let begin anew is another effect.
    const isAnew = tracked.events.some(
      ({ type }) => type === 'execution-restarted' || type === 'run-state-changed',
    );
    const isTwin = (one: Effect): boolean =>
      one.executionId === executionId && one.taskId === taskId && one.value === value;
    if (kind === 'book' && !isAnew && this.effects.some((one) => isTwin(one) && one.key !== key)) {
      this.blame(`${named} asked for one effect under two keys`);
    }
    this.blame(effectTrouble(effect, this.asks, this.approvals, tracked));
    this.effects.push(effect);
  }

  async #lookAtApprovals(): Promise<void> {
    this.approvals = await approvalsIn(this.#store);
    this.blame(approvalTrouble(this.approvals, this.executions));
  }

  /** Looks at everything that a crash or an end left, from the beginning. */
  async lookAtAll(store: Store, isTorn: boolean): Promise<void> {
    const expected = this.#lastSeq;
    this.#store = store;
    this.#library = flowsOf(store, this.#catalogue);
    this.#lastSeq = 0;
    this.executions.clear();
    const entries = await store.allEntries(0, everything);
    const streams = this.#eventsOf(entries);
    for (const [id, events] of streams) await this.#takeStream(id, events);
    for (const id of streams.keys()) await this.#compare(id);
    await this.#lookAtApprovals();
    this.#countSlots();
    const isWhole = entries.length === expected;
    if (!isWhole && !(isTorn && entries.length === expected - this.#lastCount)) {
      this.blame(`${expected} entries were on the disk, and ${entries.length} are left of them`);
    }
    this.#lookForAcknowledged(entries);
    for (const promise of this.#promised) this.#lookAtPromise(promise);
    const verdict = await verifyStore({ store, ...this.#ledger });
    if (verdict.verdict !== 'valid') {
      const why = verdict.verdict === 'broken' ? verdict.reason : verdict.verdict;
      this.blame(`the ledger does not verify: ${why}`);
    }
  }

  #lookAtPromise(promise: Promised): void {
    if (!promise.isKept(this.executions))
      this.blame(`${promise.what} was acknowledged and is lost`);
  }

  #lookForAcknowledged(entries: readonly Entry[]): void {
    let at = 0;
    for (const entry of entries) {
      const next = this.#acknowledged[at];
      if (next !== undefined && sameEntry(next, entry)) at += 1;
    }
    const lost = this.#acknowledged[at];
    if (lost !== undefined) {
      this.blame(`the acknowledged entry ${lost.type} of ${lost.stream} is lost`);
    }
  }

  /** Takes in entries that became durable together. */
  async #takeIn(entries: readonly Entry[]): Promise<void> {
    this.#heardTo = this.#lastSeq;
    const streams = this.#eventsOf(entries);
    // What a creation follows from was durable before the commit that it is part of.
    for (const [first] of streams.values()) {
      if (first?.type === 'execution-created') this.#lookAtCause(first);
    }
    for (const [id, events] of streams) await this.#takeStream(id, events);
    for (const id of streams.keys()) await this.#compare(id);
    await this.#lookAtApprovals();
    this.#countSlots();
  }

  #eventsOf(entries: readonly Entry[]): Map<string, ExecutionEvent[]> {
    this.#lastSeq = entries.at(-1)?.seq ?? this.#lastSeq;
    const streams = new Map<string, ExecutionEvent[]>();
    for (const entry of entries) {
      if (!entry.stream.startsWith('execution:')) continue;
      const id = entry.stream.slice('execution:'.length);
      const events = streams.get(id) ?? [];
      events.push(eventOf(entry));
      streams.set(id, events);
    }
    return streams;
  }

  async #takeStream(id: string, events: readonly ExecutionEvent[]): Promise<void> {
    const tracked = this.executions.get(id);
    const [first] = events;
    if (tracked !== undefined) {
      if (events.some(({ type }) => type === 'execution-created')) {
        this.blame(`the execution ${id} was created twice`);
      } else this.blame(tracked.take(events));
      return;
    }
    if (first?.type !== 'execution-created') {
      this.blame(`the stream of ${id} does not begin with a creation`);
      return;
    }
    const created = new TrackedExecution(await blankFor(this.#library, first));
    this.executions.set(id, created);
    this.blame(created.take(events));
  }

  /** What a trigger heard of was durable before, and it started one execution for it. */
  #lookAtTrigger({ causedBy, executionId, attemptNumber = 1, flowId }: ExecutionCreated): void {
    const { trigger, heard, executionId: of = '' } = causedBy ?? {};
    if (heard === undefined || attemptNumber > 1) return;
    const named = `${flowId} ${trigger} heard ${of} at ${heard.seq}.${heard.part}`;
    const twin = this.#causes.get(named);
    if (twin !== undefined) this.blame(`${executionId} and ${twin} have one cause: ${named}`);
    this.#causes.set(named, executionId);
    if (!this.executions.has(of) || heard.seq > this.#heardTo) {
      this.blame(`${executionId} was started, but nothing durable says ${named}`);
    }
  }

  /** A date of a schedule starts one execution. */
  #lookAtDate({ trigger, by, executionId }: ExecutionCreated): void {
    const date = trigger?.['date'];
    if (!(date instanceof Temporal.ZonedDateTime)) return;
    const named = `${by} at ${date.toString()}`;
    const twin = this.#causes.get(named);
    if (twin !== undefined) this.blame(`${executionId} and ${twin} have one cause: ${named}`);
    this.#causes.set(named, executionId);
  }

  /** An execution that another one causes was ordered by it, durably before, and once. */
  #lookAtCause(created: ExecutionCreated): void {
    const { causedBy, executionId, attemptNumber = 1, originalId } = created;
    this.#lookAtDate(created);
    if (causedBy === undefined) return;
    if (causedBy.trigger !== undefined && attemptNumber === 1) {
      this.#lookAtTrigger(created);
      return;
    }
    const { taskRunId, index, attempt } = causedBy;
    const named =
      childKey(causedBy.executionId, taskRunId, index, attempt) +
      (attemptNumber > 1 ? ` again ${originalId} ${attemptNumber}` : '');
    const twin = this.#causes.get(named);
    if (twin !== undefined) this.blame(`${executionId} and ${twin} have one cause: ${named}`);
    this.#causes.set(named, executionId);
    const cause = this.executions.get(causedBy.executionId);
    const isOrdered =
      attemptNumber > 1
        ? [...this.executions.values()].some(
            ({ execution, ordered }) =>
              execution.originalId === originalId &&
              execution.attemptNumber === attemptNumber - 1 &&
              ordered.has('again'),
          )
        : cause?.ordered.has(childKey(causedBy.executionId, taskRunId, index, attempt));
    if (isOrdered !== true) {
      this.blame(`${executionId} was started, but no durable event had ordered ${named}`);
    }
  }

  async #compare(id: string): Promise<void> {
    const tracked = this.executions.get(id);
    if (tracked === undefined) return;
    const timers = await this.#store.dueTimers(Number.MAX_SAFE_INTEGER, everything);
    this.blame(
      projectionTrouble(tracked.execution, {
        record: await this.#store.execution(tenant, id),
        taskRuns: await this.#store.taskRuns(tenant, id),
        timers: timers.filter(({ executionId }) => executionId === id),
      }),
    );
  }

  #countSlots(): void {
    const held = new Map<string, number>();
    for (const { execution } of this.executions.values()) {
      const { concurrency, namespace, id } = execution.flow;
      if (concurrency === undefined || !execution.holdsSlot) continue;
      const key = `${namespace}.${id}`;
      const count = (held.get(key) ?? 0) + 1;
      held.set(key, count);
      if (count > concurrency.limit) {
        this.blame(
          `${count} executions of ${key} hold a slot, but its limit is ${concurrency.limit}`,
        );
      }
    }
  }
}
