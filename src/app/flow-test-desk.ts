/**
 * The desk of the tests of flows: suites that are kept, run, and what comes of it. What counts for a
 * revision is what this system ran itself, with nothing acting outside.
 *
 * INVARIANT: no result is taken from a caller; a recorded run never acts outside.
 */
import { Failure } from '../core/failure/index.ts';
import {
  type Diagnostic,
  type ParsedSuite,
  parseSuite,
  type TestCase,
  type TestSuite,
} from '../core/flow/index.ts';
import type { SuiteResult, TestStanding } from '../core/governance/index.ts';
import type { ActionId } from '../core/policy/index.ts';
import type { FlowName } from '../runtime/flow-register/index.ts';
import {
  type CaseReport,
  findReport,
  findSuite,
  jointState,
  listReports,
  listSuites,
  recordTests,
  removeSuite,
  runCase,
  saveSuite,
  type StoredSuite,
  type SuiteName,
  type SuiteReport,
  switchSuite,
  type TestedFlow,
  testStandingOf,
} from '../runtime/flow-tests/index.ts';
import type { RegisterDesk } from '../runtime/registers/index.ts';
import type { RunLoop } from '../runtime/run-loop/index.ts';
import { assertAllowed, type Changer } from './assert-allowed.ts';
import { deciding } from './deciding.ts';
import { openTestWorld } from './test-world.ts';

export type { CaseReport, CheckReport, SuiteReport } from '../runtime/flow-tests/index.ts';

/** A suite as text, and where it comes from. */
export interface SuiteSource {
  readonly source: string;
  /** The name of its file, for diagnostics. */
  readonly file: string;
}

/** How tests are run. */
export interface TestOptions {
  /** Which cases; absent: all. */
  readonly only?: (suite: TestSuite, one: TestCase) => boolean;
  /** Lets tasks without a fixture act outside; for whoever owns the machine, never for a recorded run. */
  readonly mayAct?: boolean;
  /** The longest time that a case may take. */
  readonly timeoutMs?: number;
  /** Called when a case is over. */
  readonly onCase?: (suite: TestSuite, report: CaseReport) => void;
}

/** What a recorded run gave. */
export interface RecordedTests {
  readonly revision: number;
  readonly reports: readonly SuiteReport[];
  readonly standing: TestStanding;
}

/** The tests of flows, as people ask about them and run them. */
export interface FlowTestDesk {
  /** Reads a suite and tells everything that is wrong in it, measured against its flow. */
  check(suite: SuiteSource): Promise<ParsedSuite>;
  /** Runs suites and keeps nothing. */
  run(suites: readonly TestSuite[], options?: TestOptions): Promise<readonly SuiteReport[]>;

  list(flow?: FlowName): Promise<readonly StoredSuite[]>;
  /** Throws `test.suite-not-found`. */
  show(name: SuiteName): Promise<StoredSuite>;
  /** Throws `test.suite-invalid` with diagnostics, `policy.denied`. */
  save(suite: SuiteSource): Promise<StoredSuite>;
  /** Throws `test.suite-not-found`, `policy.denied`. */
  remove(name: SuiteName): Promise<void>;
  /** Throws `test.suite-not-found`, `policy.denied`. */
  switch(name: SuiteName, isDisabled: boolean): Promise<StoredSuite>;

  /** Runs a kept suite on the newest revision; all of it is recorded. Throws `test.suite-not-found`, `policy.denied`. */
  runKept(name: SuiteName, options?: Pick<TestOptions, 'only'>): Promise<SuiteReport>;
  /** Runs the kept suites of a flow and those given on its newest revision, and records it; throws `flow.not-found`, or `test.suite-not-found` when there is none. */
  record(
    flow: FlowName,
    given: readonly SuiteSource[],
    options?: Pick<TestOptions, 'timeoutMs' | 'onCase'>,
  ): Promise<RecordedTests>;
  /** Returns the report of a run while it is the newest of its suite. */
  report(runId: string): Promise<SuiteReport | undefined>;
  /** Returns the newest report of every suite that was run, without values. */
  reports(): Promise<readonly SuiteReport[]>;
}

const timeoutDefaultMs = 60_000;
/** The most failed cases of a suite that are kept by name. */
const failedNamesMax = 20;

