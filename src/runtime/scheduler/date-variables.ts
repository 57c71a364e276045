/** What flows read under `trigger` of a date: itself, and the dates around it. */
import type { Trigger } from '../../core/flow/index.ts';
import { emptyMap, type ValueMap } from '../../core/value/index.ts';
import type { CronDates } from './cron-dates.ts';
import { zoned, zoneOf } from './schedule-dates.ts';

/** Returns what stands under `trigger` for the date `at`. */
export function dateVariables(trigger: Trigger, dates: CronDates, at: number): ValueMap {
  const zone = zoneOf(trigger);
  const [next, previous] = [dates.after(at), dates.before(at)];
  const variables = emptyMap();
  variables['date'] = zoned(at, zone);
  if (next !== undefined) variables['next'] = zoned(next, zone);
  if (previous !== undefined) variables['previous'] = zoned(previous, zone);
  return variables;
}
