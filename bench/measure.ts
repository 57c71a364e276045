/** What a workload gives, and the numbers that many rounds are condensed to. */

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

/** Returns the middle of `numbers`. */
export function median(numbers: readonly number[]): number {
  return quantile(numbers, 0.5);
}

/** Returns the value below which the share `at` of `numbers` lies. */
export function quantile(numbers: readonly number[], at: number): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * at))] ?? Number.NaN;
}
