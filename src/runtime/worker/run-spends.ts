/**
 * What a run spends: what its type says of its input, and what the flow's author declares. Of both the
 * larger counts, so that a declaration never lowers what a type knows.
 *
 * INVARIANT: an amount that is no whole number from 0 is a failure of the task; nothing unreadable, and
 * nothing missing, is taken for zero.
 */
import type { EvaluationContext } from '../../core/expression/index.ts';
import type { Task, TaskSpends } from '../../core/flow/index.ts';
import { type BudgetUnit, budgetUnits } from '../../core/governance/index.ts';
import type { Facts } from '../../core/policy/index.ts';
import {
  Double,
  flatten,
  mapOf,
  type Marks,
  marksOfParts,
  plainMarks,
  plainText,
  type Value,
  type ValueMap,
} from '../../core/value/index.ts';
import type { TaskDefinition } from '../../ports/task.ts';
import { holdsChance, renderOne } from './render-properties.ts';

/** What a run spends at most, before it begins. */
export interface RunSpends {
  readonly amounts: Readonly<Partial<Record<BudgetUnit, number>>>;
  readonly currency?: string;
  /** Whom it concerns, as the flow names them. */
  readonly subject?: string;
  readonly facts: Facts;
  /** The same as people see it. */
  readonly shown: ValueMap;
  readonly marks: Marks;
  /** Whether another rendering would give something else. */
  readonly isVolatile: boolean;
}

/** What could not be read of it. */
export interface SpendsProblem {
  readonly message: string;
  readonly code: string;
}

/** The name under which policies, approvals and the ledger see what a run declares that it spends. */
export const spendsName = 'governance.spends';

const currencyPattern = /^[A-Z]{3}$/;

/** Returns the whole number that `value` is or spells. */
function amountOf(value: Value): number | undefined {
  const number =
    value instanceof Double
      ? value.value
      : typeof value === 'string' && /^\d{1,16}$/.test(value.trim())
        ? Number(value)
        : value;
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0
    ? number
    : undefined;
}

function wrong(name: string, value: Value, what: string): SpendsProblem {
  const text = plainText(value);
  const shown = text.length > 40 ? `${text.slice(0, 40)}…` : text;
  return {
    message: `\`${spendsName}.${name}\` is \`${shown}\`, but has to be ${what}`,
    code: 'task.input-invalid',
  };
}

interface Rendered {
  readonly values: ValueMap;
  readonly marks: Marks;
}

async function renderSpends(
  spends: TaskSpends,
  evaluation: EvaluationContext,
): Promise<Rendered | SpendsProblem> {
  const values = mapOf({});
  const parts: [string, Marks][] = [];
  for (const [name, value] of Object.entries(spends) as [string, Value][]) {
    const rendered = await renderOne(evaluation, { value, mode: 'typed' });
    if (!rendered.ok) return { message: rendered.error.message, code: 'expression.failed' };
    values[name] = rendered.value;
    if (rendered.marks !== plainMarks) parts.push([name, rendered.marks]);
  }
  return { values, marks: marksOfParts(parts) };
}

function read(values: ValueMap): Omit<RunSpends, 'shown' | 'marks' | 'isVolatile'> | SpendsProblem {
  const amounts: Partial<Record<BudgetUnit, number>> = {};
  const facts: { -readonly [name in keyof Facts]: Facts[name] } = {};
  for (const [name, value] of Object.entries(values)) {
    if (name === 'currency' || name === 'subject') continue;
    const amount = amountOf(value);
    if (amount === undefined) return wrong(name, value, 'a whole number from 0');
    if (name === 'changePermille') facts.changePermille = amount;
    else amounts[name as BudgetUnit] = amount;
  }
  const { currency, subject } = values;
  if (amounts.money !== undefined) {
    if (typeof currency !== 'string' || !currencyPattern.test(currency)) {
      return wrong('currency', currency ?? '', 'a currency of three capital letters');
    }
  }
  if (subject !== undefined && (typeof subject !== 'string' || subject.trim() === '')) {
    return wrong('subject', subject, 'the id of somebody');
  }
  return {
    amounts,
    facts,
    ...(typeof currency === 'string' && { currency }),
    ...(typeof subject === 'string' && { subject: subject.trim() }),
  };
}

/** Tells whether a run of `task` may spend anything. */
export function maySpend(task: Task, { effect }: TaskDefinition): boolean {
  return effect.spendsFor !== undefined || task.governance?.spends !== undefined;
}

/** Returns what a run of `task` with `input` spends; undefined where nobody says that it spends anything. */
export async function spendsOf(
  task: Task,
  { effect }: TaskDefinition,
  input: unknown,
  evaluation: EvaluationContext,
  held?: ValueMap,
): Promise<RunSpends | SpendsProblem | undefined> {
  const own = effect.spendsFor?.(input);
  const declared = task.governance?.spends;
  if (own === undefined && declared === undefined) return undefined;
  let values = mapOf({});
  let marks = plainMarks;
  const isVolatile = declared !== undefined && holdsChance(declared as Value);
  if (declared !== undefined) {
    const rendered = await renderSpends(declared, evaluation);
    if ('message' in rendered) return rendered;
    ({ values, marks } = rendered);
    const kept = isVolatile ? held?.[spendsName] : undefined;
    if (kept !== undefined) values = kept as ValueMap;
  }
  const found = read(values);
  if ('message' in found) return found;
  const { currency = own?.currency } = found;
  if (own?.money !== undefined && own.currency !== currency) {
    return wrong('currency', currency ?? '', `\`${own.currency ?? ''}\`, in which the task pays`);
  }
  const amounts: Partial<Record<BudgetUnit, number>> = {};
  for (const unit of budgetUnits) {
    const amount = Math.max(found.amounts[unit] ?? -1, own?.[unit] ?? -1);
    if (amount >= 0) amounts[unit] = amount;
  }
  const { money, messages } = amounts;
  const count = messages ?? amounts['price-changes'];
  const facts: Facts = {
    ...found.facts,
    ...(money !== undefined && { amount: money, ...(currency !== undefined && { currency }) }),
    ...(count !== undefined && { count }),
  };
  const { subject } = found;
  const shown = mapOf({
    ...amounts,
    ...(currency !== undefined && { currency }),
    ...(facts.changePermille !== undefined && { changePermille: facts.changePermille }),
    ...(subject !== undefined && { subject }),
  });
  return {
    amounts,
    facts,
    shown,
    marks,
    isVolatile,
    ...(currency !== undefined && { currency }),
    ...(subject !== undefined && { subject }),
  };
}

/** Returns the facts of two sources; of a size the larger one counts. */
export function joinFacts(one: Facts, other: Facts): Facts {
  const joined = { ...one, ...other };
  const larger = (name: 'amount' | 'count' | 'changePermille') => {
    const sizes = [one[name], other[name]].filter((size) => size !== undefined);
    return sizes.length > 0 && { [name]: Math.max(...sizes) };
  };
  return { ...joined, ...larger('amount'), ...larger('count'), ...larger('changePermille') };
}

/** Returns the handles of those whom the values of `marks` are about. */
export function subjectsIn(marks: Marks): readonly string[] {
  const subjects = flatten(marks).classes.flatMap(({ subject }) => subject ?? []);
  return [...new Set(subjects)];
}
