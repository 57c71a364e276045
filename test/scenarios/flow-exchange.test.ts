/**
 * Flows as files over the API: exported by Kestra's client, imported again as they were, decided about for
 * each namespace; what is no archive of flows changes nothing.
 */
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readArchive, writeArchive } from '../../src/api/routes/flow-archive.ts';
import { type ApiWorld, sessionFor, startApiServer } from '../support/api-server.ts';

let world: ApiWorld;
let mine: Readonly<Record<string, string>>;
const at = '/api/v1/main';

const flow = (namespace: string, id: string, said = 'hi') =>
  `# kept as it is\nid: ${id}\nnamespace: ${namespace}\ntasks:\n  - {id: a, type: core.log.Log, message: ${said}}\n`;

const all = [flow('shop', 'one'), flow('shop.eu', 'two'), flow('payroll', 'three')];

function form(content: string | Uint8Array<ArrayBuffer>, name: string): FormData {
  const body = new FormData();
  body.append('fileUpload', new Blob([content]), name);
  return body;
}

async function sent(content: string | Buffer, name = 'flows.zip', headers = world.session) {
  const bytes = typeof content === 'string' ? content : new Uint8Array(content);
  const answered = await world.call('POST', `${at}/flows/import`, {
    body: form(bytes, name),
    headers,
  });
  return { status: answered.status, body: (await answered.json()) as { code?: string } };
}

async function exported(query: string, headers = world.session) {
  const path = `${at}/flows/export/by-query${query}`;
  const answered = await world.call('GET', path, { headers });
  expect(answered.status).toBe(200);
  return Buffer.from(await answered.arrayBuffer());
}

const total = async (): Promise<number> =>
  (await world.json<{ total: number }>('GET', `${at}/flows/search`)).total;

beforeAll(async () => {
  world = await startApiServer();
  for (const body of all) {
    await world.json('POST', `${at}/flows`, { body, type: 'application/x-yaml' });
  }
  const roles = [{ role: 'builder', namespace: 'shop', tenant: 'main' }];
  const id = await world.server.identity.users.create({ tenant: 'main', name: 'olga', roles }, 't');
  mine = await sessionFor(world.server, id);
}, 30_000);
afterAll(async () => {
  await world.server.stop();
  rmSync(world.dataFolder, { recursive: true });
});

test('flows go out and come back as they were', async () => {
  const archive = await exported('');
  const files = await readArchive(archive);
  expect(files.map(({ name }) => name)).toEqual([
    'payroll.three.yml',
    'shop.one.yml',
    'shop.eu.two.yml',
  ]);
  expect(files.map(({ text }) => text).toSorted()).toEqual(all.toSorted());
  await world.call('DELETE', `${at}/flows/delete/by-query`);
  expect(await total()).toBe(0);
  expect(await sent(archive)).toEqual({ status: 200, body: [] });
  expect(await total()).toBe(3);
  const source = await world.json('GET', `${at}/flows/shop.eu/two?source=true`);
  expect(source['source']).toBe(all[1]);
});

test('what is named, or what a query means, goes out', async () => {
  const one = await readArchive(await exported('?namespace=shop&q=two'));
  expect(one.map(({ name }) => name)).toEqual(['shop.eu.two.yml']);
  const ids = [
    { namespace: 'payroll', id: 'three' },
    { namespace: 'payroll', id: 'three' },
  ];
  const named = (body: unknown, headers = world.session) =>
    world.call('POST', `${at}/flows/export/by-ids`, {
      body: JSON.stringify(body),
      type: 'application/json',
      headers,
    });
  const bytes = Buffer.from(await (await named(ids)).arrayBuffer());
  expect(await readArchive(bytes)).toEqual([{ name: 'payroll.three.yml', text: all[2] }]);
  expect((await named([{ namespace: 'shop', id: 'nothing' }])).status).toBe(404);
  expect((await named(ids, mine)).status).toBe(403);
});

test('who holds a role in one namespace takes out and brings in what is of it', async () => {
  const names = (await readArchive(await exported('', mine))).map(({ name }) => name);
  expect(names).toEqual(['shop.one.yml', 'shop.eu.two.yml']);
  const mixed = writeArchive([
    { name: 'a.yml', text: flow('shop', 'fresh') },
    { name: 'b.yml', text: flow('payroll', 'three', 'taken over') },
  ]);
  expect((await sent(mixed, 'flows.zip', mine)).status).toBe(403);
  // Not even what he may save is saved of what he may not save as a whole.
  expect(await total()).toBe(3);
  const own = writeArchive([{ name: 'a.yml', text: flow('shop', 'fresh') }]);
  expect((await sent(own, 'flows.zip', mine)).status).toBe(200);
  await world.call('DELETE', `${at}/flows/shop/fresh`);
});

test('a text of several documents comes in as an archive does', async () => {
  const text = `${flow('shop', 'four')}---\n${flow('shop', 'five')}`;
  expect((await sent(text, 'flows.yml')).status).toBe(200);
  expect(await total()).toBe(5);
});

test('all or nothing of what is invalid, sent twice, empty, or no archive', async () => {
  const before = await total();
  const good = { name: 'good.yml', text: flow('shop', 'six') };
  for (const [content, code] of [
    [writeArchive([good, { name: 'bad.yml', text: 'id: bad\nnamespace: shop\n' }]), 'flow.invalid'],
    [writeArchive([good, { name: 'bad.yml', text: 'nothing' }]), 'flow.invalid'],
    [writeArchive([good, { ...good, name: 'again.yml' }]), 'request.malformed'],
    [writeArchive([good, { name: '../../up.yml', text: good.text }]), 'request.malformed'],
    [writeArchive([good, { name: 'bomb.yml', text: ' '.repeat(1_000_000) }]), 'request.too-large'],
    [writeArchive([]), 'request.malformed'],
    [writeArchive([good]).subarray(0, -9), 'request.malformed'],
    ['', 'request.malformed'],
  ] as const) {
    const { status, body } = await sent(content);
    expect([status >= 400 && status < 500, body.code]).toEqual([true, code]);
  }
  const none = await world.call('POST', `${at}/flows/import`, { body: new FormData() });
  expect(none.status).toBe(400);
  expect(await total()).toBe(before);
});
