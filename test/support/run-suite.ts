/** Running suites of tests in tests: over a real data folder, through the desk that everybody uses. */
import { expect } from 'vitest';
import type { FlowTestDesk, TestOptions } from '../../src/app/flow-test-desk.ts';
import type { CaseReport } from '../../src/runtime/flow-tests/index.ts';
import { createFlowWorld, type FlowWorld } from './run-flow.ts';

/** A system with flows and the desk of their tests. */
export interface SuiteWorld extends FlowWorld {
  readonly tests: FlowTestDesk;
  /** Runs the cases of a suite, given as YAML below `testCases`; gives the report of each by its id. */
  cases(
    cases: string,
    options?: TestOptions & { readonly flowId?: string },
  ): Promise<Readonly<Record<string, CaseReport>>>;
}

/** Returns the text of a suite for `demo/FLOWID`. */
export function suiteText(cases: string, flowId = 'greet', id = 'checks'): string {
  return `id: ${id}\nnamespace: demo\nflowId: ${flowId}\ntestCases:\n${cases.replace(/^\n/, '')}`;
}

/** Returns a system with `flows`. */
export async function createSuiteWorld(
  flows: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<SuiteWorld> {
  const world = await createFlowWorld(environment);
  for (const flow of flows) await world.save(flow);
  const { tests } = await world.application.governance();
  return {
    ...world,
    tests,
    async cases(cases, { flowId = 'greet', ...options } = {}) {
      const source = suiteText(cases, flowId);
      const { suite, diagnostics } = await tests.check({ source, file: 'checks.test.yaml' });
      expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
      if (suite === undefined) throw new Error('the suite is not valid');
      const [report] = await tests.run([suite], options);
      return Object.fromEntries((report?.cases ?? []).map((one) => [one.id, one]));
    },
  };
}
