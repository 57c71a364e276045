/**
 * SCIM 2.0 as directories speak it: the shapes that Microsoft Entra and Okta send, filters, pages, tags,
 * what ends at once, and what another tenant sees of it: nothing.
 */
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiWorld, sessionFor, startApiServer } from '../support/api-server.ts';

const json = 'application/json';
const patchSchema = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
let world: ApiWorld;
let directory: string;
let elsewhere: string;

/** Makes a directory for a tenant: an account that provisions, and its token. */
async function directoryOf(tenant: string): Promise<string> {
  const { accounts } = world.server.identity;
  const roles = [{ role: 'provisioner', namespace: '*', tenant }];
  const kind = 'service-account';
  const owner = await accounts.create(
    { tenant, kind, name: 'directory', owners: [], roles },
    'test',
  );
  const scopes = [{ actions: ['provision'], namespaces: ['*'] }];
  const draft = { owner, tenant, name: 'scim', scopes, lifetimeMs: 86_400_000 };
  return (await accounts.issue(draft, 'test')).secret;
}

beforeAll(async () => {
  world = await startApiServer({
    SLUICE_SERVER_REQUEST_BURST: '100000',
    SLUICE_SERVER_REQUESTS_PER_MINUTE: '1000000',
    SLUICE_SERVER_TRUSTED_PROXIES: '127.0.0.1',
  });
  await world.json('POST', '/api/v1/tenants', { type: json, body: '{"id":"second"}' });
  directory = await directoryOf('main');
  elsewhere = await directoryOf('second');
});
afterAll(async () => {
  await world.server.stop();
  rmSync(world.dataFolder, { recursive: true });
});

interface Told {
  readonly status: number;
  readonly headers: Headers;
  readonly document: Record<string, unknown>;
}

