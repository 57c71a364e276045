/**
 * Suites of tests with something wrong in them: each names the diagnostics it gives and where. Together
 * they show every code that suites have.
 */
import { describe, expect, test } from 'vitest';
import { readTypeCatalogue } from '../../src/app/type-catalogue.ts';
import {
  type Diagnostic,
  diagnosticCatalogue,
  type Flow,
  parseFlow,
  parseSuite,
} from '../../src/core/flow/index.ts';

const source = `
id: greet
namespace: demo
inputs: [{id: name, type: STRING}]
tasks:
  - {id: fetch, type: core.http.Download, uri: 'https://example.com'}
  - id: each
    type: core.flow.ForEach
    values: [a]
    tasks: [{id: inner, type: core.debug.Return, format: x}]
errors: [{id: rescue, type: core.log.Log, message: x}]
triggers: [{id: daily, type: core.trigger.Schedule, cron: '0 9 * * *'}]
`;
const { flow } = parseFlow(source, { file: 'greet.yaml', catalogue: readTypeCatalogue() });
const shown = new Set<string>();

function diagnose(text: string, of: Flow | null | undefined = flow): readonly Diagnostic[] {
  const { suite, diagnostics } = parseSuite(text, {
    file: 'greet.test.yaml',
    ...(of !== undefined && { flow: of }),
  });
  for (const one of diagnostics) shown.add(one.code);
  const hasError = diagnostics.some((one) => one.severity === 'error');
  expect(suite === undefined, 'a suite is given exactly when nothing is an error').toBe(hasError);
  return diagnostics;
}

const head = 'id: s\nnamespace: demo\nflowId: greet\n';
/** A case whose lines begin at line 5, after its id. */
const inCase = (lines: string): string =>
  `${head}testCases:\n  - id: c\n${lines
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n')}\n`;
const holds = 'assertions: [{value: 1, equalTo: 1}]';
const fixture = (text: string): string => inCase(`${holds}\nfixtures: ${text}`);
const assertion = (text: string): string => inCase(`assertions:\n  - ${text}`);

