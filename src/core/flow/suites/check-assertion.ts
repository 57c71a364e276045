/**
 * Whether a value is as a test expects it. A value that a template gave may be text where a number is
 * expected, because templates give text; both are compared as what they say.
 */
import { isEqual, orderOf, printedText } from '../../expression/index.ts';
import { isList, isMap, isTime, type Value } from '../../value/index.ts';
import type { AssertionOperator } from './suite.ts';

/** `holds`, or a sentence that says why it cannot be told. */
export type AssertionVerdict = { readonly holds: boolean } | { readonly trouble: string };

/** Returns `value` as the number or date that it is or spells; undefined when it is neither. */
function measured(value: Value): Value | undefined {
  if (value === null || typeof value === 'boolean' || isList(value) || isMap(value)) {
    return undefined;
  }
  if (typeof value !== 'string') return isTime(value) ? dated(printedText(value)) : value;
  const text = value.trim();
  if (/^[-+]?\d+$/.test(text)) {
    const whole = Number(text);
    return Number.isSafeInteger(whole) ? whole : BigInt(text.replace(/^\+/, ''));
  }
  const number = Number(text);
  return text !== '' && Number.isFinite(number) ? number : dated(text);
}

function dated(text: string): Value | undefined {
  for (const read of [Temporal.Instant, Temporal.PlainDateTime, Temporal.PlainDate]) {
    try {
      return read.from(text);
    } catch {
      // It is spelled as another of them, or as none.
      continue;
    }
  }
  return undefined;
}

/** Tells whether `a` and `b` are equal, or one of them spells the other. */
function isSame(a: Value, b: Value): boolean {
  if (isEqual(a, b)) return true;
  if (a === null || b === null || (typeof a !== 'string' && typeof b !== 'string')) return false;
  return printedText(a) === printedText(b);
}

function holdsPart(actual: Value, wanted: Value): boolean {
  if (isList(actual)) return actual.some((one) => isSame(one, wanted));
  if (isMap(actual)) return typeof wanted === 'string' && Object.hasOwn(actual, wanted);
  return actual !== null && printedText(actual).includes(printedText(wanted));
}

function compare(
  actual: Value,
  expected: Value,
  holds: (order: number) => boolean,
): AssertionVerdict {
  const [a, b] = [measured(actual), measured(expected)];
  for (const [value, read, what] of [
    [actual, a, 'value'],
    [expected, b, 'expectation'],
  ] as const) {
    if (read !== undefined) continue;
    return { trouble: `the ${what} \`${printedText(value).slice(0, 80)}\` is no number or date` };
  }
  if (a === undefined || b === undefined || isTime(a) !== isTime(b)) {
    return { trouble: 'a number cannot be compared with a date' };
  }
  if (isTime(a) && a.constructor !== b?.constructor) {
    return { trouble: 'a date with a zone cannot be compared with one without' };
  }
  return { holds: holds(orderOf(a, b, '<')) };
}

/** Returns whether `actual` is as `operator` and `expected` say. */
export function checkAssertion(
  operator: AssertionOperator,
  actual: Value,
  expected: Value,
): AssertionVerdict {
  const list = isList(expected) ? expected : [expected];
  switch (operator) {
    case 'equalTo':
      return { holds: isSame(actual, expected) };
    case 'notEqualTo':
      return { holds: !isSame(actual, expected) };
    case 'greaterThan':
      return compare(actual, expected, (order) => order > 0);
    case 'greaterThanOrEqualTo':
      return compare(actual, expected, (order) => order >= 0);
    case 'lessThan':
      return compare(actual, expected, (order) => order < 0);
    case 'lessThanOrEqualTo':
      return compare(actual, expected, (order) => order <= 0);
    case 'in':
      return { holds: list.some((one) => isSame(actual, one)) };
    case 'notIn':
      return { holds: !list.some((one) => isSame(actual, one)) };
    case 'contains':
      return { holds: holdsPart(actual, expected) };
    case 'startsWith':
      return { holds: actual !== null && printedText(actual).startsWith(printedText(expected)) };
    case 'endsWith':
      return { holds: actual !== null && printedText(actual).endsWith(printedText(expected)) };
    case 'isNull':
      return { holds: (actual === null) === isYes(expected) };
    case 'isNotNull':
      return { holds: (actual !== null) === isYes(expected) };
  }
}

function isYes(expected: Value): boolean {
  return printedText(expected) !== 'false';
}
