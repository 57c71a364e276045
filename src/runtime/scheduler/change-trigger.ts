/**
 * What people, and tasks of flows, do to a trigger: switch it off and on, let go what it waits for, walk
 * through past dates. It holds for every revision of the flow that has a trigger of that name.
 */
import { Failure } from '../../core/failure/index.ts';
import type { RunLoop } from '../run-loop/index.ts';
import {
  forgetTrigger,
  nameOf,
  readTrigger,
  type TriggerPlace,
  type TriggerState,
  writeTrigger,
} from './trigger-records.ts';
import { backfillOf, type BackfillOrder } from './walk-backfill.ts';

/** Names a trigger. */
export interface TriggerName {
  readonly namespace: string;
  readonly flowId: string;
  readonly triggerId: string;
}

/** What is done to a trigger. */
export type TriggerOrder =
  | {
      readonly kind:
        | 'disable'
        | 'enable'
        /** It fires again although what it started has not ended. */
        | 'unlock'
        /** It begins anew: what it waits for and what went wrong is forgotten. */
        | 'restart'
        /** Everything that is known of it is forgotten. */
        | 'forget'
        | 'pause-backfill'
        | 'continue-backfill'
        | 'delete-backfill';
    }
  | ({ readonly kind: 'backfill' } & BackfillOrder);

interface Changed {
  readonly state: TriggerState;
  readonly type: string;
}

/** Returns the trigger of that name; throws `trigger.not-found`. */
export async function findTrigger(
  { library }: Pick<RunLoop, 'library'>,
  { namespace, flowId, triggerId }: TriggerName,
): Promise<TriggerPlace> {
  const none = new Failure(
    'trigger.not-found',
    `there is no trigger \`${namespace}/${flowId}/${triggerId}\``,
  );
  try {
    const { flow } = await library.find(namespace, flowId);
    const trigger = flow.triggers.find(({ id }) => id === triggerId);
    if (trigger === undefined) throw none;
    return { namespace, flowId, trigger };
  } catch (error) {
    if (error instanceof Failure && error.code === 'flow.not-found') throw none;
    throw error;
  }
}

function noBackfill(place: TriggerPlace): Failure {
  return new Failure(
    'trigger.backfill-invalid',
    `\`${nameOf(place)}\` walks through no past dates`,
  );
}

function heldBackfill(place: TriggerPlace, state: TriggerState, isPaused: boolean): TriggerState {
  if (state.backfill === undefined) throw noBackfill(place);
  // Going on is trying again.
  const trouble = isPaused ? state.trouble : undefined;
  return { ...state, trouble, backfill: { ...state.backfill, isPaused } };
}

/** Returns what an order makes of a trigger; undefined where it is so already. */
function changed(
  place: TriggerPlace,
  state: TriggerState,
  order: TriggerOrder,
  now: number,
): Changed | undefined {
  // What was missed while it was off was missed on purpose: it is scheduled anew.
  const anew = { ...state, schedule: '', trouble: undefined };
  switch (order.kind) {
    case 'disable':
      if (state.isDisabled) return undefined;
      return { state: { ...anew, isDisabled: true }, type: 'trigger-disabled' };
    case 'enable':
      if (!state.isDisabled) return undefined;
      return { state: { ...anew, isDisabled: false }, type: 'trigger-enabled' };
    case 'unlock':
      if (state.executionId === undefined) return undefined;
      return { state: { ...state, executionId: undefined }, type: 'trigger-unlocked' };
    case 'restart':
      return { state: { ...anew, executionId: undefined }, type: 'trigger-restarted' };
    case 'pause-backfill':
      return { state: heldBackfill(place, state, true), type: 'trigger-backfill-paused' };
    case 'continue-backfill':
      return { state: heldBackfill(place, state, false), type: 'trigger-backfill-continued' };
    case 'delete-backfill':
      if (state.backfill === undefined) throw noBackfill(place);
      return { state: { ...state, backfill: undefined }, type: 'trigger-backfill-deleted' };
    case 'backfill': {
      if (state.backfill !== undefined) {
        const why = `\`${nameOf(place)}\` walks through other past dates already`;
        throw new Failure('trigger.backfill-invalid', why, { help: 'delete that backfill first' });
      }
      const backfill = backfillOf(place, order, now);
      return { state: { ...state, backfill }, type: 'trigger-backfill-set' };
    }
    case 'forget':
      return undefined;
  }
}

const triesMax = 10;

/** Does to a trigger what `order` says; throws `trigger.not-found` and `trigger.backfill-invalid`. */
export async function changeTrigger(
  loop: RunLoop,
  name: TriggerName,
  order: TriggerOrder,
  actor: string,
): Promise<{ readonly place: TriggerPlace; readonly state: TriggerState }> {
  const parts = { ...loop.parts, actor };
  const place = await findTrigger(loop, name);
  for (let tries = 1; ; tries += 1) {
    const state = await readTrigger(parts, place);
    try {
      if (order.kind === 'forget') {
        await forgetTrigger(parts, place, state);
        return { place, state: await readTrigger(parts, place) };
      }
      const change = changed(place, state, order, loop.now());
      if (change === undefined) return { place, state };
      return { place, state: await writeTrigger(parts, { place, ...change }) };
    } catch (error) {
      // A trigger that fires just now writes to the same record.
      const isRace = error instanceof Failure && error.code === 'store.conflict';
      if (!isRace || tries >= triesMax) throw error;
    }
  }
}