const malformed: readonly (readonly [what: string, text: string, expected: string])[] = [
  ['nothing', '', 'flow.not-a-map 1:1'],
  ['a list', '- id: s\n', 'flow.not-a-map 1:1'],
  ['no YAML', 'id: [s\n', 'flow.yaml-wrong 2:1'],
  ['two documents', `${inCase(holds)}---\nid: t\n`, 'flow.yaml-documents-many 7:1'],
  ['a key twice', `id: s\n${inCase(holds)}`, 'flow.yaml-key-duplicate 2:1'],
  [
    'no flow',
    'id: s\nnamespace: demo\ntestCases: [{id: c, assertions: [{value: 1, equalTo: 1}]}]\n',
    'flow.property-missing 1:1',
  ],
  [
    'no namespace',
    'id: s\nflowId: greet\ntestCases: [{id: c, assertions: [{value: 1, equalTo: 1}]}]\n',
    'flow.property-missing 1:1',
  ],
  ['no cases', head, 'flow.property-missing 1:1'],
  ['an empty list of cases', `${head}testCases: []\n`, 'test.cases-empty 4:12'],
  ['cases that are a map', `${head}testCases: {a: 1}\n`, 'flow.property-type-wrong 4:12'],
  ['an unknown key', `${inCase(holds)}timeout: PT5S\n`, 'flow.property-unknown 7:1'],
  ['an id with spaces', inCase(holds).replace('id: s', 'id: a b'), 'flow.id-invalid 1:5'],
  ['a case without an id', `${head}testCases:\n  - ${holds}\n`, 'flow.property-missing 5:5'],
  ['a case that is a text', `${head}testCases: [text]\n`, 'flow.property-type-wrong 4:13'],
  [
    'two cases of one id',
    `${head}testCases:\n  - {id: c, ${holds}}\n  - {id: c, ${holds}}\n`,
    'flow.id-duplicate 6:5',
  ],
  [
    'an unknown type of case',
    inCase(`${holds}\ntype: io.kestra.core.tests.flow.UnitTests`),
    'test.type-unknown 7:11',
  ],
  ['an unknown key of a case', inCase(`${holds}\nenabled: false`), 'flow.property-unknown 7:5'],
  ['a case without assertions', inCase('description: nothing'), 'test.case-empty 5:5'],
  ['a case with an empty list of assertions', inCase('assertions: []'), 'test.case-empty 5:5'],
  [
    'assertions that are a map',
    inCase('assertions: {value: 1}'),
    'test.case-empty 5:5, flow.property-type-wrong 6:17',
  ],
  [
    'an assertion without an operator',
    assertion("value: '{{ outputs.fetch.uri }}'"),
    'test.operator-missing 7:9',
  ],
  [
    'an unknown operator',
    assertion('{value: 1, equals: 1}'),
    'test.operator-missing 7:9, flow.property-unknown 7:20',
  ],
  ['an assertion without a value', assertion('{equalTo: 1}'), 'flow.property-missing 7:9'],
  [
    'a list where a text is expected',
    assertion('{value: x, startsWith: [x]}'),
    'flow.property-type-wrong 7:32',
  ],
  [
    'a text where a list is expected',
    assertion('{value: x, in: x}'),
    'flow.property-type-wrong 7:24',
  ],
  [
    'presence that is neither true nor false',
    assertion('{value: x, isNull: maybe}'),
    'flow.property-type-wrong 7:28',
  ],
  [
    'a deprecated spelling of an operator',
    assertion('{value: x, equalsTo: x}'),
    'flow.property-deprecated 7:20',
  ],
  [
    'a template that is wrong',
    assertion("{value: '{{ outputs.fetch.uri ', equalTo: x}"),
    'expression.syntax-wrong 7:18',
  ],
  [
    'an unknown filter',
    assertion("{value: '{{ 1 | loud }}', equalTo: x}"),
    'expression.filter-unknown 7:25',
  ],
  [
    'an unknown function in what is expected',
    assertion("{value: 1, equalTo: '{{ shout(1) }}'}"),
    'expression.function-unknown 7:33',
  ],
  [
    'outputs of a task that is not there',
    assertion("{value: '{{ outputs.fetched.uri }}', equalTo: x}"),
    'test.task-unknown 7:17',
  ],
  [
    'a task of an assertion that is not there',
    assertion('{value: 1, taskId: fetched, equalTo: 1}'),
    'test.task-unknown 7:28',
  ],
  [
    'a fixture of a task that is not there',
    fixture('{tasks: [{id: fetched}]}'),
    'test.task-unknown 7:29',
  ],
  [
    'a fixture without an id',
    fixture('{tasks: [{outputs: {uri: x}}]}'),
    'flow.property-missing 7:24',
  ],
  [
    'an unknown state',
    fixture('{tasks: [{id: fetch, state: DONE}]}'),
    'flow.property-value-wrong 7:43',
  ],
  [
    'outputs that are a text',
    fixture('{tasks: [{id: fetch, outputs: x}]}'),
    'flow.property-type-wrong 7:45',
  ],
  [
    'outputs of a task that is skipped',
    fixture('{tasks: [{id: fetch, state: SKIPPED, outputs: {uri: x}}]}'),
    'test.fixture-unused 7:52',
  ],
  [
    'two fixtures for the same runs',
    fixture('{tasks: [{id: inner, value: a}, {id: inner, value: a}]}'),
    'test.fixture-duplicate 7:47',
  ],
  ['an unknown key of fixtures', fixture('{mocks: []}'), 'flow.property-unknown 7:16'],
  ['an input that is not declared', fixture('{inputs: {nmae: x}}'), 'flow.input-undeclared 7:25'],
  ['a trigger that is not there', fixture('{trigger: {id: weekly}}'), 'test.trigger-unknown 7:30'],
  [
    'a trigger without an id',
    fixture('{trigger: {variables: {a: 1}}}'),
    'flow.property-missing 7:25',
  ],
  ['a file that is a map', fixture('{files: {a.json: {b: 1}}}'), 'flow.property-type-wrong 7:32'],
  [
    'a stage that is none',
    inCase(`${holds}\ngovernance: {stage: production}`),
    'flow.property-value-wrong 7:25',
  ],
  [
    'an expectation about a task that is not there',
    inCase('governance: {approvals: [pay]}'),
    'test.task-unknown 6:30',
  ],
  [
    'a name of a prototype',
    inCase(`${holds}\nfixtures: {inputs: {__proto__: 1}}`),
    'flow.yaml-key-refused 7:25',
  ],
];

