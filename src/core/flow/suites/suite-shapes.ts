/** The fixed shapes of a test suite: what the reader checks it against and editors complete it from. */
import type { Shape } from '../reading.ts';
import type { PropertySchema } from '../type-catalogue.ts';
import {
  type AssertionOperator,
  assertionOperators,
  fixtureStates,
  testedStages,
} from './suite.ts';

function shape(
  properties: Readonly<Record<string, PropertySchema>>,
  required: readonly string[] = [],
  more: Partial<Shape> = {},
): Shape {
  return { type: 'object', properties, required, additionalProperties: false, ...more };
}

function said(schema: PropertySchema, description: string): PropertySchema {
  return { ...schema, description };
}

const text: PropertySchema = { type: 'string' };
const flag: PropertySchema = { type: 'boolean' };
const map: PropertySchema = { type: 'object' };
const list: PropertySchema = { type: 'array' };
const texts: PropertySchema = { type: 'array', items: text };

/** What a task, or the case, may read as `files['name']`. */
const files = said(
  { type: 'object', additionalProperties: text },
  'Files by name, with their content',
);

/** The document itself. */
export const suiteShape = shape(
  {
    id: said(text, 'Unique in the namespace'),
    namespace: said(text, 'The namespace of the flow'),
    flowId: said(text, 'The flow that is tested'),
    description: text,
    disabled: said(flag, 'Leaves the whole suite out'),
    testCases: said(list, 'The cases; each is an execution of its own that nobody keeps'),
  },
  ['id', 'namespace', 'flowId', 'testCases'],
);

/** A case. */
export const caseShape = shape(
  {
    id: said(text, 'Unique in the suite'),
    type: said(text, 'io.kestra.core.tests.flow.UnitTest'),
    description: text,
    disabled: said(flag, 'Leaves the case out'),
    fixtures: said(map, 'What the flow is started with, and what tasks give instead of running'),
    assertions: said(list, 'What must hold when the execution rests'),
    governance: said(map, 'What policy is told, and what it must have said of the tasks'),
  },
  ['id'],
);

/** What a case is started with. */
export const fixturesShape = shape({
  inputs: said(map, 'Inputs of the flow'),
  files,
  trigger: said(map, 'What templates read under `trigger`'),
  tasks: said(list, 'Tasks that do not run: they give these outputs and end in this state'),
});

/** What templates read under `trigger`. */
export const triggerFixtureShape = shape(
  { id: text, type: text, variables: said(map, 'What the trigger knows') },
  ['id'],
);

/** What a task gives. */
export const taskFixtureShape = shape(
  {
    id: said(text, 'The task'),
    value: said(text, 'Only for the iteration with this value'),
    description: text,
    state: said({ enum: fixtureStates }, 'How the task ends; default: SUCCESS'),
    outputs: said(map, 'What the task gives; may hold templates'),
    files,
  },
  ['id'],
);

const operators: Readonly<Record<AssertionOperator, PropertySchema>> = {
  equalTo: said({}, 'The value equals this'),
  notEqualTo: said({}, 'The value differs from this'),
  greaterThan: said({}, 'The value is a number or date above this'),
  greaterThanOrEqualTo: said({}, 'The value is this number or date, or above'),
  lessThan: said({}, 'The value is a number or date below this'),
  lessThanOrEqualTo: said({}, 'The value is this number or date, or below'),
  in: said(list, 'The value is one of these'),
  notIn: said(list, 'The value is none of these'),
  contains: said({}, 'The value is a text, list or map that holds this'),
  startsWith: said(text, 'The value is a text that begins so'),
  endsWith: said(text, 'The value is a text that ends so'),
  isNull: said(flag, 'There is no value'),
  isNotNull: said(flag, 'There is a value'),
};

/** Something that must hold. */
export const assertionShape = shape(
  {
    value: said({}, 'A template, rendered when the execution rests'),
    taskId: said(text, 'The task in whose names the value is read'),
    description: text,
    errorMessage: said(text, 'Said where it does not hold'),
    ...operators,
  },
  ['value'],
  { deprecated: { equalsTo: 'equalTo', notEqualsTo: 'notEqualTo' } },
);

/** What policy is told, and what it must have said. */
export const policyExpectationShape = shape({
  stage: said({ enum: testedStages }, 'The stage of life that policy is told; default: testing'),
  approvals: said(texts, 'All tasks for which an approval is opened, and no others'),
  denials: said(texts, 'All tasks that policy refuses, and no others'),
});

/** Tells whether `name` is a comparison. */
export function isOperator(name: string): name is AssertionOperator {
  return (assertionOperators as readonly string[]).includes(name);
}
