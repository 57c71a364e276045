/**
 * Lists for people who hold a role in one namespace: they see what is of it, and neither rows nor counts
 * of anything else; what they do to "all" is done to what they see.
 */
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiWorld, sessionFor, startApiServer } from '../support/api-server.ts';

type Session = Readonly<Record<string, string>>;
interface Page {
  readonly results: readonly Readonly<Record<string, unknown>>[];
  readonly total: number;
}

let world: ApiWorld;
let mine: Session;
let nobodys: Session;
const at = '/api/v1/main';

function source(namespace: string, id: string): string {
  return `id: ${id}
namespace: ${namespace}
triggers:
  - id: nightly
    type: core.trigger.Schedule
    cron: "0 3 * * *"
tasks:
  - id: say
    type: core.log.Log
    message: said in ${namespace}
`;
}

async function personOf(name: string, role: string, namespace: string): Promise<Session> {
  const roles = [{ role, namespace, tenant: 'main' }];
  const id = await world.server.identity.users.create({ tenant: 'main', name, roles }, 'test');
  return sessionFor(world.server, id);
}

async function asked(session: Session, path: string, method = 'GET', body?: string, type?: string) {
  const answered = await fetch(`${world.url}${at}${path}`, {
    method,
    headers: { ...session, ...(type !== undefined && { 'content-type': type }) },
    ...(body !== undefined && { body }),
  });
  const text = await answered.text();
  return { status: answered.status, text, body: text === '' ? undefined : JSON.parse(text) };
}

async function page(path: string, session: Session = mine): Promise<Page> {
  const { status, body } = await asked(session, path);
  expect(status).toBe(200);
  return body as Page;
}

beforeAll(async () => {
  world = await startApiServer();
  for (const [namespace, runs] of [
    ['shop', 3],
    ['shop.eu', 2],
    ['payroll', 4],
  ] as const) {
    await world.json('POST', `${at}/flows`, {
      type: 'application/x-yaml',
      body: source(namespace, 'greet'),
    });
    for (let run = 0; run < runs; run += 1) {
      await world.json('POST', `${at}/executions/${namespace}/greet?wait=true`);
    }
  }
  mine = await personOf('olga', 'operator', 'shop');
  nobodys = await personOf('nina', 'operator', 'empty');
}, 30_000);
afterAll(async () => {
  await world.server.stop();
  rmSync(world.dataFolder, { recursive: true });
});

