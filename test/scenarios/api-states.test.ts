/**
 * States set by hand over the API [operations.change-state] and executions let run beyond a limit or before
 * their date [operations.force-run]: who did it and why is in the ledger, and policy may ask for the why.
 */
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiWorld, flowText, sessionFor, startApiServer } from '../support/api-server.ts';

interface Execution {
  readonly id: string;
  readonly state: { readonly current: string };
  readonly taskRunList: readonly {
    readonly id: string;
    readonly taskId: string;
    readonly state: { readonly current: string };
  }[];
}

let world: ApiWorld;
const executions = '/api/v1/main/executions';
const json = 'application/json';

const failing = `  - {id: bad, type: core.execution.Fail}
  - {id: after, type: core.log.Log, message: went on}`;
const waiting = '  - {id: wait, type: core.flow.Pause}';

async function save(id: string, tasks: string, more = ''): Promise<void> {
  await world.json('POST', '/api/v1/main/flows', {
    type: 'application/x-yaml',
    body: flowText(id, tasks, more),
  });
}

beforeAll(async () => {
  world = await startApiServer();
  await save('failing', failing);
  await save('one-at-a-time', waiting, 'concurrency: {limit: 1, behavior: QUEUE}\n');
}, 20_000);
afterAll(async () => {
  await world.server.stop();
  rmSync(world.dataFolder, { recursive: true });
});

const start = (flow: string, query = ''): Promise<Execution> =>
  world.json<Execution>('POST', `${executions}/demo/${flow}?wait=true${query}`);

async function failed(): Promise<{ readonly id: string; readonly run: string }> {
  const { id, state, taskRunList } = await start('failing');
  expect(state.current).toBe('FAILED');
  return { id, run: taskRunList[0]?.id ?? '' };
}

async function settled(id: string): Promise<Execution> {
  for (;;) {
    const found = await world.json<Execution>('GET', `${executions}/${id}`);
    if (/^(SUCCESS|WARNING|FAILED)$/.test(found.state.current)) return found;
  }
}

describe('the state of a task run', () => {
  test('is set, the execution goes on, and the ledger says who and why', async () => {
    const { id, run } = await failed();
    const body = JSON.stringify({ taskRunId: run, state: 'SUCCESS', reason: 'paid by hand' });
    await world.json('POST', `${executions}/${id}/state`, { type: json, body });
    const after = await settled(id);
    expect(after.state.current).toBe('SUCCESS');
    expect(after.taskRunList.map(({ state }) => state.current)).toEqual(['SUCCESS', 'SUCCESS']);
    const { results } = await world.json<{ results: { actor: string; payload: unknown }[] }>(
      'GET',
      `/api/v1/main/ledger/entries?type=run-state-changed`,
    );
    const [entry] = results;
    expect(entry?.actor).toMatch(/^user:/);
    expect(JSON.stringify(entry)).toContain('paid by hand');
  });

  test('is refused while it runs, of a run that is not there, and to no state of a run', async () => {
    const { id } = await failed();
    const running = await start('one-at-a-time');
    const set = (one: string, body: object) =>
      world.call('POST', `${executions}/${one}/state`, { type: json, body: JSON.stringify(body) });
    const run = running.taskRunList[0]?.id;
    expect((await set(running.id, { taskRunId: run, state: 'SUCCESS' })).status).toBe(409);
    expect((await set(id, { taskRunId: 'nothing', state: 'SUCCESS' })).status).toBe(409);
    expect((await set(id, { taskRunId: 'nothing', state: 'RUNNING' })).status).toBe(400);
    await world.call('DELETE', `${executions}/${running.id}/kill`);
  });

  test('is set by who may in its namespace, for the reason that the header gives', async () => {
    const { id, run } = await failed();
    const { users } = world.server.identity;
    const setBy = async (name: string, namespace: string) => {
      const roles = [{ role: 'operator', namespace, tenant: 'main' }];
      const user = await users.create({ tenant: 'main', name, roles }, 'test');
      return fetch(`${world.url}${executions}/${id}/state`, {
        method: 'POST',
        headers: {
          ...(await sessionFor(world.server, user)),
          'content-type': json,
          'x-reason': 'the shop was told',
        },
        body: JSON.stringify({ taskRunId: run, state: 'WARNING' }),
      });
    };
    expect((await setBy('olga', 'elsewhere')).status).toBe(403);
    expect((await setBy('otto', 'demo')).status).toBe(200);
    expect((await settled(id)).state.current).toBe('WARNING');
    const told = await world.call('GET', '/api/v1/main/ledger/entries?type=run-state-changed');
    expect(await told.text()).toContain('the shop was told');
  });
});

