/**
 * Windows that ended before everything had come together: where a trigger says so, an execution that has
 * failed stands for each, so that what did not happen is seen.
 */
import { Failure } from '../../core/failure/index.ts';
import {
  type Gathering,
  lastSpanBefore,
  type Listening,
  nextEnd,
} from '../../core/triggers/index.ts';
import { emptyMap, isMap, plainMarks, plainText, type Value } from '../../core/value/index.ts';
import { isStoreTrouble } from '../committer/index.ts';
import type { RunLoop } from '../run-loop/index.ts';
import { startFailed } from './fire-trigger.ts';
import { readGathered } from './gathered-records.ts';
import { readTrigger, riderOf, type TriggerPlace, writeTrigger } from './trigger-records.ts';

interface Waiting {
  readonly place: TriggerPlace;
  readonly listening: Listening;
}

function labelled({ trigger, ...place }: TriggerPlace, labels: Value | undefined): TriggerPlace {
  const more = isMap(labels)
    ? Object.entries(labels).map(([key, value]) => ({ key, value: plainText(value as Value) }))
    : [];
  return { ...place, trigger: { ...trigger, labels: [...trigger.labels, ...more] } };
}

async function miss(
  loop: RunLoop,
  { place, listening }: Waiting,
  gathering: Gathering,
  zone: string,
): Promise<void> {
  const { parts } = loop;
  const state = await readTrigger(parts, place);
  const last = lastSpanBefore(gathering.window, loop.now(), zone);
  if (last === undefined || (state.missedUntil ?? 0) >= last.end) return;
  const next = { ...state, missedUntil: last.end };
  const { gathered } = await readGathered(parts, place, gathering.id);
  const isMet = gathered.start === last.start && gathered.hasFired;
  // A window that was under way when the trigger came to be is nobody's fault.
  const isFirst = state.missedUntil === undefined;
  if (isMet || isFirst) {
    await writeTrigger(parts, { place, state: next, type: 'trigger-window-ended' });
    return;
  }
  const variables = emptyMap();
  variables['windowStart'] = Temporal.Instant.fromEpochMilliseconds(last.start);
  variables['windowEnd'] = Temporal.Instant.fromEpochMilliseconds(last.end);
  const failure = new Failure(
    'trigger.window-missed',
    `not everything that \`${place.trigger.id}\` waits for had ended when its window did`,
  );
  await startFailed(
    loop,
    {
      ...labelled(place, listening.onMiss?.['labels']),
      variables,
      marks: plainMarks,
      rider: riderOf(parts, { place, state: next }),
    },
    failure,
  );
}

/** Starts what stands for windows that were missed; gives when the next one ends. */
export async function missWindows(
  loop: RunLoop,
  waiting: readonly Waiting[],
  zone: string,
  complain: (place: TriggerPlace, error: unknown) => void,
): Promise<number | undefined> {
  let next: number | undefined;
  for (const one of waiting) {
    if (one.listening.onMiss === undefined) continue;
    for (const gathering of one.listening.gatherings) {
      try {
        await miss(loop, one, gathering, zone);
      } catch (error) {
        if (!(error instanceof Failure) || isStoreTrouble(error)) throw error;
        complain(one.place, error);
      }
      const end = nextEnd(gathering.window, loop.now(), zone);
      if (end !== undefined) next = Math.min(next ?? end, end);
    }
  }
  return next;
}
