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
}

/** A recorded run of the tests of one revision. The newest one of a revision counts. */
export interface TestRecord {
  readonly namespace: string;
  readonly flowId: string;
  readonly revision: number;
  /** SHA-256 of the flow's text. */
  readonly source: string;
  readonly suites: readonly SuiteResult[];
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** The first cases that failed, as `suite/case`. */
  readonly failedCases: readonly string[];
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

/** Returns whether the tests of `revision` passed, from its newest record and the suites kept for its flow. */
export function testStanding(
  revision: number,
  record: TestRecord | undefined,
  kept: readonly KeptSuite[] = [],
): TestStanding {
  if (record === undefined || record.revision !== revision) {
    return { passed: false, reason: `no tests were run on revision ${revision}` };
  }
  const { passed, failed, at } = record;
  const no = (reason: string): TestStanding => ({ passed: false, reason, at });
  const count = passed + failed;
  const cases = count === 1 ? 'case' : 'cases';
  if (failed > 0) {
    const [first] = record.failedCases;
    const which = first === undefined ? '' : `, the first is \`${first}\``;
    return no(`${failed} of ${count} ${cases} failed on revision ${revision}${which}`);
  }
  if (count === 0) return no(`the tests run on revision ${revision} have no case that is enabled`);
  const open = kept.find(
    ({ id, digest, isDisabled }) =>
      !isDisabled && !record.suites.some((one) => one.id === id && one.digest === digest),
  );
  if (open !== undefined) {
    return no(`the suite \`${open.id}\` was not run on revision ${revision} as it is`);
  }
  return { passed: true, reason: `${count} ${cases} passed on revision ${revision}`, at };
}
