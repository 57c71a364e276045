/**
 * The official client of Kestra against a started server: it creates a flow, runs it, follows it, reads
 * its lines and outputs, resumes a pause, kills and replays.
 */
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { administrator, type ApiWorld, flowText, startApiServer } from '../support/api-server.ts';
import { callClient, type KestraClient, kestraClient } from '../support/kestra-client.ts';

interface Execution {
  readonly id: string;
  readonly state: { readonly current: string };
  readonly outputs: Record<string, unknown>;
  readonly inputs: Record<string, unknown>;
  readonly taskRunList: readonly { readonly id: string; readonly taskId: string }[];
  readonly originalId: string;
}

let world: ApiWorld;
let client: KestraClient;

beforeAll(async () => {
  world = await startApiServer();
  client = kestraClient(world.url, administrator.name, administrator.password);
});
afterAll(async () => {
  await world.server.stop();
  rmSync(world.dataFolder, { recursive: true });
});

const call = <T>(api: string, operation: string, ...parts: unknown[]) =>
  callClient<T>(client, api, operation, ...parts);

async function start(id: string): Promise<string> {
  const { data } = await call<Execution[]>(
    'executionsApi',
    'createExecution',
    'demo',
    id,
    false,
    'main',
    {},
  );
  return data[0]?.id ?? '';
}

async function untilState(id: string, state: string): Promise<Execution> {
  for (let tries = 0; tries < 200; tries += 1) {
    const { data } = await call<Execution>('executionsApi', 'getExecution', id, 'main');
    if (data.state.current === state) return data;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`the execution never was ${state}`);
}

const greeting = flowText(
  'greeting',
  '  - {id: log, type: io.kestra.plugin.core.log.Log, message: "hello {{ inputs.name }}"}\n  - {id: give, type: core.debug.Return, format: "{{ inputs.name | upper }}"}',
  'inputs: [{id: name, type: STRING, defaults: Ada}]\noutputs: [{id: loud, type: STRING, value: "{{ outputs.give.value }}"}]\n',
);

describe('the official client', () => {
  test('creates a flow, reads it, finds it and validates another', async () => {
    const created = await call<{ id: string; revision: number }>(
      'flowsApi',
      'createFlow',
      'main',
      greeting,
    );
    expect(created.data).toMatchObject({ id: 'greeting', revision: 1 });
    const read = await call<{ namespace: string }>(
      'flowsApi',
      'getFlow',
      'demo',
      'greeting',
      true,
      false,
      'main',
      {},
    );
    expect(read.data).toMatchObject({ namespace: 'demo', source: greeting });
    const found = await call<{ total: number }>('flowsApi', 'searchFlows', 1, 10, 'main', {});
    expect(found.data.total).toBe(1);
    const wrong = greeting.replace('core.log.Log', 'core.log.Lag');
    const told = await call<{ constraints: string }[]>('flowsApi', 'validateFlows', 'main', wrong);
    expect(told.data[0]?.constraints).toContain('core.log.Lag');
  });

  test('runs it, follows it to its end, and reads its lines and outputs [G-091]', async () => {
    const id = await start('greeting');
    const followed = await call<unknown>('executionsApi', 'followExecution', id, 'main');
    expect(followed.text).toMatch(/^id: start\n/);
    expect(followed.text).toMatch(/id: end\ndata: .*"current":"SUCCESS"/);
    const { data } = await call<Execution>('executionsApi', 'getExecution', id, 'main');
    expect(data).toMatchObject({ state: { current: 'SUCCESS' }, outputs: { loud: 'ADA' } });
    const lines = await call<{ message: string }[]>(
      'logsApi',
      'listLogsFromExecution',
      id,
      'main',
      {},
    );
    expect(lines.data.map((one) => one.message)).toContain('hello Ada');
    const found = await call<{ total: number }>(
      'executionsApi',
      'searchExecutions',
      1,
      10,
      'main',
      {
        namespace: 'demo',
        flowId: 'greeting',
        state: ['SUCCESS'],
      },
    );
    expect(found.data.total).toBe(1);
  });

  test('resumes a pause', async () => {
    const source = flowText(
      'gate',
      '  - {id: wait, type: core.flow.Pause}\n  - {id: after, type: core.debug.Return, format: done}',
    );
    await call('flowsApi', 'createFlow', 'main', source);
    const id = await start('gate');
    await untilState(id, 'PAUSED');
    await call('executionsApi', 'resumeExecution', id, 'main');
    const ended = await untilState(id, 'SUCCESS');
    expect(ended.taskRunList.map((one) => one.taskId)).toEqual(['wait', 'after']);
  });

  test('kills what waits, and replays it', async () => {
    const id = await start('gate');
    await untilState(id, 'PAUSED');
    await call('executionsApi', 'killExecution', id, true, 'main');
    await untilState(id, 'KILLED');
    const { data } = await call<Execution>('executionsApi', 'replayExecution', id, 'main', {});
    expect(data.id).not.toBe(id);
    expect(data.originalId).toBe(id);
    await untilState(data.id, 'PAUSED');
    await call('executionsApi', 'killExecution', data.id, true, 'main');
  });

  test('keeps pairs and files of a namespace', async () => {
    await call('kvApi', 'setKeyValue', 'demo', 'colour', 'main', '"green"');
    const read = await world.json('GET', '/api/v1/main/namespaces/demo/kv/colour');
    expect(read).toEqual({ type: 'STRING', value: 'green' });
    const found = await call<string[]>('filesApi', 'searchNamespaceFiles', 'demo', '', 'main');
    expect(found.data).toEqual([]);
  });

  test('works with a token in place of the password', async () => {
    const { secret } = await world.json<{ secret: string }>('POST', '/api/v1/main/tokens', {
      type: 'application/json',
      body: '{"name":"sdk"}',
    });
    const answered = await fetch(`${world.url}/api/v1/main/flows/demo/greeting`, {
      headers: { authorization: `Bearer ${secret}` },
    });
    expect(answered.status).toBe(200);
  });
});
