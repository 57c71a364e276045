/**
 * Searches over everything a reader sees, and what is asked before something goes on: task runs, keys of all
 * namespaces, the values of a pause, and replays with the newest revision.
 */
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiWorld, sessionFor, startApiServer } from '../support/api-server.ts';

type Row = Readonly<Record<string, unknown>>;
interface Page {
  readonly results: readonly (Row & { readonly state: Row })[];
  readonly total: number;
}

let world: ApiWorld;
let mine: Readonly<Record<string, string>>;
const at = '/api/v1/main';
const yaml = (body: string) => ({ body, type: 'application/x-yaml' });

const flow = (namespace: string, said = 'first') => `id: greet
namespace: ${namespace}
tasks:
  - {id: say, type: core.debug.Return, format: ${said} of ${namespace}}
  - id: fail
    type: core.execution.Fail
    allowFailure: true
`;

beforeAll(async () => {
  world = await startApiServer();
  for (const namespace of ['shop', 'payroll']) {
    await world.json('POST', `${at}/flows`, yaml(flow(namespace)));
    await world.json('POST', `${at}/executions/${namespace}/greet?wait=true`);
    await world.call('PUT', `${at}/namespaces/${namespace}/kv/key-of-${namespace}`, {
      body: '"a value"',
      type: 'text/plain',
    });
  }
  const roles = [{ role: 'operator', namespace: 'shop', tenant: 'main' }];
  const id = await world.server.identity.users.create({ tenant: 'main', name: 'olga', roles }, 't');
  mine = await sessionFor(world.server, id);
}, 30_000);
afterAll(async () => {
  await world.server.stop();
  rmSync(world.dataFolder, { recursive: true });
});

const page = (path: string, headers = world.session) =>
  world.json<Page>('GET', `${at}${path}`, { headers });

test('task runs are found by their states, and by what their executions are', async () => {
  const all = await page('/taskruns/search?size=100');
  expect(all.total).toBe(4);
  const failed = await page('/taskruns/search?state=FAILED,WARNING');
  expect(failed.results.map((one) => one['taskId'])).toEqual(['fail', 'fail']);
  const [state] = failed.results.map((one) => one.state['current']);
  const filtered = await page(`/taskruns/search?filters[state][EQUALS]=${String(state)}`);
  expect(filtered.total).toBe(2);
  const ofShop = await page('/taskruns/search?namespace=shop&sort=taskId:asc');
  expect(ofShop.results.map((one) => one['taskId'])).toEqual(['fail', 'say']);
  const second = await page('/taskruns/search?size=3&page=2');
  expect([second.total, second.results.length]).toEqual([4, 1]);
  expect((await world.call('GET', `${at}/taskruns/search?stat=FAILED`)).status).toBe(400);
});

test('who holds a role in one namespace finds what is of it', async () => {
  const runs = await page('/taskruns/search?size=100', mine);
  expect(runs.total).toBe(2);
  expect(JSON.stringify(runs)).not.toContain('payroll');
  const keys = await page('/kv', mine);
  expect(keys.results.map((one) => one['key'])).toEqual(['key-of-shop']);
  expect(keys.total).toBe(1);
});

test('keys of all namespaces are listed without values', async () => {
  const all = await page('/kv?sort=key:asc');
  expect(all.results.map((one) => one['key'])).toEqual(['key-of-payroll', 'key-of-shop']);
  expect(JSON.stringify(all)).not.toContain('a value');
  expect((await page('/kv?namespace=shop')).total).toBe(1);
  expect((await page('/kv?q=PAY')).total).toBe(1);
});

test('the values of a pause are checked, and nothing goes on', async () => {
  const paused = `id: ask
namespace: shop
tasks:
  - id: wait
    type: core.flow.Pause
    onResume:
      - {id: amount, type: INT}
`;
  await world.json('POST', `${at}/flows`, yaml(paused));
  const { id } = await world.json<{ id: string }>('POST', `${at}/executions/shop/ask`);
  const state = async () =>
    (await world.json<{ state: { current: string } }>('GET', `${at}/executions/${id}`)).state;
  await expect.poll(async () => (await state()).current).toBe('PAUSED');
  const check = async (amount: string) => {
    const body = new FormData();
    body.append('amount', amount);
    return world.json<{ inputs: { input: Row; errors: unknown[] }[] }>(
      'POST',
      `${at}/executions/${id}/resume/validate`,
      { body },
    );
  };
  expect((await check('12')).inputs).toEqual([
    { input: { id: 'amount', type: 'INT' }, enabled: true, errors: [] },
  ]);
  expect((await check('many')).inputs[0]?.errors).toHaveLength(1);
  expect((await state()).current).toBe('PAUSED');
  await world.call('DELETE', `${at}/executions/${id}/kill`);
  await expect.poll(async () => (await state()).current).toBe('KILLED');
  const again = await world.call('POST', `${at}/executions/${id}/resume/validate`);
  expect(again.status).toBe(409);
});

test('executions are replayed with their revision, or with the newest when that is asked', async () => {
  const first = (await page('/executions/search?namespace=payroll')).results[0]?.['id'];
  await world.json('POST', `${at}/flows`, yaml(flow('payroll', 'second')));
  const replay = (query: string) =>
    world.json('POST', `${at}/executions/replay/by-ids${query}`, {
      body: JSON.stringify([first]),
      type: 'application/json',
    });
  expect(await replay('')).toEqual({ count: 1 });
  expect(await replay('?latestRevision=true')).toEqual({ count: 1 });
  const revisions = (await page('/executions/search?namespace=payroll')).results.map(
    (one) => one['flowRevision'],
  );
  expect(revisions.map(String).toSorted()).toEqual(['1', '1', '2']);
});
