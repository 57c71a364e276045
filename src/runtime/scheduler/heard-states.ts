/**
 * States of executions in the order in which they became durable, read from the ledger itself: whatever
 * process wrote them, and whatever crash came between, none is missed and none is seen twice.
 */
import { decodeEvent, type State } from '../../core/engine/index.ts';
import type { Entry } from '../../ports/store.ts';
import { foldExecution, type RunLoop } from '../run-loop/index.ts';
import type { HeardPlace } from './trigger-records.ts';

/** A state that an execution took. */
export interface HeardState extends HeardPlace {
  readonly executionId: string;
  readonly state: State;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** Tells whether `place` lies behind `other`. */
export function isBehind(place: HeardPlace, other: HeardPlace): boolean {
  return place.seq > other.seq || (place.seq === other.seq && place.part > other.part);
}

const prefix = 'execution:';

/** How many places of the ledger are looked at in one turn. */
const spanMax = 5_000;

/** How many states were known of each execution, for those whose passing states are listened to. */
const countedMax = 10_000;

/** A part of the ledger. */
export interface HeardPart {
  readonly states: readonly HeardState[];
  readonly lastSeq: number;
  readonly isLast: boolean;
}

/** Reads states. */
export interface HeardStates {
  /** Returns the states in the next part of the ledger, its last place, and whether nothing is behind it. */
  after(seq: number, wantsPassing: boolean): Promise<HeardPart>;
}

/** Returns what reads the states of the executions of a loop's tenant. */
export function createHeardStates(loop: RunLoop): HeardStates {
  const { store, tenant } = loop.parts;
  /** How many states an execution had taken at a place of the ledger. */
  const counted = new Map<string, { readonly seq: number; readonly count: number }>();

  const ended = (entry: Entry): HeardState => {
    const event = decodeEvent(entry.type, entry.at, entry.payload);
    const state = event.type === 'execution-ended' ? event.state : 'FAILED';
    const executionId = entry.stream.slice(prefix.length);
    return { seq: entry.seq, part: 0, executionId, state, at: entry.at };
  };

  const historyAt = async (id: string, seq: number) =>
    (await foldExecution(loop, id, seq)).execution.histories;

  const countBefore = async (id: string, { seq, type }: Entry): Promise<number> => {
    if (type === 'execution-created') return 0;
    const known = counted.get(id);
    // A part that is read again, because something went wrong with it, is counted again.
    if (known !== undefined && known.seq < seq) return known.count;
    return (await historyAt(id, seq - 1)).length;
  };

  /** What passes (a pause, a retry) is no entry of its own: it follows from one, by the reducer. */
  const passed = async (entry: Entry): Promise<readonly HeardState[]> => {
    const id = entry.stream.slice(prefix.length);
    const before = await countBefore(id, entry);
    const history = await historyAt(id, entry.seq);
    if (counted.size >= countedMax) counted.clear();
    counted.set(id, { seq: entry.seq, count: history.length });
    return history
      .slice(before)
      .map(({ state, at }, part) => ({ seq: entry.seq, part, executionId: id, state, at }));
  };

  return {
    async after(seq, wantsPassing) {
      const types = wantsPassing ? undefined : ['execution-ended'];
      const { entries, lastSeq } = await store.scanEntries({
        tenant,
        afterSeq: seq,
        span: spanMax,
        ...(types !== undefined && { types }),
      });
      const isLast = lastSeq < seq + spanMax;
      if (!wantsPassing) return { states: entries.map(ended), lastSeq, isLast };
      const states: HeardState[] = [];
      for (const entry of entries) {
        if (!entry.stream.startsWith(prefix)) continue;
        // Of one whose values were erased the end is still told by its own entry.
        const isErased = entry.isErased === true;
        if (!isErased) states.push(...(await passed(entry)));
        else if (entry.type === 'execution-ended') states.push(ended(entry));
      }
      return { states, lastSeq, isLast };
    },
  };
}
