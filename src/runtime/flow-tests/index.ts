/** The front door of runtime/flow-tests: suites that are kept and run, what came of them, what that says of a revision. */
export {
  type CaseReport,
  type CheckReport,
  jointState,
  type SuiteReport,
  type TestState,
} from './case-report.ts';
export { createTestDoor, type RefusedEffect } from './refuse-effects.ts';
export { type CaseWorld, runCase, type TestedFlow } from './run-case.ts';
export {
  findSuite,
  listSuites,
  removeSuite,
  saveSuite,
  type StoredSuite,
  type SuiteName,
  switchSuite,
} from './suite-records.ts';
export { findReport, listReports, recordTests, testStandingOf } from './test-records.ts';