describe('a malformed suite', () => {
  test.each(malformed)('is diagnosed where it is wrong: %s', (_what, text, expected) => {
    const found = diagnose(text);
    expect(found.map(({ code, line, column }) => `${code} ${line}:${column}`)).toEqual(
      expected.split(', '),
    );
    for (const { message, help } of found) {
      for (const sentence of [message, help]) {
        expect(sentence).toMatch(/^[a-z`]/);
        expect(sentence).not.toMatch(/\.$|\n|\bundefined\b|\[object /);
      }
    }
  });

  test('of a flow that is not there says so', () => {
    const found = diagnose(inCase(holds), null);
    expect(found.map(({ code, message }) => [code, message])).toEqual([
      ['test.flow-unknown', 'there is no flow `demo/greet`'],
    ]);
  });

  test('helps with what was meant', () => {
    const [unknown] = diagnose(fixture('{tasks: [{id: fetsh}]}'));
    expect(unknown?.help).toBe('did you mean `fetch`?');
    const [operator] = diagnose(assertion('{value: 1, equalTo: 1, greatrThan: 1}'));
    expect(operator?.help).toBe('did you mean `greaterThan`?');
  });

  test('shows every code of suites', () => {
    const codes = Object.keys(diagnosticCatalogue).filter((code) => code.startsWith('test.'));
    expect(codes.filter((code) => !shown.has(code))).toEqual([]);
  });
});

test('a suite is read whole', () => {
  const text = `
id: refunds
namespace: demo
flowId: greet
description: what it greets
disabled: false
testCases:
  - id: one
    type: io.kestra.core.tests.flow.UnitTest
    description: the first
    disabled: true
    fixtures:
      inputs: {name: Ada}
      files: {a.json: '{}'}
      trigger: {id: daily, type: core.trigger.Schedule, variables: {date: 2026-01-01}}
      tasks:
        - {id: fetch, description: no download, outputs: {uri: "{{ files['a.json'] }}"}}
        - {id: inner, value: a, state: WARNING, files: {b.txt: b}}
    assertions:
      - {value: '{{ inputs.name }}', description: the name, errorMessage: not her, equalTo: Ada, isNotNull: true}
      - {value: '{{ outputs.nobody.value ?? 1 }}', taskId: inner, in: [1, 2]}
    governance: {stage: deployment, approvals: [], denials: [fetch]}
`;
  const { suite, diagnostics } = parseSuite(text, { file: 'a', ...(flow && { flow }) });
  expect(diagnostics).toEqual([]);
  expect(suite).toMatchObject({
    id: 'refunds',
    namespace: 'demo',
    flowId: 'greet',
    description: 'what it greets',
    isDisabled: false,
    cases: [
      {
        id: 'one',
        isDisabled: true,
        span: { line: 8 },
        fixtures: {
          inputs: { name: 'Ada' },
          files: { 'a.json': '{}' },
          trigger: { id: 'daily', type: 'core.trigger.Schedule' },
          tasks: [
            { taskId: 'fetch', state: 'SUCCESS', files: { 'a.json': '{}' } },
            {
              taskId: 'inner',
              value: 'a',
              state: 'WARNING',
              files: { 'a.json': '{}', 'b.txt': 'b' },
            },
          ],
        },
        assertions: [
          {
            description: 'the name',
            errorMessage: 'not her',
            checks: [
              { operator: 'equalTo', expected: 'Ada' },
              { operator: 'isNotNull', expected: true },
            ],
          },
          { taskId: 'inner', checks: [{ operator: 'in', expected: [1, 2] }] },
        ],
        governance: { stage: 'deployment', approvals: [], denials: ['fetch'] },
      },
    ],
  });
});
