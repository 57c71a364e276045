/**
 * Backfills: the past dates of a schedule, walked through in order, one execution at a time unless the
 * trigger allows more. How far it has come is written with each execution, so that a restart goes on there.
 */
import { Failure } from '../../core/failure/index.ts';
import { plainMarks } from '../../core/value/index.ts';
import { isStoreTrouble } from '../committer/index.ts';
import type { RunLoop } from '../run-loop/index.ts';
import type { CronDates } from './cron-dates.ts';
import { fireTrigger } from './fire-trigger.ts';
import { dateVariables } from './date-variables.ts';
import { datesOf } from './schedule-dates.ts';
import {
  type Backfill,
  readTrigger,
  riderOf,
  type TriggerPlace,
  type TriggerState,
  writeTrigger,
} from './trigger-records.ts';

/** What a backfill is asked for with. Times are epoch milliseconds. */
export interface BackfillOrder extends Pick<Backfill, 'start' | 'inputs' | 'labels'> {
  /** Now, where nothing is said. */
  readonly end?: number;
}

/** How many dates are counted before they are very many. */
const countedMax = 10_000;

function countDates(dates: CronDates, start: number, end: number): number | undefined {
  let count = 0;
  for (let at = dates.after(start - 1); at !== undefined && at <= end; at = dates.after(at)) {
    count += 1;
    if (count > countedMax) return undefined;
  }
  return count;
}

/** Returns the backfill of a trigger that `order` asks for; throws `trigger.backfill-invalid`. */
export function backfillOf(place: TriggerPlace, order: BackfillOrder, now: number): Backfill {
  const { start, inputs, labels, end = now } = order;
  const refuse = (why: string): Failure =>
    new Failure('trigger.backfill-invalid', `\`${place.trigger.id}\` ${why}`);
  if (place.trigger.type !== 'core.trigger.Schedule')
    throw refuse('has no schedule to walk through');
  if (start > end) throw refuse('cannot be walked through from an end to a start');
  if (end > now) throw refuse('is walked through up to now, and `end` is later');
  const dates = datesOf(place.trigger);
  const current = dates.after(start - 1);
  if (current === undefined || current > end) throw refuse('has no date between `start` and `end`');
  const total = countDates(dates, start, end);
  return {
    start,
    end,
    current,
    isPaused: false,
    inputs,
    labels,
    done: 0,
    ...(total !== undefined && { total }),
  };
}

function withOwn({ trigger, ...place }: TriggerPlace, { inputs, labels }: Backfill): TriggerPlace {
  return {
    ...place,
    trigger: {
      ...trigger,
      inputs: Object.assign({}, trigger.inputs, inputs),
      labels: [...trigger.labels, ...labels, { key: 'system.backfill', value: trigger.id }],
    },
  };
}

/** Returns how the trigger stands when the date that comes next was taken. */
function walked(state: TriggerState, backfill: Backfill, dates: CronDates): TriggerState {
  const following = dates.after(backfill.current);
  const isOver = following === undefined || following > backfill.end;
  const next = isOver ? undefined : { ...backfill, current: following, done: backfill.done + 1 };
  return { ...state, firedAt: backfill.current, backfill: next };
}

/** Starts what the next date of a backfill asks for; gives how the trigger stands then. */
export async function walkOn(
  loop: RunLoop,
  place: TriggerPlace,
  state: TriggerState,
  backfill: Backfill,
  complain: (place: TriggerPlace, error: unknown) => void,
): Promise<TriggerState> {
  const { parts } = loop;
  const dates = datesOf(place.trigger);
  const next = walked(state, backfill, dates);
  const variables = dateVariables(place.trigger, dates, backfill.current);
  const more = { backfill: backfill.current };
  const rider = riderOf(parts, { place, state: next, more });
  try {
    const own = withOwn(place, backfill);
    const id = await fireTrigger(loop, { ...own, variables, marks: plainMarks, rider });
    if (id !== undefined) return await readTrigger(parts, place);
    return await writeTrigger(parts, { place, state: next, type: 'trigger-skipped', more });
  } catch (error) {
    const isOwn = error instanceof Failure && !isStoreTrouble(error);
    if (!isOwn || error.code === 'store.conflict') throw error;
    complain(place, error);
    // A date that is passed by would be missing without anybody knowing.
    const trouble = { at: loop.now(), message: error.message, count: 1 };
    const held = { ...state, trouble, backfill: { ...backfill, isPaused: true } };
    return writeTrigger(parts, { place, state: held, type: 'trigger-failed', more });
  }
}
