/**
 * Policies over the API: what the first start puts in force, and the way of another set into force, on
 * which the policies in force decide about whoever asks, never about the owner of the data folder.
 */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rmSync } from 'node:fs';
import { type ApiWorld, startApiServer } from '../support/api-server.ts';
import { packOf } from '../support/policy-world.ts';

const policies = '/api/v1/main/policies';
const json = 'application/json';

let world: ApiWorld;
beforeAll(async () => {
  world = await startApiServer();
});
afterAll(async () => {
  await world.server.stop();
  rmSync(world.dataFolder, { recursive: true });
});

const send = (path: string, body: unknown, method = 'POST') =>
  world.json(method, path, { type: json, body: JSON.stringify(body) });

interface Version {
  readonly version: string;
  readonly isActive: boolean;
  readonly author: string;
  readonly tests: { readonly passed: boolean };
}

interface Versions {
  readonly results: readonly Version[];
  readonly total: number;
}

test('the first start puts the default pack in force and records who did [G-171] [G-226]', async () => {
  expect(world.server.policies).toMatchObject({ outcome: 'put-in-force' });
  const { results } = await world.json<Versions>('GET', `${policies}/versions`);
  expect(results).toMatchObject([
    { isActive: true, author: 'installation', tests: { passed: true } },
  ]);
  expect(results[0]?.version).toBe(world.server.policies.version);
  const { results: entries } = await world.json<{ results: { type: string; actor: string }[] }>(
    'GET',
    '/api/v1/main/ledger/entries?stream=policy&type=policy-activated',
  );
  expect(entries).toMatchObject([{ actor: 'installation', payload: { isFirst: true } }]);
});

test('another start leaves policies as they are, and another tenant has its own', async () => {
  const other = await startApiServer({ SLUICE_SERVER_PORT: '0' });
  const { dataFolder } = other;
  await other.json('POST', '/api/v1/tenants', { type: json, body: '{"id":"second"}' });
  await other.server.stop();
  const again = await startApiServer({}, dataFolder);
  const { outcome } = again.server.policies;
  const desk = await again.server.system.view({ tenant: 'second', actor: 'x' }).policies();
  const active = await desk.active();
  const versions = await again.json<Versions>('GET', `${policies}/versions`);
  await again.server.stop();
  rmSync(dataFolder, { recursive: true });
  expect(outcome).toBe('unchanged');
  expect(active).toBe(versions.results[0]?.version);
  expect(versions.total).toBe(1);
});

test('policies are listed, filtered and read with their text', async () => {
  const all = await world.json<{ total: number; results: { id: string }[] }>('GET', policies);
  expect(all.total).toBeGreaterThan(20);
  const found = await world.json<{ results: { id: string; effect: string; text: string }[] }>(
    'GET',
    `${policies}?filters[action][EQUALS]=activate-policy&filters[effect][EQUALS]=forbid`,
  );
  const ids = found.results.map(({ id }) => id);
  expect(ids).toContain('duties.policy-is-ready');
  expect(ids).not.toContain('roles.writes-policy');
  const wrong = await world.call('GET', `${policies}?filters[colour][EQUALS]=red`);
  expect(wrong.status).toBe(400);
  const schema = await (await world.call('GET', `${policies}/schema`)).text();
  expect(schema).toBe(readFileSync('generated/policy.cedarschema', 'utf8'));
});

test('one question is explained in words', async () => {
  const explained = await send(`${policies}/explain`, {
    principal: { id: 'ada', roles: ['viewer'] },
    action: 'propose-policy',
  });
  expect(explained).toMatchObject({ verdict: 'deny', reasons: [expect.any(String)] });
  const unknown = await world.call('POST', `${policies}/explain`, {
    type: json,
    body: '{"action":"fly"}',
  });
  expect(unknown.status).toBe(422);
  expect(await unknown.json()).toMatchObject({ code: 'policy.invalid' });
});

test('policies are checked and tried without being kept', async () => {
  const pack = packOf('default');
  const checked = await send(`${policies}/validate`, { packs: [pack] });
  expect(checked).toMatchObject({ isValid: true, diagnostics: [] });
  const broken = { ...pack, policies: [{ path: 'x.cedar', text: 'permit (principal, action' }] };
  expect(await send(`${policies}/validate`, { packs: [broken] })).toMatchObject({
    isValid: false,
    diagnostics: [{ severity: 'error', file: 'x.cedar' }],
  });
  const tested = await send(`${policies}/test`, {});
  expect(tested).toMatchObject({ passed: true, unshown: [] });
  const cases = [
    {
      path: 'own.tests.yaml',
      text: 'cases:\n  - title: viewers propose\n    principal: {roles: [viewer]}\n    action: propose-policy\n    expect: allow\n',
    },
  ];
  expect(await send(`${policies}/test`, { cases })).toMatchObject({
    passed: false,
    results: [{ title: 'viewers propose', verdict: 'deny', complaint: expect.any(String) }],
  });
  const { total } = await world.json<Versions>('GET', `${policies}/versions`);
  expect(total).toBe(1);
});

test('who asks is who acts: nobody reviews or puts in force what they wrote, not even an administrator', async () => {
  const pack = packOf('default');
  const draft = {
    ...pack,
    version: '2.0.0',
    policies: pack.policies.map((one) => ({
      ...one,
      text: one.text.replace('Nobody reviews or', 'Nobody ever reviews or'),
    })),
  };
  const version = (await send(`${policies}/versions`, {
    packs: [draft],
    reason: 'to see',
  })) as unknown as Version;
  expect(version).toMatchObject({ isActive: false, tests: { passed: true } });
  const path = `${policies}/versions/${version.version}`;
  expect(await world.json('POST', `${path}/replay?days=7`)).toMatchObject({
    changed: 0,
    decisions: expect.any(Number),
  });
  const reviewed = await world.call('POST', `${path}/review`, { type: json, body: '{}' });
  expect(reviewed.status).toBe(403);
  const activated = await world.call('POST', `${path}/activate`);
  expect(activated.status).toBe(403);
  const shown = await world.json('GET', `${policies}/versions/${version.version.slice(0, 12)}`);
  expect(shown).toMatchObject({
    isActive: false,
    author: version.author,
    packs: [{ version: '2.0.0' }],
  });
  const covered = await world.json('GET', `${policies}/coverage?days=1`);
  expect(covered).toMatchObject({ neverMatched: expect.any(Array), decisions: expect.any(Number) });
  const missing = await world.call('GET', `${policies}/versions/ffffffffffff`);
  expect(missing.status).toBe(404);
});
