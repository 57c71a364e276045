/**
 * Every route, from the list of routes itself: nobody is let in without saying who he is, into another
 * tenant, or with a malformed request; every refusal is a problem document, and nothing leaks.
 */
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { routeList } from '../../src/api/routes/index.ts';
import type { Route } from '../../src/api/server/index.ts';
import { type ApiWorld, startApiServer } from '../support/api-server.ts';

/** Routes that ask nobody who he is. The list is committed and does not grow by accident. */
const openRoutes = [
  // It is the same for all approvals and holds nothing of one.
  'approvalPage',
  'beginPasskeyLogIn',
  'beginProviderLogIn',
  'endProviderLogIn',
  'getConfiguration',
  'getHealth',
  'getOpenApi',
  'getReadiness',
  'listLoginProviders',
  'logIn',
  'logInWithPasskey',
  'sendSignIn',
  'setUp',
  'showInvitation',
  'showSetup',
  'showSignIn',
  // The key in the address says who may.
  'triggerExecutionByGetWebhook',
  'triggerExecutionByPostWebhook',
  'triggerExecutionByPutWebhook',
  'useLink',
];

const routes = routeList('test');
const asked = routes.filter((route) => route.access.kind !== 'open');
const name = (route: Route): string => `${route.method} ${route.path}`;

const values: Readonly<Record<string, string>> = {
  tenant: 'main',
  namespace: 'demo',
  id: 'nothing',
  flowId: 'nothing',
  executionId: 'nothing',
  taskId: 'nothing',
  key: 'nothing',
  kind: 'flow',
  type: 'core.log.Log',
  cls: 'core.log.Log',
  seq: '1',
  version: 'ffffffff',
};

/** Ids of people and of what is theirs say what they are of. */
function idIn(path: string): string {
  if (/\/users\//.test(path)) return 'user:nothing';
  if (/\/groups\//i.test(path)) return 'group:nothing';
  if (/\/service-accounts\//.test(path)) return 'agent:nothing';
  return /\/tokens\//.test(path) ? '0123456789abcdef' : 'nothing';
}

function pathOf(route: Route, given: Readonly<Record<string, string>> = {}): string {
  const more: Readonly<Record<string, string>> = { id: idIn(route.path), ...given };
  return route.path.replaceAll(
    /\{(\w+)\}/g,
    (_all, key: string) => more[key] ?? values[key] ?? 'x',
  );
}

let world: ApiWorld;
beforeAll(async () => {
  world = await startApiServer({
    SLUICE_SERVER_REQUEST_BURST: '100000',
    SLUICE_SERVER_REQUESTS_PER_MINUTE: '1000000',
  });
});
afterAll(async () => {
  await world.server.stop();
  rmSync(world.dataFolder, { recursive: true });
});

/** Expects a problem document that holds nothing of the inside. */
async function expectProblem(answered: Response, status: number): Promise<{ code: string }> {
  const text = await answered.text();
  expect([answered.status, text]).toEqual([status, expect.any(String)]);
  expect(answered.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  const document = JSON.parse(text) as Record<string, unknown>;
  expect(document).toMatchObject({ status, instance: expect.stringMatching(/^urn:request:/) });
  expect(document['message']).toMatch(/^[^A-Z].*[^.]$/s);
  for (const leak of [
    /node_modules/,
    /\.ts:\d+/,
    /at (async )?\w+ \(/,
    /SQLITE|ZodError|FST_ERR/,
  ]) {
    expect(text).not.toMatch(leak);
  }
  return document as { code: string };
}

test('the routes that ask nobody are these', () => {
  const open = routes.filter((route) => route.access.kind === 'open').map((route) => route.id);
  expect(open.toSorted()).toEqual(openRoutes);
});

test('every route has a name of its own and says what it is for', () => {
  expect(new Set(routes.map((route) => route.id)).size).toBe(routes.length);
  expect(new Set(routes.map(name)).size).toBe(routes.length);
  for (const route of routes) expect(route.summary).toMatch(/^[A-Z][a-z]+s .*\.$/);
});

describe('nobody is let in who does not say who he is', () => {
  test.each(asked.map((route) => [name(route), route] as const))('%s', async (_name, route) => {
    const answered = await fetch(world.url + pathOf(route), { method: route.method });
    const { code } = await expectProblem(answered, 401);
    expect(code).toBe('identity.missing');
    expect(answered.headers.get('www-authenticate')).toContain('Basic');
  });
});

describe('a tenant that is not there is not found', () => {
  const tenanted = asked.filter((route) => route.path.includes('{tenant}'));
  test.each(tenanted.map((route) => [name(route), route] as const))('%s', async (_name, route) => {
    const { code } = await expectProblem(
      await world.call(route.method, pathOf(route, { tenant: 'elsewhere' })),
      404,
    );
    expect(code).toBe('tenant.not-found');
  });
});

describe('a query that the route does not know is malformed', () => {
  test.each(asked.map((route) => [name(route), route] as const))('%s', async (_name, route) => {
    const { code } = await expectProblem(
      await world.call(route.method, `${pathOf(route)}?unheard=1`),
      400,
    );
    expect(code).toBe('request.malformed');
  });
});

describe('a body of another kind is refused', () => {
  const taking = asked.filter((route) => route.body.kind === 'json' || route.body.kind === 'yaml');
  const plain = taking.filter((route) => !route.path.includes('{executionId}'));
  test.each(plain.map((route) => [name(route), route] as const))('%s', async (_name, route) => {
    const answered = await world.call(route.method, pathOf(route), {
      type: 'image/png',
      body: '{',
      headers: { 'x-reason': 'to see' },
    });
    await expectProblem(answered, 415);
  });
});

test('what was sent as somebody else’s password does not get in, and guessing is slowed down', async () => {
  const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;
  const wrong = [
    basic('ada:wrong'),
    basic('ada'),
    basic(''),
    basic('nobody:a lighthouse in june'),
    'Basic',
    'Basic !!!!',
    'Bearer',
    'Bearer slc_nothing',
    `Bearer ${'x'.repeat(1_900)}`,
    'Digest username="ada"',
    'null',
  ];
  for (const authorization of wrong) {
    const answered = await fetch(`${world.url}/api/v1/main/flows/search`, {
      headers: { authorization },
    });
    const { code } = await expectProblem(answered, 401);
    expect(code).toBe('identity.wrong');
  }
  let last = 401;
  for (let tries = 0; tries < 12 && last === 401; tries += 1) {
    const answered = await fetch(`${world.url}/api/v1/main/flows/search`, {
      headers: { authorization: `Bearer guess${tries}` },
    });
    last = answered.status;
  }
  expect(last).toBe(429);
});
