/**
 * People over the API: who is known, erasing them with a certificate, what a hold keeps, how long values
 * stay; receipts and exports of the ledger; backups into the folder that the server has for them.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemVerifier } from '../../src/adapters/system/key-file-signer.ts';
import { systemHasher } from '../../src/adapters/system/system-sealer.ts';
import { verifyReceipt } from '../../src/core/ledger/index.ts';
import { type ApiWorld, startApiServer } from '../support/api-server.ts';

const json = 'application/json';
const shelf = mkdtempSync(join(tmpdir(), 'sluice-shelf-'));
const flow = `
id: welcome
namespace: shop
inputs:
  - id: email
    type: STRING
    governance: { classes: [personal.email], subject: "customer:{{ inputs.email }}" }
tasks:
  - {id: greet, type: core.debug.Return, format: "Hello {{ inputs.email }}"}
`;

let world: ApiWorld;
beforeAll(async () => {
  world = await startApiServer({ SLUICE_BACKUPS_FOLDER: shelf });
  await world.json('POST', '/api/v1/main/flows', { body: flow, type: 'application/x-yaml' });
});
afterAll(async () => {
  await world.server.stop();
  rmSync(world.dataFolder, { recursive: true });
  rmSync(shelf, { recursive: true });
});

/** Who looks at people or erases them says why; it stands in the ledger. */
const why = { 'x-reason': 'request 7 of the person' };
const post = (path: string, body: unknown): Promise<Response> =>
  world.call('POST', path, { type: json, body: JSON.stringify(body), headers: why });

async function welcome(email: string): Promise<string> {
  const body = new FormData();
  body.set('email', email);
  const path = '/api/v1/main/executions/shop/welcome?wait=true';
  return (await world.json<{ id: string }>('POST', path, { body })).id;
}

interface Card {
  readonly handle: string;
}

test('somebody is found by the id outside, shown, kept by a hold, and erased with a certificate', async () => {
  const people = '/api/v1/main/subjects';
  const id = await welcome('jane@shop.test');
  const found = await post(`${people}/find`, { name: 'customer:jane@shop.test' });
  const { handle } = (await found.json()) as Card;
  const listed = await (await world.call('GET', people)).text();
  expect(listed).toContain(handle);
  expect(listed).not.toContain('jane');
  expect(await world.json('GET', `${people}/${handle}`, { headers: why })).toMatchObject({
    name: 'customer:jane@shop.test',
    executions: [id],
    isErasing: false,
  });

  const target = { kind: 'subject', id: handle };
  expect((await post('/api/v1/main/holds/set', { ...target, reason: 'a trial' })).status).toBe(204);
  const kept = await post(`${people}/${handle}/erasure`, { reason: 'asked to' });
  expect(kept.status).toBe(423);
  expect(await kept.json()).toMatchObject({ code: 'hold.in-force' });
  const { results } = await world.json<{ results: unknown[] }>('GET', '/api/v1/main/holds');
  expect(results).toMatchObject([{ ...target, reason: 'a trial' }]);
  const released = await post('/api/v1/main/holds/release', { ...target, reason: 'it is over' });
  expect(released.status).toBe(204);

  const erased = await post(`${people}/${handle}/erasure`, {
    reason: 'asked to',
    basis: 'gdpr-17',
  });
  expect(erased.status).toBe(200);
  expect(await erased.json()).toMatchObject({ handle, reason: 'asked to', basis: 'gdpr-17' });
  const after = await (await world.call('GET', `/api/v1/main/executions/${id}`)).text();
  expect(after).not.toContain('jane');
  const nobody = await post(`${people}/find`, { name: 'customer:jane@shop.test' });
  expect(await nobody.json()).toMatchObject({ code: 'subject.not-found', status: 404 });
});

test('rules of retention are set, listed, tried and removed', async () => {
  const rules = '/api/v1/main/retention/rules';
  const rule = { dataClass: 'personal', namespace: 'shop', period: 'P90D', atLeast: null };
  await world.json('PUT', rules, { type: json, body: JSON.stringify(rule) });
  expect(await world.json('GET', rules)).toEqual({ results: [rule] });
  const wrong = { ...rule, period: 'a while' };
  const refused = await world.call('PUT', rules, { type: json, body: JSON.stringify(wrong) });
  expect(refused.status).toBe(400);
  const tried = await world.json('POST', '/api/v1/main/retention/run?dryRun=true', {
    headers: why,
  });
  expect(tried).toMatchObject({ certificates: [] });
  const removal = `${rules}?dataClass=personal&namespace=shop`;
  expect((await world.call('DELETE', removal)).status).toBe(204);
  expect((await world.call('DELETE', removal)).status).toBe(404);
});

test('a receipt shows an entry to whoever has the key, and an export holds all of a tenant', async () => {
  const { verifierKey } = await world.json<{ verifierKey: string }>(
    'POST',
    '/api/v1/main/ledger/checkpoints',
  );
  const receipt = await (await world.call('GET', '/api/v1/main/ledger/entries/2/receipt')).text();
  const checks = { hasher: systemHasher, verifier: systemVerifier };
  const shown = await verifyReceipt(checks, receipt, [verifierKey]);
  expect(shown).toMatchObject({ seq: 2 });

  await world.json('POST', '/api/v1/tenants', { type: json, body: '{"id":"second"}' });
  const exported = await world.call('GET', '/api/v1/main/ledger/export');
  expect(exported.headers.get('content-type')).toBe('application/x-ndjson');
  const lines = (await exported.text()).trimEnd().split('\n');
  const statement = JSON.parse(lines[0] ?? '') as unknown;
  expect(JSON.stringify(statement)).toContain('"tenant":"main"');
  expect(lines.length).toBeGreaterThan(5);
  expect(lines.join('\n')).not.toContain('"tenant":"second"');
});

test('who stops reading an export leaves the server with nothing to do', async () => {
  const leaving = new AbortController();
  const answered = await fetch(`${world.url}/api/v1/main/ledger/export`, {
    headers: { authorization: world.authorization },
    signal: leaving.signal,
  });
  await answered.body?.getReader().read();
  leaving.abort();
  expect((await world.call('GET', '/health')).status).toBe(200);
});

test('a backup lands in the folder of the server, by nobody’s choice of a path', async () => {
  expect((await post('/api/v1/backups', { destination: '/tmp/elsewhere' })).status).toBe(400);
  const made = await post('/api/v1/backups', {});
  expect(made.status).toBe(201);
  const backup = (await made.json()) as { name: string };
  const { results } = await world.json<{ results: unknown[] }>('GET', '/api/v1/backups');
  expect(results).toEqual([backup]);
  expect(backup).toMatchObject({ hasKeys: false, by: expect.any(String) });
});
