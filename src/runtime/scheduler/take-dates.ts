/**
 * Schedules: dates are taken one after the other, each in one write with the execution that it starts.
 * What was missed while nobody ran is caught up as the trigger says.
 *
 * INVARIANT: a date of a trigger starts one execution, however many processes look at it.
 */
import { Failure } from '../../core/failure/index.ts';
import { plainMarks, type ValueMap } from '../../core/value/index.ts';
import { isStoreTrouble } from '../committer/index.ts';
import type { RunLoop } from '../run-loop/index.ts';
import { fireTrigger } from './fire-trigger.ts';
import { openExecution } from './open-execution.ts';
import { dateVariables } from './date-variables.ts';
import { dueDate } from './due-date.ts';
import { datesOf, scheduleOf } from './schedule-dates.ts';
import {
  readTrigger,
  riderOf,
  type TriggerPlace,
  type TriggerState,
  writeTrigger,
} from './trigger-records.ts';
import { walkOn } from './walk-backfill.ts';

/** The most dates that are taken in one look. */
const catchUpMax = 1_000;

/** Starts what a date asks for, or notes why it does not; gives how the trigger stands then. */
async function take(
  loop: RunLoop,
  place: TriggerPlace,
  state: TriggerState,
  variables: ValueMap,
  complain: (place: TriggerPlace, error: unknown) => void,
): Promise<TriggerState> {
  const { parts } = loop;
  const rider = riderOf(parts, { place, state });
  try {
    const id = await fireTrigger(loop, { ...place, variables, marks: plainMarks, rider });
    if (id !== undefined) return await readTrigger(parts, place);
    return await writeTrigger(parts, { place, state, type: 'trigger-skipped' });
  } catch (error) {
    const isOwn = error instanceof Failure && !isStoreTrouble(error);
    if (!isOwn || error.code === 'store.conflict') throw error;
    complain(place, error);
    const count = (state.trouble?.count ?? 0) + 1;
    const trouble = { at: loop.now(), message: error.message, count };
    return writeTrigger(parts, { place, state: { ...state, trouble }, type: 'trigger-failed' });
  }
}

/** When to look at a trigger again: at a time, or once an execution has ended. */
export interface NextLook {
  readonly at?: number | undefined;
  readonly awaited?: string;
}

/** Takes the dates of one schedule that are due. */
export async function takeDates(
  loop: RunLoop,
  place: TriggerPlace,
  complain: (place: TriggerPlace, error: unknown) => void,
): Promise<NextLook> {
  const { parts } = loop;
  const { trigger } = place;
  const schedule = scheduleOf(trigger) ?? '';
  const dates = datesOf(trigger);
  let state = await readTrigger(parts, place);
  if (state.isDisabled) return {};
  if (state.schedule !== schedule) {
    const fresh = { ...state, schedule, nextAt: dates.after(loop.now()) };
    state = await writeTrigger(parts, { place, state: fresh, type: 'trigger-scheduled' });
  }
  for (let count = 0; count < catchUpMax; count += 1) {
    const { backfill } = state;
    const isWalking = backfill !== undefined && !backfill.isPaused;
    const isDue = state.nextAt !== undefined && state.nextAt <= loop.now();
    if (!isWalking && !isDue) return { at: state.nextAt };
    if (!loop.mayBegin()) return {};
    const awaited = await openExecution(loop, place, state);
    if (awaited !== undefined) return { awaited };
    if (isWalking) {
      state = await walkOn(loop, place, state, backfill, complain);
      continue;
    }
    if (state.nextAt === undefined) return {};
    const { takeAt, nextAt } = dueDate(trigger, dates, state.nextAt, loop.now());
    if (takeAt === undefined) {
      const next = { ...state, nextAt };
      state = await writeTrigger(parts, { place, state: next, type: 'trigger-skipped' });
      continue;
    }
    const variables = dateVariables(trigger, dates, takeAt);
    state = await take(loop, place, { ...state, nextAt, firedAt: takeAt }, variables, complain);
  }
  return { at: loop.now() };
}
