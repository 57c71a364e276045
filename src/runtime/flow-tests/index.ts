/** The front door of runtime/flow-tests: suites that are kept, what came of them, what that says of a revision. */
export { recordTests, suiteKind, testStandingOf } from './test-records.ts';