describe('the state of an execution', () => {
  test('is set when it has ended, one by one, by name and by query', async () => {
    const { id } = await failed();
    const one = await world.json<Execution>(
      'POST',
      `${executions}/${id}/change-status?status=WARNING`,
    );
    expect(one.state.current).toBe('WARNING');
    const more = [await failed(), await failed()].map((each) => each.id);
    const named = await world.json('POST', `${executions}/change-status/by-ids?newStatus=SUCCESS`, {
      type: json,
      body: JSON.stringify([more[0], 'nothing']),
    });
    expect(named).toMatchObject({ count: 1, failed: [{ id: 'nothing' }] });
    const meant = await world.json(
      'POST',
      `${executions}/change-status/by-query?newStatus=CANCELLED&state=FAILED&q=${String(more[1])}`,
    );
    expect(meant).toEqual({ count: 1 });
    expect((await settledOrCancelled(more[1] ?? '')).state.current).toBe('CANCELLED');
    const wrong = await world.call('POST', `${executions}/${id}/change-status?status=RUNNING`);
    expect(wrong.status).toBe(400);
  });
});

function settledOrCancelled(id: string): Promise<Execution> {
  return world.json<Execution>('GET', `${executions}/${id}`);
}

describe('an execution that is held back', () => {
  test('by the limit of its flow is let run', async () => {
    const [first, second, third] = [
      await start('one-at-a-time'),
      await world.json<Execution>('POST', `${executions}/demo/one-at-a-time`),
      await world.json<Execution>('POST', `${executions}/demo/one-at-a-time`),
    ];
    await expect
      .poll(
        async () => (await world.json<Execution>('GET', `${executions}/${third.id}`)).state.current,
      )
      .toBe('QUEUED');
    const let1 = await world.call('POST', `${executions}/${second.id}/unqueue`);
    const let2 = await world.call('POST', `${executions}/${third.id}/force-run`);
    expect([let1.status, let2.status]).toEqual([200, 200]);
    for (const { id } of [second, third]) {
      await expect
        .poll(async () => (await world.json<Execution>('GET', `${executions}/${id}`)).state.current)
        .toBe('PAUSED');
    }
    const again = await world.call('POST', `${executions}/${second.id}/unqueue`);
    expect(again.status).toBe(409);
    const resumed = await world.call('POST', `${executions}/${third.id}/force-run`);
    expect(resumed.status).toBe(200);
    expect((await settled(third.id)).state.current).toBe('SUCCESS');
    expect((await world.call('POST', `${executions}/${third.id}/force-run`)).status).toBe(409);
    for (const { id } of [first, second]) await world.call('DELETE', `${executions}/${id}/kill`);
  });

  test('by its date is let run before it', async () => {
    await save('dated', '  - {id: say, type: core.log.Log, message: early}');
    const date = encodeURIComponent(new Date(Date.now() + 3_600_000).toISOString());
    const { id, state } = await world.json<Execution>(
      'POST',
      `${executions}/demo/dated?scheduleDate=${date}`,
    );
    expect(state.current).toBe('CREATED');
    expect((await world.call('POST', `${executions}/${id}/force-run`)).status).toBe(200);
    expect((await settled(id)).state.current).toBe('SUCCESS');
  });
});
