/** Tests of flows over the API: the official client of Kestra saves, runs and lists suites; roles hold. */
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { administrator, type ApiWorld, sessionFor, startApiServer } from '../support/api-server.ts';
import { callClient, type KestraClient, kestraClient } from '../support/kestra-client.ts';

interface Suite {
  readonly id: string;
  readonly flowId: string;
  readonly disabled: boolean;
  readonly description: string;
  readonly testCases: readonly { readonly id: string; readonly type: string }[];
}
interface Run {
  readonly id: string;
  readonly testSuiteId: string;
  readonly state: string;
  readonly results: readonly {
    readonly assertionResults: readonly { readonly actual: unknown; readonly isSuccess: boolean }[];
  }[];
}

const flow = (space = 'demo') => `
id: greet
namespace: ${space}
inputs: [{id: name, type: STRING, defaults: you}]
tasks:
  - {id: log, type: io.kestra.plugin.core.log.Log, message: "{{ inputs.name }}"}
  - {id: give, type: io.kestra.plugin.core.debug.Return, format: "{{ inputs.name }}"}
`;
const suite = (id: string, expected = 'Ada', space = 'demo') => `
id: ${id}
namespace: ${space}
description: gives what it is given
flowId: greet
testCases:
  - id: one
    description: the name
    type: io.kestra.core.tests.flow.UnitTest
    fixtures:
      inputs:
        name: Ada
    assertions:
      - value: "{{ outputs.give.value }}"
        equalTo: ${expected}
`;

let world: ApiWorld;
let client: KestraClient;
const yaml = (body: string) => ({ body, type: 'application/x-yaml' });

beforeAll(async () => {
  world = await startApiServer();
  client = kestraClient(world.url, administrator.name, administrator.password);
  // In this release of the client the operations of suites do not say that they need to sign in.
  const said = Buffer.from(`${administrator.name}:${administrator.password}`).toString('base64');
  const { apiClient } = client['testSuitesApi'] as unknown as {
    apiClient: { defaultHeaders: Record<string, string> };
  };
  apiClient.defaultHeaders['Authorization'] = `Basic ${said}`;
  await world.json('POST', '/api/v1/main/flows', yaml(flow()));
  await world.json('POST', '/api/v1/main/flows', yaml(flow('other')));
});
afterAll(async () => {
  await world.server.stop();
  rmSync(world.dataFolder, { recursive: true });
});

const call = async <T>(operation: string, ...parts: unknown[]): Promise<T> =>
  (await callClient<T>(client, 'testSuitesApi', operation, ...parts)).data;

test('the client of Kestra saves, changes, lists and removes suites', async () => {
  const created = await call<Suite>('createTestSuite', 'main', suite('first'));
  expect(created).toMatchObject({
    id: 'first',
    namespace: 'demo',
    flowId: 'greet',
    description: 'gives what it is given',
    testCases: [{ id: 'one', type: 'io.kestra.core.tests.flow.UnitTest', disabled: false }],
  });
  await call('updateTestSuite', 'demo', 'first', 'main', suite('first').replace('gives', 'tells'));
  expect((await call<Suite>('getTestSuite', 'demo', 'first', 'main')).description).toMatch(
    /^tells/,
  );
  await call('createTestSuite', 'main', suite('second'));
  const ids = { ids: [{ namespace: 'demo', id: 'second' }] };
  await call('disableTestSuitesByIds', 'main', ids);
  expect((await call<Suite>('getTestSuite', 'demo', 'second', 'main')).disabled).toBe(true);
  await call('enableTestSuitesByIds', 'main', ids);
  const found = await call<{ total: number; results: readonly Suite[] }>(
    'searchTestSuites',
    1,
    10,
    'main',
    { sort: ['id:asc'], namespace: 'demo' },
  );
  expect(found.results.map((one) => [one.id, one.disabled])).toEqual([
    ['first', false],
    ['second', false],
  ]);
  await call('deleteTestSuitesByIds', 'main', ids);
  await call('deleteTestSuite', 'demo', 'first', 'main');
  const gone = await world.call('GET', '/api/v1/main/tests/demo/first');
  expect([gone.status, ((await gone.json()) as { code: string }).code]).toEqual([
    404,
    'test.suite-not-found',
  ]);
});

