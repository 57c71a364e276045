/** The results of the bench as a table for people. */
import type { Measure } from './measure.ts';
import { isWithin } from './workload.ts';

/** What one workload gave. */
export interface BenchResult {
  readonly id: string;
  readonly title: string;
  readonly measures: readonly Measure[];
}

function numberText(value: number): string {
  if (value >= 1_000) return Math.round(value).toLocaleString('en-US');
  return String(Number(value.toPrecision(3)));
}

function budgetText({ budget, ratio }: Measure): string {
  if (budget === undefined) return '';
  const sign = ratio === undefined ? '' : ' ×';
  return 'min' in budget ? `≥ ${budget.min}${sign}` : `≤ ${budget.max}${sign}`;
}

function cells(measure: Measure): string[] {
  const { what, value, unit, ratio, to } = measure;
  const isMet = isWithin(measure);
  return [
    what,
    `${numberText(value)} ${unit}`.trim(),
    ratio === undefined ? '' : `${numberText(ratio)} × ${to ?? ''}`,
    budgetText(measure),
    isMet === undefined ? '' : isMet ? 'ok' : 'MISSED',
  ];
}

/** Returns `results` as lines of text with aligned columns. */
export function benchTable(results: readonly BenchResult[]): string {
  const rows = results.flatMap(({ measures }) => measures.map(cells));
  const widths = [0, 1, 2, 3].map((column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: readonly string[]): string =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd();
  return results
    .map(({ id, title, measures }) =>
      [`${id}  ${title}`, ...measures.map((one) => line(cells(one))), ''].join('\n'),
    )
    .join('\n');
}
