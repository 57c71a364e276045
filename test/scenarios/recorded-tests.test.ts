/** Tests as evidence: what this system ran counts for exactly one revision, and the ledger tells it. */
import { expect, test } from 'vitest';
import { decodeValue } from '../../src/core/value/index.ts';
import { createSuiteWorld, suiteText } from '../support/run-suite.ts';

const flow = (word: string) => `
id: greet
namespace: demo
governance: {owner: ada}
tasks:
  - {id: hello, type: core.debug.Return, format: ${word}}
`;
const name = { namespace: 'demo', flowId: 'greet' };
const says = (word: string, id = 'says') => `
  - id: ${id}
    assertions: [{value: '{{ outputs.hello.value }}', equalTo: ${word}}]
`;
const file = (source: string) => ({ source, file: 'greet.test.yaml' });

test('a recorded run makes the tests of its revision passed, and a later revision undoes it', async () => {
  const world = await createSuiteWorld([flow('hello')]);
  const { tests, application } = world;
  const { flows } = await application.governance();
  const gate = async () => (await flows.show(name)).gates.testsPassed;
  expect(await gate()).toEqual({ holds: false, reason: 'no tests were run on revision 1' });

  await tests.save(file(suiteText(says('hello'))));
  const { standing, reports } = await tests.record(name, []);
  expect(reports).toMatchObject([{ id: 'checks', state: 'SUCCESS' }]);
  expect(standing).toMatchObject({ passed: true, reason: '1 case passed on revision 1' });
  expect(await gate()).toEqual({ holds: true, reason: '1 case passed on revision 1' });
  const [entry] = await application.ledger.search({ type: 'flow-tested', limit: 1 });
  expect(entry?.stream).toBe('flow:demo/greet');
  expect(decodeValue(entry?.payload ?? '')).toMatchObject({
    revision: 1,
    passed: 1,
    failed: 0,
    by: 'user:local',
    source: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    suites: [{ id: 'checks', digest: expect.stringMatching(/^[0-9a-f]{64}$/) as string }],
  });

  await world.save(flow('good day'));
  expect(await gate()).toEqual({ holds: false, reason: 'no tests were run on revision 2' });
  await tests.record(name, []);
  expect(await gate()).toEqual({
    holds: false,
    reason: '1 of 1 case failed on revision 2, the first is `checks/says`',
  });
  await tests.save(file(suiteText(says('good day'))));
  await tests.runKept({ namespace: 'demo', id: 'checks' });
  expect(await gate()).toMatchObject({ holds: true });
});

test('a suite that is saved after the run, or changed, has to be run first', async () => {
  const { tests, application } = await createSuiteWorld([flow('hello')]);
  const { flows } = await application.governance();
  const reason = async () => (await flows.show(name)).gates.testsPassed.reason;
  await tests.record(name, [file(suiteText(says('hello')))]);
  expect(await reason()).toBe('1 case passed on revision 1');
  await tests.save(file(suiteText(says('something else'), 'greet', 'more')));
  expect(await reason()).toBe('the suite `more` was not run on revision 1 as it is');
  await tests.switch({ namespace: 'demo', id: 'more' }, true);
  expect(await reason()).toBe('1 case passed on revision 1');
  await tests.switch({ namespace: 'demo', id: 'more' }, false);
  await tests.runKept({ namespace: 'demo', id: 'more' });
  expect(await reason()).toContain('1 of 2 cases failed on revision 1, the first is `more/says`');
  const types = await application.ledger.search({ stream: 'flow:demo/greet', limit: 9 });
  expect(types.map((one) => one.type)).toEqual([
    'flow-tested',
    'test-suite-enabled',
    'test-suite-disabled',
    'test-suite-saved',
    'flow-tested',
    'flow-saved',
  ]);
});

test('disabled cases and chosen cases do not make a revision tested', async () => {
  const { tests, application } = await createSuiteWorld([flow('hello')]);
  const { flows } = await application.governance();
  const gate = async () => (await flows.show(name)).gates.testsPassed;
  await tests.save(
    file(suiteText(says('hello').replace('id: says', 'id: says\n    disabled: true'))),
  );
  await tests.record(name, []);
  expect(await gate()).toEqual({
    holds: false,
    reason: 'the tests run on revision 1 have no case that is enabled',
  });
  await tests.save(file(suiteText(says('hello') + says('nothing', 'other'))));
  const report = await tests.runKept(
    { namespace: 'demo', id: 'checks' },
    { only: (_suite, one) => one.id === 'says' },
  );
  expect(report).toMatchObject({ state: 'SUCCESS', cases: [{ id: 'says' }] });
  expect((await gate()).holds).toBe(false);
});

test('a recorded run never acts outside, and what it keeps holds no values', async () => {
  const acting = flow('hello').replace(
    'tasks:',
    "tasks:\n  - {id: send, type: core.http.Request, method: POST, uri: 'https://example.invalid'}",
  );
  const { tests } = await createSuiteWorld([acting]);
  const { reports, standing } = await tests.record(name, [file(suiteText(says('hello')))]);
  expect(standing.passed).toBe(false);
  const [report] = reports;
  expect(report?.cases[0]?.errors[0]).toBe(
    '`send` (core.http.Request) would act outside: give it a fixture',
  );
  const kept = await tests.report(report?.runId ?? '');
  expect(kept).toMatchObject({ id: 'checks', state: 'ERROR' });
  expect(kept?.cases[0]?.checks).toMatchObject([
    { operator: 'equalTo', actual: null, expected: null },
  ]);
});

test('a suite of another flow, or one that differs from the kept one, is not taken', async () => {
  const { tests } = await createSuiteWorld([flow('hello'), flow('x').replace('greet', 'other')]);
  await expect(tests.save(file('id: [x'))).rejects.toMatchObject({ code: 'test.suite-invalid' });
  const other = file(suiteText(says('x'), 'other'));
  await expect(tests.record(name, [other])).rejects.toMatchObject({
    code: 'test.suite-invalid',
    message: '`greet.test.yaml` tests `demo/other`, not `demo/greet`',
  });
  await tests.save(file(suiteText(says('hello'))));
  const changed = file(suiteText(says('hullo')));
  await expect(tests.record(name, [changed])).rejects.toMatchObject({ code: 'test.suite-invalid' });
  await expect(tests.runKept({ namespace: 'demo', id: 'none' })).rejects.toMatchObject({
    code: 'test.suite-not-found',
  });
  await expect(tests.record({ namespace: 'demo', flowId: 'none' }, [])).rejects.toMatchObject({
    code: 'flow.not-found',
  });
  await tests.remove({ namespace: 'demo', id: 'checks' });
  expect(await tests.list(name)).toEqual([]);
});

test('a disabled suite may name what the flow does not have any more', async () => {
  const world = await createSuiteWorld([flow('hello')]);
  const { tests } = world;
  await tests.save(file(suiteText(says('hello'), 'greet', 'old')));
  await tests.save(file(suiteText(says('hello'))));
  await tests.switch({ namespace: 'demo', id: 'old' }, true);
  await world.save(flow('hello').replace('{id: hello,', '{id: hullo,'));
  await expect(tests.record(name, [])).rejects.toMatchObject({ code: 'test.suite-invalid' });
  await tests.save(file(suiteText(says('hello').replace('outputs.hello', 'outputs.hullo'))));
  const { standing } = await tests.record(name, []);
  expect(standing).toMatchObject({ passed: true, reason: '1 case passed on revision 2' });
});