describe('who holds a role in one namespace', () => {
  test('sees its executions and those below, and counts no others', async () => {
    const all = await page('/executions/search?size=100');
    expect(all.total).toBe(5);
    expect(new Set(all.results.map((one) => one['namespace']))).toEqual(
      new Set(['shop', 'shop.eu']),
    );
    const last = await page('/executions/search?size=2&page=3');
    expect([last.total, last.results.length]).toEqual([5, 1]);
    const pages = [];
    for (const number of [1, 2, 3]) {
      pages.push(...(await page(`/executions/search?size=2&page=${number}`)).results);
    }
    expect(pages.map((one) => one['id'])).toEqual(all.results.map((one) => one['id']));
  });

  test('finds nothing of other namespaces, by whatever filter', async () => {
    const { results } = await page('/executions/search?size=100', world.session);
    const foreign = results.find((one) => one['namespace'] === 'payroll')?.['id'];
    for (const path of [
      `/executions/search?q=payroll`,
      `/executions/search?q=${String(foreign)}`,
      '/executions/search?filters[namespace][EQUALS]=payroll',
      '/executions/search?filters[namespace][NOT_EQUALS]=shop&filters[namespace][NOT_EQUALS]=shop.eu',
      '/flows/search?q=payroll',
      '/flows/source?q=payroll',
      '/logs/search?q=payroll',
      '/triggers/search?q=payroll',
      '/namespaces/search?q=payroll',
    ]) {
      const found = await page(path);
      expect([path, found.results, found.total]).toEqual([path, [], 0]);
    }
    expect((await asked(mine, '/executions/search?namespace=payroll')).status).toBe(403);
    expect((await asked(mine, `/executions/${String(foreign)}`)).status).toBe(403);
  });

  test('sees flows, lines, triggers, namespaces and the register of its own', async () => {
    expect((await page('/flows/search')).total).toBe(2);
    expect((await page('/logs/search?size=100')).total).toBe(5);
    expect((await page('/triggers/search')).total).toBe(2);
    expect((await page('/namespaces/search')).results.map((one) => one['id'])).toEqual([
      'shop',
      'shop.eu',
    ]);
    expect((await asked(mine, '/flows/distinct-namespaces')).body).toEqual(['shop', 'shop.eu']);
    expect((await asked(mine, '/executions/namespaces')).body).toEqual(['shop', 'shop.eu']);
    const { body } = await asked(mine, '/registers/flows');
    expect((body as { namespace: string }[]).map(({ namespace }) => namespace)).toEqual([
      'shop',
      'shop.eu',
    ]);
    const latest = await asked(
      mine,
      '/executions/latest',
      'POST',
      JSON.stringify([
        { namespace: 'payroll', id: 'greet' },
        { namespace: 'shop', id: 'greet' },
      ]),
      'application/json',
    );
    expect((latest.body as { namespace: string }[]).map(({ namespace }) => namespace)).toEqual([
      'shop',
    ]);
  });

  test('with none of what is stored gets an empty list, and without a role a refusal', async () => {
    expect(await page('/executions/search', nobodys)).toEqual({ results: [], total: 0 });
    expect(await page('/flows/search', nobodys)).toEqual({ results: [], total: 0 });
    const stranger = await personOf('sven', 'nothing', '*');
    for (const path of ['/executions/search', '/flows/search', '/logs/search', '/kill-switches']) {
      expect((await asked(stranger, path)).status).toBe(403);
    }
  });

  test('does to all only what it does to its own, and hears of nothing else', async () => {
    const done = await asked(mine, '/executions/replay/by-query?q=greet', 'POST');
    expect([done.status, done.body]).toEqual([200, { count: 5 }]);
    const deleted = await asked(mine, '/executions/by-query?namespace=shop.eu', 'DELETE');
    expect(deleted.status).toBe(200);
    expect(JSON.stringify(deleted.body)).not.toContain('payroll');
    const { total } = await page('/executions/search?namespace=payroll', world.session);
    expect(total).toBe(4);
  });

  test('stops what is its own, and no more', async () => {
    const stop = (kind: string, id: string) =>
      asked(
        mine,
        '/kill-switches',
        'POST',
        JSON.stringify({ kind, id, reason: 'a test' }),
        'application/json',
      );
    expect((await stop('namespace', 'payroll')).status).toBe(403);
    expect((await stop('flow', 'payroll/greet')).status).toBe(403);
    expect((await stop('everything', '')).status).toBe(403);
    expect((await stop('vendor', 'maker')).status).toBe(403);
    expect((await stop('flow', 'shop/greet')).status).toBe(200);
    await world.json('POST', `${at}/kill-switches`, {
      type: 'application/json',
      body: JSON.stringify({ kind: 'flow', id: 'payroll/greet', reason: 'another test' }),
    });
    await world.json('POST', `${at}/kill-switches`, {
      type: 'application/json',
      body: JSON.stringify({ kind: 'vendor', id: 'maker', reason: 'a third' }),
    });
    const { body } = await asked(mine, '/kill-switches');
    expect((body as { id: string }[]).map(({ id }) => id).toSorted()).toEqual([
      'maker',
      'shop/greet',
    ]);
  });

  test('saves flows of its own, and is told what is wrong with a text that names no place', async () => {
    const builder = await personOf('bert', 'builder', 'shop');
    const save = (text: string) => asked(builder, '/flows', 'POST', text, 'application/x-yaml');
    expect((await save(source('shop', 'mine'))).status).toBe(200);
    expect((await save(source('payroll', 'theirs'))).status).toBe(403);
    const wrong = await save('id: x\nnamespace: [');
    expect([wrong.status, wrong.body]).toEqual([
      422,
      expect.objectContaining({ code: 'flow.invalid' }),
    ]);
    const both = `${source('shop', 'one')}---\n${source('payroll', 'two')}`;
    const bulk = await asked(builder, '/flows/bulk', 'POST', both, 'application/x-yaml');
    expect(bulk.status).toBe(403);
    expect((await asked(builder, '/flows/shop/one')).status).toBe(404);
    const checked = await asked(
      builder,
      '/flows/validate',
      'POST',
      source('shop', 'draft'),
      'application/x-yaml',
    );
    expect(checked.status).toBe(200);
    expect((await asked(builder, '/../plugins')).status).toBe(200);
  });
});
