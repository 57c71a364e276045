/**
 * Schedules of flows: dates are taken one after the other, written down before the execution starts, and
 * found again after a crash in between. What was missed while nobody ran is caught up as the trigger says.
 *
 * INVARIANT: a date of a trigger starts one execution, however many processes look at it.
 */
import { Failure } from '../../core/failure/index.ts';
import { parseDuration, type Trigger } from '../../core/flow/index.ts';
import {
  decodeValue,
  emptyMap,
  isMap,
  plainMarks,
  plainText,
  type Value,
} from '../../core/value/index.ts';
import type { RunLoop } from '../run-loop/index.ts';
import { type CronDates, cronDates } from './cron-dates.ts';
import { fireTrigger } from './fire-trigger.ts';
import {
  readTrigger,
  type TriggerPlace,
  type TriggerState,
  writeTrigger,
} from './trigger-records.ts';

/** Looks after the schedules of a tenant. */
export interface Scheduler {
  /** Looks again now: a flow has changed. */
  flowsChanged(): void;
  stop(): void;
}

const lookEveryMs = 15_000;
const catchUpMax = 1_000;

/** Returns the trigger's own properties that say when it fires, as one text. */
function scheduleOf({ type, properties }: Trigger): string | undefined {
  const { cron, dates, timezone } = properties;
  if (type === 'core.trigger.Schedule') return JSON.stringify([cron, timezone]);
  return type === 'core.trigger.ScheduleOnDates' ? JSON.stringify([dates, timezone]) : undefined;
}

