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
import {
  nothingKnown,
  type RouteContent,
  routeContents,
  type RouteQuestion,
} from '../support/route-contents.ts';

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
  version: 'abcdef0123456789',
};

const ids: readonly (readonly [RegExp, string])[] = [
  [/\/(?:users|Users)\//, 'user:nothing'],
  [/\/(?:groups|Groups)\//, 'group:nothing'],
  [/\/service-accounts\//, 'agent:nothing'],
  [/\/tokens\//, '0123456789abcdef'],
  [/\/namespaces\/\{id\}$/, 'demo'],
];

/** What routes want in a query, where they want something. */
const queries: readonly Record<string, string>[] = [
  {},
  { path: '/a.txt' },
  { path: 'kestra:///demo/nothing/executions/nothing/a.txt' },
  { namespace: 'demo', flowId: 'nothing' },
  { newStatus: 'SUCCESS' },
  { status: 'SUCCESS' },
  { path: '/a.txt', type: 'FILE' },
  { from: '/a.txt', to: '/b.txt' },
  { dataClass: 'personal.email' },
  { class: 'personal.email' },
  { class: 'personal.email', namespace: 'demo' },
  { dataClass: 'personal.email', namespace: 'demo' },
];

/** Returns the address of a route about things that are not there. */
function pathOf({ path, query }: Route): string {
  const asked = queries.find((one) => query.safeParse(one).success) ?? {};
  const id = ids.find(([pattern]) => pattern.test(path))?.[1] ?? 'nothing';
  const named = path.replaceAll(/\{(\w+)\}/g, (_all, key: string) =>
    key === 'id' ? id : (values[key] ?? 'nothing'),
  );
  return `${named}?${new URLSearchParams(asked).toString()}`;
}

const routes = routeList('test').filter(({ access }) => access.kind === 'asked');

/** Somebody by the role they hold, and where. */
interface Holder {
  readonly role: string;
  readonly namespace: string;
}

const everywhere: readonly Holder[] = roles.map((role) => ({ role, namespace: '*' }));
/** People of the namespace that the requests are about, and people of another one. */
const ofOne: readonly Holder[] = [
  { role: 'builder', namespace: 'demo' },
  { role: 'operator', namespace: 'demo' },
  { role: 'viewer', namespace: 'elsewhere' },
  { role: 'operator', namespace: 'elsewhere' },
  { role: 'security-officer', namespace: 'elsewhere' },
];
const nameOf = ({ role, namespace }: Holder): string =>
  `${role}-${namespace === '*' ? 'of-all' : namespace}`;

/** One request of the matrix. */
interface Row {
  readonly name: string;
  readonly route: Route;
  readonly content?: RouteContent;
}

function rowsOf(route: Route): readonly Row[] {
  const name = `${route.method} ${route.path}`;
  const contents = routeContents[route.id];
  if (contents === undefined) return [{ name, route }];
  return contents.map((content, at) => ({ name: `${name} #${at}`, route, content }));
}

const rows = routes.flatMap(rowsOf);

/** Lists that ask about each thing by itself, because who took part may see it: here they are empty. */
const emptyLists: ReadonlySet<string> = new Set(['listApprovals']);

/** Returns what is to be asked by what the path tells. */
function askedByPath(route: Route): RouteQuestion {
  if (route.access.kind !== 'asked') throw new Error('the route asks nobody');
  const { action, resource } = route.access;
  const isOfFlow =
    route.path.includes('{flowId}') || (resource === 'Flow' && route.path.includes('{id}'));
  const isOfOne =
    route.path.includes('{namespace}') ||
    route.path.endsWith('/namespaces/{id}') ||
    pathOf(route).includes('namespace=demo');
  const isKnown = isOfFlow ? route.path.includes('{namespace}') : resource === 'Execution';
  const facts = isKnown ? nothingKnown : {};
  return { action, resource, namespace: isOfOne ? 'demo' : null, facts };
}

function expected(policies: LoadedPolicies, { route, content }: Row, holder: Holder): string {
  const { access } = route;
  if (access.kind !== 'asked') throw new Error('the route asks nobody');
  const allows = ({ action, resource, namespace, facts = {} }: RouteQuestion): boolean => {
    const { verdict, obligations } = policies.decide({
      principal: {
        kind: 'user',
        id: 'user:somebody',
        tenant: 'main',
        roles: [holder],
        groups: [],
        onBehalfOf: [],
        authentication: { factors: ['password', 'totp'], freshness: 'fresh' },
      },
      action,
      resource: { type: resource, id: '', tenant: 'main', namespace },
      situation: { facts },
    });
    // Who would have to ask others is let in: the route asks them.
    const isForOthers =
      verdict === 'obliged' && obligations.every((one) => one.kind === 'approval');
    return verdict === 'allow' || (access.opensApproval === true && isForOthers);
  };
  const about = askedByPath(route);
  // Of what it lists there is nothing; who might see some of it somewhere sees the empty list.
  if (access.isListed === true) {
    const own = holder.namespace === '*' ? null : holder.namespace;
    return allows({ ...about, action: 'view', namespace: own }) ? 'in' : 'out';
  }
  if (access.isAnywhere === true) {
    const own = holder.namespace === '*' ? null : holder.namespace;
    return allows({ ...about, namespace: own }) ? 'in' : 'out';
  }
  if (emptyLists.has(route.id)) return 'in';
  return (content?.asks ?? [about]).every(allows) ? 'in' : 'out';
}

function isRefused(status: number, text: string): boolean {
  // Of several things each is refused by itself, beside the count of the others.
  if (status === 200) return /"failed":\[\{[^}]*is not allowed/.test(text);
  const codes = /"code":"(?:access\.denied|access\.reason-needed|identity\.step-up-needed)"/;
  return [401, 403].includes(status) && codes.test(text);
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
  for (const holder of [...everywhere, ...ofOne]) {
    const name = nameOf(holder);
    const given = [{ ...holder, tenant: 'main' }];
    const id = await world.server.identity.users.create(
      { tenant: 'main', name, roles: given },
      'test',
    );
    sessions.set(name, await sessionFor(world.server, id));
  }
}, 30_000);
afterAll(async () => {
  policies.release();
  await world.server.stop();
  rmSync(world.dataFolder, { recursive: true });
});

async function send({ route, content }: Row, session: Readonly<Record<string, string>>) {
  const answered = await fetch(world.url + pathOf(route), {
    method: route.method,
    headers: { ...session, ...(content?.body !== undefined && { 'content-type': content.type }) },
    ...(content?.body !== undefined && { body: content.body }),
  });
  return { status: answered.status, text: await answered.text() };
}

test('what each route is about is told by its path, or written down here', () => {
  const unwritten = routes.filter(({ id, access }) => {
    if (access.kind !== 'asked' || access.isListed === true) return false;
    const isTold = access.targetOf === undefined && access.isAskedForEach !== true;
    const isWritten = Object.hasOwn(routeContents, id) || emptyLists.has(id);
    return !isTold && !isWritten && id !== 'getNamespace';
  });
  expect(unwritten.map(({ id }) => id)).toEqual([]);
  const known = new Set(routes.map(({ id }) => id));
  expect(Object.keys(routeContents).filter((id) => !known.has(id))).toEqual([]);
});

describe('each route lets in whom policy lets in, and nobody else', () => {
  test.each([...everywhere, ...ofOne].map((holder) => [nameOf(holder), holder] as const))(
    '%s',
    async (name, holder) => {
      const told: string[] = [];
      const wanted: string[] = [];
      for (const row of rows) {
        const { status, text } = await send(row, sessions.get(name) ?? {});
        told.push(`${row.name} ${isRefused(status, text) ? 'out' : 'in'}`);
        wanted.push(`${row.name} ${expected(policies, row, holder)}`);
      }
      expect(told.filter((one) => !wanted.includes(one))).toEqual([]);
      const some = told.filter((one) => one.endsWith(' in')).length;
      if (holder.role === 'nothing') expect(some).toBe(emptyLists.size);
      else expect(some).toBeGreaterThan(emptyLists.size);
    },
    20_000,
  );
});

test('a user of another tenant is told that there is none [G-178]', async () => {
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
