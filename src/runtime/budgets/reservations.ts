/**
 * Reserving before, settling after, releasing on failure. What several budgets cover is reserved against
 * all of them or none, in one write with its entry.
 *
 * INVARIANT: what is settled and reserved together never exceeds a cap by a reservation, however many
 * reserve at once, in this process or others.
 */
import { assert, Failure } from '../../core/failure/index.ts';
import {
  amountProblem,
  type BudgetCounter,
  type BudgetRefusal,
  type BudgetUnit,
  type BudgetUsage,
  countersFor,
  describeScope,
  refusalOf,
  type Spending,
} from '../../core/governance/index.ts';
import type { Value } from '../../core/value/index.ts';
import type { RegisterDesk, RegisterWork } from '../registers/index.ts';
import {
  budgetKinds,
  budgetsIn,
  countIn,
  type Reservation,
  type ReservedLine,
  type ReservedRun,
  type RunOutcome,
  usageIn,
} from './budget-records.ts';

/** What is to be reserved. */
export interface ReserveOrder {
  /** Unique; the same again gives the same reservation, so that a repeated attempt reserves once. */
  readonly id: string;
  readonly spending: Spending;
  /** Handle of who spends; stands in the ledger. */
  readonly actor: string;
  /** For what, as people read it. */
  readonly purpose: string;
  /** How long nobody has to settle it; an hour if not said. */
  readonly holdMs?: number;
  readonly onExpiry?: 'release' | 'settle';
  /** The run of a task that spends: it is over when the run is, whenever that is. */
  readonly run?: ReservedRun;
  /** Tells of runs whose process ended. */
  readonly outcomeOf?: RunOutcome;
}

const holdDefaultMs = 3_600_000;

function streamOf(id: string): string {
  return `budget-reservation:${id}`;
}

function linesOf({ lines }: Pick<Reservation, 'lines'>): Value {
  return lines.map(({ budgetId, amount }) => ({ budget: budgetId, amount }));
}

function exceeded({ counter, left, reason }: BudgetRefusal, { amount }: Spending): Failure {
  const { budget, period } = counter;
  const unit = budget.currency ?? budget.unit;
  const details = {
    budget: budget.id,
    period: period.name,
    cap: budget.cap,
    left,
    amount,
    reason,
  };
  const where = describeScope(budget.scope);
  if (reason === 'other-currency') {
    const message = `the budget \`${budget.id}\` of ${where} is in ${unit}; there is none in the currency that is asked for`;
    return new Failure('budget.exceeded', message, { details });
  }
  return new Failure(
    'budget.exceeded',
    `the budget \`${budget.id}\` of ${where} has ${left} of ${budget.cap} ${unit} left, ${amount} is asked for`,
    {
      details,
      help:
        period.endsAt === null
          ? 'raise the cap with `sluice budget set`'
          : `it begins again at ${new Date(period.endsAt).toISOString()}`,
    },
  );
}

/** Returns how much of a reservation is spent that nobody will settle; undefined while somebody may. */
async function leftBehind(
  work: RegisterWork,
  { run, unit, amount, expiresAt, onExpiry }: Reservation,
  outcomeOf: RunOutcome | undefined,
): Promise<number | undefined> {
  if (run !== undefined) return outcomeOf?.(run, unit, amount);
  if (expiresAt === null || expiresAt > work.at) return undefined;
  return onExpiry === 'settle' ? amount : 0;
}

/** Releases or settles what nobody will settle any more; tells whether there was any. */
async function expire(work: RegisterWork, outcomeOf?: RunOutcome): Promise<boolean> {
  let hasExpired = false;
  for (const { content } of await work.list<Reservation>(budgetKinds.reservation)) {
    const actual = await leftBehind(work, content, outcomeOf);
    if (actual === undefined) continue;
    hasExpired = true;
    await close(work, content, actual, { actor: 'engine', reason: 'expired' });
  }
  return hasExpired;
}