function invalid(file: string, diagnostics: readonly Diagnostic[]): Failure {
  const count = diagnostics.filter(({ severity }) => severity === 'error').length;
  const what = `\`${file}\` has ${count} ${count === 1 ? 'error' : 'errors'}`;
  return new Failure('test.suite-invalid', what, { details: { diagnostics } });
}

function resultOf(digest: string, { id, cases }: SuiteReport): SuiteResult {
  const failed = cases.filter(({ state }) => state === 'FAILED' || state === 'ERROR');
  const count = (wanted: string): number => cases.filter(({ state }) => state === wanted).length;
  return {
    id,
    digest,
    passed: count('SUCCESS'),
    failed: failed.length,
    skipped: count('SKIPPED'),
    failedCases: failed.slice(0, failedNamesMax).map((one) => one.id),
  };
}

function skipped({ id, description, span }: TestCase, at: number): CaseReport {
  const about = { id, ...(description !== undefined && { description }), line: span.line };
  return { ...about, state: 'SKIPPED', checks: [], errors: [], startedAt: at, endedAt: at };
}

/** Returns the desk of the tests of flows over the tenant of `loop`. */
export function createFlowTestDesk(
  loop: RunLoop,
  registers: RegisterDesk,
  changer: Changer,
): FlowTestDesk {
  const { actor } = changer;
  const { store, tenant, cipher, clock, random } = loop.parts;

  const flowOf = async ({ namespace, flowId }: FlowName) =>
    loop.library.newest(namespace, flowId).catch((error: unknown) => {
      if (error instanceof Failure && error.code === 'flow.not-found') return null;
      throw error;
    });
  const check = async ({ source, file }: SuiteSource): Promise<ParsedSuite> => {
    const { flow: name } = parseSuite(source, { file });
    if (name === undefined) return parseSuite(source, { file });
    const found = await flowOf(name);
    return parseSuite(source, { file, flow: found === null ? null : found.flow });
  };
  const valid = async (given: SuiteSource): Promise<TestSuite> => {
    const { suite, diagnostics } = await check(given);
    if (suite === undefined) throw invalid(given.file, diagnostics);
    return suite;
  };

  const assertMay = async (action: ActionId, name: FlowName, what: string): Promise<void> => {
    const { namespace, flowId } = name;
    const known = await flowOf(name);
    const facts = known === null ? { flowId } : (await deciding(loop.parts).flows.find(name)).facts;
    await assertAllowed(loop.parts, changer, {
      action,
      resource: { type: 'Flow', id: `${namespace}/${flowId}`, namespace },
      facts,
      what,
    });
  };

  const runOne = async (
    flow: TestedFlow,
    one: TestCase,
    { mayAct = false, timeoutMs = timeoutDefaultMs }: TestOptions,
  ): Promise<CaseReport> => {
    const stage = one.governance?.stage ?? 'testing';
    const world = await openTestWorld(loop.parts, { mayAct, stage });
    try {
      const { loop: own, refused } = world;
      return await runCase({ loop: own, refused, by: actor, timeoutMs }, flow, one);
    } finally {
      await world.close();
    }
  };

  const runSuite = async (
    suite: TestSuite,
    isDisabled: boolean,
    options: TestOptions,
    revision?: number,
  ): Promise<SuiteReport> => {
    const { id, namespace, flowId } = suite;
    const startedAt = clock.now();
    const found =
      revision === undefined
        ? await loop.library.newest(namespace, flowId)
        : await loop.library.find(namespace, flowId, revision);
    const flow = { namespace, flowId, revision: found.revision };
    const cases: CaseReport[] = [];
    for (const one of suite.cases) {
      if (options.only?.(suite, one) === false) continue;
      const report =
        isDisabled || one.isDisabled ? skipped(one, clock.now()) : await runOne(flow, one, options);
      options.onCase?.(suite, report);
      cases.push(report);
    }
    const state = jointState(cases.map((one) => one.state));
    const times = { startedAt, endedAt: clock.now() };
    return { runId: random.id(), id, namespace, flowId, state, cases, ...times };
  };

  /** Runs suites on the newest revision of their flow and keeps what came of it. */
  const runAndKeep = async (
    name: FlowName,
    suites: readonly { readonly suite: TestSuite; readonly isDisabled: boolean }[],
    isWhole: boolean,
    options: TestOptions,
  ) => {
    const { flow, revision } = await loop.library.newest(name.namespace, name.flowId);
    const reports: SuiteReport[] = [];
    const results: SuiteResult[] = [];
    for (const { suite, isDisabled } of suites) {
      const report = await runSuite(suite, isDisabled, { ...options, mayAct: false }, revision);
      reports.push(report);
      results.push(resultOf(cipher.digest(suite.source), report));
    }
    const source = cipher.digest(flow.source);
    const run = { ...name, revision, source, suites: results, reports, by: actor, isWhole };
    await recordTests(registers, run);
    return { revision, reports };
  };

  return {
    check,
    async run(suites, options = {}) {
      const reports: SuiteReport[] = [];
      for (const suite of suites) reports.push(await runSuite(suite, suite.isDisabled, options));
      return reports;
    },
    list: (flow) => listSuites(registers, flow),
    show: (name) => findSuite(registers, name),
    async save(given) {
      const suite = await valid(given);
      await assertMay('edit', suite, `the suite \`${suite.id}\``);
      return saveSuite(registers, suite, cipher.digest(suite.source), actor);
    },
    async remove(name) {
      const { namespace, flowId, id } = await findSuite(registers, name);
      await assertMay('edit', { namespace, flowId }, `the removal of the suite \`${id}\``);
      await removeSuite(registers, name, actor);
    },
    async switch(name, isDisabled) {
      const { namespace, flowId, id } = await findSuite(registers, name);
      await assertMay('edit', { namespace, flowId }, `the change of the suite \`${id}\``);
      return switchSuite(registers, name, isDisabled, actor);
    },
    async runKept(name, { only } = {}) {
      const kept = await findSuite(registers, name);
      const { namespace, flowId, isDisabled, source, id } = kept;
      await assertMay('test', { namespace, flowId }, `the run of the suite \`${id}\``);
      const suite = await valid({ source, file: `${namespace}/${id}` });
      if (only !== undefined) return runSuite(suite, isDisabled, { only });
      const one = [{ suite, isDisabled }];
      const { reports } = await runAndKeep({ namespace, flowId }, one, false, {});
      return reports[0] as SuiteReport;
    },
    async record(name, given, options = {}) {
      const { namespace, flowId } = name;
      await assertMay('test', name, `the tests of \`${namespace}/${flowId}\``);
      await loop.library.newest(namespace, flowId);
      const suites = new Map<string, { suite: TestSuite; isDisabled: boolean }>();
      for (const { source, id, isDisabled } of await listSuites(registers, name)) {
        // One that is disabled may name what the flow does not have any more.
        if (isDisabled) continue;
        const suite = await valid({ source, file: `${namespace}/${id}` });
        suites.set(id, { suite, isDisabled });
      }
      for (const one of given) {
        const suite = await valid(one);
        if (suite.namespace !== namespace || suite.flowId !== flowId) {
          const what = `\`${one.file}\` tests \`${suite.namespace}/${suite.flowId}\``;
          throw new Failure('test.suite-invalid', `${what}, not \`${namespace}/${flowId}\``);
        }
        const kept = suites.get(suite.id);
        if (kept !== undefined && kept.suite.source !== suite.source) {
          throw new Failure(
            'test.suite-invalid',
            `another suite \`${suite.id}\` is kept with the flow than \`${one.file}\` holds`,
            { help: 'save it first, or give it another id' },
          );
        }
        suites.set(suite.id, { suite, isDisabled: suite.isDisabled });
      }
      const all = [...suites.values()];
      if (all.length === 0) {
        const what = `no enabled suite of tests is kept with \`${namespace}/${flowId}\``;
        throw new Failure('test.suite-not-found', what, {
          help: 'name the file of one, or save one',
        });
      }
      const { revision, reports } = await runAndKeep(name, all, true, options);
      return { revision, reports, standing: await testStandingOf(store, tenant, name, revision) };
    },
    report: (runId) => findReport(registers, { runId }),
    reports: () => listReports(registers),
  };
}
