/** What the operators `+ - * / %`, unary `-` and `..` do with values of any kind. */
import { Double, integer, isList, isMap, type Value } from '../../value/index.ts';
import { wrongType } from '../stop.ts';
import { isEqual } from './comparisons.ts';
import { calculate, isNumeric, isWhole, type Numeric, operandOf } from './numbers.ts';
import { kindOf } from './truth.ts';
import { ValueSet } from './value-set.ts';
import { plainText } from './value-text.ts';

/** Returns `a + b`: numbers add, text joins, lists grow. */
export function add(a: Value, b: Value): Value {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b;
    if (Number.isSafeInteger(sum) && Number.isSafeInteger(a) && Number.isSafeInteger(b)) return sum;
    return calculate('+', a, b);
  }
  if (typeof a === 'string' || typeof b === 'string') return plainText(a) + plainText(b);
  if (isList(a)) return isList(b) ? [...a, ...b] : [...a, b];
  if (isNumeric(a) && isNumeric(b)) return calculate('+', a, b);
  throw wrongType(
    `\`+\` cannot join ${kindOf(a)} and ${kindOf(b)}`,
    isMap(a) ? 'join maps with `| merge(other)`' : 'use two numbers, a list on the left, or text',
  );
}

/** Returns `a - b`: numbers subtract, elements are taken out of lists. */
export function subtract(a: Value, b: Value): Value {
  if (isList(a)) {
    if (isList(b)) {
      const removed = new ValueSet(b);
      return a.filter((one) => !removed.has(one));
    }
    const index = a.findIndex((one) => isEqual(one, b));
    return index === -1 ? a : a.toSpliced(index, 1);
  }
  return calculate('-', operandOf(a, '-'), operandOf(b, '-'));
}

/** Returns `a * b`, `a / b` or `a % b`; text that spells a number counts as one. */
export function multiply(operator: '*' | '/' | '%', a: Value, b: Value): Value {
  return calculate(operator, operandOf(a, operator), operandOf(b, operator));
}

/** Returns `-value`. */
export function negate(value: Value): Value {
  if (!isNumeric(value)) throw wrongType(`\`-\` cannot be used with ${kindOf(value)}`);
  return negated(value);
}

function negated(value: Numeric): Value {
  if (isWhole(value)) return integer(-BigInt(value));
  return value instanceof Double ? new Double(-value.value) : -value;
}
