/** Unit tests of flows: fixtures instead of runs, assertions over what the execution gave, nothing acts outside. */
import { expect, test } from 'vitest';
import { unmarked } from '../../src/core/value/index.ts';
import { setOf } from '../support/policy-world.ts';
import { createSuiteWorld } from '../support/run-suite.ts';

const greet = `
id: greet
namespace: demo
inputs:
  - {id: name, type: STRING, defaults: nobody}
tasks:
  - {id: fetch, type: core.http.Request, uri: 'https://example.invalid/people', method: POST}
  - {id: greeting, type: core.debug.Return, format: 'Hello {{ inputs.name }}, {{ outputs.fetch.body }}'}
outputs:
  - {id: text, type: STRING, value: '{{ outputs.greeting.value }}'}
`;

test('a task with a fixture does not run, the others do [surfaces.unit-tests]', async () => {
  const world = await createSuiteWorld([greet]);
  const { good, bad } = await world.cases(`
  - id: good
    type: io.kestra.core.tests.flow.UnitTest
    fixtures:
      inputs: {name: Ada}
      tasks:
        - {id: fetch, description: nobody is asked, outputs: {body: 'welcome', code: 200}}
    assertions:
      - {value: '{{ outputs.greeting.value }}', equalTo: 'Hello Ada, welcome'}
      - {value: '{{ outputs.fetch.code }}', equalTo: 200, greaterThan: 199, in: [200, 201]}
      - {value: '{{ execution.state }}', equalTo: SUCCESS}
      - {value: '{{ execution.outputs.text }}', startsWith: Hello, endsWith: welcome, contains: Ada}
      - {value: '{{ labels.system.test }}', equalTo: 'true'}
      - {value: '{{ outputs.nothing.value ?? null }}', isNull: true}
  - id: bad
    fixtures:
      tasks: [{id: fetch, outputs: {body: x}}]
    assertions:
      - {value: '{{ outputs.greeting.value }}', equalTo: 'Hello', errorMessage: it greets}
      - {value: '{{ outputs.fetch.code }}', isNotNull: true}
`);
  expect(good).toMatchObject({ state: 'SUCCESS', executionState: 'SUCCESS', errors: [] });
  expect(good?.checks.every(({ isSuccess }) => isSuccess)).toBe(true);
  expect(bad).toMatchObject({
    state: 'FAILED',
    checks: [
      {
        operator: 'equalTo',
        isSuccess: false,
        expected: 'Hello',
        actual: 'Hello nobody, x',
        message: 'it greets',
        line: 22,
      },
      { operator: 'isNotNull', isSuccess: false, actual: null },
    ],
  });
  expect(await world.application.executions({ limit: 5 })).toEqual([]);
});

test('a task that acts outside is refused without a fixture, in a subflow as well', async () => {
  const caller = `
id: caller
namespace: demo
tasks:
  - {id: child, type: core.flow.Subflow, namespace: demo, flowId: greet, wait: true, transmitFailed: true}
`;
  const world = await createSuiteWorld([greet, caller]);
  const { open } = await world.cases(`
  - id: open
    assertions: [{value: '{{ inputs.name }}', equalTo: nobody}]
`);
  expect(open).toMatchObject({
    state: 'ERROR',
    executionState: 'FAILED',
    checks: [{ isSuccess: true }],
    errors: ['`fetch` (core.http.Request) would act outside: give it a fixture'],
    failure: expect.stringContaining(
      'a test does not act outside, and `fetch` has no fixture',
    ) as string,
  });
  const inner = await world.cases(
    `
  - id: through
    assertions: [{value: '{{ execution.state }}', equalTo: FAILED}]
  - id: given
    fixtures:
      tasks: [{id: child, outputs: {outputs: {text: made up}}}]
    assertions: [{value: '{{ outputs.child.outputs.text }}', equalTo: made up}]
`,
    { flowId: 'caller' },
  );
  expect(inner['through']?.state).toBe('ERROR');
  expect(inner['through']?.errors[0]).toContain('`fetch` (core.http.Request)');
  expect(inner['given']).toMatchObject({ state: 'SUCCESS', errors: [] });
});

