/**
 * Every route with each role, from the list of routes itself: who is let in is who the policies that come
 * with the product let in, asked here a second time without the server.
 */
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { routeList } from '../../src/api/routes/index.ts';
import type { Route } from '../../src/api/server/index.ts';
import type { LoadedPolicies } from '../../src/ports/policy-engine.ts';
import { type ApiWorld, sessionFor, startApiServer } from '../support/api-server.ts';
import { openEngine, packOf } from '../support/policy-world.ts';

const roles = [
  'viewer',
  'builder',
  'operator',
  'approver',
  'auditor',
  'risk-officer',
  'privacy-officer',
  'security-officer',
  'admin',
  'executive',
  'nothing',
];

const values: Readonly<Record<string, string>> = {
  tenant: 'main',
  namespace: 'demo',
  kind: 'flow',
  type: 'core.log.Log',
  cls: 'core.log.Log',
  seq: '1',
};

const ids: readonly (readonly [RegExp, string])[] = [
  [/\/(?:users|Users)\//, 'user:nothing'],
  [/\/(?:groups|Groups)\//, 'group:nothing'],
  [/\/service-accounts\//, 'agent:nothing'],
  [/\/tokens\//, '0123456789abcdef'],
];

/** Returns the address of a route about things that are not there. */
function pathOf({ path }: Route): string {
  const id = ids.find(([pattern]) => pattern.test(path))?.[1] ?? 'nothing';
  return path.replaceAll(/\{(\w+)\}/g, (_all, key: string) =>
    key === 'id' ? id : (values[key] ?? 'nothing'),
  );
}

/** Routes whose path alone says what they ask; the others are tried where their bodies are. */
const routes = routeList('test').filter(
  ({ access }) =>
    access.kind === 'asked' && access.targetOf === undefined && access.isAskedForEach !== true,
);

/** What is known of a flow that is not there, as the server tells policy. */
const nothing = { stage: 'development', riskTier: 'minimal' } as const;

function expected(policies: LoadedPolicies, route: Route, role: string): string {
  if (route.access.kind !== 'asked') throw new Error('the route asks nobody');
  const { action, resource } = route.access;
  const isOfFlow =
    route.path.includes('{flowId}') || (resource === 'Flow' && route.path.includes('{id}'));
  const isKnown = isOfFlow ? route.path.includes('{namespace}') : resource === 'Execution';
  const { verdict } = policies.decide({
    principal: {
      kind: 'user',
      id: 'user:somebody',
      tenant: 'main',
      roles: [{ role, namespace: '*' }],
      groups: [],
      onBehalfOf: [],
      authentication: { factors: ['password', 'totp'], freshness: 'fresh' },
    },
    action,
    resource: { type: resource, id: '', tenant: 'main', namespace: null },
    situation: { facts: isKnown ? nothing : {} },
  });
  return verdict === 'allow' ? 'in' : 'out';
}

let world: ApiWorld;
let policies: LoadedPolicies;
const sessions = new Map<string, Readonly<Record<string, string>>>();
beforeAll(async () => {
  world = await startApiServer({
    SLUICE_SERVER_REQUEST_BURST: '100000',
    SLUICE_SERVER_REQUESTS_PER_MINUTE: '1000000',
  });
  policies = await openEngine().load({ packs: [packOf('default')] });
  for (const role of roles) {
    const given = [{ role, namespace: '*', tenant: 'main' }];
    const draft = { tenant: 'main', name: `the-${role}`, roles: given };
    const id = await world.server.identity.users.create(draft, 'test');
    sessions.set(role, await sessionFor(world.server, id));
  }
}, 30_000);
afterAll(async () => {
  policies.release();
  await world.server.stop();
  rmSync(world.dataFolder, { recursive: true });
});

describe('each route lets in whom policy lets in, and nobody else', () => {
  test.each(roles)('%s', async (role) => {
    const told: string[] = [];
    const wanted: string[] = [];
    for (const route of routes) {
      const { pathname } = new URL(pathOf(route), world.url);
      const answered = await fetch(world.url + pathname, {
        method: route.method,
        headers: sessions.get(role) ?? {},
      });
      const text = await answered.text();
      const isOut =
        [401, 403].includes(answered.status) &&
        /"code":"(?:access\.denied|access\.reason-needed|identity\.step-up-needed)"/.test(text);
      told.push(`${route.method} ${route.path} ${isOut ? 'out' : 'in'}`);
      wanted.push(`${route.method} ${route.path} ${expected(policies, route, role)}`);
    }
    expect(told).toEqual(wanted);
    const some = told.filter((one) => one.endsWith(' in')).length;
    if (role === 'nothing') expect(some).toBe(0);
    else expect(some).toBeGreaterThan(0);
  }, 20_000);
});

test('a user of another tenant is told that there is none', async () => {
  const { users } = world.server.identity;
  const roles = [{ role: 'admin', namespace: '*', tenant: 'main' }];
  const id = await users.create({ tenant: 'elsewhere', name: 'eve', roles: [] }, 'test');
  await users.create({ tenant: 'main', name: 'eve', roles }, 'test');
  const session = await sessionFor(world.server, id);
  for (const route of routes.filter(({ path }) => path.includes('{tenant}'))) {
    const answered = await fetch(world.url + pathOf(route), {
      method: route.method,
      headers: session,
    });
    const text = await answered.text();
    expect([route.path, answered.status, text]).toEqual([
      route.path,
      404,
      expect.stringContaining('tenant.not-found'),
    ]);
  }
});
