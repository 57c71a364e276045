/** The first person at a new server: sets it up, builds and runs a flow, and approves nothing of it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readConfiguration } from '../../src/app/configuration.ts';
import { serve } from '../../src/app/serve.ts';

const password = 'a sentence that nobody guesses';

async function newServer() {
  const dataFolder = mkdtempSync(join(tmpdir(), 'sluice-first-'));
  const { configuration } = readConfiguration({ environment: { SLUICE_SERVER_PORT: '0' } });
  if (configuration === undefined) throw new Error('the configuration is wrong');
  const logTo = { write: () => undefined };
  const server = await serve({ configuration, dataFolder, environment: {}, logTo });
  onTestFinished(async () => {
    await server.stop();
    rmSync(dataFolder, { recursive: true });
  });
  const secret = new URL(server.setupUrl ?? '').hash.slice(1);
  const authorization = `Basic ${Buffer.from(`ada:${password}`).toString('base64')}`;
  const call = (method: string, path: string, body?: string, type = 'application/json') =>
    fetch(`${server.url}/api/v1${path}`, {
      method,
      headers: { authorization, ...(body !== undefined && { 'content-type': type }) },
      ...(body !== undefined && { body }),
    });
  const setUp = (alsoRuns?: unknown) =>
    fetch(`${server.url}/api/v1/setup`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ secret, username: 'ada', password, alsoRuns }),
    });
  return { call, setUp };
}

const flow = `
id: hello
namespace: shop
tasks:
  - {id: greet, type: core.debug.Return, format: hello}
`;

test('whoever is alone at first may choose to build and run flows as well', async () => {
  const { call, setUp } = await newServer();
  expect((await setUp('yes')).status).toBe(400);
  expect((await setUp(true)).status).toBe(204);
  expect((await call('POST', '/main/flows', flow, 'application/x-yaml')).status).toBe(200);
  const started = await call('POST', '/main/executions/shop/hello?wait=true', '{}');
  expect(await started.json()).toMatchObject({ state: { current: 'SUCCESS' } });
  const me = (await (await call('GET', '/main/me')).json()) as { roles: { role: string }[] };
  expect(me.roles.map(({ role }) => role)).toEqual(['admin', 'builder', 'operator']);
});

test('an administrator who did not choose so runs nothing [G-122]', async () => {
  const { call, setUp } = await newServer();
  expect((await setUp()).status).toBe(204);
  const refused = await call('POST', '/main/flows', flow, 'application/x-yaml');
  expect(refused.status).toBe(403);
  expect(await refused.json()).toMatchObject({ code: 'access.denied' });
});
