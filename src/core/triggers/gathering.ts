/**
 * Several executions that must come together before a trigger fires: which of its parts were seen in the
 * present window, and by which execution. A pure step from one end of an execution to the next.
 *
 * INVARIANT: what was seen in a window says nothing in the next one.
 */
import type { Condition } from './condition.ts';
import { type Span, spanAt, type Window } from './window.ts';

/** What must come together. */
export interface Gathering {
  readonly id: string;
  readonly parts: readonly { readonly key: string; readonly condition: Condition }[];
  /** How many parts are enough. */
  readonly needed: number;
  readonly window: Window;
  /** Whether all parts must come together anew after it fired. */
  readonly resets: boolean;
  /** Whether it fires once in a window at most. */
  readonly firesOnce: boolean;
  /** Whether outputs are read by the id of their flow; else all of them are one map. */
  readonly namesFlows: boolean;
}

/** A part that was seen. */
export interface SeenPart {
  readonly key: string;
  readonly executionId: string;
  readonly at: number;
}

/** What has gathered. */
export interface Gathered {
  /** Start of the window it belongs to; 0 for a sliding one. */
  readonly start: number;
  readonly seen: readonly SeenPart[];
  readonly hasFired: boolean;
}

/** Nothing has gathered yet. */
export const nothingGathered: Gathered = { start: 0, seen: [], hasFired: false };

/** What an end of an execution does to a gathering. */
export interface GatherStep {
  readonly gathered: Gathered;
  readonly isComplete: boolean;
  /** The executions that were seen, in the order of the parts, when it is complete. */
  readonly executionIds: readonly string[];
}

function present(gathered: Gathered, window: Window, span: Span): Gathered {
  if (window.kind === 'sliding') {
    return { ...gathered, start: 0, seen: gathered.seen.filter(({ at }) => at > span.start) };
  }
  return gathered.start === span.start ? gathered : { ...nothingGathered, start: span.start };
}

/** Adds an end of an execution, at `at`, that is the parts `keys`; undefined where none of it counts. */
export function gather(
  gathering: Gathering,
  before: Gathered,
  end: { readonly keys: readonly string[]; readonly executionId: string; readonly at: number },
  zone: string,
): GatherStep | undefined {
  const { window, parts, needed, resets, firesOnce } = gathering;
  const span = spanAt(window, end.at, zone);
  if (span === undefined || end.keys.length === 0) return undefined;
  const { start, seen: earlier, hasFired } = present(before, window, span);
  const others = earlier.filter(({ key }) => !end.keys.includes(key));
  const own = end.keys.map((key) => ({ key, executionId: end.executionId, at: end.at }));
  const seen = [...others, ...own];
  const isComplete = seen.length >= needed && !(firesOnce && hasFired);
  if (!isComplete) {
    return { gathered: { start, seen, hasFired }, isComplete, executionIds: [] };
  }
  const order = (key: string): number => parts.findIndex((part) => part.key === key);
  const executionIds = seen
    .toSorted((a, b) => order(a.key) - order(b.key))
    .map(({ executionId }) => executionId);
  const kept = resets ? [] : seen;
  return { gathered: { start, seen: kept, hasFired: true }, isComplete, executionIds };
}
