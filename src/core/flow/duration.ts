/**
 * Durations as the language writes them: ISO 8601 with at most days (`PT0.25S`, `P1D`, `-PT5M`), in
 * any case. Weeks, months and years are refused, because their length depends on a calendar.
 */

const unit = String.raw`(?:([-+]?\d+)`;
const pattern = new RegExp(
  String.raw`^([-+])?P${unit}D)?(T${unit}H)?${unit}M)?(?:([-+]?\d+)(?:[.,](\d{0,9}))?S)?)?$`,
  'i',
);

/** Returns the milliseconds of `text` (with fractions for what is shorter), or undefined when it is none. */
export function parseDuration(text: string): number | undefined {
  if (text.length > 64) return undefined;
  const match = pattern.exec(text.trim());
  if (match === null) return undefined;
  const [, sign, days, time, hours, minutes, seconds, fraction] = match;
  if (time !== undefined && time.length === 1) return undefined;
  if (days === undefined && time === undefined) return undefined;
  const whole = Number(seconds ?? 0);
  const part = fraction === undefined || fraction === '' ? 0 : Number(`0.${fraction}`);
  const secondsMs = whole * 1_000 + (seconds?.startsWith('-') === true ? -1 : 1) * part * 1_000;
  const total =
    Number(days ?? 0) * 86_400_000 +
    Number(hours ?? 0) * 3_600_000 +
    Number(minutes ?? 0) * 60_000 +
    secondsMs;
  // A sum of decimal fractions shows binary noise beyond the nanosecond, which no duration has.
  const rounded = Math.round(total * 1e6) / 1e6;
  if (!Number.isFinite(rounded) || Math.abs(rounded) > Number.MAX_SAFE_INTEGER) return undefined;
  return sign === '-' ? -rounded : rounded;
}