function zoneOf({ properties }: Trigger): string {
  const { timezone } = properties;
  return typeof timezone === 'string' ? timezone : Temporal.Now.timeZoneId();
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

/** Returns the dates of a schedule. */
function datesOf(trigger: Trigger): CronDates {
  const { cron, dates } = trigger.properties;
  const zone = zoneOf(trigger);
  if (Array.isArray(dates)) return listedDates(dates.map((one: Value) => momentOf(one, zone)));
  return cronDates(plainText(cron), zone);
}

/** Returns the schedules of the flows of a tenant that are not switched off in their flow. */
async function schedulesOf(loop: RunLoop): Promise<readonly TriggerPlace[]> {
  const { store, tenant } = loop.parts;
  const places: TriggerPlace[] = [];
  for (const { namespace, id: flowId } of await store.flows(tenant)) {
    const { flow } = await loop.library.find(namespace, flowId);
    if (flow.isDisabled) continue;
    for (const trigger of flow.triggers) {
      if (!trigger.isDisabled && scheduleOf(trigger) !== undefined) {
        places.push({ namespace, flowId, trigger });
      }
    }
  }
  return places;
}

/** Returns the date to take now, of those that are due, and the one to look at then. */
function dueDate(
  { properties }: Trigger,
  dates: CronDates,
  nextAt: number,
  now: number,
): { readonly takeAt: number | undefined; readonly nextAt: number | undefined } {
  const late = properties['lateMaximumDelay'];
  const lateMs = typeof late === 'string' ? parseDuration(late) : undefined;
  const policy = plainText(properties['recoverMissedSchedules'] ?? 'ALL');
  let at: number | undefined = nextAt;
  for (let count = 0; at !== undefined && at <= now && count < catchUpMax; count += 1) {
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

/** Tells whether the execution of a date that was taken exists. */
async function hasStarted(
  loop: RunLoop,
  { namespace, flowId }: TriggerPlace,
  at: number,
): Promise<string | undefined> {
  const { store, tenant } = loop.parts;
  const found = await store.executions({
    tenant,
    namespace,
    flowId,
    createdFrom: at,
    limit: 1_000,
  });
  for (const record of found) {
    const document = decodeValue(record.document);
    const trigger = isMap(document) ? document['trigger'] : undefined;
    const date = isMap(trigger) ? trigger['date'] : undefined;
    if (date instanceof Temporal.ZonedDateTime && date.epochMilliseconds === at) return record.id;
  }
  return undefined;
}

function zoned(at: number, zone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);
}

async function start(loop: RunLoop, place: TriggerPlace, at: number): Promise<string | undefined> {
  const zone = zoneOf(place.trigger);
  const dates = datesOf(place.trigger);
  const [next, previous] = [dates.after(at), dates.before(at)];
  const variables = emptyMap();
  variables['date'] = zoned(at, zone);
  if (next !== undefined) variables['next'] = zoned(next, zone);
  if (previous !== undefined) variables['previous'] = zoned(previous, zone);
  return fireTrigger(loop, { ...place, variables, marks: plainMarks });
}

/** Takes the dates of one trigger that are due; gives when to look at it again. */
async function look(
  loop: RunLoop,
  place: TriggerPlace,
  complain: (place: TriggerPlace, error: unknown) => void,
): Promise<number | undefined> {
  const schedule = scheduleOf(place.trigger) ?? '';
  const dates = datesOf(place.trigger);
  let state: TriggerState = await readTrigger(loop.parts, place);
  if (state.schedule !== schedule) {
    const nextAt = dates.after(loop.now());
    const fresh = { ...state, schedule, nextAt, pendingAt: undefined };
    state = await writeTrigger(loop.parts, place, fresh, 'trigger-scheduled');
  }
  if (state.isDisabled) return undefined;
  for (let count = 0; count < catchUpMax; count += 1) {
    if (state.pendingAt !== undefined) {
      const { pendingAt } = state;
      let executionId = await hasStarted(loop, place, pendingAt);
      try {
        executionId ??= await start(loop, place, pendingAt);
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        complain(place, error);
      }
      const settled = {
        ...state,
        pendingAt: undefined,
        executionId: executionId ?? state.executionId,
      };
      state = await writeTrigger(loop.parts, place, settled, 'trigger-settled');
    }
    if (state.nextAt === undefined || state.nextAt > loop.now()) return state.nextAt;
    const { takeAt, nextAt } = dueDate(place.trigger, dates, state.nextAt, loop.now());
    const taken = {
      ...state,
      nextAt,
      ...(takeAt !== undefined && { pendingAt: takeAt, firedAt: takeAt }),
    };
    state = await writeTrigger(
      loop.parts,
      place,
      taken,
      takeAt === undefined ? 'trigger-skipped' : 'trigger-fired',
    );
  }
  return loop.now();
}

/** Starts looking after the schedules of the loop's tenant. */
export function startScheduler(
  loop: RunLoop,
  complain: (place: TriggerPlace | undefined, error: unknown) => void,
): Scheduler {
  const { clock } = loop.parts;
  let isStopped = false;
  let isLooking = false;
  let isAskedAgain = false;
  let takeBack: (() => void) | undefined;

  const lookAll = async (): Promise<void> => {
    let wakeAt = loop.now() + lookEveryMs;
    for (const place of await schedulesOf(loop)) {
      if (isStopped || !loop.mayBegin()) return;
      try {
        const next = await look(loop, place, complain);
        if (next !== undefined) wakeAt = Math.min(wakeAt, next);
      } catch (error) {
        // Another process has taken it.
        const isTaken = error instanceof Failure && error.code === 'store.conflict';
        if (!isTaken) complain(place, error);
      }
    }
    if (!isStopped) takeBack = clock.wakeAt(Math.max(wakeAt, loop.now()), run);
  };
  const run = (): void => {
    if (isStopped) return;
    if (isLooking) {
      isAskedAgain = true;
      return;
    }
    takeBack?.();
    isLooking = true;
    lookAll()
      .catch((error: unknown) => {
        complain(undefined, error);
        if (!isStopped) takeBack = clock.wakeAt(loop.now() + lookEveryMs, run);
      })
      .finally(() => {
        isLooking = false;
        if (isAskedAgain) {
          isAskedAgain = false;
          run();
        }
      });
  };
  run();
  return {
    flowsChanged: run,
    stop() {
      isStopped = true;
      takeBack?.();
    },
  };
}