test('effects are allowed only where whoever runs the tests says so', async () => {
  const world = await createSuiteWorld([greet]);
  const { acts } = await world.cases(
    `
  - id: acts
    assertions: [{value: '{{ execution.state }}', equalTo: FAILED}]
`,
    { mayAct: true },
  );
  // It was tried: the host does not exist.
  expect(acts?.state).toBe('SUCCESS');
  expect(acts?.errors).toEqual([]);
});

test('`value` chooses the iteration, in both kinds of loops', async () => {
  const each = `
id: each
namespace: demo
tasks:
  - id: loop
    type: core.flow.ForEach
    values: [a, b, c]
    tasks:
      - {id: price, type: core.http.Request, method: POST, uri: 'https://example.invalid/{{ taskrun.value }}'}
      - {id: shown, type: core.debug.Return, format: '{{ taskrun.value }}={{ outputs.price[taskrun.value].body }}'}
`;
  const loop = `
id: loop
namespace: demo
tasks:
  - id: all
    type: core.flow.Loop
    values: [x, y]
    outputs: [{id: body, type: STRING, value: '{{ outputs.price.body }}'}]
    tasks:
      - {id: price, type: core.http.Request, method: POST, uri: 'https://example.invalid/{{ item.value }}'}
`;
  const world = await createSuiteWorld([each, loop]);
  const { prices } = await world.cases(
    `
  - id: prices
    fixtures:
      tasks:
        - {id: price, value: b, outputs: {body: two}}
        - {id: price, outputs: {body: 'any {{ taskrun.value }}'}}
    assertions:
      - {value: '{{ outputs.shown.a.value }}', equalTo: a=any a}
      - {value: '{{ outputs.shown.b.value }}', equalTo: b=two}
      - {value: '{{ outputs.shown.c.value }}', equalTo: c=any c}
`,
    { flowId: 'each' },
  );
  expect(prices).toMatchObject({ state: 'SUCCESS', errors: [] });
  const { iterations } = await world.cases(
    `
  - id: iterations
    fixtures:
      tasks:
        - {id: price, value: x, outputs: {body: one}}
        - {id: price, value: y, outputs: {body: two}}
    assertions:
      - {value: '{{ outputs.all.outputs | jq(".[].outputs.body") }}', equalTo: [one, two]}
`,
    { flowId: 'loop' },
  );
  expect(iterations).toMatchObject({ state: 'SUCCESS', errors: [] });
});

test('a fixture stands for a whole block: a loop, a subflow, a pause', async () => {
  const flow = `
id: blocks
namespace: demo
tasks:
  - id: loop
    type: core.flow.ForEach
    values: '{{ vars.list }}'
    tasks: [{id: inner, type: core.debug.Return, format: x}]
  - {id: ask, type: core.flow.Pause, onResume: [{id: agreed, type: BOOLEAN}]}
  - id: way
    type: core.flow.If
    condition: '{{ outputs.ask.onResume.agreed }}'
    then: [{id: yes, type: core.debug.Return, format: agreed}]
    else: [{id: no, type: core.debug.Return, format: refused}]
`;
  const world = await createSuiteWorld([flow]);
  const found = await world.cases(
    `
  - id: agreed
    fixtures:
      tasks:
        - {id: loop, outputs: {made: up}}
        - {id: ask, outputs: {onResume: {agreed: true}}}
    assertions:
      - {value: '{{ outputs.loop.made }}', equalTo: up}
      - {value: '{{ outputs.yes.value }}', equalTo: agreed}
      - {value: '{{ outputs.no.value }}', isNull: true}
      - {value: '{{ tasks.inner.state }}', isNull: true}
  - id: waits
    fixtures: {tasks: [{id: loop}]}
    assertions: [{value: '{{ outputs.yes.value }}', isNull: true}]
`,
    { flowId: 'blocks' },
  );
  expect(found['agreed']).toMatchObject({ state: 'SUCCESS', errors: [] });
  expect(found['waits']).toMatchObject({
    state: 'ERROR',
    executionState: 'PAUSED',
    errors: ['the execution waits in the state PAUSED at `ask`, which needs a fixture'],
  });
});

