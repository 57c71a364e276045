/**
 * A suite of tests for one flow, as data: cases that say what the flow is started with, what some of its
 * tasks give instead of being run, and what must hold when it rests.
 */
import type { Value, ValueMap } from '../../value/index.ts';
import type { SourceSpan } from '../flow.ts';

/** The states that a fixture can give a task. */
export const fixtureStates = ['SUCCESS', 'WARNING', 'FAILED', 'KILLED', 'SKIPPED'] as const;

/** What runs of one task give instead of being run. */
export interface TaskFixture {
  readonly taskId: string;
  /** Only for the iteration with this value; absent: for all that have no fixture of their own. */
  readonly value?: string;
  readonly state: (typeof fixtureStates)[number];
  /** May hold templates; rendered when the run would begin. */
  readonly outputs: ValueMap;
  /** Files by name: their content, and once there is an execution their URI. */
  readonly files: Readonly<Record<string, string>>;
}

/** What a case is started with. */
export interface CaseFixtures {
  readonly inputs: ValueMap;
  /** Files by name, with their content. */
  readonly files: Readonly<Record<string, string>>;
  /** What templates read under `trigger`; the trigger itself does not fire. */
  readonly trigger?: ValueMap;
  readonly tasks: readonly TaskFixture[];
}

/** How a value is compared with what is expected. */
export const assertionOperators = [
  'equalTo',
  'notEqualTo',
  'greaterThan',
  'greaterThanOrEqualTo',
  'lessThan',
  'lessThanOrEqualTo',
  'in',
  'notIn',
  'contains',
  'startsWith',
  'endsWith',
  'isNull',
  'isNotNull',
] as const;

/** The name of a comparison. */
export type AssertionOperator = (typeof assertionOperators)[number];

/** Something that must hold of one value. */
export interface Assertion {
  /** A template, or any value. */
  readonly value: Value;
  /** The task in whose names the value is read; absent: those of the execution. */
  readonly taskId?: string;
  readonly description?: string;
  /** Said instead of the usual sentence where it does not hold. */
  readonly errorMessage?: string;
  readonly checks: readonly {
    readonly operator: AssertionOperator;
    readonly expected: Value;
  }[];
  readonly span: SourceSpan;
}

/** The stages of life in which a flow runs. */
export const testedStages = ['development', 'testing', 'deployment', 'monitoring'] as const;

/** What policy is told, and what it must have said; lists name all tasks of which it holds, and no others. */
export interface PolicyExpectation {
  /** The stage of life that policy is told; absent: testing. */
  readonly stage?: (typeof testedStages)[number];
  /** Tasks for which an approval was opened. */
  readonly approvals?: readonly string[];
  /** Tasks that were denied. */
  readonly denials?: readonly string[];
}

/** One case of a suite. */
export interface TestCase {
  readonly id: string;
  readonly description?: string;
  readonly isDisabled: boolean;
  readonly fixtures: CaseFixtures;
  readonly assertions: readonly Assertion[];
  readonly governance?: PolicyExpectation;
  readonly span: SourceSpan;
}

/** A suite of tests for one flow. */
export interface TestSuite {
  readonly id: string;
  readonly namespace: string;
  readonly flowId: string;
  readonly description?: string;
  readonly isDisabled: boolean;
  readonly cases: readonly TestCase[];
  readonly source: string;
}
