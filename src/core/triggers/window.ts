/**
 * Windows of time in which several things must come together, and what has gathered in one. When a window
 * begins and ends follows from a moment and a zone alone, so that a look after a crash sees the same one.
 */
import { parseDuration } from '../flow/index.ts';
import { isMap, plainText, type Value } from '../value/index.ts';

/** A kind of window. */
export type Window =
  /** One after the other, counted from the start of a day, or from a fixed day where they are longer. */
  | { readonly kind: 'aligned'; readonly lengthMs: number; readonly offsetMs: number }
  /** The time before now. */
  | { readonly kind: 'sliding'; readonly lengthMs: number }
  /** From one time of each day to another; a template-free `HH:mm[:ss][offset]`. */
  | { readonly kind: 'daily'; readonly from: string; readonly to: string };

/** From when to when, in epoch milliseconds; the end is outside. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

const dayMs = 86_400_000;

function durationIn(value: Value | undefined): number | undefined {
  return value === undefined || value === null ? undefined : parseDuration(plainText(value));
}

function timeIn(value: Value | undefined): string | undefined {
  return value === undefined || value === null ? undefined : plainText(value);
}

/** Returns the window that `timeWindow` of 1.x describes; a day where it says nothing. */
export function windowOf(described: Value | undefined): Window {
  const map = isMap(described) ? described : {};
  const lengthMs = durationIn(map['window']) ?? dayMs;
  switch (plainText(map['type'] ?? 'DURATION_WINDOW')) {
    case 'SLIDING_WINDOW':
      return { kind: 'sliding', lengthMs };
    case 'DAILY_TIME_DEADLINE':
      return { kind: 'daily', from: '00:00', to: timeIn(map['deadline']) ?? '00:00' };
    case 'DAILY_TIME_WINDOW':
      return {
        kind: 'daily',
        from: timeIn(map['startTime']) ?? '00:00',
        to: timeIn(map['endTime']) ?? '00:00',
      };
    default:
      return { kind: 'aligned', lengthMs, offsetMs: durationIn(map['windowAdvance']) ?? 0 };
  }
}

/** Returns the window that `window` of 2.x describes; a day where it says nothing. */
export function windowOfTwo(described: Value | undefined): Window {
  const map = isMap(described) ? described : {};
  const deadline = timeIn(map['deadline']);
  if (deadline !== undefined) return { kind: 'daily', from: '00:00', to: deadline };
  const [from, to] = [timeIn(map['from']), timeIn(map['to'])];
  if (from !== undefined || to !== undefined) {
    return { kind: 'daily', from: from ?? '00:00', to: to ?? '00:00' };
  }
  const lookback = durationIn(map['lookback']);
  if (lookback !== undefined) return { kind: 'sliding', lengthMs: lookback };
  return {
    kind: 'aligned',
    lengthMs: durationIn(map['every']) ?? dayMs,
    offsetMs: durationIn(map['offset']) ?? 0,
  };
}

function instantOf(day: Temporal.PlainDate, text: string, zone: string): number {
  const match = /^(\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)\s*(Z|[+-]\d{2}(?::?\d{2})?)?$/i.exec(
    text.trim(),
  );
  const time = Temporal.PlainTime.from((match?.[1] ?? '00:00').padStart(5, '0'));
  const offset = match?.[2];
  const own = offset === undefined ? zone : /^z$/i.test(offset) ? 'UTC' : offset;
  return day.toZonedDateTime({ timeZone: own, plainTime: time }).epochMilliseconds;
}

function zoneOf(window: Window & { kind: 'daily' }, zone: string): string {
  // Days are those of the zone that the times are written in.
  const offset = /(Z|[+-]\d{2}(?::?\d{2})?)$/i.exec(window.to.trim())?.[1];
  if (offset === undefined) return zone;
  return /^z$/i.test(offset) ? 'UTC' : offset;
}

function dailySpan(
  window: Window & { kind: 'daily' },
  day: Temporal.PlainDate,
  zone: string,
): Span {
  const start = instantOf(day, window.from, zone);
  const sameDay = instantOf(day, window.to, zone);
  // A window over midnight ends on the day after; a deadline at midnight is that of the whole day.
  const end = sameDay > start ? sameDay : instantOf(day.add({ days: 1 }), window.to, zone);
  return { start, end };
}

/** Returns the window in which `at` lies; undefined between two windows of a day. */
export function spanAt(window: Window, at: number, zone: string): Span | undefined {
  const moment = (inZone: string) =>
    Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(inZone);
  switch (window.kind) {
    case 'sliding':
      return { start: at - window.lengthMs, end: at + 1 };
    case 'daily': {
      const own = zoneOf(window, zone);
      const today = moment(own).toPlainDate();
      return [today.subtract({ days: 1 }), today]
        .map((day) => dailySpan(window, day, own))
        .find(({ start, end }) => at >= start && at < end);
    }
    case 'aligned': {
      const { lengthMs, offsetMs } = window;
      const shifted = at - offsetMs;
      const dayStart = Temporal.Instant.fromEpochMilliseconds(shifted)
        .toZonedDateTimeISO(zone)
        .startOfDay();
      const isPartOfDay = lengthMs <= dayMs && dayMs % lengthMs === 0;
      const origin = isPartOfDay
        ? dayStart.epochMilliseconds
        : Temporal.PlainDate.from('1970-01-01').toZonedDateTime(zone).epochMilliseconds;
      const start = origin + Math.floor((shifted - origin) / lengthMs) * lengthMs + offsetMs;
      if (lengthMs !== dayMs) return { start, end: start + lengthMs };
      // A day of a change of clocks has 23 or 25 hours.
      const end = dayStart.add({ days: 1 }).epochMilliseconds + offsetMs;
      return { start: dayStart.epochMilliseconds + offsetMs, end };
    }
  }
}

/** Returns the last window that had ended at `at`. */
export function lastSpanBefore(window: Window, at: number, zone: string): Span | undefined {
  if (window.kind === 'sliding') return undefined;
  if (window.kind === 'aligned') {
    const present = spanAt(window, at, zone);
    return present === undefined ? undefined : spanAt(window, present.start - 1, zone);
  }
  const own = zoneOf(window, zone);
  const today = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(own).toPlainDate();
  return [0, 1, 2]
    .map((days) => dailySpan(window, today.subtract({ days }), own))
    .find(({ end }) => end <= at);
}

/** Returns when the window around or after `at` ends. */
export function nextEnd(window: Window, at: number, zone: string): number | undefined {
  if (window.kind === 'sliding') return undefined;
  const present = spanAt(window, at, zone);
  if (present !== undefined || window.kind === 'aligned') return present?.end;
  const own = zoneOf(window, zone);
  const today = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(own).toPlainDate();
  return [0, 1]
    .map((days) => dailySpan(window, today.add({ days }), own))
    .find(({ end }) => end > at)?.end;
}
