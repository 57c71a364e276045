/**
 * What is kept of the tests of flows: suites, and the newest run of each revision. A record comes from a
 * run of this system and from nowhere else; it and the entry that tells it are one write.
 */
import {
  countCases,
  type KeptSuite,
  type TestRecord,
  type TestStanding,
  testStanding,
} from '../../core/governance/index.ts';
import { decodeValue, type Value } from '../../core/value/index.ts';
import type { RegisterRecord, Store } from '../../ports/store.ts';
import type { FlowName } from '../flow-register/index.ts';
import type { RegisterDesk } from '../registers/index.ts';
import type { SuiteReport } from './case-report.ts';
import { suiteKind } from './suite-records.ts';

/** The register of test runs. */
const runKind = 'flow-test';
/** The register of the newest report of each suite. */
const resultKind = 'test-result';

const pageSize = 500;

function idOf({ namespace, flowId }: FlowName, revision: number): string {
  return `${namespace}/${flowId}/${revision}`;
}

async function keptSuites(
  store: Pick<Store, 'registerRecords'>,
  tenant: string,
  { namespace, flowId }: FlowName,
): Promise<readonly KeptSuite[]> {
  const key = { name: 'flow', value: `${namespace}/${flowId}` };
  const found: RegisterRecord[] = [];
  for (;;) {
    const after = found.at(-1)?.id;
    const more = after === undefined ? {} : { after };
    const query = { tenant, kind: suiteKind, key, limit: pageSize, ...more };
    const page = await store.registerRecords(query);
    found.push(...page);
    if (page.length < pageSize) break;
  }
  return found.map(({ document }) => decodeValue(document) as unknown as KeptSuite);
}

/** Returns whether the tests of a revision passed, and why. */
export async function testStandingOf(
  store: Pick<Store, 'registerRecord' | 'registerRecords'>,
  tenant: string,
  name: FlowName,
  revision: number,
): Promise<TestStanding> {
  const id = idOf(name, revision);
  const stored = await store.registerRecord({ tenant, kind: runKind, id });
  if (stored === undefined) return testStanding(revision, undefined);
  const record = decodeValue(stored.document) as unknown as TestRecord;
  return testStanding(revision, record, await keptSuites(store, tenant, name));
}

/** Returns a report as it is kept: what values were is told once, to who ran it. */
function withoutValues(report: SuiteReport): SuiteReport {
  const cases = report.cases.map(({ failure: _failure, ...one }) => ({
    ...one,
    checks: one.checks.map(({ message: _message, ...check }) => ({
      ...check,
      expected: null,
      actual: null,
    })),
  }));
  return { ...report, cases };
}

/** Returns the newest report of a suite, or that of a run; undefined where it is not kept any more. */
export async function findReport(
  desk: RegisterDesk,
  which: { readonly runId: string } | { readonly namespace: string; readonly id: string },
): Promise<SuiteReport | undefined> {
  if ('id' in which) return desk.read<SuiteReport>(resultKind, `${which.namespace}/${which.id}`);
  const found = await desk.list<SuiteReport>(resultKind, { name: 'run', value: which.runId });
  return found[0]?.content;
}

/** Returns the newest report of every suite. */
export async function listReports(desk: RegisterDesk): Promise<readonly SuiteReport[]> {
  return (await desk.list<SuiteReport>(resultKind)).map(({ content }) => content);
}

/** What a run of tests gave. */
export interface TestRun extends Omit<TestRecord, 'at'> {
  /** What is kept of each suite beside its counts. */
  readonly reports: readonly SuiteReport[];
  /** True when all suites of the flow were run: what earlier runs gave does not count any more. */
  readonly isWhole: boolean;
}

/**
 * Keeps what came of a run of tests: the newest result of each suite counts. The entry that tells it is
 * in the same write.
 */
export function recordTests(
  desk: RegisterDesk,
  { isWhole, suites, reports, ...run }: TestRun,
): Promise<TestRecord> {
  return desk.do(async (work) => {
    const id = idOf(run, run.revision);
    const before = isWhole ? undefined : await work.read<TestRecord>(runKind, id);
    const others = (before?.suites ?? []).filter((one) => !suites.some((own) => own.id === one.id));
    const kept: TestRecord = { ...run, suites: [...others, ...suites], at: work.at };
    const { namespace, flowId } = run;
    const flow = `${namespace}/${flowId}`;
    await work.put(runKind, id, kept, { flow });
    for (const report of reports) {
      const place = `${namespace}/${report.id}`;
      await work.put(resultKind, place, withoutValues(report), { flow, run: report.runId });
    }
    const payload = { ...run, ...countCases(suites), suites } as unknown as Record<string, Value>;
    work.enter({ stream: `flow:${flow}`, type: 'flow-tested', actor: run.by, payload });
    return () => kept;
  });
}
