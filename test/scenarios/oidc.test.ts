/**
 * Signing in at a real provider, through the server: from the page to a session, roles from groups and
 * requests that policy decides, to signing out there as well; and everything that must not get in.
 */
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiWorld, startApiServer } from '../support/api-server.ts';
import {
  createPlainBrowser,
  oidcClient,
  type PlainBrowser,
  type RealProvider,
  startRealProvider,
} from '../support/login-provider.ts';

const json = 'application/json';
let corporate: RealProvider;
let partner: RealProvider;
let closed: RealProvider;
let world: ApiWorld;

beforeAll(async () => {
  corporate = await startRealProvider();
  partner = await startRealProvider({ id: 'partner' });
  closed = await startRealProvider({ id: 'closed' });
  const client = { clientId: oidcClient.id, clientSecret: oidcClient.secret };
  const groupRoles = [
    { group: 'builders', role: 'builder', namespace: 'shop' },
    { group: 'auditors', role: 'auditor' },
  ];
  const providers = [
    {
      ...client,
      id: 'corporate',
      title: 'Sign in at work',
      issuer: corporate.issuer,
      provisioning: true,
      linkClaim: 'oid',
      groupRoles,
    },
    { ...client, id: 'partner', title: 'Partners', issuer: partner.issuer, provisioning: true },
    { ...client, id: 'closed', title: 'Closed', issuer: closed.issuer },
  ];
  world = await startApiServer({
    SLUICE_SERVER_REQUEST_BURST: '100000',
    SLUICE_IDENTITY_PROVIDERS: JSON.stringify(providers),
  });
  for (const provider of [corporate, partner, closed]) provider.serve(world.url);
}, 20_000);
afterAll(async () => {
  await world.server.stop();
  for (const provider of [corporate, partner, closed]) provider.close();
  rmSync(world.dataFolder, { recursive: true });
});

const begin = (id = 'corporate', query = ''): string => `${world.url}/api/v1/login/${id}${query}`;
const callback = (id = 'corporate'): string => `${world.url}/api/v1/login/${id}/callback`;

/** Walks to the provider and back, up to the address that the provider sends the browser to. */
async function comeBack(browser: PlainBrowser, account: string, id?: string): Promise<string> {
  return browser.walk(begin(id), callback(id), account);
}

/** Signs in, to the end; gives the browser with its session. */
async function signIn(account: string, claims: object = {}): Promise<PlainBrowser> {
  const known = {
    preferred_username: account,
    name: `Name of ${account}`,
    email: `${account}@x.test`,
  };
  corporate.people.set(account, { ...known, ...claims });
  const browser = createPlainBrowser();
  const entered = await browser.send(await comeBack(browser, account));
  expect([entered.status, entered.headers.get('location')]).toEqual([302, '/account']);
  return browser;
}

async function me(browser: PlainBrowser) {
  const answered = await browser.send(`${world.url}/api/v1/main/me`);
  return { status: answered.status, document: (await answered.json()) as Record<string, unknown> };
}
async function codeOf(answered: Response): Promise<unknown> {
  return ((await answered.json()) as Record<string, unknown>)['code'];
}
const statusOf = async (browser: PlainBrowser, path: string): Promise<number> =>
  (await browser.send(`${world.url}${path}`)).status;

