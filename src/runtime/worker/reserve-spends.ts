/**
 * Setting aside what an attempt is about to spend, after it was allowed and before it has any effect.
 *
 * INVARIANT: an effect that a budget covers begins only when what it spends is reserved; the reservation is
 * the run's, by the key of its effect, so that the same effect is never reserved twice.
 */
import { type Execution, idempotencyKeyOf, type TaskRun } from '../../core/engine/index.ts';
import type { BudgetUnit, Spending } from '../../core/governance/index.ts';
import type { Facts } from '../../core/policy/index.ts';
import type { Marks } from '../../core/value/index.ts';
import type { EffectKind } from '../../ports/task.ts';
import { knownBudgets, reserveAll, type RunOutcome, spentSoFar } from '../budgets/index.ts';
import type { RegisterDesk } from '../registers/index.ts';
import type { SubjectRegister } from '../subjects/index.ts';
import { type RunSpends, subjectsIn } from './run-spends.ts';

/** Where budgets are kept. */
export interface BudgetParts {
  readonly desk: RegisterDesk;
  readonly subjects: Pick<SubjectRegister, 'handleOf'>;
  readonly outcomeOf: RunOutcome;
  readonly now: () => number;
}

/** What an attempt says it has spent, by unit; what is not named counts as declared. */
export type Spent = 'nothing' | Readonly<Partial<Record<BudgetUnit, number>>>;

/** What an attempt has reserved. */
export interface Reserved {
  readonly ids: readonly string[];
  readonly units: readonly BudgetUnit[];
  readonly effect: EffectKind;
  /** True where an earlier attempt at the same effect, of which nobody heard, may have had it. */
  readonly mayHaveHappened: boolean;
  /** True once its effect may have begun. */
  hasBegun: boolean;
}

/** What an attempt has spent of what was reserved for it. */
export interface Settlement extends Pick<Reserved, 'ids' | 'effect'> {
  /** By unit; absent: nobody knows, so that all of it counts. */
  readonly spent?: Readonly<Partial<Record<BudgetUnit, number>>>;
  /** Whether a failed attempt may have had its effect all the same. */
  readonly isUnknown: boolean;
}

/** Returns what an attempt that ended with `hasFailed` has spent; undefined where nothing was reserved. */
export function settlementOf(
  bench: { readonly reserved: Reserved | undefined; spent(): Spent | undefined },
  hasFailed: boolean,
): Settlement | undefined {
  const { reserved } = bench;
  if (reserved === undefined) return undefined;
  const { ids, units, effect, mayHaveHappened, hasBegun } = reserved;
  const told = hasBegun ? bench.spent() : 'nothing';
  const isUnknown = hasFailed && (mayHaveHappened || told === undefined);
  if (isUnknown || told === undefined) return { ids, effect, isUnknown };
  const nothing = Object.fromEntries(units.map((unit) => [unit, 0]));
  return { ids, effect, isUnknown, spent: told === 'nothing' ? nothing : told };
}

interface Spender {
  readonly execution: Execution;
  readonly run: TaskRun;
  readonly budgets: BudgetParts | undefined;
}

/** Returns the id of what `run` reserves of a unit. */
export function reservationId(run: Spender['run'], unit: BudgetUnit): string {
  return `${idempotencyKeyOf(run)}:${unit}`;
}

/** Returns what is about to be spent, as budgets count it. */
async function spendingsOf(
  { execution, budgets }: Spender,
  spends: RunSpends,
  marks: Marks,
): Promise<readonly Spending[]> {
  if (budgets === undefined) return [];
  const { flow, by = 'engine' } = execution;
  const isBySubject = await knownBudgets(budgets.desk).countSubjects(budgets.now());
  const subjects = !isBySubject
    ? []
    : spends.subject === undefined
      ? subjectsIn(marks)
      : [await budgets.subjects.handleOf(spends.subject)];
  const where = { namespace: flow.namespace, flowId: flow.id, principal: by, subjects };
  return Object.entries(spends.amounts).map(([unit, amount]) => ({
    ...where,
    unit: unit as BudgetUnit,
    amount,
    ...(unit === 'money' && spends.currency !== undefined && { currency: spends.currency }),
  }));
}

/** Returns what policies may know of what is about to be spent; of money, also what was spent before. */
export async function spendingFacts(
  bench: Spender,
  spends: RunSpends,
  marks: Marks,
): Promise<Facts> {
  const { budgets, run } = bench;
  if (budgets === undefined || spends.amounts.money === undefined) return spends.facts;
  const spendings = await spendingsOf(bench, spends, marks);
  const money = spendings.filter(({ unit }) => unit === 'money');
  const [one] = money;
  if (one === undefined || !(await knownBudgets(budgets.desk).cover(money, budgets.now()))) {
    return spends.facts;
  }
  const amountSoFar = await spentSoFar(budgets.desk, one, reservationId(run, 'money'));
  return { ...spends.facts, ...(amountSoFar !== undefined && { amountSoFar }) };
}

/** Reserves what an attempt is about to spend, where a budget covers any of it; throws `budget.exceeded`. */
export async function reserveSpends(
  bench: Spender,
  spends: RunSpends,
  marks: Marks,
  effect: EffectKind,
): Promise<Reserved | undefined> {
  const { execution, run, budgets } = bench;
  if (budgets === undefined) return undefined;
  const spendings = await spendingsOf(bench, spends, marks);
  if (!(await knownBudgets(budgets.desk).cover(spendings, budgets.now()))) return undefined;
  const made = await reserveAll(
    budgets.desk,
    spendings.map((spending) => ({
      id: reservationId(run, spending.unit),
      spending,
      actor: execution.by ?? 'engine',
      purpose: `task \`${run.task.id}\` of the execution \`${execution.id}\``,
      onExpiry: 'settle',
      run: {
        executionId: execution.id,
        taskRunId: run.id,
        attempt: run.attempts.length,
        isIntended: effect === 'external',
      },
      outcomeOf: budgets.outcomeOf,
    })),
  );
  const kept = made.filter(({ lines }) => lines.length > 0);
  if (kept.length === 0) return undefined;
  const mayHaveHappened = kept.some(
    // Of what is intended before it begins the same attempt is known not to have begun.
    (one) =>
      one.wasThere && (effect !== 'external' || (one.run?.attempt ?? 0) < run.attempts.length),
  );
  const ids = kept.map(({ id }) => id);
  return { ids, units: kept.map(({ unit }) => unit), effect, mayHaveHappened, hasBegun: false };
}
