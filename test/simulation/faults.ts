/**
 * What goes wrong, and when: either one fault at one counted operation, or whatever a seed draws. Which
 * kinds a seed may draw is drawn first, so that some runs suffer from one thing only, and much of it.
 */
import { createSeeded, type Seeded } from './seeded.ts';

/** What can happen to a commit. */
export const commitFaults = [
  'crash-before',
  'crash-after',
  'refuse',
  'lock',
  'tear',
  'lose-answer',
  'slow',
] as const;
/** What can happen to an effect outside. */
export const effectFaults = ['crash-before', 'crash-after', 'slow'] as const;

/** What happens to a commit. */
export type CommitFault = 'none' | (typeof commitFaults)[number];
/** What happens to an effect outside. */
export type EffectFault = 'none' | (typeof effectFaults)[number];

/** What goes wrong. */
export interface Faults {
  /** What happens to the `count`-th commit of the run, from 1. */
  atCommit(count: number): CommitFault;
  atEffect(count: number): EffectFault;
  /** Whether the `count`-th question to the store, from 1, is refused because the disk fails. */
  refusesRead(count: number): boolean;
  /** Which of `count` steps comes next. */
  pick(count: number): number;
  /** By how many milliseconds the clock jumps before the next step; 0 for not. */
  jump(): number;
  /** Whether an event is delivered a second time: at once, later, or not. */
  duplicate(type: string): 'no' | 'now' | 'late';
  /** Whether what a person does is done by a process of its own. */
  isVisitor(): boolean;
  /** Where in the frames of the last commit a disk is torn, from 0 to 1; undefined for not. */
  tornAt(): number | undefined;
}

/** Nothing goes wrong, and everything happens in the order in which it was asked for. */
export const noFaults: Faults = {
  atCommit: () => 'none',
  atEffect: () => 'none',
  refusesRead: () => false,
  pick: () => 0,
  jump: () => 0,
  duplicate: () => 'no',
  isVisitor: () => false,
  tornAt: () => undefined,
};

/** One fault at the `count`-th operation of its kind. */
export type SingleFault =
  | { readonly at: 'commit'; readonly count: number; readonly fault: CommitFault }
  | { readonly at: 'effect'; readonly count: number; readonly fault: EffectFault }
  | { readonly at: 'read'; readonly count: number; readonly fault: 'refuse' };

/** Returns faults of which there is one. */
export function oneFault(single: SingleFault): Faults {
  return {
    ...noFaults,
    atCommit: (count) => (single.at === 'commit' && count === single.count ? single.fault : 'none'),
    atEffect: (count) => (single.at === 'effect' && count === single.count ? single.fault : 'none'),
    refusesRead: (count) => single.at === 'read' && count === single.count,
  };
}

const crashesMax = 12;

/** Events that the world may deliver again at any later time; each names what it is about. */
const lateTypes: ReadonlySet<string> = new Set(['timer-fired', 'child-ended']);
/** Events that are no messages: whoever makes them makes them once. A slot is handed over, not told. */
const ownTypes: ReadonlySet<string> = new Set([
  'slot-granted',
  'slot-denied',
  'effect-intended',
  'attempt-lost',
  'task-started',
  'task-skipped',
  'execution-ended',
  'execution-created',
  'execution-restarted',
  // Written together with the record of what was decided, or not at all.
  'approval-opened',
  'approval-escalated',
  'approval-closed',
  'run-state-changed',
  'execution-state-changed',
]);

/** Returns the faults that follow from `seed`. */
export function seededFaults(seed: number): Faults {
  const chance = createSeeded(`faults ${seed}`);
  const drawn = <T extends string>(kinds: readonly T[]): readonly T[] =>
    kinds.filter(() => chance.oneIn(3));
  const ofCommits = drawn(commitFaults);
  const ofEffects = drawn(effectFaults);
  const rate = chance.pick([4, 8, 20, 60]);
  const jumpRate = chance.pick([0, 0, 15, 60]);
  const duplicateRate = chance.pick([0, 3, 10]);
  const visitorRate = chance.pick([0, 0, 2]);
  const isShuffled = chance.oneIn(2);
  const readRate = chance.pick([0, 0, 0, 40]);
  let left = crashesMax;
  const draw = <T extends string>(kinds: readonly T[], dice: Seeded): T | 'none' => {
    if (kinds.length === 0 || left === 0 || !dice.oneIn(rate)) return 'none';
    // However unlucky: at last it goes well, or nothing could be said about the end.
    left -= 1;
    return dice.pick(kinds);
  };
  const happens = (every: number): boolean => every > 0 && chance.oneIn(every);
  return {
    atCommit: () => draw(ofCommits, chance),
    atEffect: () => draw(ofEffects, chance),
    refusesRead: () => {
      if (left === 0 || !happens(readRate)) return false;
      left -= 1;
      return true;
    },
    pick: (count) => (isShuffled ? chance.below(count) : 0),
    jump: () => {
      if (!happens(jumpRate)) return 0;
      return chance.oneIn(2) ? chance.below(3_600_000) : -chance.below(20_000);
    },
    duplicate: (type) => {
      if (ownTypes.has(type) || !happens(duplicateRate)) return 'no';
      return lateTypes.has(type) && chance.oneIn(2) ? 'late' : 'now';
    },
    isVisitor: () => happens(visitorRate),
    tornAt: () => (chance.oneIn(2) ? chance.fraction() : undefined),
  };
}