test('a fixture gives any state, and error handlers are asserted on', async () => {
  const flow = `
id: handled
namespace: demo
tasks:
  - {id: risky, type: core.debug.Return, format: real, retry: {type: constant, interval: PT1H, maxAttempts: 3}}
  - {id: after, type: core.debug.Return, format: went on}
errors:
  - {id: rescue, type: core.debug.Return, format: 'rescued {{ error.taskId ?? "" }}'}
`;
  const world = await createSuiteWorld([flow]);
  const found = await world.cases(
    `
  - id: failed
    fixtures: {tasks: [{id: risky, state: FAILED, outputs: {partial: 1}}]}
    assertions:
      - {value: '{{ execution.state }}', equalTo: FAILED}
      - {value: '{{ tasks.risky.state }}', equalTo: FAILED}
      - {value: '{{ outputs.risky.partial }}', equalTo: 1}
      - {value: '{{ outputs.rescue.value }}', equalTo: rescued risky}
      - {value: '{{ error.message }}', contains: the fixture of}
  - id: warned
    fixtures: {tasks: [{id: risky, state: WARNING}]}
    assertions:
      - {value: '{{ execution.state }}', equalTo: WARNING}
      - {value: '{{ outputs.after.value }}', equalTo: went on}
  - id: skipped
    fixtures: {tasks: [{id: risky, state: SKIPPED}]}
    assertions:
      - {value: '{{ tasks.risky.state }}', equalTo: SKIPPED}
      - {value: '{{ execution.state }}', equalTo: SUCCESS}
  - id: killed
    fixtures: {tasks: [{id: risky, state: KILLED}]}
    assertions: [{value: '{{ execution.state }}', in: [KILLED, FAILED]}]
  - id: real
    assertions:
      - {value: '{{ outputs.risky.value }}', equalTo: real}
      - {taskId: after, value: '{{ task.id }} {{ outputs.risky.value }}', equalTo: after real}
      - {taskId: rescue, value: '{{ task.id }}', equalTo: rescue}
`,
    { flowId: 'handled' },
  );
  for (const id of ['failed', 'warned', 'skipped', 'killed']) {
    expect([id, found[id]?.state, found[id]?.checks.filter((one) => !one.isSuccess)]).toEqual([
      id,
      'SUCCESS',
      [],
    ]);
  }
  expect(found['real']).toMatchObject({
    state: 'FAILED',
    checks: [
      { isSuccess: true },
      { isSuccess: true },
      { message: 'the task `rescue` has not run' },
    ],
  });
});

test('files of fixtures are read by tasks, by templates and by inputs', async () => {
  const flow = `
id: files
namespace: demo
inputs: [{id: orders, type: FILE}]
tasks:
  - {id: download, type: core.http.Download, uri: 'https://example.invalid/orders.json'}
  - {id: count, type: core.debug.Return, format: '{{ fromJson(read(outputs.download.uri)) | length }}'}
  - {id: size, type: core.storage.Size, uri: '{{ inputs.orders }}'}
`;
  const world = await createSuiteWorld([flow]);
  const { read } = await world.cases(
    `
  - id: read
    fixtures:
      files: {orders.json: '[1, 2, 3]'}
      inputs: {orders: "{{ files['orders.json'] }}"}
      tasks:
        - {id: download, outputs: {uri: "{{ files['own.json'] }}"}, files: {own.json: '[1, 2]'}}
    assertions:
      - {value: '{{ outputs.count.value }}', equalTo: 2}
      - {value: '{{ outputs.size.size }}', equalTo: 9}
`,
    { flowId: 'files' },
  );
  expect(read).toMatchObject({ state: 'SUCCESS', errors: [] });
});

