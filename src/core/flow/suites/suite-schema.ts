/** The JSON Schema of test suites, for editors: put together from the shapes that the reader checks. */
import type { PropertySchema } from '../type-catalogue.ts';
import {
  assertionShape,
  caseShape,
  fixturesShape,
  policyExpectationShape,
  suiteShape,
  taskFixtureShape,
  triggerFixtureShape,
} from './suite-shapes.ts';

function within(
  shape: PropertySchema,
  inner: Readonly<Record<string, PropertySchema>>,
): PropertySchema {
  const { deprecated: _deprecated, properties = {}, ...rest } = shape;
  return {
    ...rest,
    properties: Object.fromEntries(
      Object.entries(properties).map(([name, one]) => [name, { ...one, ...inner[name] }]),
    ),
  };
}

/** Returns the JSON Schema of a test suite. */
export function suiteSchema(): PropertySchema {
  const fixtures = within(fixturesShape, {
    trigger: triggerFixtureShape,
    tasks: { items: taskFixtureShape },
  });
  const testCase = within(caseShape, {
    fixtures,
    assertions: { items: within(assertionShape, {}) },
    governance: policyExpectationShape,
  });
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Sluice test suite',
    ...within(suiteShape, { testCases: { items: testCase, minItems: 1 } }),
  };
}
