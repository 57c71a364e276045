/** Time zones by the names that users write, and date work whose failures become stops. */
import { Stop, wrongArgument } from '../stop.ts';

/** Returns the result of `work`, or a stop with `message` when the calendar cannot do it. */
export function onCalendar<T>(message: string, help: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof RangeError || error instanceof TypeError) {
      throw new Stop('expression.failed', message, { help });
    }
    throw error;
  }
}

/** Returns a zone in the form that the calendar knows: `Z` is UTC, `GMT+2` is `+02:00`. */
export function zoneOf(name: string): string {
  const offset = /^(?:UTC|GMT|UT)?([+-])(\d{1,2}):?(\d{2})?$/.exec(name);
  const zone =
    offset === null
      ? name === 'Z'
        ? 'UTC'
        : name
      : `${offset[1]}${(offset[2] ?? '').padStart(2, '0')}:${offset[3] ?? '00'}`;
  try {
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone).timeZoneId;
  } catch {
    throw wrongArgument('the time zone is unknown', 'write it like `Europe/Paris` or `+02:00`');
  }
}

/** Returns the zone that an argument names, else that of the host. */
export function zoneOrDefault(name: string | null, host: { readonly timeZone?: string }): string {
  return zoneOf(name ?? host.timeZone ?? 'UTC');
}
