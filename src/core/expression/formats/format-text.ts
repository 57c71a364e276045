/** The common part of printf formats: `%s %S %d %f %.2f %e %x %X %o %b %c %n %%`, with flags and widths. */
import type { Value } from '../../value/index.ts';
import { wrongArgument } from '../stop.ts';
import { isNumeric, isWhole, type Numeric, toNumber } from '../values/numbers.ts';
import { kindOf } from '../values/truth.ts';
import { plainText } from '../values/value-text.ts';
import { groupDigits, roundedText } from './format-decimal.ts';

const madeMax = 10_000_000;

const directive = /%(?:(\d{1,3})\$)?([-+ 0,(#]*)(\d{1,4})?(?:\.(\d{1,3}))?([a-zA-Z%])/g;

function wrong(message: string): Error {
  return wrongArgument(`the format is wrong: ${message}`, 'see the list of directives of `format`');
}

function numeric(value: Value, letter: string): Numeric {
  if (isNumeric(value)) return value;
  throw wrong(`\`%${letter}\` needs a number, not ${kindOf(value)}`);
}

function whole(value: Value, letter: string): bigint {
  const number = numeric(value, letter);
  if (isWhole(number)) return BigInt(number);
  throw wrong(`\`%${letter}\` needs a whole number`);
}

function signed(text: string, flags: string): string {
  if (text.startsWith('-')) return flags.includes('(') ? `(${text.slice(1)})` : text;
  if (flags.includes('+')) return `+${text}`;
  return flags.includes(' ') ? ` ${text}` : text;
}

function grouped(text: string, flags: string): string {
  if (!flags.includes(',')) return text;
  const [, sign = '', digits = '', rest = ''] = /^(-?)(\d+)(.*)$/.exec(text) ?? [];
  return digits === '' ? text : sign + groupDigits(digits, 3) + rest;
}

function exponentText(value: number, digits: number): string {
  return value.toExponential(Math.min(digits, 100)).replace(/e([+-])(\d)$/, 'e$10$2');
}

function formatOne(letter: string, value: Value, flags: string, precision: number | null): string {
  switch (letter) {
    case 's':
    case 'S': {
      const text = plainText(value);
      const cut = precision === null ? text : text.slice(0, precision);
      return letter === 'S' ? cut.toUpperCase() : cut;
    }
    case 'd':
      return signed(grouped(String(whole(value, letter)), flags), flags);
    case 'f': {
      const text = roundedText(toNumber(numeric(value, letter)), precision ?? 6);
      return signed(grouped(text, flags), flags);
    }
    case 'e':
    case 'E': {
      const text = exponentText(toNumber(numeric(value, letter)), precision ?? 6);
      return signed(letter === 'E' ? text.toUpperCase() : text, flags);
    }
    case 'x':
    case 'X': {
      const text = BigInt.asUintN(64, whole(value, letter)).toString(16);
      return letter === 'X' ? text.toUpperCase() : text;
    }
    case 'o':
      return BigInt.asUintN(64, whole(value, letter)).toString(8);
    case 'b':
    case 'B':
      return String(value !== null && value !== false);
    case 'c':
      return plainText(value).slice(0, 1);
    default:
      throw wrong(`the directive \`%${letter}\` is unknown`);
  }
}

function padded(text: string, flags: string, width: number): string {
  if (text.length >= width) return text;
  if (flags.includes('-')) return text.padEnd(width);
  if (!flags.includes('0')) return text.padStart(width);
  const sign = /^[+-]/.exec(text)?.[0] ?? '';
  return sign + text.slice(sign.length).padStart(width - sign.length, '0');
}

/** Returns `format` with its directives replaced by `args`. */
export function formatText(format: string, args: readonly Value[]): string {
  let next = 0;
  let made = 0;
  return format.replace(
    directive,
    (_, place?: string, flags = '', width?: string, digits?: string, letter = '') => {
      if (letter === '%') return '%';
      if (letter === 'n') return '\n';
      const index = place === undefined ? next : Number(place) - 1;
      if (place === undefined) next += 1;
      const value = args[index];
      if (value === undefined) throw wrong(`argument ${index + 1} is missing`);
      const precision = digits === undefined ? null : Number(digits);
      const text = padded(formatOne(letter, value, flags, precision), flags, Number(width ?? 0));
      made += text.length;
      if (made > madeMax) throw wrong('it makes too much text');
      return text;
    },
  );
}
