/**
 * Decides conditions, with what is known so far: three answers, because part of a condition can often be
 * decided from the name and state of an execution alone, and only the rest needs it loaded and rendered.
 *
 * INVARIANT: a yes or no stays the same when more becomes known.
 */
import { isTruthyText, matchWhole } from '../expression/index.ts';
import type { Label } from '../flow/index.ts';
import { plainText, type Value } from '../value/index.ts';
import type { Comparison, Condition, FilterTest } from './condition.ts';
import { dateHolds } from './date-holds.ts';

/** What is known; what is undefined is not known yet. */
export interface Facts {
  /** The flow of the execution that was heard of; of the trigger itself, where none was. */
  readonly flow?: { readonly namespace: string; readonly flowId: string };
  readonly state?: string;
  readonly labels?: readonly Label[];
  /** For each task run, the states in which its attempts ended. */
  readonly attempts?: readonly (readonly string[])[];
  readonly hasOutputs?: boolean;
  /** The moment that dates of conditions are about, where they name none. */
  readonly date?: Temporal.ZonedDateTime;
  /** Returns what a template gave; undefined when it was not rendered. Throws what rendering it threw. */
  readonly rendered?: (template: string) => Value | undefined;
}

function and(answers: Iterable<boolean | undefined>): boolean | undefined {
  let all: boolean | undefined = true;
  for (const one of answers) {
    if (one === false) return false;
    if (one === undefined) all = undefined;
  }
  return all;
}

function not(answer: boolean | undefined): boolean | undefined {
  return answer === undefined ? undefined : !answer;
}

function or(answers: Iterable<boolean | undefined>): boolean | undefined {
  let any: boolean | undefined = false;
  for (const one of answers) {
    if (one === true) return true;
    if (one === undefined) any = undefined;
  }
  return any;
}

function compares(actual: string, wanted: string, how: Comparison): boolean {
  switch (how) {
    case 'EQUALS':
      return actual === wanted;
    case 'PREFIX':
      return actual.startsWith(wanted);
    case 'SUFFIX':
      return actual.endsWith(wanted);
  }
}

function isAmong(
  state: string,
  { among, notAmong }: { readonly among: readonly string[]; readonly notAmong: readonly string[] },
): boolean {
  return (among.length === 0 || among.includes(state)) && !notAmong.includes(state);
}

/** Tells whether a text passes a filter. */
function passes(actual: string | null, test: FilterTest, values: readonly string[]): boolean {
  const [wanted = ''] = values;
  switch (test) {
    case 'EQUAL_TO':
      return actual === wanted;
    case 'NOT_EQUAL_TO':
      return actual !== wanted;
    case 'IN':
      return actual !== null && values.includes(actual);
    case 'NOT_IN':
      return actual === null || !values.includes(actual);
    case 'IS_TRUE':
      return isTruthyText(actual ?? '');
    case 'IS_FALSE':
      return !isTruthyText(actual ?? '');
    case 'IS_NULL':
      return actual === null;
    case 'IS_NOT_NULL':
      return actual !== null;
    case 'STARTS_WITH':
      return actual?.startsWith(wanted) === true;
    case 'ENDS_WITH':
      return actual?.endsWith(wanted) === true;
    case 'CONTAINS':
      return actual?.includes(wanted) === true;
    case 'REGEX': {
      const verdict = matchWhole(wanted, actual ?? '');
      return actual !== null && verdict.ok && verdict.isMatch;
    }
  }
}

function fieldOf(field: 'FLOW_ID' | 'NAMESPACE' | 'STATE', facts: Facts): string | undefined {
  if (field === 'STATE') return facts.state;
  return field === 'FLOW_ID' ? facts.flow?.flowId : facts.flow?.namespace;
}

function isTruthy(value: Value | undefined): boolean | undefined {
  return value === undefined ? undefined : isTruthyText(plainText(value ?? ''));
}

/** Returns whether `condition` holds; undefined when what is known does not decide it. */
export function holds(condition: Condition, facts: Facts): boolean | undefined {
  switch (condition.kind) {
    case 'flow': {
      const { namespace, flowId } = condition;
      if (facts.flow === undefined) return undefined;
      return (
        (namespace === undefined || namespace === facts.flow.namespace) &&
        (flowId === undefined || flowId === facts.flow.flowId)
      );
    }
    case 'namespace':
      return facts.flow === undefined
        ? undefined
        : compares(facts.flow.namespace, condition.namespace, condition.comparison);
    case 'state':
      return facts.state === undefined ? undefined : isAmong(facts.state, condition);
    case 'labels': {
      const { labels } = facts;
      if (labels === undefined) return undefined;
      return condition.labels.every(({ key, value }) =>
        labels.some((one) => one.key === key && one.value === value),
      );
    }
    case 'retried':
      return facts.attempts?.some(
        (states) => states.length > 1 && states.some((state) => isAmong(state, condition)),
      );
    case 'outputs':
      return and([facts.hasOutputs, isTruthy(facts.rendered?.(condition.expression))]);
    case 'expression':
      return isTruthy(facts.rendered?.(condition.expression));
    case 'value': {
      const value = facts.rendered?.(condition.expression);
      if (value === undefined) return undefined;
      return passes(value === null ? null : plainText(value), condition.test, []);
    }
    case 'filter': {
      const actual = fieldOf(condition.field, facts);
      return actual === undefined ? undefined : passes(actual, condition.test, condition.values);
    }
    case 'date': {
      const written = condition.date === undefined ? facts.date : facts.rendered?.(condition.date);
      return written === undefined ? undefined : dateHolds(condition.rule, written);
    }
    case 'all':
      return and(lazily(condition.conditions, facts));
    case 'any':
      return or(lazily(condition.conditions, facts));
    case 'none':
      return not(or(lazily(condition.conditions, facts)));
  }
}

/** One after the other: what cannot be rendered matters only where it is looked at. */
function* lazily(
  conditions: readonly Condition[],
  facts: Facts,
): Generator<boolean | undefined, void> {
  for (const one of conditions) yield holds(one, facts);
}
