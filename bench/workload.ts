/**
 * What a workload of the bench is, and the few numbers all of them need. Machines differ and are noisy:
 * a workload gives ratios of two things measured one after the other, and the bench takes medians.
 */
import type { Measure } from './measure.ts';
import type { RawLimits } from './raw-limits.ts';

/** How large a workload is; the full size is what budgets are stated for. */
export interface BenchSize {
  /** Multiplies the number of executions, tasks and values; 1 is the full size. */
  readonly scale: number;
  readonly rounds: number;
}

/** What a workload is given. */
export interface BenchContext {
  readonly size: BenchSize;
  /** A folder on the disk under test, emptied after the workload. */
  readonly folder: string;
  readonly raw: RawLimits;
  /** Tells how far the workload is. */
  readonly progress: (message: string) => void;
}

/** Something measured. */
export interface Workload {
  readonly id: string;
  readonly title: string;
  run(context: BenchContext): Promise<readonly Measure[]>;
}

/** Returns `count` at the scale of `size`, at least `min`. */
export function scaled({ scale }: BenchSize, count: number, min = 1): number {
  return Math.max(min, Math.round(count * scale));
}

/** Runs `work` once per round and gives what the rounds gave. */
export async function eachRound<T>(
  { rounds }: BenchSize,
  work: (round: number) => Promise<T>,
): Promise<T[]> {
  const results: T[] = [];
  for (let round = 0; round < rounds; round += 1) results.push(await work(round));
  return results;
}

/** Tells whether `measure` is within its budget; undefined when it has none. */
export function isWithin({ value, ratio, budget }: Measure): boolean | undefined {
  if (budget === undefined) return undefined;
  const held = ratio ?? value;
  return 'min' in budget ? held >= budget.min : held <= budget.max;
}