test('namespace files of the tenant are read, and what a test writes into them stays in it', async () => {
  const flow = `
id: shared
namespace: demo
tasks:
  - {id: download, type: core.http.Download, uri: 'https://example.invalid/orders.json'}
  - {id: count, type: core.debug.Return, format: '{{ fromJson(read(outputs.download.uri)) | length }}'}
  - {id: upload, type: core.namespace.UploadFiles, namespace: demo, filesMap: {made.json: '{{ outputs.download.uri }}'}}
`;
  const world = await createSuiteWorld([flow]);
  const files = world.application.namespaceFiles('demo');
  await files.put('orders.json', '[1, 2]');
  const { read } = await world.cases(
    `
  - id: read
    fixtures:
      tasks: [{id: download, outputs: {uri: "{{ fileURI('orders.json') }}"}}]
    assertions:
      - {value: '{{ outputs.count.value }}', equalTo: 2}
      - {value: '{{ tasks.upload.state }}', equalTo: SUCCESS}
`,
    { flowId: 'shared' },
  );
  expect(read).toMatchObject({ state: 'SUCCESS', errors: [] });
  expect(await files.list()).toEqual(['orders.json']);
});

test('a trigger is given and does not fire; what a test writes stays in it', async () => {
  const flow = `
id: stored
namespace: demo
tasks:
  - {id: before, type: core.kv.Get, key: count}
  - {id: put, type: core.kv.Set, key: count, value: '{{ outputs.before.value + 1 }}', kvType: NUMBER}
  - {id: after, type: core.kv.Get, key: count}
  - {id: from, type: core.debug.Return, format: '{{ trigger.date }} {{ trigger.id }}'}
triggers:
  - {id: daily, type: core.trigger.Schedule, cron: '0 9 * * *'}
`;
  const world = await createSuiteWorld([flow]);
  const pairs = world.application.keyValues('demo');
  await pairs.set('count', unmarked(7));
  const kase = (id: string) => `
  - id: ${id}
    fixtures:
      trigger: {id: daily, type: core.trigger.Schedule, variables: {date: '2027-01-01'}}
    assertions:
      - {value: '{{ outputs.after.value }}', equalTo: 8}
      - {value: '{{ outputs.from.value }}', equalTo: 2027-01-01 daily}
`;
  const found = await world.cases(kase('one') + kase('two'), { flowId: 'stored' });
  expect(found['one']).toMatchObject({ state: 'SUCCESS', errors: [] });
  expect(found['two']?.state).toBe('SUCCESS');
  expect((await pairs.get('count'))?.value).toBe(7);
});

test('a secret is never shown, whatever becomes of it', async () => {
  const flow = `
id: secretive
namespace: demo
tasks:
  - {id: made, type: core.debug.Return, format: 'token {{ secret("TOKEN") }}'}
`;
  const world = await createSuiteWorld([flow], {
    SECRET_TOKEN: Buffer.from('top-5ecret').toString('base64'),
  });
  const found = await world.cases(
    `
  - id: told
    fixtures: {inputs: {}}
    assertions:
      - {value: '{{ outputs.made.value }}', equalTo: 'token top-5ecret'}
      - {value: '{{ outputs.made.value }}', equalTo: other}
      - {value: '{{ outputs.made.value | upper }}', equalTo: other}
      - {value: '{{ secret("TOKEN") }}', equalTo: '{{ secret("TOKEN") }}x'}
      - {value: '{{ secret("TOKEN") | jq("nonsense(") }}', equalTo: x}
`,
    { flowId: 'secretive' },
  );
  expect(found['told']?.state).toBe('FAILED');
  expect(found['told']?.checks[0]?.isSuccess).toBe(true);
  expect(JSON.stringify(found)).not.toMatch(/5ecret/i);
});

