/** Numbers by a pattern of `#`, `0`, `,`, `.`, `%`, `E0` and quoted text, as in `#,##0.00`. */
import { wrongArgument } from '../stop.ts';
import { isWhole, type Numeric, toNumber } from '../values/numbers.ts';

interface DecimalPattern {
  readonly prefix: string;
  readonly suffix: string;
  readonly groupSize: number;
  readonly wholeLeast: number;
  readonly fractionLeast: number;
  readonly fractionMost: number;
  readonly exponentLeast: number;
  readonly factor: number;
}

/** Returns digits with a comma before every `size` from the right. */
export function groupDigits(digits: string, size: number): string {
  if (size <= 0) return digits;
  const parts: string[] = [];
  for (let end = digits.length; end > 0; end -= size) {
    parts.unshift(digits.slice(Math.max(0, end - size), end));
  }
  return parts.join(',');
}

/** Returns the exact decimal digits of a double, without exponent. */
function plainDigits(value: number): string {
  const text = String(Math.abs(value));
  const [mantissa = '0', exponent] = text.split('e');
  if (exponent === undefined) return mantissa;
  const [whole = '0', fraction = ''] = mantissa.split('.');
  const shift = Number(exponent);
  const digits = whole + fraction;
  const point = whole.length + shift;
  if (point <= 0) return `0.${'0'.repeat(-point)}${digits}`;
  if (point >= digits.length) return digits + '0'.repeat(point - digits.length);
  return `${digits.slice(0, point)}.${digits.slice(point)}`;
}

/** Rounds decimal digits to `places`, halves to even or away from zero. */
function roundDigits(digits: string, places: number, isHalfEven: boolean): string {
  const [whole = '0', fraction = ''] = digits.split('.');
  if (fraction.length <= places) {
    return places === 0 ? whole : `${whole}.${fraction.padEnd(places, '0')}`;
  }
  const kept = BigInt(whole + fraction.slice(0, places));
  const rest = fraction.slice(places);
  const half = `5${'0'.repeat(rest.length - 1)}`;
  const isUp = rest > half || (rest === half && (!isHalfEven || kept % 2n === 1n));
  const rounded = String(isUp ? kept + 1n : kept).padStart(places + 1, '0');
  if (places === 0) return rounded;
  return `${rounded.slice(0, -places)}.${rounded.slice(-places)}`;
}

/** Returns a number with exactly `places` digits after the point, halves away from zero. */
export function roundedText(value: number, places: number): string {
  if (!Number.isFinite(value))
    return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';
  const text = roundDigits(plainDigits(value), places, false);
  return value < 0 || Object.is(value, -0) ? `-${text}` : text;
}

function unquoted(text: string): string {
  return text.replace(/'([^']*)'/g, (_, inner: string) => (inner === '' ? "'" : inner));
}

function parseHalf(half: string): DecimalPattern {
  const match =
    /^((?:'[^']*'|[^'#0,.])*)([#,0]*)(?:\.([0#]*))?(?:E(0+))?((?:'[^']*'|[^'#0,.])*)$/.exec(half);
  if (match === null || !/[#0]/.test(`${match[2]}${match[3] ?? ''}`)) {
    throw wrongArgument('the number format is wrong', 'write it like `#,##0.00`');
  }
  const [, prefix = '', whole = '', fraction = '', exponent = '', suffix = ''] = match;
  const comma = whole.lastIndexOf(',');
  const affixes = prefix + suffix;
  return {
    prefix: unquoted(prefix),
    suffix: unquoted(suffix),
    groupSize: comma === -1 ? 0 : whole.length - comma - 1,
    wholeLeast: (whole.match(/0/g) ?? []).length,
    fractionLeast: (fraction.match(/0/g) ?? []).length,
    fractionMost: fraction.length,
    exponentLeast: exponent.length,
    factor: affixes.includes('%') ? 100 : affixes.includes('‰') ? 1000 : 1,
  };
}

function scaled(value: Numeric, factor: number): string {
  if (isWhole(value)) {
    const size = BigInt(value) * BigInt(factor);
    return String(size < 0n ? -size : size);
  }
  if (factor === 1) return plainDigits(toNumber(value));
  const [whole = '0', fraction = ''] = plainDigits(toNumber(value)).split('.');
  const shift = String(factor).length - 1;
  const moved = fraction.padEnd(shift, '0');
  return `${BigInt(whole + moved.slice(0, shift))}.${moved.slice(shift) || '0'}`;
}

function formatDigits(digits: string, pattern: DecimalPattern): string {
  const rounded = roundDigits(digits, pattern.fractionMost, true);
  const [whole = '0', fraction = ''] = rounded.split('.');
  const least = fraction.slice(0, pattern.fractionLeast);
  const kept = least + fraction.slice(pattern.fractionLeast).replace(/0+$/, '');
  const bare = whole.replace(/^0+/, '').padStart(pattern.wholeLeast, '0');
  const shown = bare === '' && kept === '' ? '0' : bare;
  const grouped = groupDigits(shown, pattern.groupSize);
  return kept === '' ? grouped : `${grouped}.${kept}`;
}

function formatWithExponent(value: number, pattern: DecimalPattern): string {
  const [mantissa = '0', exponent = '0'] = value.toExponential().split('e');
  // Rounding may make ten of the digits before the point.
  const isCarried = Number(roundDigits(mantissa, pattern.fractionMost, true)) >= 10;
  const power = Number(exponent) + (isCarried ? 1 : 0);
  const size = String(Math.abs(power)).padStart(pattern.exponentLeast, '0');
  return `${formatDigits(isCarried ? '1' : mantissa, pattern)}E${power < 0 ? '-' : ''}${size}`;
}

/** Returns a number in the form that `pattern` describes; a second pattern after `;` is for negative ones. */
export function formatDecimal(value: Numeric, pattern: string): string {
  if (pattern.length > 200) throw wrongArgument('the number format is too long');
  const [positive = '', negative] = pattern.split(/;(?=(?:[^']*'[^']*')*[^']*$)/);
  const parsed = parseHalf(positive);
  const number = toNumber(value);
  if (!Number.isFinite(number)) return Number.isNaN(number) ? 'NaN' : number > 0 ? '∞' : '-∞';
  const isNegative = number < 0 || Object.is(number, -0);
  const body =
    parsed.exponentLeast > 0
      ? formatWithExponent(Math.abs(number), parsed)
      : formatDigits(scaled(value, parsed.factor), parsed);
  const isZero = !/[1-9]/.test(body);
  if (!isNegative || (isZero && isWhole(value))) return parsed.prefix + body + parsed.suffix;
  if (negative === undefined) return `-${parsed.prefix}${body}${parsed.suffix}`;
  const other = parseHalf(negative);
  return other.prefix + body + other.suffix;
}
