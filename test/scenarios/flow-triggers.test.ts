/** Flow triggers over HTTP: the end of one execution starts another, with what it gave and where that comes from. */
import { expect, onTestFinished, test } from 'vitest';
import { apiServerOfTest, type ApiWorld, flowText, startApiServer } from '../support/api-server.ts';

const executions = '/api/v1/main/executions';
const yaml = 'application/x-yaml';

async function save(world: ApiWorld, source: string): Promise<void> {
  await world.json('POST', '/api/v1/main/flows', { body: source, type: yaml });
}

interface Found {
  readonly id: string;
  readonly state: { readonly current: string };
  readonly trigger: Readonly<Record<string, unknown>>;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly labels: readonly { readonly key: string; readonly value: string }[];
}

async function found(world: ApiWorld, flowId: string, least: number): Promise<readonly Found[]> {
  for (let tries = 0; tries < 300; tries += 1) {
    const page = await world.json<{ results: readonly Found[] }>(
      'GET',
      `${executions}/search?flowId=${flowId}&size=50`,
    );
    const ended = page.results.filter(({ state }) => /SUCCESS|FAILED/.test(state.current));
    if (ended.length >= least) return page.results;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`there never were ${least} executions of ${flowId}`);
}

async function start(world: ApiWorld, flowId: string, inputs: Record<string, string> = {}) {
  const form = new FormData();
  for (const [name, value] of Object.entries(inputs)) form.set(name, value);
  return world.json<Found>('POST', `${executions}/demo/${flowId}?wait=true`, { body: form });
}

/** Lets everything that follows follow: an execution of a flow that listens to all is the last to come. */
const settled = (world: ApiWorld, least: number) => found(world, 'witness', least);

const orders = flowText(
  'orders',
  '  - {id: a, type: core.execution.Fail, condition: "{{ inputs.count == 0 }}"}',
  'inputs: [{id: count, type: INT}]\noutputs: [{id: count, type: INT, value: "{{ inputs.count }}"}]\n',
);
const witness = flowText(
  'witness',
  '  - {id: a, type: core.log.Log, message: seen}',
  'triggers: [{id: all, type: core.trigger.Flow, conditions: [{type: core.condition.ExecutionFlow, namespace: demo, flowId: orders}]}]\n',
);

// [triggers.fire-flow]
test('the end of an execution starts another, with its outputs, its cause and its labels', async () => {
  const world = await apiServerOfTest();
  await save(world, orders);
  await save(
    world,
    flowText(
      'restock',
      '  - {id: a, type: core.debug.Return, format: "{{ inputs.count }} {{ trigger.state }}"}',
      'inputs: [{id: count, type: INT}]\nlabels: {team: north}\ntriggers:\n  - id: ordered\n    type: core.trigger.Flow\n    labels: {by: orders}\n    inputs: {count: "{{ trigger.outputs.count }}"}\n    states: [SUCCESS]\n    conditions:\n      - {type: core.condition.ExecutionNamespace, namespace: demo}\n      - {type: core.condition.Expression, expression: "{{ outputs.a is not defined and labels.system.correlationId is defined }}"}\n',
    ),
  );
  await save(world, witness);
  const upstream = await start(world, 'orders', { count: '812' });
  await start(world, 'orders', { count: '0' });
  await settled(world, 2);
  const [fired, ...others] = await found(world, 'restock', 1);
  // That of `witness` is heard as well; it has no outputs, and its inputs cannot be rendered.
  expect(others).toEqual([]);
  expect(fired).toMatchObject({
    inputs: { count: 812 },
    trigger: {
      executionId: upstream.id,
      namespace: 'demo',
      flowId: 'orders',
      flowRevision: 1,
      state: 'SUCCESS',
      outputs: { count: 812 },
    },
  });
  const labels = Object.fromEntries(fired?.labels.map(({ key, value }) => [key, value]) ?? []);
  expect(labels).toMatchObject({ team: 'north', by: 'orders', 'system.from': 'trigger' });
  expect(labels['system.correlationId']).toBe(upstream.id);
  const children = await world.json<{ total: number }>(
    'GET',
    `${executions}/search?triggerExecutionId=${upstream.id}`,
  );
  expect(children.total).toBe(2);
  const rows = await world.json<{
    results: { triggerId: string; executionId: string; trouble?: string }[];
  }>('GET', '/api/v1/main/triggers/demo/restock');
  expect(rows.results[0]).toMatchObject({ triggerId: 'ordered', executionId: fired?.id });
  expect(rows.results[0]?.trouble).toMatch(/outputs|count/);
});

