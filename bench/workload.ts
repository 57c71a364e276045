/**
 * What a workload of the bench is, and the few numbers all of them need. Machines differ and are noisy:
 * a workload gives ratios of two things measured one after the other, and the bench takes medians.
 */
import type { RawLimits } from './raw-limits.ts';

/** One line of the table. */
export interface Measure {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  /** `value` against something measured beside it. */
  readonly ratio?: number;
  /** What the ratio is to. */
  readonly to?: string;
  /** What is held to: the ratio where there is one, else the value. */
  readonly budget?: Budget;
}

/** A bound: at least or at most. */
export type Budget = { readonly min: number } | { readonly max: number };

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

/** Returns the middle of `numbers`. */
export function median(numbers: readonly number[]): number {
  return quantile(numbers, 0.5);
}

/** Returns the value below which the share `at` of `numbers` lies. */
export function quantile(numbers: readonly number[], at: number): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * at))] ?? Number.NaN;
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
