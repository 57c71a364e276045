/**
 * Budgets: how much money, how many messages, tokens or price changes may be spent in a period. What is
 * about to be spent is reserved against every budget that covers it, and against all of them or none.
 *
 * INVARIANT: settled plus reserved never exceeds the cap by a reservation; at the cap itself one passes.
 */
import { type BudgetPeriod, type PeriodBounds, periodAt } from './budget-period.ts';
import { countedAs, type Scope, type Situated } from './scope.ts';

/** What budgets count. Money counts in minor units of its currency. */
export const budgetUnits = ['money', 'messages', 'tokens', 'price-changes'] as const;

/** What a budget counts. */
export type BudgetUnit = (typeof budgetUnits)[number];

/** How much of a unit may be spent by whom in which time. */
export interface Budget {
  readonly id: string;
  readonly unit: BudgetUnit;
  /** Of money: `EUR`. */
  readonly currency?: string;
  readonly scope: Scope;
  /** The most that may be spent in one period; that much itself is allowed. */
  readonly cap: number;
  readonly period: BudgetPeriod;
  /** Where the period begins at midnight: `Europe/Berlin`. */
  readonly timeZone: string;
  /** A person or group that answers for it. */
  readonly owner?: string;
}

/** What is about to be spent. */
export interface Spending extends Situated {
  readonly unit: BudgetUnit;
  readonly currency?: string;
  readonly amount: number;
  /** Further ones whom it concerns: each is counted as if it were all about them. */
  readonly subjects?: readonly string[];
}

/** Where the amounts of one budget, one period and one name are counted. */
export interface BudgetCounter {
  readonly id: string;
  readonly budget: Budget;
  readonly period: PeriodBounds;
  /** Under which name it counts; see `countedAs`. */
  readonly name: string;
}

/** What a counter holds. */
export interface BudgetUsage {
  readonly settled: number;
  readonly reserved: number;
}

/** The budget that refuses, and how much of it was left. */
export interface BudgetRefusal {
  readonly counter: BudgetCounter;
  readonly left: number;
  readonly reason: 'exceeded' | 'other-currency';
}

/** Returns what is wrong with a budget, as clauses. */
export function budgetProblems(budget: Budget): readonly string[] {
  const { id, unit, currency, scope, cap } = budget;
  const problems: string[] = [];
  if (!/^[a-z0-9][a-z0-9._-]{0,99}$/.test(id)) {
    problems.push(`the id \`${id}\` is not lower case letters, digits, dots and hyphens`);
  }
  if (!Number.isSafeInteger(cap) || cap < 0) problems.push('the cap is no whole number from 0');
  if (unit === 'money' && !/^[A-Z]{3}$/.test(currency ?? '')) {
    problems.push('a budget of money needs a currency of three capital letters');
  }
  if (unit !== 'money' && currency !== undefined) problems.push(`${unit} have no currency`);
  if (scope.kind === 'everything' && scope.id !== '') problems.push('everything has no id');
  if (scope.kind !== 'everything' && scope.id === '') {
    problems.push(`the ${scope.kind} is not named`);
  }
  if (scope.kind === 'flow' && scope.id !== '*' && !/^[^/]+\/[^/]+$/.test(scope.id)) {
    problems.push('a flow is named as `namespace/id`');
  }
  return problems;
}

/** Returns what is wrong with an amount, as a clause. */
export function amountProblem(amount: number): string | undefined {
  return Number.isSafeInteger(amount) && amount >= 0
    ? undefined
    : `the amount \`${amount}\` is no whole number from 0`;
}

/** Returns where `spending` counts at the moment `at`, in order of the budgets. */
export function countersFor(
  budgets: readonly Budget[],
  spending: Spending,
  at: number,
): readonly BudgetCounter[] {
  return budgets.flatMap((budget) => {
    if (budget.unit !== spending.unit) return [];
    return namesIn(budget, spending).map((name) => counterOf(budget, name, at));
  });
}

/** Returns under which names `spending` counts in `budget`: more than one only for several subjects. */
function namesIn({ scope }: Budget, spending: Spending): readonly string[] {
  const subjects = scope.kind === 'subject' ? (spending.subjects ?? []) : [];
  const names = new Set<string>();
  for (const where of [spending, ...subjects.map((subject) => ({ subject }))]) {
    const name = countedAs(scope, where);
    if (name !== undefined) names.add(name);
  }
  return [...names];
}

/** Returns the counter of `budget` for `name` at the moment `at`. */
export function counterOf(budget: Budget, name: string, at: number): BudgetCounter {
  const period = periodAt(budget.period, budget.timeZone, at);
  return { id: `${budget.id}|${period.name}|${name}`, budget, period, name };
}

/** Returns how much may still be reserved; not below zero. */
export function leftOf({ budget }: BudgetCounter, { settled, reserved }: BudgetUsage): number {
  return Math.max(0, budget.cap - settled - reserved);
}

/** Tells whether two budgets say how much money the same ones may spend. */
function areAlike(one: Budget, other: Budget): boolean {
  return one.scope.kind === other.scope.kind && one.scope.id === other.scope.id;
}

/**
 * Returns the first budget that refuses `amount`. Money in a currency that nobody gave the scope a
 * budget for is refused where it has one in another: a missing budget is not a boundless one.
 */
export function refusalOf(
  counters: readonly BudgetCounter[],
  usageOf: (counterId: string) => BudgetUsage,
  { amount, currency }: Pick<Spending, 'amount' | 'currency'>,
): BudgetRefusal | undefined {
  for (const counter of counters) {
    const { budget } = counter;
    if (budget.currency !== currency) {
      const hasOwn = counters.some(
        (other) => other.budget.currency === currency && areAlike(other.budget, budget),
      );
      if (!hasOwn && amount > 0) return { counter, left: 0, reason: 'other-currency' };
    } else if (amount > leftOf(counter, usageOf(counter.id))) {
      return { counter, left: leftOf(counter, usageOf(counter.id)), reason: 'exceeded' };
    }
  }
  return undefined;
}
