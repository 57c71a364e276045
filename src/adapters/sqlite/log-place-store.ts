/**
 * Places of log lines: the time of a line and its number within that millisecond make one whole number,
 * so that the table is in the order of time and needs no index for it.
 *
 * INVARIANT: a place is a number that loses nothing in JavaScript.
 */

/** How many lines of one millisecond have places; more are put behind the newest line. */
export const placesPerMs = 4_096;

/** 2020-01-01, from which a place counts: it suffices until 2089. */
const epoch = 1_577_836_800_000;
const latest = epoch + 2 ** 41 - 1;

/** Returns the first place of the lines of the time `at`. */
export function firstPlaceAt(at: number): number {
  return (Math.max(0, Math.min(at, latest)) - epoch) * placesPerMs;
}

/** The time of a line, as SQL. */
export const timeOfPlace = `(place >> 12) + ${epoch}`;