// [triggers.fire-flow]
test("what outsiders wrote upstream stays theirs, and the run is the trigger's own", async () => {
  const world = await apiServerOfTest();
  await save(
    world,
    flowText(
      'asked',
      '  - {id: a, type: core.debug.Return, format: "{{ trigger.body.text }}"}',
      'outputs: [{id: text, type: STRING, value: "{{ outputs.a.value }}"}]\ntriggers: [{id: hook, type: core.trigger.Webhook, key: open-sesame}]\n',
    ),
  );
  await save(
    world,
    flowText(
      'answer',
      '  - {id: a, type: core.debug.Return, format: "{{ inputs.text }}"}',
      'inputs: [{id: text, type: STRING}]\ntriggers:\n  - {id: after, type: core.trigger.Flow, dependsOn: [{flowId: asked}], inputs: {text: "{{ trigger.outputs.asked.text }}"}}\n',
    ),
  );
  await fetch(`${world.url}${executions}/webhook/demo/asked/open-sesame`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"text":"ignore all rules"}',
  });
  const [fired] = await found(world, 'answer', 1);
  expect(fired?.inputs['text']).toBe('ignore all rules');
  const entries = await world.json<{
    results: { actor: string; payload: Record<string, unknown> }[];
  }>('GET', `/api/v1/main/ledger/entries?stream=execution:${fired?.id}&type=execution-created`);
  const [created] = entries.results;
  expect(created?.actor).toBe('trigger:demo/answer/after');
  for (const marks of ['inputsMarks', 'triggerMarks', 'controlMarks']) {
    expect(JSON.stringify(created?.payload[marks])).toContain('untrusted');
  }
});

// [triggers.fire-flow]
test('several flows that come together start one, each time anew', async () => {
  const world = await apiServerOfTest();
  const part = (id: string) =>
    flowText(
      id,
      '  - {id: a, type: core.log.Log, message: x}',
      `outputs: [{id: ${id}, type: STRING, value: of ${id}}]\n`,
    );
  await save(world, part('left'));
  await save(world, part('right'));
  await save(
    world,
    flowText(
      'both',
      '  - {id: a, type: core.debug.Return, format: "{{ trigger.outputs.left }} {{ trigger.outputs.right }}"}',
      'triggers:\n  - id: together\n    type: core.trigger.Flow\n    preconditions:\n      id: pair\n      timeWindow: {type: SLIDING_WINDOW, window: PT1H}\n      flows: [{namespace: demo, flowId: left, states: [SUCCESS]}]\n      where: [{id: named, filters: [{field: FLOW_ID, type: IN, values: [right, other]}]}]\n',
    ),
  );
  for (const id of ['left', 'left', 'right', 'right', 'left']) await start(world, id);
  const all = await found(world, 'both', 2);
  expect(all).toHaveLength(2);
  expect(all.map(({ trigger }) => trigger['flowId'])).toEqual(['left', 'right']);
  expect(all[0]?.trigger['outputs']).toEqual({ left: 'of left', right: 'of right' });
  const entries = await world.json<{ results: { type: string }[] }>(
    'GET',
    '/api/v1/main/ledger/entries?stream=trigger:demo/both/together',
  );
  expect(entries.results.map(({ type }) => type)).toEqual([
    'trigger-fired',
    'trigger-gathered',
    'trigger-fired',
    'trigger-gathered',
    'trigger-gathered',
  ]);
});

test('a trigger that is off hears nothing of what comes meanwhile', async () => {
  const world = await apiServerOfTest();
  await save(world, orders);
  await save(world, witness);
  const id = { namespace: 'demo', flowId: 'witness', triggerId: 'all' };
  const turn = (disabled: boolean) =>
    world.json('PUT', '/api/v1/main/triggers', {
      body: JSON.stringify({ ...id, disabled }),
      type: 'application/json',
    });
  await turn(true);
  await start(world, 'orders', { count: '1' });
  // A new revision of the flow does not switch it on again.
  await save(world, witness.replace('message: seen', 'message: again')).catch(() => undefined);
  await world.json('PUT', '/api/v1/main/flows/demo/witness', {
    body: witness.replace('message: seen', 'message: again'),
    type: yaml,
  });
  await start(world, 'orders', { count: '2' });
  await turn(false);
  const last = await start(world, 'orders', { count: '3' });
  const all = await found(world, 'witness', 1);
  expect(all.map(({ trigger }) => trigger['executionId'])).toEqual([last.id]);
});

test('a trigger stops after such an end as it names, and a failed one may be shown', async () => {
  const world = await apiServerOfTest();
  await save(world, orders);
  await save(
    world,
    flowText(
      'strict',
      '  - {id: a, type: core.log.Log, message: x}',
      'inputs: [{id: count, type: INT, max: 5}]\ntriggers:\n  - {id: after, type: core.trigger.Flow, stopAfter: [FAILED], failOnTriggerError: true, inputs: {count: "{{ trigger.outputs.count }}"}, conditions: [{type: core.condition.ExecutionFlow, namespace: demo, flowId: orders}]}\n',
    ),
  );
  await save(world, witness);
  for (const count of ['1', '9', '2']) await start(world, 'orders', { count });
  await settled(world, 3);
  const all = await found(world, 'strict', 2);
  expect(all.map(({ state }) => state.current).toSorted()).toContain('FAILED');
  const { results } = await world.json<{ results: { disabled: boolean }[] }>(
    'GET',
    '/api/v1/main/triggers/demo/strict',
  );
  expect(results[0]?.disabled).toBe(true);
});

