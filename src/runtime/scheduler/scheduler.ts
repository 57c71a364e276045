/**
 * Looks after the triggers of a tenant: dates of schedules are taken, executions that others have ended
 * are heard. Each kind is looked after by itself, so that none holds up the others.
 */
import { Failure } from '../../core/failure/index.ts';
import type { PollingTrigger } from '../../ports/trigger.ts';
import type { RunLoop } from '../run-loop/index.ts';
import { type Complain, createExecutionHearing } from './hear-executions.ts';
import { lookAgain } from './look-again.ts';
import { scheduleOf } from './schedule-dates.ts';
import { createPolls } from './polls.ts';
import { takeDates } from './take-dates.ts';
import { createTriggerPlaces } from './trigger-places.ts';
import type { TriggerPlace } from './trigger-records.ts';

/** Looks after the triggers of a tenant. */
export interface Scheduler {
  /** Looks again now: a flow or a trigger has changed. */
  flowsChanged(): void;
  stop(): void;
}

function earlier(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);
}

/** Starts looking after the triggers of the loop's tenant; `polling` are the types that ask. */
export function startScheduler(
  loop: RunLoop,
  complain: Complain,
  polling: readonly PollingTrigger[] = [],
): Scheduler {
  const { clock } = loop.parts;
  const trouble = (error: unknown): void => complain(undefined, error);
  const places = createTriggerPlaces(loop, trouble);
  const hearing = createExecutionHearing(loop, () => places.all(), complain);
  const types = new Map(polling.map((one) => [one.type, one]));
  const polls = createPolls(loop, types, complain);
  /** Executions after whose end a schedule goes on. */
  let awaited = new Set<string>();
  let looked: readonly TriggerPlace[] | undefined;
  let isStopped = false;

  const takeAllDates = async (): Promise<number | undefined> => {
    let next: number | undefined;
    const waitsFor = new Set<string>();
    const all = await places.all();
    // The same list is given until another one is due.
    if (all !== looked) polls.look(all);
    looked = all;
    for (const place of all) {
      if (scheduleOf(place.trigger) === undefined) continue;
      if (isStopped || !loop.mayBegin()) return undefined;
      try {
        const look = await takeDates(loop, place, complain);
        if (look.awaited !== undefined) waitsFor.add(look.awaited);
        next = earlier(next, look.at);
      } catch (error) {
        // Another process has taken it.
        const isTaken = error instanceof Failure && error.code === 'store.conflict';
        if (!isTaken) complain(place, error);
      }
    }
    awaited = waitsFor;
    return next;
  };

  const schedules = lookAgain(clock, takeAllDates, trouble);
  const executions = lookAgain(clock, () => hearing.hear(), trouble);
  const unfollow = loop.followers.add((notice) => {
    if (notice.kind !== 'execution-state') return;
    if (hearing.isListening) executions.now();
    if (awaited.has(notice.executionId)) schedules.now();
    polls.ended(notice.executionId);
  });
  const lookAll = (): void => {
    schedules.now();
    executions.now();
  };
  lookAll();
  return {
    flowsChanged() {
      places.forget();
      hearing.forget();
      lookAll();
    },
    stop() {
      isStopped = true;
      unfollow();
      polls.stop();
      schedules.stop();
      executions.stop();
    },
  };
}
