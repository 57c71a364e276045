/** What came of tests, for people: a line for each case, and below those that failed why. */
import type { CaseReport, CheckReport, SuiteReport } from '../../app/flow-test-desk.ts';
import type { Paint } from './colour.ts';
import { durationText } from './duration-text.ts';
import { harmless } from './terminal-text.ts';

const signs = {
  SUCCESS: ['✓', 'green'],
  FAILED: ['✗', 'red'],
  ERROR: ['✗', 'red'],
  SKIPPED: ['-', 'dim'],
} as const;

function shown(value: string | null): string {
  return value === null ? 'nothing' : harmless(value).replaceAll('\n', '\n                ');
}

function checkText(check: CheckReport, file: string, paint: Paint): string {
  const { operator, expected, actual, message, line, taskId, description } = check;
  const of = taskId === undefined ? '' : ` of \`${taskId}\``;
  const about = description === undefined ? '' : `  ${harmless(description)}`;
  return (
    `    ${paint(`${harmless(file)}:${line}`, 'bold')}${about}\n` +
    `      ${operator}${of}\n` +
    `      expected: ${shown(expected)}\n` +
    `      got:      ${shown(actual)}\n` +
    (message === undefined ? '' : `      ${harmless(message)}\n`)
  );
}

/** Returns the line of a case. */
export function caseLine(suite: string, report: CaseReport, paint: Paint): string {
  const { id, state, startedAt, endedAt, description } = report;
  const [sign, colour] = signs[state];
  const time = state === 'SKIPPED' ? 'disabled' : durationText(endedAt - startedAt);
  const about = description === undefined ? '' : `  ${harmless(description)}`;
  return `${paint(sign, colour)} ${harmless(`${suite}/${id}`)}${about}  ${paint(time, 'dim')}\n`;
}

/** Returns why a case is not as it should be; empty where it is. */
export function caseTroubles(file: string, report: CaseReport, paint: Paint): string {
  if (report.state === 'SUCCESS' || report.state === 'SKIPPED') return '';
  const failed = report.checks.filter(({ isSuccess }) => !isSuccess);
  const errors = [...report.errors, ...(report.failure === undefined ? [] : [report.failure])];
  return (
    errors.map((one) => `    ${paint('error:', 'red')} ${harmless(one)}\n`).join('') +
    failed.map((one) => checkText(one, file, paint)).join('')
  );
}

/** How many cases came to what. */
export interface CaseCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** Returns how many cases came to what. */
export function countReports(reports: readonly SuiteReport[]): CaseCounts {
  const states = reports.flatMap(({ cases }) => cases.map(({ state }) => state));
  const count = (...wanted: readonly string[]): number =>
    states.filter((state) => wanted.includes(state)).length;
  return {
    passed: count('SUCCESS'),
    failed: count('FAILED', 'ERROR'),
    skipped: count('SKIPPED'),
  };
}

/** Returns the counts as a sentence: `7 of 8 cases passed, 1 skipped`. */
export function countsText({ passed, failed, skipped }: CaseCounts): string {
  const count = passed + failed;
  const rest = skipped === 0 ? '' : `, ${skipped} skipped`;
  return `${passed} of ${count} ${count === 1 ? 'case' : 'cases'} passed${rest}`;
}

/** Returns reports as the document that programs read. */
export function reportsDocument(
  reports: readonly SuiteReport[],
  fileOf: (report: SuiteReport) => string | undefined,
): object {
  return {
    ...countReports(reports),
    suites: reports.map(({ cases, startedAt, endedAt, runId: _run, ...suite }) => {
      const file = fileOf(suite as SuiteReport);
      return {
        ...suite,
        ...(file !== undefined && { file }),
        durationMs: endedAt - startedAt,
        cases: cases.map(({ startedAt: from, endedAt: to, ...one }) => ({
          ...one,
          durationMs: to - from,
        })),
      };
    }),
  };
}