test('what cannot be started, rendered or ended in time is an error and no success', async () => {
  const flow = `
id: slow
namespace: demo
governance: {stage: design}
inputs: [{id: count, type: INT}]
tasks:
  - {id: sleep, type: core.flow.Sleep, duration: PT30S}
`;
  const world = await createSuiteWorld([flow]);
  const found = await world.cases(
    `
  - id: refused
    fixtures: {inputs: {count: many}}
    assertions: [{value: 1, equalTo: 1}]
  - id: unrendered
    fixtures: {inputs: {count: '{{ nothing.at.all }}'}}
    assertions: [{value: 1, equalTo: 1}]
  - id: late
    fixtures: {inputs: {count: 1}}
    assertions: [{value: 1, equalTo: 1}]
  - id: wrong-fixture
    fixtures: {inputs: {count: 1}, tasks: [{id: sleep, outputs: {x: '{{ nothing.at.all }}'}}]}
    assertions: [{value: '{{ execution.state }}', equalTo: FAILED}]
  - id: incomparable
    fixtures: {inputs: {count: 1}, tasks: [{id: sleep}]}
    assertions: [{value: text, greaterThan: 3}, {value: '{{ inputs.count }}', lessThan: 2026-01-01}]
  - {id: off, disabled: true, assertions: [{value: 1, equalTo: 2}]}
`,
    { flowId: 'slow', timeoutMs: 300 },
  );
  expect(found['refused']).toMatchObject({ state: 'ERROR', checks: [] });
  expect(found['unrendered']?.failure).toContain('the input `count` cannot be rendered');
  expect(found['late']).toMatchObject({ state: 'ERROR', errors: ['it did not end within 0.3 s'] });
  expect(found['wrong-fixture']?.state).toBe('SUCCESS');
  expect(found['incomparable']).toMatchObject({
    state: 'FAILED',
    checks: [
      { message: 'the value `text` is no number or date' },
      { message: 'a number cannot be compared with a date' },
    ],
  });
  expect(found['off']).toMatchObject({ state: 'SKIPPED' });
});

const refund = `
id: refund
namespace: demo
inputs: [{id: amount, type: INT}]
tasks:
  - id: pay
    type: core.http.Request
    method: POST
    uri: 'https://shop.example/refunds'
    governance: {onUnknown: ask}
  - {id: told, type: core.log.Log, message: paid}
`;

test('what policy says of the tasks is asserted as well', async () => {
  const world = await createSuiteWorld([refund]);
  const policies = await world.application.policies();
  const rules = `
@id("t.all") @title("t") @objective("t")
permit (principal, action, resource);
@id("t.pay") @title("t") @objective("t") @reason("money moves")
@obligation("approval") @approvers("role:approver")
forbid (principal, action == Action::"run:core.http.Request", resource);
@id("t.told") @title("t") @objective("t") @reason("be silent")
forbid (principal, action == Action::"run:core.log.Log", resource)
when { context has stage && context.stage == "deployment" };
`;
  const cases = `
defaults: {principal: {id: olga, roles: [local-owner]}}
cases:
  - {title: others do, action: execute, expect: allow, policies: [t.all]}
  - {title: money waits, action: 'run:core.http.Request', expect: obliged, policies: [t.pay]}
  - title: live flows are silent
    action: 'run:core.log.Log'
    facts: {stage: deployment}
    expect: deny
    policies: [t.told]
    without: {stage: allow}
`;
  const set = setOf(rules, { tests: [{ path: 't.tests.yaml', text: cases }] });
  const { version } = await policies.propose(set, { reason: 'a test' });
  await policies.activate(version.version);
  const found = await world.cases(
    `
  - id: asks
    fixtures: {inputs: {amount: 5}}
    governance: {approvals: [pay], denials: []}
  - id: forbids
    fixtures: {inputs: {amount: 5}, tasks: [{id: pay}]}
    governance: {stage: deployment, denials: [told]}
  - id: silent
    fixtures: {inputs: {amount: 5}, tasks: [{id: pay}]}
    governance: {approvals: [pay], denials: [told]}
`,
    { flowId: 'refund' },
  );
  expect(found['forbids']).toMatchObject({ state: 'SUCCESS' });
  expect(found['asks']).toMatchObject({ state: 'SUCCESS' });
  expect(found['silent']).toMatchObject({
    state: 'FAILED',
    checks: [
      { operator: 'approvals', expected: 'pay', actual: '' },
      { operator: 'denials', expected: 'told', actual: '' },
    ],
  });
});