/** Takes a reservation away and counts `actual` as spent. */
async function close(
  work: RegisterWork,
  reservation: Reservation,
  actual: number,
  by: { readonly actor: string; readonly reason?: string },
): Promise<void> {
  const { id, lines, amount } = reservation;
  work.remove(budgetKinds.reservation, id);
  const why = by.reason === undefined ? {} : { reason: by.reason };
  const over: string[] = [];
  for (const { budgetId, counterId, amount: reserved } of lines) {
    const counter = { id: counterId, budgetId };
    const after = await countIn(work, counter, { settled: actual, reserved: -reserved });
    const budget = await work.read<{ cap: number }>(budgetKinds.budget, budgetId);
    if (budget !== undefined && actual > reserved && after.settled + after.reserved > budget.cap) {
      over.push(budgetId);
    }
  }
  const type = actual === 0 ? 'budget-released' : 'budget-settled';
  const payload = { id, amount, actual, lines: linesOf(reservation), ...why };
  work.enter({ stream: streamOf(id), type, actor: by.actor, payload });
  // It is spent already: it is counted in full, and said aloud.
  for (const budget of over) {
    const told = { id, budget, amount: actual, reason: 'settled-above-cap' };
    work.enter({
      stream: `budget:${budget}`,
      type: 'budget-exceeded',
      actor: by.actor,
      payload: told,
    });
  }
}

/** What reserving comes to: counters with room, or the budget that refuses. */
type Plan =
  | { readonly refusal: BudgetRefusal }
  | { readonly counters: readonly BudgetCounter[]; readonly known: Reservation | undefined };

/** Looks whether there is room for `order`; for more than a reservation of the same id has, if there is one. */
async function plan(work: RegisterWork, order: ReserveOrder): Promise<Plan> {
  const { id, spending, outcomeOf } = order;
  const known = await work.read<Reservation>(budgetKinds.reservation, id);
  const amount = spending.amount - (known?.amount ?? 0);
  if (known !== undefined && amount <= 0) return { counters: [], known };
  const more = { ...spending, amount };
  const counters = countersFor(await budgetsIn(work), more, work.at);
  const usages = new Map<string, BudgetUsage>();
  const look = async (): Promise<BudgetRefusal | undefined> => {
    for (const counter of counters) usages.set(counter.id, await usageIn(work, counter.id));
    return refusalOf(
      counters,
      (counterId) => usages.get(counterId) ?? { settled: 0, reserved: 0 },
      more,
    );
  };
  let refusal = await look();
  // Reservations of processes that have ended are looked for only when there is no room.
  if (refusal?.reason === 'exceeded' && work.isFirst('expire') && (await expire(work, outcomeOf))) {
    refusal = await look();
  }
  if (refusal !== undefined) return { refusal };
  const { currency } = spending;
  return { counters: counters.filter(({ budget }) => budget.currency === currency), known };
}

/** Enters that a budget refuses `order`; gives what its caller is to be told. */
function refuse(work: RegisterWork, order: ReserveOrder, refusal: BudgetRefusal): Failure {
  const { id, spending, actor, purpose } = order;
  const { left, reason } = refusal;
  const { budget, period } = refusal.counter;
  const payload = { id, budget: budget.id, period: period.name, amount: spending.amount, left };
  const told = { ...payload, reason, purpose };
  work.enter({ stream: `budget:${budget.id}`, type: 'budget-exceeded', actor, payload: told });
  return exceeded(refusal, spending);
}

/** Returns one line per counter: each is settled once. */
function joinedLines(
  known: readonly ReservedLine[],
  added: readonly ReservedLine[],
): readonly ReservedLine[] {
  const lines = new Map(known.map((line) => [line.counterId, line]));
  for (const line of added) {
    const before = lines.get(line.counterId)?.amount ?? 0;
    lines.set(line.counterId, { ...line, amount: before + line.amount });
  }
  return [...lines.values()];
}

async function keep(
  work: RegisterWork,
  order: ReserveOrder,
  { counters, known }: Extract<Plan, { readonly counters: unknown }>,
): Promise<Reservation> {
  const { id, spending, actor, purpose, holdMs = holdDefaultMs, onExpiry = 'release' } = order;
  const { amount, unit } = spending;
  const more = amount - (known?.amount ?? 0);
  if (known !== undefined && more <= 0) return known;
  const run = known?.run ?? order.run;
  const added: readonly ReservedLine[] = counters.map((counter) => ({
    budgetId: counter.budget.id,
    counterId: counter.id,
    amount: more,
  }));
  const reservation: Reservation = {
    id,
    unit,
    amount,
    purpose,
    lines: joinedLines(known?.lines ?? [], added),
    reservedAt: work.at,
    expiresAt: run === undefined ? work.at + holdMs : null,
    onExpiry,
    ...(run !== undefined && { run }),
  };
  // Nothing limits it, so there is nothing to keep.
  if (reservation.lines.length === 0) return reservation;
  for (const line of added) {
    const counter = { id: line.counterId, budgetId: line.budgetId };
    await countIn(work, counter, { settled: 0, reserved: more });
  }
  await work.put(budgetKinds.reservation, id, reservation);
  const payload = { id, amount, unit, purpose };
  work.enter({
    stream: streamOf(id),
    type: 'budget-reserved',
    actor,
    payload: { ...payload, lines: linesOf(reservation), expiresAt: reservation.expiresAt },
  });
  return reservation;
}

