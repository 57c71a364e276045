/**
 * Reserving before, settling after, releasing on failure. What several budgets cover is reserved against
 * all of them or none, in one write with its entry.
 *
 * INVARIANT: what is settled and reserved together never exceeds a cap by a reservation, however many
 * reserve at once, in this process or others.
 */
import { Failure } from '../../core/failure/index.ts';
import {
  amountProblem,
  type BudgetRefusal,
  type BudgetUsage,
  countersFor,
  describeScope,
  refusalOf,
  type Spending,
} from '../../core/governance/index.ts';
import type { Value } from '../../core/value/index.ts';
import type { RegisterDesk, RegisterWork } from '../registers/index.ts';
import { budgetKinds, budgetsIn, countIn, type Reservation, usageIn } from './budget-records.ts';

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

/** Releases or settles what nobody settled in time; tells whether there was any. */
async function expire(work: RegisterWork): Promise<boolean> {
  let hasExpired = false;
  for (const { content } of await work.list<Reservation>(budgetKinds.reservation)) {
    if (content.expiresAt > work.at) continue;
    hasExpired = true;
    const actual = content.onExpiry === 'settle' ? content.amount : 0;
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

async function decideReservation(
  work: RegisterWork,
  order: ReserveOrder,
): Promise<() => Reservation> {
  const { id, spending, actor, purpose, holdMs = holdDefaultMs, onExpiry = 'release' } = order;
  const known = await work.read<Reservation>(budgetKinds.reservation, id);
  if (known !== undefined) return () => known;
  const counters = countersFor(await budgetsIn(work), spending, work.at);
  const usages = new Map<string, BudgetUsage>();
  const look = async (): Promise<BudgetRefusal | undefined> => {
    for (const counter of counters) usages.set(counter.id, await usageIn(work, counter.id));
    return refusalOf(
      counters,
      (counterId) => usages.get(counterId) ?? { settled: 0, reserved: 0 },
      spending,
    );
  };
  let refusal = await look();
  // Reservations of processes that have ended are looked for only when there is no room.
  if (refusal?.reason === 'exceeded' && work.isFirst('expire') && (await expire(work))) {
    refusal = await look();
  }
  if (refusal !== undefined) {
    const { budget, period } = refusal.counter;
    const { left, reason } = refusal;
    const payload = { id, budget: budget.id, period: period.name, amount: spending.amount, left };
    const told = { ...payload, reason, purpose };
    work.enter({ stream: `budget:${budget.id}`, type: 'budget-exceeded', actor, payload: told });
    const failure = exceeded(refusal, spending);
    return () => {
      throw failure;
    };
  }
  const reservation: Reservation = {
    id,
    amount: spending.amount,
    purpose,
    lines: counters
      .filter(({ budget }) => budget.currency === spending.currency)
      .map((counter) => ({
        budgetId: counter.budget.id,
        counterId: counter.id,
        amount: spending.amount,
      })),
    reservedAt: work.at,
    expiresAt: work.at + holdMs,
    onExpiry,
  };
  // Nothing limits it, so there is nothing to keep.
  if (reservation.lines.length === 0) return () => reservation;
  for (const { budgetId, counterId, amount } of reservation.lines) {
    await countIn(work, { id: counterId, budgetId }, { settled: 0, reserved: amount });
  }
  await work.put(budgetKinds.reservation, id, reservation);
  const payload = { id, amount: spending.amount, unit: spending.unit, purpose };
  work.enter({
    stream: streamOf(id),
    type: 'budget-reserved',
    actor,
    payload: { ...payload, lines: linesOf(reservation), expiresAt: reservation.expiresAt },
  });
  return () => reservation;
}

/** Reserves; throws `budget.exceeded`, `input.invalid`. */
export function reserve(desk: RegisterDesk, order: ReserveOrder): Promise<Reservation> {
  const problem = amountProblem(order.spending.amount);
  if (problem !== undefined) return Promise.reject(new Failure('input.invalid', problem));
  return desk.do((work) => decideReservation(work, order));
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

/** Releases or settles everything that nobody settled in time. */
export function expireReservations(desk: RegisterDesk): Promise<void> {
  return desk.do(async (work) => {
    await expire(work);
    return () => undefined;
  });
}
