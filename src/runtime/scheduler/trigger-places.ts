/** The triggers of a tenant that are not switched off in their flows, known for a while. */
import { Failure } from '../../core/failure/index.ts';
import { isStoreTrouble } from '../committer/index.ts';
import type { RunLoop } from '../run-loop/index.ts';
import { lookEveryMs } from './look-again.ts';
import type { TriggerPlace } from './trigger-records.ts';

/** Knows the triggers of a tenant. */
export interface TriggerPlaces {
  all(): Promise<readonly TriggerPlace[]>;
  /** Has them looked for anew. */
  forget(): void;
}

async function find(
  { parts, library }: RunLoop,
  complain: (error: unknown) => void,
): Promise<readonly TriggerPlace[]> {
  const places: TriggerPlace[] = [];
  for (const { namespace, id: flowId } of await parts.store.flows(parts.tenant)) {
    try {
      const { flow } = await library.find(namespace, flowId);
      if (flow.isDisabled) continue;
      for (const trigger of flow.triggers) {
        if (!trigger.isDisabled) places.push({ namespace, flowId, trigger });
      }
    } catch (error) {
      if (!(error instanceof Failure) || isStoreTrouble(error)) throw error;
      // One flow that cannot be read any more holds up none of the others.
      complain(error);
    }
  }
  return places;
}

/** Returns what knows the triggers of a loop's tenant. */
export function createTriggerPlaces(
  loop: RunLoop,
  complain: (error: unknown) => void,
): TriggerPlaces {
  let known: Promise<readonly TriggerPlace[]> | undefined;
  let knownAt = Number.NEGATIVE_INFINITY;
  return {
    all() {
      const age = loop.now() - knownAt;
      if (known === undefined || age < 0 || age >= lookEveryMs) {
        knownAt = loop.now();
        known = find(loop, complain);
        known.catch(() => {
          known = undefined;
        });
      }
      return known;
    },
    forget() {
      known = undefined;
    },
  };
}