/** A reservation, and whether it was there already. */
export interface MadeReservation extends Reservation {
  readonly wasThere: boolean;
}

/** Reserves everything that `orders` ask for, or nothing of it. */
async function decideReservations(
  work: RegisterWork,
  orders: readonly ReserveOrder[],
): Promise<() => readonly MadeReservation[]> {
  const plans: (readonly [ReserveOrder, Extract<Plan, { readonly counters: unknown }>])[] = [];
  for (const order of orders) {
    const found = await plan(work, order);
    if ('refusal' in found) {
      const failure = refuse(work, order, found.refusal);
      return () => {
        throw failure;
      };
    }
    plans.push([order, found]);
  }
  const made: MadeReservation[] = [];
  for (const [order, found] of plans) {
    const wasThere = found.known !== undefined;
    made.push({ ...(await keep(work, order, found)), wasThere });
  }
  return () => made;
}

/** Reserves; throws `budget.exceeded`, `input.invalid`. */
export async function reserve(desk: RegisterDesk, order: ReserveOrder): Promise<Reservation> {
  const [made] = await reserveAll(desk, [order]);
  assert(made !== undefined, 'what is ordered alone is reserved alone');
  const { wasThere: _, ...reservation } = made;
  return reservation;
}

/** Reserves for several units at once: all of it or nothing. Throws `budget.exceeded`, `input.invalid`. */
export function reserveAll(
  desk: RegisterDesk,
  orders: readonly ReserveOrder[],
): Promise<readonly MadeReservation[]> {
  for (const { spending } of orders) {
    const problem = amountProblem(spending.amount);
    if (problem !== undefined) return Promise.reject(new Failure('input.invalid', problem));
  }
  return desk.do((work) => decideReservations(work, orders));
}

/**
 * Counts what was spent in place of what was reserved: less, as much, or more. A reservation that
 * nothing limits was never kept; throws `budget.reservation-not-found` for any other that is not there.
 */
export function settle(
  desk: RegisterDesk,
  reservation: Pick<Reservation, 'id' | 'lines'>,
  actual: number,
  actor: string,
): Promise<void> {
  const problem = amountProblem(actual);
  if (problem !== undefined) return Promise.reject(new Failure('input.invalid', problem));
  const { id, lines } = reservation;
  if (lines.length === 0) return Promise.resolve();
  return desk.do(async (work) => {
    const kept = await work.read<Reservation>(budgetKinds.reservation, id);
    if (kept === undefined) {
      throw new Failure(
        'budget.reservation-not-found',
        `there is no reservation \`${id}\`: it was settled, released or has expired`,
      );
    }
    await close(work, kept, actual, { actor });
    return () => undefined;
  });
}

/** Gives back what was reserved; throws `budget.reservation-not-found`. */
export function release(
  desk: RegisterDesk,
  reservation: Pick<Reservation, 'id' | 'lines'>,
  actor: string,
): Promise<void> {
  return settle(desk, reservation, 0, actor);
}

/**
 * Settles what a run has spent in one write: by unit, all of it where nothing is said. What is not there any
 * more was settled by whoever found it left behind.
 */
export function settleRun(
  desk: RegisterDesk,
  ids: readonly string[],
  spent: Readonly<Partial<Record<BudgetUnit, number>>>,
  actor: string,
): Promise<void> {
  return desk.do(async (work) => {
    for (const id of ids) {
      const kept = await work.read<Reservation>(budgetKinds.reservation, id);
      if (kept !== undefined) await close(work, kept, spent[kept.unit] ?? kept.amount, { actor });
    }
    return () => undefined;
  });
}

/** Releases or settles everything that nobody will settle any more. */
export function expireReservations(desk: RegisterDesk, outcomeOf?: RunOutcome): Promise<void> {
  return desk.do(async (work) => {
    await expire(work, outcomeOf);
    return () => undefined;
  });
}
