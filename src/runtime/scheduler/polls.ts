/** Looks after the triggers that ask from time to time: each by itself, so that a slow one holds up none. */
import { Failure } from '../../core/failure/index.ts';
import type { PollingTrigger } from '../../ports/trigger.ts';
import type { RunLoop } from '../run-loop/index.ts';
import type { Complain } from './hear-executions.ts';
import { type LookAgain, lookAgain } from './look-again.ts';
import { pollTrigger } from './poll-trigger.ts';
import { nameOf, type TriggerPlace } from './trigger-records.ts';

/** Looks after triggers that ask. */
export interface Polls {
  /** Takes over the triggers that there are. */
  look(places: readonly TriggerPlace[]): void;
  /** Looks again at those that wait for an execution that has ended. */
  ended(executionId: string): void;
  stop(): void;
}

interface Poll {
  readonly place: TriggerPlace;
  readonly look: LookAgain;
  stopNow: (() => void) | undefined;
  awaited: string | undefined;
}

/** Returns what looks after the triggers whose types are among `types`. */
export function createPolls(
  loop: RunLoop,
  types: ReadonlyMap<string, PollingTrigger>,
  complain: Complain,
): Polls {
  const polls = new Map<string, Poll>();

  const begin = (place: TriggerPlace, polling: PollingTrigger): Poll => {
    const evaluate = async (): Promise<number | undefined> => {
      try {
        const next = await pollTrigger(loop, place, polling, complain, (stop) => {
          poll.stopNow = stop;
        });
        poll.awaited = next.awaited;
        return next.at;
      } catch (error) {
        // Another process has evaluated it.
        if (error instanceof Failure && error.code === 'store.conflict') return undefined;
        throw error;
      } finally {
        poll.stopNow = undefined;
      }
    };
    const look = lookAgain(loop.parts.clock, evaluate, (error) => complain(place, error));
    const poll: Poll = { place, look, stopNow: undefined, awaited: undefined };
    return poll;
  };

  const end = (name: string, poll: Poll): void => {
    poll.look.stop();
    poll.stopNow?.();
    polls.delete(name);
  };

  return {
    look(places) {
      const present = new Map(places.map((place) => [nameOf(place), place]));
      for (const [name, poll] of polls) {
        if (present.get(name)?.trigger !== poll.place.trigger) end(name, poll);
      }
      for (const [name, place] of present) {
        const polling = types.get(place.trigger.type);
        if (polling === undefined) continue;
        const poll = polls.get(name) ?? begin(place, polling);
        polls.set(name, poll);
        poll.look.now();
      }
    },
    ended(executionId) {
      for (const poll of polls.values()) if (poll.awaited === executionId) poll.look.now();
    },
    stop() {
      for (const [name, poll] of polls) end(name, poll);
    },
  };
}
