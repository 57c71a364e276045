/**
 * Which date of a schedule is due, and what becomes of those that were missed while nobody looked: each is
 * caught up, only the last, or none; what is later than a trigger allows is left out.
 */
import { parseDuration, type Trigger } from '../../core/flow/index.ts';
import { plainText } from '../../core/value/index.ts';
import type { CronDates } from './cron-dates.ts';
import { lookEveryMs } from './look-again.ts';

/** The most dates that are passed by in one look. */
const passedMax = 1_000;

/** Returns the date to take now, of those that are due, and the one to look at then. */
export function dueDate(
  { properties }: Trigger,
  dates: CronDates,
  nextAt: number,
  now: number,
): { readonly takeAt: number | undefined; readonly nextAt: number | undefined } {
  const late = properties['lateMaximumDelay'];
  const lateMs = typeof late === 'string' ? parseDuration(late) : undefined;
  const policy = plainText(properties['recoverMissedSchedules'] ?? 'ALL');
  let at: number | undefined = nextAt;
  for (let count = 0; at !== undefined && at <= now && count < passedMax; count += 1) {
    const following = dates.after(at);
    const isTooLate = lateMs !== undefined && now - at > lateMs;
    // More than one is due: dates were missed while nobody looked.
    const isMissed = following !== undefined && following <= now;
    const isSkipped = isTooLate || (isMissed && policy !== 'ALL');
    const isOld = policy === 'NONE' && now - at > lookEveryMs * 4;
    if (!isSkipped && !isOld) return { takeAt: at, nextAt: following };
    at = following;
  }
  return { takeAt: undefined, nextAt: at };
}