describe('somebody from a provider', () => {
  test('signs in, holds the roles of their groups, and signs out at both', async () => {
    const browser = createPlainBrowser();
    corporate.people.set('ada-1', { preferred_username: 'ada', groups: ['builders', 'elsewhere'] });
    const start = await browser.send(begin());
    const there = new URL(start.headers.get('location') ?? '');
    expect(there.origin).toBe(corporate.issuer);
    expect(Object.fromEntries(there.searchParams)).toMatchObject({
      response_type: 'code',
      code_challenge_method: 'S256',
      client_id: oidcClient.id,
      redirect_uri: callback(),
      state: expect.stringMatching(/^[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
    });
    const login = start.headers.getSetCookie().join();
    expect(login).toMatch(/^sluice-login=[\w-]{32}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=600$/);
    const entered = await browser.send(await browser.walk(there.href, callback(), 'ada-1'));
    const cookies = entered.headers.getSetCookie();
    expect(cookies[0]).toMatch(/^sluice-session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax/);
    expect(cookies[1]).toMatch(/^sluice-login=; .*Max-Age=0$/);

    const { document } = await me(browser);
    // The name is taken by a local user, and belongs to them.
    expect(document['username']).toMatch(/^ada-\w{6}$/);
    expect(document).toMatchObject({
      roles: [{ role: 'builder', namespace: 'shop' }],
      factors: ['oidc'],
      freshness: 'fresh',
    });
    expect(await statusOf(browser, '/api/v1/main/flows/shop')).toBe(200);
    expect(await statusOf(browser, '/api/v1/main/flows/finance')).toBe(403);

    const answered = await browser.send(`${world.url}/api/v1/logout`, {
      method: 'POST',
      headers: { origin: world.url },
    });
    const { providerUrl } = (await answered.json()) as { providerUrl: string };
    expect(providerUrl.startsWith(`${corporate.issuer}/session/end`)).toBe(true);
    expect(new URL(providerUrl).searchParams.get('id_token_hint')).not.toBeNull();
    expect(browser.cookies(world.url)).not.toContain('sluice-session');
    expect((await me(browser)).status).toBe(401);
    const back = await browser.walk(providerUrl, `${world.url}/login`, 'ada-1');
    expect(new URL(back).pathname).toBe('/login');
    // The provider asks anew who it is.
    const again = await browser.send(begin());
    const asked = await browser.send(again.headers.get('location') ?? '');
    expect(asked.headers.get('location')).toContain('/interaction/');
  }, 10_000);

  test('is the same one at the next sign-in, and loses the role of a group they left', async () => {
    const first = await signIn('bob', { groups: ['builders', 'auditors'] });
    const { id } = (await me(first)).document;
    expect(await statusOf(first, '/api/v1/main/ledger/entries')).toBe(200);
    const second = await signIn('bob', { groups: ['builders'] });
    const { document } = await me(second);
    expect(document).toMatchObject({ id, roles: [{ role: 'builder', namespace: 'shop' }] });
    expect(await statusOf(second, '/api/v1/main/ledger/entries')).toBe(403);
    // So has the session that began before.
    expect(await statusOf(first, '/api/v1/main/ledger/entries')).toBe(403);
  });

  test('who is disabled does not come in, nor go on', async () => {
    const browser = await signIn('carl', { groups: ['auditors'] });
    const { id } = (await me(browser)).document;
    await world.json('PATCH', `/api/v1/main/users/${String(id)}`, {
      type: json,
      body: '{"isDisabled":true}',
    });
    expect((await me(browser)).status).toBe(401);
    const fresh = createPlainBrowser();
    const entered = await fresh.send(await comeBack(fresh, 'carl'));
    expect([entered.status, await codeOf(entered)]).toEqual([401, 'identity.wrong']);
    expect(fresh.cookies(world.url)).not.toContain('sluice-session');
  });

  test('proves again who they are, and only by having done so', async () => {
    const browser = await signIn('dora');
    const before = browser.cookies(world.url);
    const back = await browser.walk(begin('corporate', '?fresh=true'), callback(), 'dora');
    expect((await browser.send(back)).status).toBe(302);
    expect(browser.cookies(world.url)).not.toBe(before);
    expect((await me(browser)).document['freshness']).toBe('fresh');
    // The session of before is over: the browser began another one.
    const old = await fetch(`${world.url}/api/v1/main/me`, { headers: { cookie: before } });
    expect(old.status).toBe(401);
  });

  test('brings mail only where the provider has verified it', async () => {
    const mailOf = async (browser: PlainBrowser): Promise<unknown> => {
      const { id } = (await me(browser)).document;
      return (await world.server.identity.users.find(String(id)))?.content.mail;
    };
    expect(await mailOf(await signIn('ed', { email_verified: true }))).toBe('ed@x.test');
    expect(await mailOf(await signIn('eva', { email_verified: false }))).toBeNull();
    expect(await mailOf(await signIn('eli'))).toBeNull();
    expect(await mailOf(await signIn('els', { email_verified: 'true' }))).toBeNull();
  });

  test('is whom the directory brought, where the claim says so', async () => {
    const { users } = world.server.identity;
    const draft = { tenant: 'main', name: 'fay@x.test', externalId: 'object-7' };
    const fay = await users.create(draft, 'directory');
    const browser = await signIn('fay-subject', { oid: 'object-7', groups: ['auditors'] });
    expect((await me(browser)).document).toMatchObject({ id: fay, username: 'fay@x.test' });
    // Another subject that claims to be her is not: she has one at this provider.
    corporate.people.set('mallory', { oid: 'object-7' });
    const thief = createPlainBrowser();
    expect((await thief.send(await comeBack(thief, 'mallory'))).status).toBe(401);
    // The directory takes her away, by whatever way she came.
    await users.change(fay, { type: 'user-disabled', actor: 'directory' }, () => ({
      isDisabled: true,
    }));
    expect((await me(browser)).status).toBe(401);
    expect(await world.server.identity.users.byExternalId('second', 'object-7')).toEqual([]);
  });

  test('whom nobody knows stays outside where nobody is taken in', async () => {
    closed.people.set('guest', { preferred_username: 'guest' });
    const browser = createPlainBrowser();
    const entered = await browser.send(await comeBack(browser, 'guest', 'closed'));
    expect([entered.status, await codeOf(entered)]).toEqual([401, 'identity.wrong']);
    expect(await world.server.identity.users.byName('main', 'guest')).toBeUndefined();
  });
});

describe('coming back', () => {
  /** Comes back, and does something else instead of the last step; gives the answer. */
  async function instead(
    change: (back: string, browser: PlainBrowser) => string | Promise<string>,
  ): Promise<Response> {
    corporate.people.set('ada-1', {});
    const browser = createPlainBrowser();
    const back = await comeBack(browser, 'ada-1');
    return browser.send(await change(back, browser));
  }
  const attacks: Readonly<
    Record<string, (back: string, browser: PlainBrowser) => string | Promise<string>>
  > = {
    'with another state': (back) => back.replace(/state=[^&]*/, 'state=another'),
    'without a state': (back) => back.replace(/state=[^&]*/, ''),
    'with the state twice': (back) => `${back}&${/state=[^&]*/.exec(back)?.[0] ?? ''}`,
    'with another code': (back) => back.replace(/code=[^&]*/, 'code=another'),
    'with the code twice': (back) => `${back}&code=another`,
    'without a code': (back) => back.replace(/code=[^&]*/, ''),
    'as another provider': (back) => back.replace('/corporate/', '/partner/'),
    'as a provider that is not there': (back) => back.replace('/corporate/', '/nowhere/'),
    'with the issuer of another provider': (back) =>
      back.replace(/iss=[^&]*/, `iss=${encodeURIComponent(partner.issuer)}`),
    'with an error': (back) => `${back}&error=access_denied`,
    'with a token in the address': (back) => `${back}&id_token=x.y.z`,
    'a second time': async (back, browser) => {
      await browser.send(back);
      return back;
    },
  };
  test.each(Object.entries(attacks))('%s signs nobody in', async (name, change) => {
    const before = await count();
    const answered = await instead(change);
    const problem = (await answered.json()) as Record<string, unknown>;
    const status = name.includes('not there') ? 404 : 401;
    expect([answered.status, problem['status']]).toEqual([status, status]);
    expect(answered.headers.get('content-type')).toContain('application/problem+json');
    expect(JSON.stringify(problem)).not.toMatch(/openid|oauth|OAUTH|nonce|\.ts:/i);
    // Who came twice was in once.
    expect(await count()).toBe(before + (name === 'a second time' ? 1 : 0));
  });
  async function count(): Promise<number> {
    const { results } = await world.json<{ results: { type: string }[] }>(
      'GET',
      '/api/v1/main/ledger/entries?limit=1000',
    );
    return results.filter(({ type }) => type === 'session-started').length;
  }

  test('in another browser signs nobody in', async () => {
    const thief = createPlainBrowser();
    corporate.people.set('ada-1', {});
    const back = await comeBack(thief, 'ada-1');
    const victim = createPlainBrowser();
    // The victim has begun too, and is sent the thief's address.
    await victim.send(begin());
    const answered = await victim.send(back);
    expect(answered.status).toBe(401);
    expect(victim.cookies(world.url)).not.toContain('sluice-session');
  });

  test('shows people a page that says so, without what was wrong', async () => {
    const browser = createPlainBrowser();
    const answered = await browser.send(`${callback()}?code=a&state=b`, {
      headers: { accept: 'text/html,application/xhtml+xml' },
    });
    expect(answered.status).toBe(401);
    expect(answered.headers.get('content-type')).toContain('text/html');
    expect(await answered.text()).toContain('Signing in there did not work');
  });

  test('leads to the page that was wanted, and to none elsewhere', async () => {
    corporate.people.set('ada-1', {});
    const browser = createPlainBrowser();
    const to = '/account?from=mail';
    const back = await browser.walk(
      begin('corporate', `?to=${encodeURIComponent(to)}`),
      callback(),
      'ada-1',
    );
    expect((await browser.send(back)).headers.get('location')).toBe(to);
    for (const elsewhere of [
      'https://evil.example',
      '//evil.example/x',
      '/\\evil.example',
      '/\t/evil.example',
      '/account\r\nset-cookie: a=b',
      'evil.example',
      '',
    ]) {
      const query = `?to=${encodeURIComponent(elsewhere)}`;
      const answered = await browser.send(begin('corporate', query));
      expect([elsewhere, answered.status]).toEqual([elsewhere, 400]);
    }
    // What the callback brings itself counts for nothing.
    const other = createPlainBrowser();
    const plain = await comeBack(other, 'ada-1');
    const entered = await other.send(`${plain}&to=https%3A%2F%2Fevil.example`);
    expect(entered.headers.get('location')).not.toContain('evil');
  });
});

test('what proves who somebody is stands in no log and no entry', async () => {
  const browser = await signIn('zoe');
  const secret = /sluice-session=([\w-]+)/.exec(browser.cookies(world.url))?.[1] ?? 'none';
  const entries = await (await world.call('GET', '/api/v1/main/ledger/entries?limit=1000')).text();
  const everything = entries + world.log.join('');
  for (const text of [secret, oidcClient.secret, 'eyJ', 'code=', 'zoe@x.test', 'Name of zoe']) {
    expect([text, everything.includes(text)]).toEqual([text, false]);
  }
});
