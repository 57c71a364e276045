/** Identity over HTTP: the first administrator's way to people, roles, tokens, a directory, passkeys; and what is refused. */
import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { codeOf, fromBase32, stepAt } from '../../src/runtime/identity/one-time-codes.ts';
import { administrator, type ApiWorld, sessionFor, startApiServer } from '../support/api-server.ts';
import { createSoftwareAuthenticator } from '../support/software-authenticator.ts';

const json = 'application/json';
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

type Headers = Readonly<Record<string, string>>;

async function send(method: string, path: string, headers: Headers, body?: unknown) {
  const answered = await fetch(`${world.url}${path}`, {
    method,
    redirect: 'manual',
    headers: { ...headers, ...(body !== undefined && { 'content-type': json }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await answered.text();
  const document = (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>;
  return { status: answered.status, document, headers: answered.headers };
}

/** Signs in and gives the headers of the session. */
async function signIn(body: object): Promise<Headers> {
  const { status, document, headers } = await send('POST', '/api/v1/login', {}, body);
  expect([status, document]).toEqual([200, expect.anything()]);
  const cookie = headers.get('set-cookie') ?? '';
  expect(cookie).toMatch(/^sluice-session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax/);
  return {
    cookie: cookie.split(';')[0] ?? '',
    'x-forgery-token': String(document['forgeryToken']),
  };
}

let count = 0;
/** Makes a user with roles, by the API; gives their id and a session. */
async function makeUser(roles: readonly { role: string; namespace?: string }[]) {
  const username = `person${(count += 1)}`;
  const made = await world.json<{ user: { id: string }; url: string }>(
    'POST',
    '/api/v1/main/users',
    { type: json, body: JSON.stringify({ username }) },
  );
  const { id } = made.user;
  await world.json('PUT', `/api/v1/main/users/${id}/roles`, {
    type: json,
    body: JSON.stringify({ roles }),
  });
  const secret = new URL(made.url).hash.slice(1);
  const password = 'over the hills at dawn';
  const accepted = await send('POST', '/api/v1/invitations', {}, { secret, password });
  expect(accepted.status).toBe(204);
  return { id, username, password, session: await signIn({ username, password }) };
}

describe('the first administrator', () => {
  test('adds a second factor and steps up before anything is administered [G-179]', async () => {
    const { name, password } = administrator;
    let session = await signIn({ username: name, password });
    const create = () => send('POST', '/api/v1/main/users', session, { username: 'early' });
    const refused = await create();
    expect([refused.status, refused.document['code']]).toEqual([401, 'identity.step-up-needed']);
    expect(refused.document['needs']).toEqual(['step-up']);
    expect(refused.headers.get('www-authenticate')).toContain('insufficient_user_authentication');
    const begun = await send('POST', '/api/v1/main/me/totp', session);
    const key = fromBase32(String(begun.document['secret']));
    const code = (offset = 0) => codeOf(key, stepAt(Date.now()) + offset);
    const confirmed = await send('PUT', '/api/v1/main/me/totp', session, { code: code() });
    expect(confirmed.document['recoveryCodes']).toHaveLength(10);
    const basic = `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`;
    // Where there is a second factor, the header that leaves it out lets nobody in.
    expect((await send('GET', '/api/v1/main/me', { authorization: basic })).status).toBe(401);
    const before = session;
    const proven = await send('POST', '/api/v1/step-up', session, { code: code(1) });
    expect(proven.document['factors']).toEqual(['password', 'totp']);
    session = {
      cookie: (proven.headers.get('set-cookie') ?? '').split(';')[0] ?? '',
      'x-forgery-token': String(proven.document['forgeryToken']),
    };
    expect((await create()).status).toBe(201);
    expect((await send('GET', '/api/v1/main/me', before)).status).toBe(401);
    const me = await send('GET', '/api/v1/main/me', session);
    expect(me.document).toMatchObject({
      username: name,
      hasSecondFactor: true,
      freshness: 'fresh',
    });
    const own = await send(
      'PUT',
      `/api/v1/main/users/${String(me.document['id'])}/roles`,
      session,
      {
        roles: [{ role: 'executive' }],
      },
    );
    expect([own.status, own.document['code']]).toEqual([403, 'access.denied']);
  });
});

describe('sessions', () => {
  test('go on under another cookie when roles change, and end when a user is disabled', async () => {
    const person = await makeUser([{ role: 'viewer' }]);
    const flows = '/api/v1/main/flows/search';
    const secret = await send('POST', '/api/v1/main/me/totp', person.session);
    expect(secret.status).toBe(201);
    await world.json('PUT', `/api/v1/main/users/${person.id}/roles`, {
      type: json,
      body: '{"roles":[{"role":"auditor"}]}',
    });
    const next = await send('GET', flows, person.session);
    expect(next.status).toBe(200);
    const cookie = next.headers.get('set-cookie')?.split(';')[0] ?? '';
    expect(cookie).not.toBe('');
    expect(cookie).not.toBe(person.session['cookie']);
    // Requests that were under way are answered; the cookie of before gives no further one.
    const late = await send('GET', flows, person.session);
    expect([late.status, late.headers.get('set-cookie')]).toEqual([200, null]);
    expect((await send('GET', flows, { cookie })).status).toBe(200);
    const disable = { type: json, body: '{"isDisabled":true}' };
    await world.json('PATCH', `/api/v1/main/users/${person.id}`, disable);
    expect((await send('GET', flows, { cookie })).status).toBe(401);
    const again = { username: person.username, password: person.password };
    expect((await send('POST', '/api/v1/login', {}, again)).status).toBe(401);
  });

  test('change nothing for pages of others or without the token of forms', async () => {
    const person = await makeUser([{ role: 'builder' }]);
    const { cookie = '' } = person.session;
    const pair = '/api/v1/main/namespaces/demo/kv/k';
    const put = (headers: Headers) => send('PUT', pair, headers, 'v').then((one) => one.status);
    expect(await put({ cookie })).toBe(403);
    expect(await put({ cookie, 'x-forgery-token': 'guess' })).toBe(403);
    expect(await put({ ...person.session, origin: 'https://evil.example' })).toBe(403);
    expect(await put({ ...person.session, 'sec-fetch-site': 'cross-site' })).toBe(403);
    expect(await put({ ...person.session, 'sec-fetch-site': 'none' })).toBe(403);
    expect(await put({ cookie, origin: world.url })).toBeLessThan(300);
    expect(await put({ cookie, 'sec-fetch-site': 'same-origin' })).toBeLessThan(300);
    expect((await send('POST', '/api/v1/logout', person.session)).status).toBe(200);
    expect((await send('GET', '/api/v1/main/me', { cookie })).status).toBe(401);
  });

  test.each([
    'sluice-session=',
    'sluice-session=x',
    `sluice-session=${'a'.repeat(43)}`,
    `sluice-session=${'a'.repeat(8_000)}`,
    'sluice-session=%00; sluice-session=%ff',
    'sluice-session="\\"',
    'SLUICE-SESSION=1',
    '__Host-sluice-session=stolen',
    ';;;=;',
  ])('are not made of the cookie `%s`', async (cookie) => {
    const { status, document } = await send('GET', '/api/v1/main/me', { cookie });
    expect(status).toBe(401);
    expect(JSON.stringify(document)).not.toMatch(/node_modules|\.ts:|SQLITE/);
  });

  test('given twice count for nothing, whichever is good', async () => {
    const { cookie = '' } = world.session;
    const twice = { cookie: `${cookie}; sluice-session=${'b'.repeat(43)}` };
    expect((await send('GET', '/api/v1/main/me', twice)).status).toBe(401);
  });
});

describe('roles', () => {
  test('hold in their namespace and below, and nowhere else', async () => {
    const person = await makeUser([{ role: 'viewer', namespace: 'shop' }]);
    const listed = async (namespace: string) =>
      (await send('GET', `/api/v1/main/flows/${namespace}`, person.session)).status;
    expect(await listed('shop')).toBe(200);
    expect(await listed('shop.returns')).toBe(200);
    expect(await listed('shopping')).toBe(403);
  });

  test('of the command line are given to nobody', async () => {
    const person = await makeUser([]);
    const answered = await world.call('PUT', `/api/v1/main/users/${person.id}/roles`, {
      type: json,
      body: '{"roles":[{"role":"local-owner"}]}',
    });
    expect(answered.status).toBe(400);
  });
});

describe('tokens', () => {
  const bearer = (secret: unknown): Headers => ({ authorization: `Bearer ${String(secret)}` });
  const issue = async (body: object) =>
    world.json<{ id: string; secret: string }>('POST', '/api/v1/main/tokens', {
      type: json,
      body: JSON.stringify({ name: 'test', ...body }),
    });

  test('let do what their scopes name and their owner may', async () => {
    const scopes = [{ actions: ['view'], namespaces: ['shop'] }];
    const { secret } = await issue({ scopes });
    const status = async (method: string, path: string) =>
      (await send(method, path, bearer(secret))).status;
    expect(await status('GET', '/api/v1/main/flows/shop')).toBe(200);
    expect(await status('GET', '/api/v1/main/flows/demo')).toBe(403);
    expect(await status('GET', '/api/v1/main/flows/search')).toBe(403);
    expect(await status('DELETE', '/api/v1/main/flows/shop/x')).toBe(403);
    expect(await status('POST', '/api/v1/main/tokens')).toBe(400);
    expect(await status('POST', '/api/v1/main/me/totp')).toBe(401);
    expect(await status('DELETE', '/api/v1/main/me/sessions')).toBe(403);
  });

  test('are rotated with an overlap, revoked at once, and shown once', async () => {
    const first = await issue({});
    expect(first.secret).toMatch(/^slc_[\w-]{33}$/);
    const me = async (secret: string) =>
      (await send('GET', '/api/v1/main/me', bearer(secret))).status;
    const rotate = async (id: string, overlap: string) =>
      world.json<{ id: string; secret: string }>('POST', `/api/v1/main/tokens/${id}/rotations`, {
        type: json,
        body: JSON.stringify({ overlap }),
      });
    const second = await rotate(first.id, 'PT1H');
    expect([await me(first.secret), await me(second.secret)]).toEqual([200, 200]);
    const third = await rotate(second.id, 'PT0S');
    expect([await me(second.secret), await me(third.secret)]).toEqual([401, 200]);
    const revoked = await world.call('DELETE', `/api/v1/main/tokens/${third.id}`);
    expect([revoked.status, await me(third.secret)]).toEqual([204, 401]);
    const listed = JSON.stringify(await world.json('GET', '/api/v1/main/tokens'));
    const kept = createHash('sha256').update(first.secret).digest('hex');
    for (const secret of [first.secret, second.secret, kept]) expect(listed).not.toContain(secret);
    expect(world.log.join('')).not.toContain(first.secret);
  });

  test('are no longer good than a year, nor for another person', async () => {
    for (const body of [
      { lifetime: 'P2Y' },
      { lifetime: 'soon' },
      { lifetime: '-P1D' },
      { owner: 'user:abc' },
      { scopes: [] },
      { scopes: [{ actions: [] }] },
      { scopes: [{ actions: ['view'], namespaces: ['a b'] }] },
      { scopes: 'all' },
      { extra: 1 },
    ]) {
      const answered = await world.call('POST', '/api/v1/main/tokens', {
        type: json,
        body: JSON.stringify({ name: 'bad', ...body }),
      });
      expect([answered.status, body]).toEqual([400, body]);
    }
  });

  test('of an agent act for its person and end with them', async () => {
    const person = await makeUser([{ role: 'viewer' }]);
    const agent = await world.json<{ id: string }>('POST', '/api/v1/main/service-accounts', {
      type: json,
      body: JSON.stringify({ name: 'helper', kind: 'agent', owners: [person.id] }),
    });
    const { secret } = await issue({ owner: agent.id });
    const me = await send('GET', '/api/v1/main/me', bearer(secret));
    expect(me.document).toMatchObject({ id: agent.id, kind: 'agent' });
    expect((await send('GET', '/api/v1/main/flows/search', bearer(secret))).status).toBe(403);
    const disable = { type: json, body: '{"isDisabled":true}' };
    await world.json('PATCH', `/api/v1/main/users/${person.id}`, disable);
    expect((await send('GET', '/api/v1/main/me', bearer(secret))).status).toBe(401);
  });
});

describe('a directory', () => {
  test('brings users and groups by SCIM, and takes them away at once', async () => {
    const account = await world.json<{ id: string }>('POST', '/api/v1/main/service-accounts', {
      type: json,
      body: '{"name":"directory"}',
    });
    await world.json('PUT', `/api/v1/main/service-accounts/${account.id}/roles`, {
      type: json,
      body: '{"roles":[{"role":"provisioner"}]}',
    });
    const { secret } = await world.json<{ secret: string }>('POST', '/api/v1/main/tokens', {
      type: json,
      body: JSON.stringify({
        name: 'scim',
        owner: account.id,
        scopes: [{ actions: ['provision'] }],
      }),
    });
    const headers = { authorization: `Bearer ${secret}` };
    const scim = (method: string, path: string, body?: unknown, more: Headers = {}) =>
      send(method, `/scim/v2${path}`, { ...headers, ...more }, body);
    const about = await scim('GET', '/ServiceProviderConfig');
    expect(about.document).toMatchObject({
      patch: { supported: true },
      bulk: { supported: false },
    });
    const made = await scim('POST', '/Users', {
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
      userName: 'mary',
      externalId: 'E-7',
      emails: [{ value: 'mary@example.org', primary: true }],
      active: true,
    });
    expect(made.status).toBe(201);
    const { id } = made.document as { id: string };
    const tag = made.headers.get('etag') ?? '';
    expect((await scim('POST', '/Users', { userName: 'MARY' })).status).toBe(409);
    const filter = encodeURIComponent('userName eq "Mary" and active eq true');
    const found = await scim('GET', `/Users?filter=${filter}&startIndex=1&count=5`);
    expect(found.document).toMatchObject({
      totalResults: 1,
      Resources: [{ id, externalId: 'E-7' }],
    });
    const none = await scim('GET', `/Users?filter=${encodeURIComponent('externalId eq "e-7"')}`);
    expect(none.document['totalResults']).toBe(0);
    expect((await scim('GET', '/Users?filter=nonsense')).status).toBe(400);
    const group = await scim('POST', '/Groups', { displayName: 'Builders', members: [] });
    const groupId = String(group.document['id']);
    const add = { Operations: [{ op: 'Add', path: 'members', value: [{ value: id }] }] };
    expect((await scim('PATCH', `/Groups/${groupId}`, add)).document['members']).toEqual([
      { value: id },
    ]);
    await world.json('PUT', `/api/v1/main/groups/${groupId}/roles`, {
      type: json,
      body: '{"roles":[{"role":"viewer"}]}',
    });
    const session = await sessionFor(world.server, id);
    const search = '/api/v1/main/flows/search';
    expect((await send('GET', search, session)).status).toBe(200);
    const off = { Operations: [{ op: 'replace', value: { active: 'False' } }] };
    const stale = await scim('PATCH', `/Users/${id}`, off, { 'if-match': tag });
    expect(stale.status).toBe(412);
    const ended = await scim('PATCH', `/Users/${id}`, off);
    expect(ended.document['active']).toBe(false);
    expect((await send('GET', search, session)).status).toBe(401);
    const remove = { Operations: [{ op: 'remove', path: `members[value eq "${id}"]` }] };
    const removed = await scim('PATCH', `/Groups/${groupId}`, remove);
    expect(removed.document).toMatchObject({ members: [] });
    expect((await scim('DELETE', `/Users/${id}`)).status).toBe(204);
    expect((await scim('GET', `/Users/${id}`)).status).toBe(404);
    // The token is for that alone, and others may not.
    expect((await send('GET', '/api/v1/main/users', headers)).status).toBe(403);
    expect((await send('GET', '/scim/v2/Users', world.session)).status).toBe(403);
  });
});

test('a passkey signs in and steps up, and only with its own challenge', async () => {
  const person = await makeUser([{ role: 'viewer' }]);
  // Passkeys belong to names: on this machine to `localhost`.
  const site = new URL(world.url.replace('127.0.0.1', 'localhost'));
  const device = createSoftwareAuthenticator(site.hostname);
  const creation = await send('POST', '/api/v1/main/me/passkeys/challenge', person.session);
  const { attempt, options } = creation.document as { attempt: string; options: never };
  const added = await send('POST', '/api/v1/main/me/passkeys', person.session, {
    attempt,
    title: 'laptop',
    response: device.create(options, site.origin),
  });
  expect(added.status).toBe(201);
  const begin = async () =>
    (await send('POST', '/api/v1/login/passkey/challenge', {})).document as {
      attempt: string;
      options: { challenge: string };
    };
  const one = await begin();
  const answer = { attempt: one.attempt, response: device.use(one.options, site.origin) };
  const entered = await send('POST', '/api/v1/login/passkey', {}, answer);
  expect(entered.document).toMatchObject({ user: person.id, factors: ['passkey'] });
  expect((await send('POST', '/api/v1/login/passkey', {}, answer)).status).toBe(401);
  const two = await begin();
  const swapped = { attempt: two.attempt, response: answer.response };
  expect((await send('POST', '/api/v1/login/passkey', {}, swapped)).status).toBe(401);
  const { username, password } = person;
  const only = await send('POST', '/api/v1/login', {}, { username, password });
  expect([only.status, only.document['needs']]).toEqual([401, ['passkey']]);
});
