/** Setting, showing and removing budgets; each change is an entry in the write that makes it. */
import { Failure } from '../../core/failure/index.ts';
import {
  type Budget,
  budgetProblems,
  type BudgetUsage,
  counterOf,
  countersFor,
  isTimeZone,
  leftOf,
  type PeriodBounds,
  type Spending,
} from '../../core/governance/index.ts';
import type { Value } from '../../core/value/index.ts';
import type { RegisterDesk } from '../registers/index.ts';
import {
  budgetKinds,
  budgetsIn,
  type Reservation,
  usageIn,
  usageKeys,
  type UsageRecord,
} from './budget-records.ts';
import { knownBudgets } from './known-budgets.ts';

/** How a budget stands for one of those it counts, in the present period. */
export interface BudgetStanding extends BudgetUsage {
  /** Under which name it counts; see `countedAs`. */
  readonly name: string;
  readonly left: number;
}

/** A budget and how it stands in the present period. */
export interface BudgetCard extends Budget {
  readonly present: PeriodBounds;
  readonly standings: readonly BudgetStanding[];
}

function documentOf({ scope, ...budget }: Budget): Readonly<Record<string, Value>> {
  return { ...budget, scope: { ...scope } };
}

/** Sets a budget, in place of one with the same id; throws `input.invalid`. */
export function setBudget(desk: RegisterDesk, budget: Budget, actor: string): Promise<void> {
  const problems = [...budgetProblems(budget)];
  if (!isTimeZone(budget.timeZone)) problems.push(`\`${budget.timeZone}\` is no time zone`);
  if (problems.length > 0) {
    return Promise.reject(
      new Failure('input.invalid', problems.join('; '), { details: { problems } }),
    );
  }
  return desk.do(async (work) => {
    const before = await work.read<Budget>(budgetKinds.budget, budget.id);
    await work.put(budgetKinds.budget, budget.id, budget);
    work.enter({
      stream: `budget:${budget.id}`,
      type: 'budget-set',
      actor,
      payload: {
        ...documentOf(budget),
        ...(before !== undefined && { before: documentOf(before) }),
      },
    });
    return () => knownBudgets(desk).forget();
  });
}

function notFound(id: string): Failure {
  return new Failure('budget.not-found', `there is no budget \`${id}\``);
}

/** Removes a budget; what was counted stays in the ledger. Throws `budget.not-found`. */
export function removeBudget(desk: RegisterDesk, id: string, actor: string): Promise<void> {
  return desk.do(async (work) => {
    const before = await work.read<Budget>(budgetKinds.budget, id);
    if (before === undefined) throw notFound(id);
    work.remove(budgetKinds.budget, id);
    work.enter({
      stream: `budget:${id}`,
      type: 'budget-removed',
      actor,
      payload: documentOf(before),
    });
    return () => knownBudgets(desk).forget();
  });
}

async function cardOf(desk: RegisterDesk, budget: Budget, at: number): Promise<BudgetCard> {
  const counter = counterOf(budget, '', at);
  const { period: value } = usageKeys(budget.id, counter.period.name);
  const usages = await desk.list<UsageRecord>(budgetKinds.usage, { name: 'period', value });
  const standings = usages.map(({ content: { name, settled, reserved } }) => {
    return { name, settled, reserved, left: leftOf(counter, { settled, reserved }) };
  });
  return { ...budget, present: counter.period, standings };
}

/** Returns every budget, and how each stands in the present period. */
export async function listBudgets(desk: RegisterDesk, at: number): Promise<readonly BudgetCard[]> {
  const budgets = await desk.list<Budget>(budgetKinds.budget);
  return Promise.all(budgets.map(({ content }) => cardOf(desk, content, at)));
}

/** Returns a budget; throws `budget.not-found`. */
export async function findBudget(desk: RegisterDesk, id: string, at: number): Promise<BudgetCard> {
  const found = await desk.read<Budget>(budgetKinds.budget, id);
  if (found === undefined) throw notFound(id);
  return cardOf(desk, found, at);
}

/**
 * Returns the most that any budget of money has counted so far for those that `spending` covers, what is
 * reserved as `ownId` aside. Undefined where no budget covers it: how much was spent so far is not known,
 * and not zero.
 */
export function spentSoFar(
  desk: RegisterDesk,
  spending: Spending,
  ownId?: string,
): Promise<number | undefined> {
  return desk.do(async (work) => {
    const own =
      ownId === undefined
        ? undefined
        : await work.read<Reservation>(budgetKinds.reservation, ownId);
    const sums: number[] = [];
    for (const { id, budget } of countersFor(await budgetsIn(work), spending, work.at)) {
      if (budget.currency !== spending.currency) continue;
      const { settled, reserved } = await usageIn(work, id);
      const held = own?.lines.find(({ counterId }) => counterId === id)?.amount ?? 0;
      sums.push(settled + reserved - held);
    }
    return () => (sums.length === 0 ? undefined : Math.max(...sums));
  });
}
