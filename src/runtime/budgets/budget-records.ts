/** Budgets, their counters and open reservations as records of registers. */
import type {
  Budget,
  BudgetCounter,
  BudgetUnit,
  BudgetUsage,
} from '../../core/governance/index.ts';
import type { RegisterWork } from '../registers/index.ts';

/** The registers that budgets are kept in. */
export const budgetKinds = {
  budget: 'budget',
  usage: 'budget-usage',
  reservation: 'budget-reservation',
} as const;

/** A part of a reservation: how much of which counter. */
export interface ReservedLine {
  readonly budgetId: string;
  readonly counterId: string;
  readonly amount: number;
}

/** What was set aside and is not spent yet. */
export interface Reservation {
  readonly id: string;
  readonly unit: BudgetUnit;
  readonly amount: number;
  /** For what, as people read it: `task refund of execution 5Jk6…`. */
  readonly purpose: string;
  readonly lines: readonly ReservedLine[];
  /** Epoch milliseconds. */
  readonly reservedAt: number;
  /** Null where it is over when its run is. */
  readonly expiresAt: number | null;
  /** What becomes of it when nobody settles it in time: an effect that may have taken place is spent. */
  readonly onExpiry: 'release' | 'settle';
  /** The run of a task that it was made for. */
  readonly run?: ReservedRun;
}

/** The run of a task that spends. */
export interface ReservedRun {
  readonly executionId: string;
  readonly taskRunId: string;
  /** The attempt that reserved, from 1. */
  readonly attempt: number;
  /** Whether an intent says that its effect was about to begin. */
  readonly isIntended: boolean;
}

/**
 * Returns how much of a reservation a run has spent that nobody in this process holds: undefined while it
 * may still go on.
 */
export type RunOutcome = (
  run: ReservedRun,
  unit: BudgetUnit,
  amount: number,
) => Promise<number | undefined>;

/** What is stored of a counter. */
export interface UsageRecord extends BudgetUsage {
  readonly budgetId: string;
  readonly period: string;
  readonly name: string;
}

/** Returns every budget. */
export async function budgetsIn(work: RegisterWork): Promise<readonly Budget[]> {
  return (await work.list<Budget>(budgetKinds.budget)).map(({ content }) => content);
}

/** Returns what a counter holds; nothing yet where nobody counted. */
export async function usageIn(work: RegisterWork, counterId: string): Promise<BudgetUsage> {
  const found = await work.read<UsageRecord>(budgetKinds.usage, counterId);
  return found ?? { settled: 0, reserved: 0 };
}

/** Returns what the counters of a period of a budget are found by. */
export function usageKeys(budgetId: string, period: string): Readonly<Record<'period', string>> {
  return { period: `${budgetId}|${period}` };
}

/** Adds to a counter; what would fall below zero was counted wrongly before and is a bug. */
export async function countIn(
  work: RegisterWork,
  counter: Pick<BudgetCounter, 'id'> & { readonly budgetId: string },
  change: BudgetUsage,
): Promise<BudgetUsage> {
  const before = await usageIn(work, counter.id);
  const settled = before.settled + change.settled;
  const reserved = before.reserved + change.reserved;
  if (settled < 0 || reserved < 0) throw new Error('bug: a counter of a budget fell below zero');
  const [, period = '', ...names] = counter.id.split('|');
  const name = names.join('|');
  const record: UsageRecord = { budgetId: counter.budgetId, period, name, settled, reserved };
  await work.put(budgetKinds.usage, counter.id, record, usageKeys(counter.budgetId, period));
  return { settled, reserved };
}
