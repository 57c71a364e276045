/** What came of tests as JUnit XML, which pipelines show. */
import type { CaseReport, SuiteReport } from '../../app/flow-test-desk.ts';
import { caseTroubles, countReports } from './test-report.ts';
import { noPaint } from './colour.ts';

/** Returns `text` as XML takes it; what no XML may hold is left out. */
function escaped(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escaped(String(value)).replaceAll('\n', '&#10;')}"`)
    .join('');
}

function seconds(from: number, to: number): string {
  return ((to - from) / 1_000).toFixed(3);
}

function firstTrouble(report: CaseReport): string {
  const failed = report.checks.find(({ isSuccess }) => !isSuccess);
  return (
    report.errors[0] ??
    report.failure ??
    failed?.message ??
    `${failed?.operator ?? 'it'} does not hold`
  );
}

function caseXml(suite: string, file: string, report: CaseReport): string {
  const { id, state, startedAt, endedAt, line } = report;
  const open = `    <testcase${attributes({
    name: id,
    classname: suite,
    file,
    line,
    time: seconds(startedAt, endedAt),
  })}`;
  if (state === 'SUCCESS') return `${open}/>\n`;
  if (state === 'SKIPPED') return `${open}>\n      <skipped/>\n    </testcase>\n`;
  const kind = state === 'ERROR' ? 'error' : 'failure';
  const said = escaped(caseTroubles(file, report, noPaint));
  const message = attributes({ message: firstTrouble(report) });
  return `${open}>\n      <${kind}${message}>${said}</${kind}>\n    </testcase>\n`;
}

/** Returns reports as JUnit XML. */
export function junitXml(
  reports: readonly SuiteReport[],
  fileOf: (report: SuiteReport) => string,
): string {
  const count = (wanted: readonly SuiteReport[]) => {
    const { passed, failed, skipped } = countReports(wanted);
    const errors = wanted.flatMap(({ cases }) => cases).filter(({ state }) => state === 'ERROR');
    return {
      tests: passed + failed + skipped,
      failures: failed - errors.length,
      errors: errors.length,
      skipped,
    };
  };
  const suites = reports.map((one) => {
    const { namespace, flowId, id, cases, startedAt, endedAt } = one;
    const file = fileOf(one);
    const name = `${namespace}/${flowId}: ${id}`;
    const own = {
      name,
      ...count([one]),
      time: seconds(startedAt, endedAt),
      timestamp: new Date(startedAt).toISOString(),
      file,
    };
    const inner = cases.map((each) => caseXml(name, file, each)).join('');
    return `  <testsuite${attributes(own)}>\n${inner}  </testsuite>\n`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites${attributes(count(reports))}>\n${suites.join('')}</testsuites>\n`;
}
