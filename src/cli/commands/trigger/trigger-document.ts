/** How a trigger stands, as programs read it, and the name that people give it by. */
import type { TriggerName, TriggerRow } from '../../../app/triggers.ts';
import type { Call } from '../../command.ts';
import { usageFailure } from '../../parse-arguments.ts';

/** Returns the trigger that the first argument of a call names. */
export function readTriggerName({ args }: Call): TriggerName {
  const [namespace = '', flowId = '', triggerId = '', ...rest] = (args[0] ?? '').split('/');
  if (triggerId === '' || rest.length > 0) {
    throw usageFailure('a trigger is named as `namespace/flow/trigger`');
  }
  return { namespace, flowId, triggerId };
}

/** Returns the name of a trigger. */
export function nameOf({ place }: TriggerRow): string {
  return `${place.namespace}/${place.flowId}/${place.trigger.id}`;
}

/** Returns a moment as text; an empty one for none. */
export function timeOf(at: number | undefined): string {
  return at === undefined ? '' : new Date(at).toISOString();
}

/** Returns whether a trigger is on, walks through past dates, or is off. */
export function standOf({ place, state }: TriggerRow): string {
  if (state.isDisabled || place.trigger.isDisabled) return 'off';
  const { backfill } = state;
  if (backfill === undefined) return 'on';
  const done = `${backfill.done}/${backfill.total ?? '?'}`;
  return backfill.isPaused ? `backfill ${done} held` : `backfill ${done}`;
}

/** Returns a trigger as programs read it. */
export function triggerDocument(row: TriggerRow): Readonly<Record<string, unknown>> {
  const { place, state, trouble } = row;
  const { backfill } = state;
  return {
    namespace: place.namespace,
    flowId: place.flowId,
    triggerId: place.trigger.id,
    type: place.trigger.type,
    disabled: state.isDisabled || place.trigger.isDisabled,
    ...(state.firedAt !== undefined && { date: timeOf(state.firedAt) }),
    ...(state.nextAt !== undefined && { nextExecutionDate: timeOf(state.nextAt) }),
    ...(state.executionId !== undefined && { executionId: state.executionId }),
    ...(backfill !== undefined && {
      backfill: {
        start: timeOf(backfill.start),
        end: timeOf(backfill.end),
        currentDate: timeOf(backfill.current),
        paused: backfill.isPaused,
        inputs: backfill.inputs,
        labels: backfill.labels,
        done: backfill.done,
        ...(backfill.total !== undefined && { total: backfill.total }),
      },
    }),
    ...(trouble !== undefined && { trouble }),
  };
}