test('a run says what came of it, is kept without values, and makes the gate', async () => {
  await call('createTestSuite', 'main', suite('green'));
  // The client of 0.24 expects a list of one.
  const [run] = await call<readonly Run[]>('runTestSuite', 'demo', 'green', 'main');
  expect(run).toMatchObject({ testSuiteId: 'green', state: 'SUCCESS' });
  const raw = (await world.json('POST', '/api/v1/main/tests/demo/green/run')) as Run;
  expect(raw.results[0]?.assertionResults[0]).toMatchObject({
    operator: 'equalTo',
    expected: 'Ada',
    actual: 'Ada',
    isSuccess: true,
  });
  const kept = (await world.json('GET', `/api/v1/main/tests/results/${raw.id}`)) as Run;
  expect(kept.results[0]?.assertionResults[0]).toMatchObject({ actual: null, isSuccess: true });
  const last = await world.json('POST', '/api/v1/main/tests/results/search/last', {
    body: JSON.stringify({ testSuiteIds: [{ namespace: 'demo', id: 'green' }] }),
    type: 'application/json',
  });
  expect(last).toMatchObject({ results: [{ testSuiteId: 'green', state: 'SUCCESS' }] });
  const card = await world.json('GET', '/api/v1/main/registers/flows/demo/greet');
  expect(card).toMatchObject({
    gates: { testsPassed: { holds: true, reason: '1 case passed on revision 1' } },
  });
  await call('createTestSuite', 'main', suite('red', 'Eve'));
  const red = (await world.json('POST', '/api/v1/main/tests/demo/red/run')) as Run;
  expect(red).toMatchObject({ testSuiteId: 'red', state: 'FAILED' });
  expect(await world.json('GET', '/api/v1/main/registers/flows/demo/greet')).toMatchObject({
    gates: {
      testsPassed: {
        holds: false,
        reason: '1 of 2 cases failed on revision 1, the first is `red/one`',
      },
    },
  });
});

test('what is wrong with a suite is told, and it is not saved', async () => {
  const wrong = suite('wrong').replace('flowId: greet\n', '');
  const found = await call<{ constraints?: string }>('validateTestSuite', 'main', wrong);
  expect(found.constraints).toContain('has no `flowId`');
  const fine = await call<{ constraints?: string }>('validateTestSuite', 'main', suite('fine'));
  expect(fine.constraints).toBeUndefined();
  const refused = await world.call(
    'POST',
    '/api/v1/main/tests',
    yaml(suite('s').replace('greet', 'gone')),
  );
  expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([
    422,
    'test.suite-invalid',
  ]);
  const other = await world.call('PUT', '/api/v1/main/tests/demo/green', yaml(suite('renamed')));
  expect(other.status).toBe(400);
});

test('viewers read, builders save and run, each in their namespace, and no result is taken', async () => {
  const as = async (role: string) => {
    const roles = [{ role, namespace: 'demo', tenant: 'main' }];
    const name = `${role}-of-demo`;
    const id = await world.server.identity.users.create({ tenant: 'main', name, roles }, 'test');
    const headers = await sessionFor(world.server, id);
    return async (method: string, path: string, body?: string) => {
      const type = {
        'content-type': body?.startsWith('{') ? 'application/json' : 'application/x-yaml',
      };
      const answered = await fetch(`${world.url}/api/v1/main/tests${path}`, {
        method,
        headers: { ...headers, ...(body !== undefined && type) },
        ...(body !== undefined && { body }),
      });
      return answered.status;
    };
  };
  await call('createTestSuite', 'main', suite('hidden', 'Ada', 'other'));
  const viewer = await as('viewer');
  const builder = await as('builder');
  expect(await builder('POST', '', suite('own'))).toBe(200);
  expect(await builder('POST', '/demo/own/run')).toBe(200);
  expect(await builder('POST', '/demo/own/run', '{"state":"SUCCESS"}')).toBe(400);
  expect(await builder('POST', '', suite('own', 'Ada', 'other'))).toBe(403);
  expect(await builder('GET', '/other/hidden')).toBe(403);
  expect(await builder('POST', '/other/hidden/run')).toBe(403);
  expect(await viewer('GET', '/demo/own')).toBe(200);
  expect(await viewer('POST', '/demo/own/run')).toBe(403);
  expect(await viewer('DELETE', '/demo/own')).toBe(403);
  expect(await viewer('GET', '/search')).toBe(200);
  const run = (await world.json('POST', '/api/v1/main/tests/other/hidden/run')) as Run;
  expect(await viewer('GET', `/results/${run.id}`)).toBe(404);
});
