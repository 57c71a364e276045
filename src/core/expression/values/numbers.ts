/**
 * Arithmetic as the language has it: whole numbers are 64-bit and wrap around, division of whole
 * numbers truncates, a decimal on either side makes a decimal.
 */
import { Double, double, integer, type Value } from '../../value/index.ts';
import { Stop, wrongType } from '../stop.ts';
import { kindOf } from './truth.ts';

/** A number of the language. */
export type Numeric = number | bigint | Double;

/** The arithmetic operators. */
export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%';

/** Tells whether `value` is a number. */
export function isNumeric(value: unknown): value is Numeric {
  return typeof value === 'number' || typeof value === 'bigint' || value instanceof Double;
}

/** Tells whether `value` is a whole number (not a decimal without fraction). */
export function isWhole(value: Numeric): value is number | bigint {
  return typeof value === 'bigint' || (typeof value === 'number' && Number.isSafeInteger(value));
}

/** Returns a number as a JavaScript number. */
export function toNumber(value: Numeric): number {
  if (typeof value === 'number') return value;
  return typeof value === 'bigint' ? Number(value) : value.value;
}

/** Returns the number that `text` spells, or undefined: `12` is whole, `12.0` and `1e3` are decimals. */
export function parseNumber(text: string): Numeric | undefined {
  const trimmed = text.trim();
  if (trimmed.length > 400) return undefined;
  if (/^[+-]?\d+$/.test(trimmed)) {
    const near = Number(trimmed);
    if (Number.isSafeInteger(near)) return near === 0 ? 0 : near;
    return BigInt(trimmed.startsWith('+') ? trimmed.slice(1) : trimmed);
  }
  if (!/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(trimmed)) return undefined;
  return double(Number(trimmed));
}

function divisionByZero(): Stop {
  return new Stop('expression.failed', 'division by zero', {
    help: 'test that the divisor is not 0',
  });
}

function wholeResult(operator: ArithmeticOperator, a: bigint, b: bigint): Value {
  switch (operator) {
    case '+':
      return integer(a + b);
    case '-':
      return integer(a - b);
    case '*':
      return integer(a * b);
    case '/':
      if (b === 0n) throw divisionByZero();
      return integer(a / b);
    case '%':
      if (b === 0n) throw divisionByZero();
      return integer(a % b);
  }
}

function decimalResult(operator: ArithmeticOperator, a: number, b: number): Value {
  switch (operator) {
    case '+':
      return double(a + b);
    case '-':
      return double(a - b);
    case '*':
      return double(a * b);
    case '/':
      return double(a / b);
    case '%':
      return double(a % b);
  }
}

/** Returns the result of an operator on two numbers. */
export function calculate(operator: ArithmeticOperator, a: Numeric, b: Numeric): Value {
  if (isWhole(a) && isWhole(b)) return wholeResult(operator, BigInt(a), BigInt(b));
  return decimalResult(operator, toNumber(a), toNumber(b));
}

/** Returns `value` as a number, text that spells one included. */
export function operandOf(value: Value, operator: string): Numeric {
  if (isNumeric(value)) return value;
  const parsed = typeof value === 'string' ? parseNumber(value) : undefined;
  if (parsed !== undefined) return parsed;
  throw wrongType(
    `\`${operator}\` cannot be used with ${kindOf(value)}`,
    'use numbers, or convert text with `| number`',
  );
}

/** Returns -1, 0 or 1 as `a` is below, equal to or above `b`; NaN when they cannot be ordered. */
export function compareNumbers(a: Numeric, b: Numeric): number {
  if (typeof a === 'bigint' || typeof b === 'bigint') {
    if (isWhole(a) && isWhole(b)) {
      const left = BigInt(a);
      const right = BigInt(b);
      return left < right ? -1 : left > right ? 1 : 0;
    }
  }
  const left = toNumber(a);
  const right = toNumber(b);
  return left < right ? -1 : left > right ? 1 : left === right ? 0 : Number.NaN;
}

/** Returns a whole number inside the range that lists can have, or undefined. */
export function asIndex(value: Value | undefined): number | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value : undefined;
  if (value instanceof Double) return Number.isSafeInteger(value.value) ? value.value : undefined;
  if (typeof value === 'string' && /^-?\d{1,15}$/.test(value)) return Number(value);
  return undefined;
}
