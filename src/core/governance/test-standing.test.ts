/** What recorded test runs say of a revision. */
import { expect, test } from 'vitest';
import { type SuiteResult, type TestRecord, testStanding } from './test-standing.ts';

const suite = (more: Partial<SuiteResult> = {}): SuiteResult => ({
  id: 'refunds',
  digest: 'bb',
  passed: 7,
  failed: 0,
  skipped: 1,
  failedCases: [],
  ...more,
});
const record = (more: Partial<TestRecord> = {}): TestRecord => ({
  namespace: 'shop',
  flowId: 'refund',
  revision: 3,
  source: 'aa',
  suites: [suite()],
  by: 'ada',
  at: 5,
  ...more,
});
const kept = { id: 'refunds', digest: 'bb', isDisabled: false };

test('tests pass when cases of this revision ran, none failed and every kept suite is among them [G-092]', () => {
  expect(testStanding(3, record(), [kept])).toEqual({
    passed: true,
    reason: '7 cases passed on revision 3',
    at: 5,
  });
  expect(testStanding(3, record({ suites: [suite({ passed: 1 })] })).reason).toBe(
    '1 case passed on revision 3',
  );
});

test.each([
  ['no record', undefined, [], 'no tests were run on revision 3'],
  ['another revision', record({ revision: 2 }), [], 'no tests were run on revision 3'],
  [
    'no enabled case',
    record({ suites: [suite({ passed: 0 })] }),
    [],
    'the tests run on revision 3 have no case that is enabled',
  ],
  [
    'failed cases',
    record({
      suites: [
        suite({ passed: 3 }),
        suite({ id: 'b', passed: 2, failed: 2, failedCases: ['x', 'y'] }),
      ],
    }),
    [],
    '2 of 7 cases failed on revision 3, the first is `b/x`',
  ],
  [
    'a suite saved since',
    record(),
    [kept, { ...kept, id: 'limits' }],
    'the suite `limits` was not run on revision 3 as it is',
  ],
  [
    'a suite changed since',
    record(),
    [{ ...kept, digest: 'cc' }],
    'the suite `refunds` was not run on revision 3 as it is',
  ],
] as const)('tests do not pass with %s', (_what, recorded, suites, reason) => {
  expect(testStanding(3, recorded, suites)).toMatchObject({ passed: false, reason });
});

test('a disabled suite is not waited for', () => {
  expect(testStanding(3, record(), [{ ...kept, id: 'x', isDisabled: true }]).passed).toBe(true);
});
