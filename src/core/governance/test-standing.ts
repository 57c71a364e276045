/**
 * What recorded test runs say of a revision of a flow: passed, or why not.
 *
 * INVARIANT: only a run of this revision counts, with the suites as they are; nothing else is "passed".
 */

/** What came of one suite in a recorded run. */
export interface SuiteResult {
  readonly id: string;
  /** SHA-256 of its text. */
  readonly digest: string;
  readonly passed: number;
  readonly failed: number;
  /** Cases that are disabled. */
  readonly skipped: number;
  /** The first cases that failed. */
  readonly failedCases: readonly string[];
}

/** What recorded runs gave for one revision: of each suite the newest result. */
export interface TestRecord {
  readonly namespace: string;
  readonly flowId: string;
  readonly revision: number;
  /** SHA-256 of the flow's text. */
  readonly source: string;
  readonly suites: readonly SuiteResult[];
  /** Who had the last of them run. */
  readonly by: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** A suite that is kept for a flow, as it counts here. */
export interface KeptSuite {
  readonly id: string;
  readonly digest: string;
  readonly isDisabled: boolean;
}

/** Whether the tests of a revision passed, and why. */
export interface TestStanding {
  readonly passed: boolean;
  readonly reason: string;
  /** When they were run; epoch milliseconds. */
  readonly at?: number;
}

/** Returns how many cases of `suites` passed, failed and were left out. */
export function countCases(
  suites: readonly SuiteResult[],
): Readonly<Record<'passed' | 'failed' | 'skipped', number>> {
  const sum = (name: 'passed' | 'failed' | 'skipped'): number =>
    suites.reduce((total, one) => total + one[name], 0);
  return { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') };
}

/** Returns whether the tests of `revision` passed, from its record and the suites kept for its flow. */
export function testStanding(
  revision: number,
  record: TestRecord | undefined,
  kept: readonly KeptSuite[] = [],
): TestStanding {
  if (record === undefined || record.revision !== revision) {
    return { passed: false, reason: `no tests were run on revision ${revision}` };
  }
  const { suites, at } = record;
  const no = (reason: string): TestStanding => ({ passed: false, reason, at });
  const { passed, failed } = countCases(suites);
  const count = passed + failed;
  const cases = count === 1 ? 'case' : 'cases';
  if (failed > 0) {
    const [first] = suites.flatMap(({ id, failedCases }) =>
      failedCases.map((one) => `${id}/${one}`),
    );
    const which = first === undefined ? '' : `, the first is \`${first}\``;
    return no(`${failed} of ${count} ${cases} failed on revision ${revision}${which}`);
  }
  if (count === 0) return no(`the tests run on revision ${revision} have no case that is enabled`);
  const open = kept.find(
    ({ id, digest, isDisabled }) =>
      !isDisabled && !suites.some((one) => one.id === id && one.digest === digest),
  );
  if (open !== undefined) {
    return no(`the suite \`${open.id}\` was not run on revision ${revision} as it is`);
  }
  return { passed: true, reason: `${count} ${cases} passed on revision ${revision}`, at };
}