// [triggers.loops]
test('a circle of triggers is refused when it is closed, and one that may end is warned of', async () => {
  const world = await apiServerOfTest();
  const after = (id: string, other: string, more = '') =>
    flowText(
      id,
      '  - {id: a, type: core.log.Log, message: x}',
      `triggers: [{id: t, type: core.trigger.Flow, conditions: [{type: core.condition.ExecutionFlow, namespace: demo, flowId: ${other}}${more}]}]\n`,
    );
  await save(world, after('one', 'two'));
  const body = after('two', 'one');
  const refused = await world.call('POST', '/api/v1/main/flows', { body, type: yaml });
  expect(refused.status).toBe(422);
  expect(await refused.text()).toContain('`demo/two` → `demo/one` → `demo/two`');
  const [checked] = await world.json<{ constraints: string }[]>(
    'POST',
    '/api/v1/main/flows/validate',
    { body, type: yaml },
  );
  expect(checked?.constraints).toContain('start each other for ever');
  const failed = ', {type: core.condition.ExecutionStatus, in: [FAILED]}';
  await save(world, after('two', 'one', failed));
});

// [triggers.loops]
test('a chain that nobody saw coming is cut', async () => {
  const world = await apiServerOfTest();
  const echo = (id: string, other: string) =>
    flowText(
      id,
      '  - {id: a, type: core.log.Log, message: x}',
      `triggers: [{id: t, type: core.trigger.Flow, conditions: [{type: core.condition.ExecutionFlow, namespace: demo, flowId: ${other}}, {type: core.condition.Expression, expression: "{{ flow.id != '' }}"}]}]\n`,
    );
  await save(world, echo('ping', 'pong'));
  await save(world, echo('pong', 'ping'));
  await start(world, 'ping');
  const troubles = async (): Promise<string> => {
    const page = await world.json<{ results: { trouble?: string }[] }>(
      'GET',
      '/api/v1/main/triggers/search',
    );
    return page.results.map(({ trouble = '' }) => trouble).join();
  };
  await expect.poll(troubles, { timeout: 3_000 }).toContain('more than 20 executions');
  expect(await found(world, 'pong', 10)).toHaveLength(10);
  expect(await found(world, 'ping', 11)).toHaveLength(11);
});

// [triggers.fire-flow]
test('a window that ends before all came together is shown as a failed execution', async () => {
  const world = await apiServerOfTest();
  await save(world, orders);
  await save(
    world,
    flowText(
      'daily',
      '  - {id: a, type: core.log.Log, message: x}',
      'triggers:\n  - {id: both, type: core.trigger.Flow, dependsOn: [{flowId: orders}, {flowId: stock}], window: {every: PT0.5S}, onMiss: {behavior: FAIL, labels: {late: "yes"}}}\n',
    ),
  );
  await start(world, 'orders', { count: '1' });
  const all = await found(world, 'daily', 2);
  const [missed] = all;
  expect(missed?.state.current).toBe('FAILED');
  expect(missed?.labels).toContainEqual({ key: 'late', value: 'yes' });
  const windows = all.map(({ trigger }) => trigger['windowEnd']);
  expect(new Set(windows).size).toBe(windows.length);
});

// [triggers.fire-flow]
test('two servers on one data folder hear an end once', async () => {
  const world = await apiServerOfTest();
  await save(world, orders);
  await save(world, witness);
  const other = await startApiServer({}, world.dataFolder);
  onTestFinished(async () => void (await other.server.stop()));
  for (const count of ['1', '2', '3']) await start(other, 'orders', { count });
  const all = await found(world, 'witness', 3);
  const heard = all.map(({ trigger }) => trigger['executionId']);
  expect(heard).toHaveLength(3);
  expect(new Set(heard).size).toBe(3);
});

test('what went wrong with values about people tells nothing of them', async () => {
  const world = await apiServerOfTest();
  await save(
    world,
    flowText(
      'customer',
      '  - {id: a, type: core.log.Log, message: x}',
      'inputs: [{id: mail, type: STRING, governance: {classes: [personal.email], subject: "customer:{{ inputs.mail }}"}}]\noutputs: [{id: mail, type: STRING, value: "{{ inputs.mail }}"}]\n',
    ),
  );
  await save(
    world,
    flowText(
      'greeting',
      '  - {id: a, type: core.log.Log, message: x}',
      'inputs: [{id: mail, type: INT}]\ntriggers:\n  - {id: after, type: core.trigger.Flow, dependsOn: [{flowId: customer}], inputs: {mail: "{{ trigger.outputs.customer.mail }}"}}\n',
    ),
  );
  await start(world, 'customer', { mail: 'ada@example.org' });
  const trouble = async (): Promise<string> => {
    const rows = await world.json<{ results: { trouble?: string }[] }>(
      'GET',
      '/api/v1/main/triggers/demo/greeting',
    );
    return rows.results[0]?.trouble ?? '';
  };
  await expect.poll(trouble).toBe('invalid input');
  const entries = await world.call(
    'GET',
    '/api/v1/main/ledger/entries?stream=trigger:demo/greeting/after',
  );
  expect(await entries.text()).not.toContain('ada@');
  expect(world.log.join()).not.toContain('ada@');
});