async function scim(
  method: string,
  path: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Told> {
  const answered = await fetch(`${world.url}/scim/v2${path}`, {
    method,
    headers: {
      authorization: `Bearer ${directory}`,
      // What Entra sends.
      ...(body !== undefined && { 'content-type': 'application/scim+json; charset=utf-8' }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await answered.text();
  return {
    status: answered.status,
    headers: answered.headers,
    document: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>),
  };
}

let count = 0;
async function person(more: object = {}): Promise<{ id: string; userName: string }> {
  const userName = `person${(count += 1)}@shop.example`;
  const made = await scim('POST', '/Users', { userName, active: true, ...more });
  expect([made.status, made.document]).toEqual([201, expect.anything()]);
  return { id: String(made.document['id']), userName };
}
async function group(members: readonly string[] = []): Promise<string> {
  const displayName = `Group ${(count += 1)}`;
  const body = { displayName, members: members.map((value) => ({ value })) };
  return String((await scim('POST', '/Groups', body)).document['id']);
}
const patch = (path: string, ...operations: object[]): Promise<Told> =>
  scim('PATCH', path, { schemas: [patchSchema], Operations: operations });
const listed = async (path: string, filter: string): Promise<Told> =>
  scim('GET', `${path}?filter=${encodeURIComponent(filter)}`);

describe('Microsoft Entra', () => {
  test('finds nobody under a name that is not there, and finds groups without their members', async () => {
    const nobody = await listed('/Users', 'userName eq "5a2b7c90-1d1e-4ab3-8c2f-0de1f5a6b7c8"');
    expect([nobody.status, nobody.document['totalResults']]).toEqual([200, 0]);
    const { id } = await person();
    const groupId = await group([id]);
    const one = await scim('GET', `/Groups/${groupId}?excludedAttributes=members`);
    expect(one.document).toMatchObject({ id: groupId, displayName: expect.any(String) });
    expect(one.document).not.toHaveProperty('members');
    const all = await scim('GET', '/Groups?excludedAttributes=members&count=200');
    expect(JSON.stringify(all.document)).not.toContain(id);
    const few = await scim('GET', `/Users/${id}?attributes=userName`);
    expect(Object.keys(few.document).toSorted()).toEqual(['id', 'schemas', 'userName']);
  });

  test('creates a user with everything it maps, and is told where they are', async () => {
    const made = await scim('POST', '/Users', {
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User', enterprise],
      externalId: '0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef',
      userName: 'mary@shop.example',
      active: 'True',
      displayName: 'Mary Smith',
      emails: [{ primary: 'true', type: 'work', value: 'mary@shop.example' }],
      meta: { resourceType: 'User' },
      name: { formatted: 'Mary Smith', familyName: 'Smith', givenName: 'Mary' },
      roles: [],
      title: 'Buyer',
      phoneNumbers: [{ type: 'work', value: '+1 555 0100' }],
      [enterprise]: { department: 'Purchasing', manager: { value: 'x' } },
    });
    expect(made.document).toMatchObject({
      active: true,
      displayName: 'Mary Smith',
      emails: [{ value: 'mary@shop.example', primary: true }],
    });
    const { pathname } = new URL(made.headers.get('location') ?? '');
    expect(pathname).toBe(`/scim/v2/Users/${String(made.document['id'])}`);
    const again = await scim('POST', '/Users', { userName: 'MARY@shop.example' });
    expect([again.status, again.document['code']]).toEqual([409, 'identity.name-taken']);
  });

  test('changes attributes by paths, of which some are not kept', async () => {
    const { id } = await person({ displayName: 'Before' });
    const changed = await patch(
      `/Users/${id}`,
      { op: 'Replace', path: 'displayName', value: 'After' },
      { op: 'Add', path: 'emails[type eq "work"].value', value: 'after@shop.example' },
      { op: 'Replace', path: 'name.givenName', value: 'Af' },
      { op: 'Add', path: 'phoneNumbers[type eq "mobile"].value', value: '+1 555 0101' },
      { op: 'Add', path: 'addresses[type eq "work"].formatted', value: '1 Dock Street' },
      { op: 'Add', path: `${enterprise}:department`, value: 'Sales' },
      { op: 'Replace', path: `${enterprise}:manager`, value: 'm' },
      { op: 'Add', path: 'title', value: 'Lead' },
    );
    expect(changed.document).toMatchObject({
      displayName: 'After',
      emails: [{ value: 'after@shop.example' }],
      active: true,
    });
    const bare = await patch(`/Users/${id}`, {
      op: 'replace',
      value: {
        displayName: 'Later',
        'emails[type eq "work"].value': 'later@shop.example',
        'name.familyName': 'L',
        [`${enterprise}:department`]: 'Support',
      },
    });
    expect(bare.document).toMatchObject({
      displayName: 'Later',
      emails: [{ value: 'later@shop.example' }],
    });
  });

  test.each([
    { op: 'Replace', path: 'active', value: 'False' },
    { op: 'replace', path: 'active', value: false },
    { op: 'Replace', value: { active: false } },
    { op: 'replace', value: { active: 'false' } },
    { op: 'Add', path: 'urn:ietf:params:scim:schemas:core:2.0:User:active', value: 'False' },
  ])('takes everything away from who leaves: %j', async (operation) => {
    const { id } = await person();
    const { accounts } = world.server.identity;
    const scopes = [{ actions: ['*'], namespaces: ['*'] }];
    const draft = { owner: id, tenant: 'main', name: 'ci', scopes, lifetimeMs: 86_400_000 };
    const { secret } = await accounts.issue(draft, id);
    const session = await sessionFor(world.server, id);
    // From somewhere else each time: refusals of one place are slowed down.
    const from = { 'x-forwarded-for': `192.0.${(count += 1)}.1` };
    const me = async (headers: Readonly<Record<string, string>>) =>
      (await fetch(`${world.url}/api/v1/main/me`, { headers: { ...headers, ...from } })).status;
    const bearer = { authorization: `Bearer ${secret}` };
    expect([await me(session), await me(bearer)]).toEqual([200, 200]);
    expect((await patch(`/Users/${id}`, operation)).document['active']).toBe(false);
    expect([await me(session), await me(bearer)]).toEqual([401, 401]);
    const back = await patch(`/Users/${id}`, { op: 'Replace', path: 'active', value: 'True' });
    expect(back.document['active']).toBe(true);
    // Whoever comes back begins anew.
    expect([await me(session), await me(bearer)]).toEqual([401, 401]);
  });

  test('adds and removes members in both of its ways', async () => {
    const [one, two] = [await person(), await person()];
    const id = await group();
    const members = (told: Told) =>
      (told.document['members'] as { value: string }[]).map(({ value }) => value);
    const added = await patch(`/Groups/${id}`, {
      op: 'Add',
      path: 'members',
      value: [{ value: one.id }, { $ref: null, value: two.id }],
    });
    expect(members(added)).toEqual([one.id, two.id]);
    const old = await patch(`/Groups/${id}`, {
      op: 'Remove',
      path: 'members',
      value: [{ $ref: null, value: one.id }],
    });
    expect(members(old)).toEqual([two.id]);
    const strict = await patch(`/Groups/${id}`, {
      op: 'Remove',
      path: `members[value eq "${two.id}"]`,
    });
    expect(members(strict)).toEqual([]);
    const absent = await patch(`/Groups/${id}`, {
      op: 'Add',
      path: 'members',
      value: [{ value: 'user:nobody' }],
    });
    // Not 404: the group is there, and a directory that reads 404 makes it again.
    expect([absent.status, absent.document['code']]).toEqual([400, 'request.malformed']);
  });

  test('loses no member when it sends many changes at once', async () => {
    const people = await Promise.all(Array.from({ length: 12 }, () => person()));
    const id = await group();
    const told = await Promise.all(
      people.map((one) =>
        patch(`/Groups/${id}`, { op: 'Add', path: 'members', value: [{ value: one.id }] }),
      ),
    );
    expect(told.map(({ status }) => status)).toEqual(people.map(() => 200));
    const { document } = await scim('GET', `/Groups/${id}`);
    expect(document['members']).toHaveLength(people.length);
  });
});

describe('Okta', () => {
  test('replaces a user with all that it was told, password included, which is not kept', async () => {
    const { id } = await person();
    const { document } = await scim('GET', `/Users/${id}`);
    const replaced = await scim('PUT', `/Users/${id}`, {
      ...document,
      password: 'never to be kept 1!',
      name: { givenName: 'Otto', familyName: 'Kay' },
      displayName: 'Otto Kay',
      locale: 'en-US',
      groups: [],
      active: true,
    });
    expect([replaced.status, replaced.document['displayName']]).toEqual([200, 'Otto Kay']);
    const user = await world.server.identity.users.find(id);
    expect(user?.content.password).toBeNull();
    expect(JSON.stringify(replaced.document)).not.toContain('never to be kept');
  });

  test('says nothing of `active` and brings nobody back by that', async () => {
    const { id, userName } = await person();
    await patch(`/Users/${id}`, { op: 'replace', value: { active: false } });
    const replaced = await scim('PUT', `/Users/${id}`, { userName });
    expect(replaced.document['active']).toBe(false);
  });

  test('renames a group with the id in the value, and takes members out one by one', async () => {
    const { id: member } = await person();
    const id = await group([member]);
    const renamed = await patch(`/Groups/${id}`, {
      op: 'replace',
      value: { id, displayName: 'Renamed by Okta' },
    });
    expect([renamed.status, renamed.document['displayName']]).toEqual([200, 'Renamed by Okta']);
    const other = await patch(`/Groups/${id}`, { op: 'replace', value: { id: 'group:other' } });
    expect(other.status).toBe(400);
    const clash = await scim('POST', '/Groups', { displayName: 'renamed BY okta' });
    expect(clash.status).toBe(409);
    const second = await group();
    const taken = await patch(`/Groups/${second}`, {
      op: 'replace',
      value: { displayName: 'Renamed by Okta' },
    });
    expect(taken.status).toBe(409);
    const emptied = await patch(`/Groups/${id}`, {
      op: 'remove',
      path: `members[value eq "${member}"]`,
    });
    expect(emptied.document['members']).toEqual([]);
    expect((await scim('DELETE', `/Groups/${id}`)).status).toBe(204);
    expect((await scim('POST', '/Groups', { displayName: 'Renamed by Okta' })).status).toBe(201);
  });
});

describe('lists', () => {
  test('come in pages, and every page says how many there are', async () => {
    for (let made = 0; made < 3; made += 1) await person({ displayName: `Paged ${made}` });
    const filter = encodeURIComponent('displayName sw "paged"');
    const page = async (start: number, size: number) =>
      (await scim('GET', `/Users?filter=${filter}&startIndex=${start}&count=${size}`)).document;
    expect(await page(1, 2)).toMatchObject({ totalResults: 3, startIndex: 1, itemsPerPage: 2 });
    expect(await page(3, 2)).toMatchObject({ totalResults: 3, startIndex: 3, itemsPerPage: 1 });
    expect(await page(9, 2)).toMatchObject({ totalResults: 3, itemsPerPage: 0, Resources: [] });
    expect(await page(0, 0)).toMatchObject({ totalResults: 3, startIndex: 1, Resources: [] });
    expect(await page(1, -4)).toMatchObject({ itemsPerPage: 0 });
  });

  test('know the comparisons, joined in any way', async () => {
    const mail = 'filtered@shop.example';
    const external = 'Ext-9';
    const { id, userName } = await person({
      displayName: 'Filtered "Q" One',
      externalId: external,
      emails: [{ value: mail, primary: true }],
    });
    const found = async (filter: string): Promise<boolean> => {
      const { status, document } = await listed('/Users', filter);
      expect([status, filter]).toEqual([200, filter]);
      return JSON.stringify(document).includes(id);
    };
    for (const filter of [
      `id eq "${id}"`,
      `userName eq "${userName.toUpperCase()}"`,
      `USERNAME Eq "${userName}"`,
      `externalId eq "${external}"`,
      `emails.value eq "${mail}"`,
      `emails eq "${mail}"`,
      `emails[primary eq true].value eq "${mail}"`,
      `emails[value ew "shop.example"]`,
      'displayName co "\\"q\\""',
      `userName eq "x" or externalId eq "${external}"`,
      `(userName eq "x" or externalId eq "${external}") and active eq true`,
      `not (userName eq "x") and externalId eq "${external}"`,
      `externalId pr and displayName sw "filtered"`,
      `urn:ietf:params:scim:schemas:core:2.0:User:userName eq "${userName}"`,
      `externalId eq "${external}" and meta.lastModified gt "2020-01-01T00:00:00Z"`,
    ]) {
      expect([filter, await found(filter)]).toEqual([filter, true]);
    }
    for (const filter of [
      'externalId eq "ext-9"',
      `externalId eq "${external}" and active eq false`,
      'displayName eq "and"',
      'userName eq "a or b"',
      `not (externalId eq "${external}")`,
      'constructor pr',
      '__proto__ pr',
    ]) {
      expect([filter, await found(filter)]).toEqual([filter, false]);
    }
  });

  test.each([
    'nonsense',
    'userName',
    'userName eq',
    'userName is "x"',
    'userName eq "x',
    'userName eq x',
    'userName eq "x" and',
    '(userName eq "x"',
    'userName eq "x")',
    'not userName eq "x"',
    'emails[value eq "x"',
    `${'('.repeat(50)}userName pr${')'.repeat(50)}`,
    '"userName" eq "x"',
  ])('refuse the filter `%s`', async (filter) => {
    const told = await listed('/Users', filter);
    expect([told.status, told.document['code']]).toEqual([400, 'request.malformed']);
  });
});

describe('changes', () => {
  test('with the tag of another version change nothing', async () => {
    const { id, userName } = await person();
    const { headers } = await scim('GET', `/Users/${id}`);
    const tag = headers.get('etag') ?? '';
    const good = await scim(
      'PUT',
      `/Users/${id}`,
      { userName, displayName: 'A' },
      { 'if-match': tag },
    );
    expect(good.status).toBe(200);
    const operations = { Operations: [{ op: 'replace', path: 'displayName', value: 'B' }] };
    const stale = await scim('PATCH', `/Users/${id}`, operations, { 'if-match': tag });
    expect([stale.status, stale.document['code']]).toEqual([412, 'request.precondition-failed']);
    expect((await scim('DELETE', `/Users/${id}`, undefined, { 'if-match': tag })).status).toBe(412);
    expect((await scim('GET', `/Users/${id}`)).document['displayName']).toBe('A');
  });

  test.each([
    { Operations: [] },
    { Operations: [{ op: 'move', path: 'userName' }] },
    { Operations: [{ op: 'remove' }] },
    { Operations: [{ op: 'replace', value: 'x' }] },
    { Operations: [{ op: 'replace', value: [1] }] },
    { Operations: [{ op: 'replace', path: 'actve', value: false }] },
    { Operations: [{ op: 'replace', path: 'active', value: 'perhaps' }] },
    { Operations: [{ op: 'replace', path: 'userName', value: '' }] },
    { Operations: [{ op: 'remove', path: 'userName' }] },
    { Operations: [{ op: 'replace', path: 'userName', value: { a: 1 } }] },
    { Operations: [{ op: 'replace', path: '__proto__', value: { isAdmin: true } }] },
    { Operations: [{ op: 'add', path: 'constructor.prototype', value: 1 }] },
    { Operations: 'all' },
    {},
  ])('that make no sense are refused: %j', async (body) => {
    const { id } = await person();
    const told = await scim('PATCH', `/Users/${id}`, body);
    expect([told.status, told.document['code']]).toEqual([400, 'request.malformed']);
  });

  test('give no roles, by whatever name', async () => {
    const { id } = await person({
      roles: [{ value: 'admin' }],
      isAdmin: true,
      claimRoles: ['admin'],
    });
    await patch(
      `/Users/${id}`,
      { op: 'add', path: 'roles', value: [{ value: 'admin' }] },
      { op: 'add', path: 'entitlements', value: [{ value: 'admin' }] },
      { op: 'add', path: 'groups', value: [{ value: 'x' }] },
    );
    const user = await world.server.identity.users.find(id);
    expect([user?.content.roles, user?.content.claimRoles, user?.content.groups]).toEqual([
      [],
      [],
      [],
    ]);
  });
});

test('groups give the roles that people have set here, from the next request on', async () => {
  const { id } = await person();
  const groupId = await group([id]);
  const session = await sessionFor(world.server, id);
  const search = async (headers: Readonly<Record<string, string>>) =>
    fetch(`${world.url}/api/v1/main/flows/search`, { headers });
  expect((await search(session)).status).toBe(403);
  await world.json('PUT', `/api/v1/main/groups/${groupId}/roles`, {
    type: json,
    body: '{"roles":[{"role":"viewer"}]}',
  });
  const open = await search(session);
  expect(open.status).toBe(200);
  const cookie = open.headers.get('set-cookie')?.split(';')[0] ?? '';
  await patch(`/Groups/${groupId}`, { op: 'Remove', path: `members[value eq "${id}"]` });
  expect((await search({ cookie })).status).toBe(403);
});

test('a directory of another tenant sees nothing of it and changes nothing', async () => {
  const { id, userName } = await person({ externalId: 'shared-id' });
  const groupId = await group([id]);
  const other = { authorization: `Bearer ${elsewhere}` };
  const all = await scim('GET', '/Users', undefined, other);
  expect([all.status, all.document['totalResults']]).toEqual([200, 0]);
  expect((await scim('GET', '/Groups', undefined, other)).document['totalResults']).toBe(0);
  const off = { Operations: [{ op: 'replace', path: 'active', value: false }] };
  for (const [method, path, body] of [
    ['GET', `/Users/${id}`, undefined],
    ['PUT', `/Users/${id}`, { userName: 'taken-over' }],
    ['PATCH', `/Users/${id}`, off],
    ['DELETE', `/Users/${id}`, undefined],
    ['GET', `/Groups/${groupId}`, undefined],
    ['PATCH', `/Groups/${groupId}`, off],
    ['DELETE', `/Groups/${groupId}`, undefined],
  ] as const) {
    const told = await scim(method, path, body, other);
    expect([method, path, told.status]).toEqual([method, path, 404]);
  }
  const mixed = { displayName: 'Mixed', members: [{ value: id }] };
  expect((await scim('POST', '/Groups', mixed, other)).status).toBe(400);
  // Names belong to a tenant: the same one is free there.
  expect((await scim('POST', '/Users', { userName }, other)).status).toBe(201);
  expect((await scim('GET', `/Users/${id}`)).document).toMatchObject({ userName, active: true });
});
