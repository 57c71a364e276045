/** Numbers as text, the way the language prints them: `13`, `13.0`, `42.42`, `1.0E8`. */
import { Double } from '../../value/index.ts';

/** Returns a decimal as text: plain from 0.001 to 10,000,000, with an exponent outside. */
export function decimalText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  const size = Math.abs(value);
  if (size >= 1e-3 && size < 1e7) {
    const text = String(value);
    return text.includes('.') ? text : `${text}.0`;
  }
  const [mantissa = '0', exponent = '0'] = value.toExponential().split('e');
  return `${mantissa.includes('.') ? mantissa : `${mantissa}.0`}E${exponent.replace('+', '')}`;
}

/** Returns a number as text. */
export function numberText(value: number | bigint | Double): string {
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Double) return decimalText(value.value);
  return Number.isSafeInteger(value) ? String(value === 0 ? 0 : value) : decimalText(value);
}
