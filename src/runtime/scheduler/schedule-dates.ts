/** The dates of a schedule: by cron or as a list, those left out for which its conditions do not hold. */
import type { Trigger } from '../../core/flow/index.ts';
import { conditionOf, holds, templatesIn } from '../../core/triggers/index.ts';
import { plainText, type Value } from '../../core/value/index.ts';
import { type CronDates, cronDates } from './cron-dates.ts';

/** Returns the trigger's own properties that say when it fires, as one text; undefined for no schedule. */
export function scheduleOf({ type, properties, conditions }: Trigger): string | undefined {
  const { cron, dates, timezone } = properties;
  const narrowed = conditions.length === 0 ? [] : [JSON.stringify(conditions)];
  if (type === 'core.trigger.Schedule') return JSON.stringify([cron, timezone, ...narrowed]);
  return type === 'core.trigger.ScheduleOnDates'
    ? JSON.stringify([dates, timezone, ...narrowed])
    : undefined;
}

/** Returns the zone of a schedule. */
export function zoneOf({ properties }: Trigger): string {
  const { timezone } = properties;
  return typeof timezone === 'string' ? timezone : Temporal.Now.timeZoneId();
}

/** Returns a moment in a zone. */
export function zoned(at: number, zone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);
}

function listedDates(dates: readonly number[]): CronDates {
  const inOrder = dates.toSorted((a, b) => a - b);
  return {
    after: (at) => inOrder.find((one) => one > at),
    before: (at) => inOrder.findLast((one) => one < at),
  };
}

function momentOf(value: Value, zone: string): number {
  const text = plainText(value);
  try {
    return Temporal.Instant.from(text).epochMilliseconds;
  } catch {
    return Temporal.PlainDateTime.from(text).toZonedDateTime(zone).epochMilliseconds;
  }
}

/** How many dates are looked at in one go for one that the conditions allow: every minute of a week. */
const lookedAtMax = 10_100;

/** Returns the dates for which what can be said of a date alone holds. */
function narrowed(dates: CronDates, trigger: Trigger, zone: string): CronDates {
  const condition = conditionOf(trigger);
  const isOpen = trigger.conditions.length === 0 || templatesIn(condition).length > 0;
  if (isOpen) return dates;
  const isAllowed = (at: number): boolean => holds(condition, { date: zoned(at, zone) }) === true;
  const search = (at: number, step: (at: number) => number | undefined) => {
    let found = step(at);
    for (let count = 0; found !== undefined && count < lookedAtMax; count += 1) {
      if (isAllowed(found)) return { found, isAllowed: true };
      found = step(found);
    }
    return { found, isAllowed: false };
  };
  return {
    // Where the search is not over it goes on at that date, whose conditions are asked again.
    after: (at) => search(at, (one) => dates.after(one)).found,
    before(at) {
      const last = search(at, (one) => dates.before(one));
      return last.isAllowed ? last.found : undefined;
    },
  };
}

/** Returns the dates of a schedule. */
export function datesOf(trigger: Trigger): CronDates {
  const { cron, dates } = trigger.properties;
  const zone = zoneOf(trigger);
  const all = Array.isArray(dates)
    ? listedDates(dates.map((one: Value) => momentOf(one, zone)))
    : cronDates(plainText(cron), zone);
  return narrowed(all, trigger, zone);
}
