/** Webhooks: who knows the key may start, and what he brings is untrusted; what is not evaluated says so. */
import { expect, test } from 'vitest';
import { apiServerOfTest, type ApiWorld, flowText } from '../support/api-server.ts';

const executions = '/api/v1/main/executions';

async function save(world: ApiWorld, source: string): Promise<void> {
  await world.json('POST', '/api/v1/main/flows', { body: source, type: 'application/x-yaml' });
}

async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < 400; tries += 1) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('it did not come');
}

const hooked = flowText(
  'hooked',
  '  - {id: a, type: core.debug.Return, format: "{{ trigger.body.order }} {{ trigger.parameters.shop[0] }}"}',
  'inputs: [{id: order, type: STRING}]\ntriggers:\n  - {id: hook, type: core.trigger.Webhook, key: "s3cret-key", when: "{{ trigger.body.order != 0 }}", inputs: {order: "{{ trigger.body.order }}"}}\n',
);

// [triggers.fire-webhook]
test('a webhook starts an execution for who knows its key, and what it brings is untrusted', async () => {
  const world = await apiServerOfTest();
  await save(world, hooked);
  const call = (key: string, body: string) =>
    fetch(`${world.url}${executions}/webhook/demo/hooked/${key}?shop=berlin`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer not-theirs' },
      body,
    });
  const answered = await call('s3cret-key', '{"order":812}');
  expect(answered.status).toBe(200);
  const { id, inputs } = (await answered.json()) as { id: string; inputs: object };
  expect(inputs).toEqual({});
  const ended = await until(async () => {
    const one = await world.json<{
      state: { current: string };
      taskRunList: { outputs: { value: string } }[];
    }>('GET', `${executions}/${id}`);
    return one.state.current === 'SUCCESS' ? one : undefined;
  });
  expect(ended.taskRunList[0]?.outputs.value).toBe('812 berlin');
  expect((await call('s3cret-key', '{"order":0}')).status).toBe(204);
  expect((await call('another', '{}')).status).toBe(404);
  const entries = await world.json<{
    results: { type: string; actor: string; payload: Record<string, unknown> }[];
  }>('GET', `/api/v1/main/ledger/entries?stream=execution:${id}&type=execution-created`);
  expect(entries.results[0]?.actor).toBe('trigger:demo/hooked/hook');
  expect(JSON.stringify(entries.results[0]?.payload['triggerMarks'])).toContain('untrusted');
  expect(JSON.stringify(entries.results[0]?.payload['inputsMarks'])).toContain('untrusted');
  expect(JSON.stringify(entries.results)).not.toContain('not-theirs');
});

test('a trigger that is not evaluated says so', async () => {
  const world = await apiServerOfTest();
  await save(
    world,
    flowText(
      'after',
      '  - {id: a, type: core.log.Log, message: x}',
      'triggers:\n  - {id: up, type: core.trigger.McpToolTrigger, toolName: a, title: b, toolDescription: c}\n',
    ),
  );
  const page = await world.json<{ results: { trouble: string }[] }>(
    'GET',
    '/api/v1/main/triggers/search',
  );
  expect(page.results[0]?.trouble).toContain('core.trigger.McpToolTrigger');
});
