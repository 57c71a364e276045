/**
 * Dates and amounts of time as ISO text. Printed alone they omit seconds that are zero
 * (`2013-09-08T16:19+02:00`); inside JSON they are complete.
 */
import type { TimeValue } from '../../value/index.ts';

/** Returns a fraction of a second with 0, 3, 6 or 9 digits. */
function fractionText(nanoseconds: number): string {
  if (nanoseconds === 0) return '';
  const digits = String(nanoseconds).padStart(9, '0');
  if (digits.endsWith('000000')) return `.${digits.slice(0, 3)}`;
  return digits.endsWith('000') ? `.${digits.slice(0, 6)}` : `.${digits}`;
}

function twoDigits(value: number): string {
  return value < 10 ? `0${value}` : String(value);
}

interface ClockFields {
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly millisecond: number;
  readonly microsecond: number;
  readonly nanosecond: number;
}

function clockText(time: ClockFields, showsZeroSeconds: boolean): string {
  const nanoseconds = time.millisecond * 1_000_000 + time.microsecond * 1_000 + time.nanosecond;
  const minutes = `${twoDigits(time.hour)}:${twoDigits(time.minute)}`;
  if (!showsZeroSeconds && time.second === 0 && nanoseconds === 0) return minutes;
  return `${minutes}:${twoDigits(time.second)}${fractionText(nanoseconds)}`;
}

/** Returns an amount of time as ISO text in hours, minutes and seconds, as far as it has no calendar part. */
function durationText(value: Temporal.Duration): string {
  if (value.years !== 0 || value.months !== 0 || value.weeks !== 0) return value.toString();
  const whole =
    (BigInt(value.days) * 24n + BigInt(value.hours)) * 3600n +
    BigInt(value.minutes) * 60n +
    BigInt(value.seconds);
  const nanoseconds =
    whole * 1_000_000_000n +
    BigInt(value.milliseconds) * 1_000_000n +
    BigInt(value.microseconds) * 1_000n +
    BigInt(value.nanoseconds);
  if (nanoseconds === 0n) return 'PT0S';
  const isNegative = nanoseconds < 0n;
  const size = isNegative ? -nanoseconds : nanoseconds;
  const sign = isNegative ? '-' : '';
  const hours = size / 3_600_000_000_000n;
  const minutes = (size / 60_000_000_000n) % 60n;
  const seconds = (size / 1_000_000_000n) % 60n;
  const fraction = String(size % 1_000_000_000n)
    .padStart(9, '0')
    .replace(/0+$/, '');
  let text = 'PT';
  if (hours !== 0n) text += `${sign}${hours}H`;
  if (minutes !== 0n) text += `${sign}${minutes}M`;
  if (seconds !== 0n || fraction !== '') {
    text += `${sign}${seconds}${fraction === '' ? '' : `.${fraction}`}S`;
  }
  return text;
}

function offsetText(value: Temporal.ZonedDateTime): string {
  return value.offsetNanoseconds === 0 ? 'Z' : value.offset;
}

/** Tells whether a zone is no more than an offset from UTC. */
export function isOffsetZone(zone: string): boolean {
  return zone === 'UTC' || zone === 'Z' || /^[+-]/.test(zone);
}

/** Returns a date, time or amount of time as text; `isComplete` keeps zero seconds and drops zone names. */
export function timeText(value: TimeValue, isComplete = false): string {
  if (value instanceof Temporal.Instant) {
    const utc = value.toZonedDateTimeISO('UTC');
    return `${utc.toPlainDate().toString()}T${clockText(utc, true)}Z`;
  }
  if (value instanceof Temporal.ZonedDateTime) {
    const zone = isComplete || isOffsetZone(value.timeZoneId) ? '' : `[${value.timeZoneId}]`;
    const day = value.toPlainDate().toString();
    return `${day}T${clockText(value, isComplete)}${offsetText(value)}${zone}`;
  }
  if (value instanceof Temporal.PlainDateTime) {
    return `${value.toPlainDate().toString()}T${clockText(value, isComplete)}`;
  }
  if (value instanceof Temporal.PlainTime) return clockText(value, isComplete);
  if (value instanceof Temporal.Duration) return durationText(value);
  return value.toString();
}
