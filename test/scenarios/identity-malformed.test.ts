/**
 * Malformed tokens, sessions, cookies, claims, codes and links: each is a problem document with the right
 * status, nothing leaks, nothing is granted, nothing fails inside.
 */
import { connect } from 'node:net';
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { codeOf, fromBase32, stepAt } from '../../src/runtime/identity/one-time-codes.ts';
import { administrator, type ApiWorld, sessionFor, startApiServer } from '../support/api-server.ts';
import { forgedTokens } from '../support/forged-tokens.ts';
import {
  type ForgingProvider,
  type MakeToken,
  oidcClient,
  startForgingProvider,
} from '../support/login-provider.ts';
import { createSoftwareAuthenticator } from '../support/software-authenticator.ts';

const json = 'application/json';
const password = 'over the hills at dawn';
type Headers = Readonly<Record<string, string>>;
let world: ApiWorld;
let forging: ForgingProvider;
let seqBefore = 0;

beforeAll(async () => {
  forging = await startForgingProvider();
  const provider = {
    id: 'forging',
    title: 'Forging',
    issuer: forging.issuer,
    clientId: oidcClient.id,
    clientSecret: oidcClient.secret,
    provisioning: true,
    groupRoles: [
      { group: 'admins', role: 'admin' },
      { group: '__proto__', role: 'admin' },
      { group: '[object Object]', role: 'admin' },
      { group: '7', role: 'admin' },
      { group: 'length', role: 'admin' },
    ],
  };
  world = await startApiServer({
    SLUICE_SERVER_REQUEST_BURST: '100000',
    SLUICE_SERVER_REQUESTS_PER_MINUTE: '1000000',
    // Each request comes from somewhere else, so that none waits for the refusal before it.
    SLUICE_SERVER_TRUSTED_PROXIES: '127.0.0.1',
    SLUICE_IDENTITY_PROVIDERS: JSON.stringify([provider]),
  });
  await world.json('POST', '/api/v1/tenants', { type: json, body: '{"id":"second"}' });
  await prepare();
  seqBefore = (await entries()).at(0)?.seq ?? 0;
}, 30_000);
afterAll(async () => {
  await world.server.stop();
  forging.close();
  rmSync(world.dataFolder, { recursive: true });
});

async function entries(): Promise<readonly { seq: number; type: string }[]> {
  const path = '/api/v1/main/ledger/entries?limit=1000';
  return (await world.json<{ results: { seq: number; type: string }[] }>('GET', path)).results;
}

let sent = 0;
function elsewhere(): Headers {
  sent += 1;
  return { 'x-forwarded-for': `10.${sent >> 8}.${sent & 255}.7` };
}

function ask(headers: Headers, method = 'GET', path = '/api/v1/main/me', body?: string) {
  return fetch(`${world.url}${path}`, {
    method,
    redirect: 'manual',
    headers: { ...elsewhere(), ...headers },
    ...(body !== undefined && { body }),
  });
}
const bearer = (secret: string): Headers => ({ authorization: `Bearer ${secret}` });
const post = (path: string, body: unknown, headers: Headers = {}) =>
  ask({ 'content-type': json, ...headers }, 'POST', path, JSON.stringify(body));

/** Sends bytes as they are; gives the answer as if it were fetched. */
async function raw(lines: readonly string[]): Promise<Response> {
  const { hostname, port } = new URL(world.url);
  const text = await new Promise<string>((resolve, reject) => {
    let got = '';
    const socket = connect(Number(port), hostname, () => {
      const head = ['GET /api/v1/main/me HTTP/1.1', `host: ${hostname}:${port}`];
      const from = `x-forwarded-for: ${elsewhere()['x-forwarded-for'] ?? ''}`;
      const all = [...head, from, 'connection: close', ...lines, '', ''];
      socket.write(Buffer.from(all.join('\r\n'), 'latin1'));
    });
    socket.on('data', (chunk) => (got += String(chunk)));
    socket.on('end', () => resolve(got));
    socket.on('error', reject);
  });
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const type = /content-type: (.*)/i.exec(head)?.[1] ?? '';
  return new Response(rest.join('\r\n\r\n').replace(/^[0-9a-f]+\r\n|\r\n0\r\n\r\n$/gi, ''), {
    status: Number(head.split(' ')[1]),
    headers: { 'content-type': type },
  });
}

/** What the cases are made from, as it is found when they run. */
const known = {
  token: '',
  expired: '',
  revoked: '',
  rotated: '',
  second: '',
  narrow: '',
  ofDisabled: '',
  ofRemoved: '',
  ofAccount: '',
  ofAgent: '',
  session: '',
  expiredSession: '',
  exchanged: '',
  ofDisabledSession: '',
  elsewhereSession: '',
  setupSecret: '',
  invitation: '',
  usedInvitation: '',
  userWithTotp: '',
  totpKey: new Uint8Array() as Uint8Array,
  usedCode: '',
  usedRecovery: '',
};
let device = createSoftwareAuthenticator('localhost');
let siteOrigin = '';

async function prepare(): Promise<void> {
  const { users, accounts, sessions, signIn } = world.server.identity;
  const everything = [{ actions: ['*'], namespaces: ['*'] }];
  const roles = [{ role: 'admin', namespace: '*', tenant: 'main' }];
  let made = 0;
  const makeUser = (tenant = 'main') =>
    users.create({ tenant, name: `user${(made += 1)}`, roles }, 'test');
  const issue = async (owner: string, more: object = {}) =>
    accounts.issue(
      { owner, tenant: 'main', name: 'test', scopes: everything, lifetimeMs: 86_400_000, ...more },
      'test',
    );
  const disable = (id: string) =>
    users.change(id, { type: 'user-disabled', actor: 'test' }, () => ({ isDisabled: true }));
  const cookieOf = (headers: Headers) => /=([\w-]{43})$/.exec(headers['cookie'] ?? '')?.[1] ?? '';

  const owner = await makeUser();
  known.token = (await issue(owner)).secret;
  known.expired = (await issue(owner, { lifetimeMs: 1 })).secret;
  const revoked = await issue(owner);
  known.revoked = revoked.secret;
  await accounts.revoke({ id: revoked.id, version: 1, content: revoked.token }, 'test');
  const rotated = await issue(owner);
  known.rotated = rotated.secret;
  const kept = { id: rotated.id, version: 1, content: rotated.token };
  await accounts.rotate(kept, { overlapMs: 0, lifetimeMs: 1_000 }, 'test');
  const scopes = [{ actions: ['view'], namespaces: ['shop'] }];
  known.narrow = (await issue(owner, { scopes })).secret;
  known.second = (await issue(await makeUser('second'), { tenant: 'second' })).secret;
  const gone = await makeUser();
  known.ofRemoved = (await issue(gone)).secret;
  await users.remove(gone, 'test');
  const disabled = await makeUser();
  known.ofDisabled = (await issue(disabled)).secret;
  known.ofDisabledSession = cookieOf(await sessionFor(world.server, disabled));
  await disable(disabled);
  const draft = { tenant: 'main', name: 'robot', owners: [], roles };
  const account = await accounts.create({ ...draft, kind: 'service-account' }, 'test');
  known.ofAccount = (await issue(account)).secret;
  await accounts.change(account, { type: 'account-disabled', actor: 'test' }, () => ({
    isDisabled: true,
  }));
  const person = await makeUser();
  const agent = await accounts.create({ ...draft, kind: 'agent', owners: [person] }, 'test');
  known.ofAgent = (await issue(agent)).secret;
  await disable(person);

  known.session = cookieOf(await sessionFor(world.server, owner));
  const origin = { userAgent: 'node', remoteAddress: '127.0.0.1' };
  const shown = await sessions.show(known.session, origin);
  if (!shown.isLive) throw new Error('the session is gone');
  known.exchanged = known.session;
  known.session = await sessions.exchange(shown.kept, {}, 'step-up');
  known.expiredSession = cookieOf(await sessionFor(world.server, owner));
  const ended = await sessions.show(known.expiredSession, origin);
  if (!ended.isLive) throw new Error('the session is gone');
  await sessions.end(owner, 'test', { family: ended.kept.content.family });
  known.session = cookieOf(await sessionFor(world.server, owner));
  known.elsewhereSession = await sessions.begin(
    {
      user: owner,
      tenant: 'main',
      factors: ['password'],
      authority: 1,
      idToken: null,
      provider: null,
    },
    { userAgent: 'Mozilla/5.0 (Windows NT 10.0) Firefox/140.0', remoteAddress: '192.0.2.1' },
  );

  const withTotp = await makeUser();
  known.userWithTotp = (await users.find(withTotp))?.content.name ?? '';
  await signIn.useLink(await signIn.makeLink(withTotp, 'invitation', 'test'), password);
  known.totpKey = fromBase32((await signIn.beginTotp(withTotp)).secret);
  known.usedCode = codeOf(known.totpKey, stepAt(Date.now()));
  const [recovery = ''] = await signIn.confirmTotp(withTotp, known.usedCode);
  known.usedRecovery = recovery;
  const who = { tenant: 'main', name: known.userWithTotp };
  await signIn.byPassword(who, { password, code: recovery }, origin);
  known.usedInvitation = await signIn.makeLink(owner, 'reset', 'test');
  known.invitation = await signIn.makeLink(owner, 'reset', 'test');

  const site = new URL(world.url.replace('127.0.0.1', 'localhost'));
  siteOrigin = site.origin;
  device = createSoftwareAuthenticator(site.hostname);
  const keyed = await makeUser();
  const { attempt, options } = await signIn.beginNewPasskey(keyed);
  await signIn.addPasskey(keyed, attempt, 'key', device.create(options as never, siteOrigin));
}

interface Case {
  readonly name: string;
  readonly status: number;
  readonly code: string;
  readonly act: () => Promise<Response>;
}
const is =
  (status: number, code: string) =>
  (name: string, act: () => Promise<Response>): Case => ({ name, status, code, act });
const wrong = is(401, 'identity.wrong');
const missing = is(401, 'identity.missing');
const malformed = is(400, 'request.malformed');
const denied = is(403, 'access.denied');

const swapCase = (text: string): string =>
  Array.from(text)
    .map((one) => (one === one.toLowerCase() ? one.toUpperCase() : one.toLowerCase()))
    .join('');

const tokens: readonly Case[] = [
  ...Object.entries<() => string>({
    'of another prefix': () => known.token.replace('slc_', 'ghp_'),
    'without its prefix': () => known.token.slice(4),
    'with its prefix twice': () => `slc_${known.token}`,
    'with a wrong checksum': () =>
      `${known.token.slice(0, -1)}${known.token.endsWith('A') ? 'B' : 'A'}`,
    'of right checksum that nobody has': () => 'slc_AAAAAAAAAAAAAAAAAAAAAAAAAAA' + 'AAAAAA',
    'cut off': () => known.token.slice(0, 20),
    'one character short': () => known.token.slice(0, -1),
    'one character long': () => `${known.token}A`,
    'in other letters': () => swapCase(known.token),
    'in capitals': () => known.token.toUpperCase(),
    'percent-encoded': () => known.token.replace('_', '%5F'),
    'in quotation marks': () => `"${known.token}"`,
    'with a comma behind it': () => `${known.token},`,
    'given twice in one header': () => `${known.token},${known.token}`,
    'as Base64': () => Buffer.from(known.token).toString('base64'),
    'that is its hash': () => 'a'.repeat(64),
    'of 1,900 characters': () => `slc_${'A'.repeat(1_896)}`,
    'of 7,000 characters': () => `slc_${'A'.repeat(6_996)}`,
    'that is a session': () => known.session,
    'that is a JSON web token': () => 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZGEifQ.',
    'that is `null`': () => 'null',
    'that is `undefined`': () => 'undefined',
    'that is a prototype': () => '__proto__',
    'that has expired': () => known.expired,
    'that was revoked': () => known.revoked,
    'that was rotated and has no overlap left': () => known.rotated,
    'of somebody who is disabled': () => known.ofDisabled,
    'of somebody who was removed': () => known.ofRemoved,
    'of an account that is disabled': () => known.ofAccount,
    'of an agent whose person is disabled': () => known.ofAgent,
  }).map(([name, secret]) => wrong(`a token ${name}`, () => ask(bearer(secret())))),
  wrong('a bearer of nothing', () => ask({ authorization: 'Bearer' })),
  wrong('a bearer of a space', () => ask({ authorization: 'Bearer  ' })),
  wrong('a token of another scheme', () => ask({ authorization: `Token ${known.token}` })),
  wrong('a token without a scheme', () => ask({ authorization: known.token })),
  wrong('a token behind a tab', () => ask({ authorization: `Bearer\t${known.token}` })),
  wrong('a token in two words', () =>
    ask({ authorization: `Bearer ${known.token.slice(0, 9)} ${known.token.slice(9)}` }),
  ),
  wrong('a token as a password', () =>
    ask({ authorization: `Basic ${Buffer.from(`ada:${known.token}`).toString('base64')}` }),
  ),
  wrong('a token as Basic', () => ask({ authorization: `Basic ${known.token}` })),
  wrong('name and password as a bearer', () =>
    ask(bearer(Buffer.from(`${administrator.name}:${administrator.password}`).toString('base64'))),
  ),
  wrong('two schemes in one header', () =>
    ask({ authorization: `Bearer ${known.token}, Basic YTpi` }),
  ),
  wrong('Basic that is not Base64', () => ask({ authorization: 'Basic %%%%' })),
  wrong('Basic without a colon', () =>
    ask({ authorization: `Basic ${Buffer.from('ada').toString('base64')}` }),
  ),
  wrong('Basic with a null byte', () =>
    ask({ authorization: `Basic ${Buffer.from('ada\u0000:x').toString('base64')}` }),
  ),
  wrong('Basic that is not UTF-8', () =>
    ask({ authorization: `Basic ${Buffer.from([0xff, 0xfe, 0x3a, 0xff]).toString('base64')}` }),
  ),
  wrong('Basic with a name that only looks alike', () =>
    ask({
      authorization: `Basic ${Buffer.from(`аda:${administrator.password}`).toString('base64')}`,
    }),
  ),
  wrong('Basic of somebody with a second factor', () =>
    ask({
      authorization: `Basic ${Buffer.from(`${known.userWithTotp}:${password}`).toString('base64')}`,
    }),
  ),
  missing('a token in the query', () =>
    ask({}, 'GET', `/api/v1/main/me?access_token=${known.token}`),
  ),
  missing('a token in another header', () => ask({ 'x-api-key': known.token })),
  missing('a token in a cookie', () => ask({ cookie: `authorization=Bearer ${known.token}` })),
  malformed('two headers, the first of them good', () =>
    raw([`authorization: Bearer ${known.token}`, 'authorization: Bearer x']),
  ),
  malformed('two headers, the second of them good', () =>
    raw(['authorization: Bearer x', `authorization: Bearer ${known.token}`]),
  ),
  malformed('a header with a null byte', () => raw([`authorization: Bearer ${known.token}\u0000`])),
  malformed('a header over two lines', () => raw(['authorization: Bearer', ` ${known.token}`])),
  wrong('a token with a letter that only looks alike', () =>
    raw([`authorization: Bearer \u00b5lc_${known.token.slice(4)}`]),
  ),
  wrong('a token with bytes of UTF-8', () =>
    raw([`authorization: Bearer ${known.token.slice(0, -1)}\u00d0\u00b0`]),
  ),
  is(404, 'tenant.not-found')('a token of another tenant', () => ask(bearer(known.second))),
  is(404, 'tenant.not-found')('a token for a tenant that is not there', () =>
    ask(bearer(known.token), 'GET', '/api/v1/nowhere/me'),
  ),
  denied('a token for another namespace', () =>
    ask(bearer(known.narrow), 'GET', '/api/v1/main/flows/demo'),
  ),
  denied('a token for another action', () =>
    ask(
      { ...bearer(known.narrow), 'content-type': 'application/x-yaml' },
      'POST',
      '/api/v1/main/flows',
      'id: a\nnamespace: shop\ntasks: []\n',
    ),
  ),
  denied('a token that lists the sessions of its owner', () =>
    ask(bearer(known.token), 'GET', '/api/v1/main/me/sessions'),
  ),
  denied('a token that lists the tokens of its owner', () =>
    ask(bearer(known.token), 'GET', '/api/v1/main/me/tokens'),
  ),
  denied('a token that ends the sessions of its owner', () =>
    ask(bearer(known.token), 'DELETE', '/api/v1/main/me/sessions'),
  ),
  denied('a token that signs out', () => ask(bearer(known.token), 'POST', '/api/v1/logout')),
  denied('a token that steps up', () => post('/api/v1/step-up', { password }, bearer(known.token))),
  is(401, 'identity.step-up-needed')('a token that begins a second factor', () =>
    ask(bearer(known.token), 'POST', '/api/v1/main/me/totp'),
  ),
  is(401, 'identity.step-up-needed')('a token of an administrator that administers', () =>
    post('/api/v1/main/users', { username: 'made-by-token' }, bearer(known.token)),
  ),
];

const cookie = (text: () => string) => () => ask({ cookie: text() });
const sessions: readonly Case[] = [
  wrong(
    'a session that nobody has',
    cookie(() => `sluice-session=${'a'.repeat(43)}`),
  ),
  wrong(
    'a session that is empty',
    cookie(() => 'sluice-session='),
  ),
  wrong(
    'a session that is short',
    cookie(() => `sluice-session=${known.session.slice(0, 42)}`),
  ),
  wrong(
    'a session that is long',
    cookie(() => `sluice-session=${known.session}a`),
  ),
  wrong(
    'a session of 8,000 characters',
    cookie(() => `sluice-session=${'a'.repeat(8_000)}`),
  ),
  wrong(
    'a session in other letters',
    cookie(() => `sluice-session=${swapCase(known.session)}`),
  ),
  wrong(
    'a session in quotation marks',
    cookie(() => `sluice-session="${known.session}"`),
  ),
  wrong(
    'a session that is percent-encoded',
    cookie(() => `sluice-session=%${known.session}`),
  ),
  wrong(
    'a session that is a hash',
    cookie(() => `sluice-session=${'0'.repeat(64)}`),
  ),
  wrong(
    'a session that is a path',
    cookie(() => 'sluice-session=../../etc/passwd'),
  ),
  wrong(
    'a session that has ended',
    cookie(() => `sluice-session=${known.expiredSession}`),
  ),
  wrong(
    'a session that was exchanged',
    cookie(() => `sluice-session=${known.exchanged}`),
  ),
  wrong(
    'a session of somebody who is disabled',
    cookie(() => `sluice-session=${known.ofDisabledSession}`),
  ),
  wrong(
    'a session of another browser',
    cookie(() => `sluice-session=${known.elsewhereSession}`),
  ),
  missing(
    'a session given twice',
    cookie(() => `sluice-session=${known.session}; sluice-session=${known.session}`),
  ),
  missing(
    'a session given twice, once without a value',
    cookie(() => `sluice-session=; sluice-session=${known.session}`),
  ),
  missing(
    'a session under a name in capitals',
    cookie(() => `SLUICE-SESSION=${known.session}`),
  ),
  missing(
    'a session under the name of https',
    cookie(() => `__Host-sluice-session=${known.session}`),
  ),
  missing(
    'a session under a name with a space',
    cookie(() => `sluice-session =${known.session}`),
  ),
  missing(
    'a session under the name of the sign-in',
    cookie(() => `sluice-login=${known.session}`),
  ),
  missing(
    'cookies of signs alone',
    cookie(() => ';;;=;'),
  ),
  wrong('a good session beside a bad token', () =>
    ask({ cookie: `sluice-session=${known.session}`, ...bearer('slc_x') }),
  ),
  wrong('a good session beside an empty header', () =>
    ask({ cookie: `sluice-session=${known.session}`, authorization: 'Bearer' }),
  ),
];

const change = (headers: Headers) => () =>
  post('/api/v1/logout', {}, { cookie: `sluice-session=${known.session}`, ...headers });
const forgeries: readonly Case[] = [
  denied('a change by cookie alone', change({})),
  denied('a change with a guessed token of forms', change({ 'x-forgery-token': 'guess' })),
  denied('a change with the session as token of forms', () =>
    change({ 'x-forgery-token': known.session })(),
  ),
  denied('a change from a page of another site', change({ 'sec-fetch-site': 'cross-site' })),
  denied('a change from a page of the same site', change({ 'sec-fetch-site': 'same-site' })),
  denied('a change that a person typed', change({ 'sec-fetch-site': 'none' })),
  denied('a change from another origin', change({ origin: 'https://evil.example' })),
  denied('a change from an origin that is none', change({ origin: 'null' })),
  denied('a change from our name at another port', change({ origin: 'http://127.0.0.1:1' })),
  denied('a change from our name by https', () =>
    change({ origin: world.url.replace('http:', 'https:') })(),
  ),
  denied('a change from a name that begins like ours', () =>
    change({ origin: `${world.url}.evil.example` })(),
  ),
  denied('a sign-in from a page of another site', () =>
    post('/api/v1/login', { username: 'ada', password: 'x' }, { 'sec-fetch-site': 'cross-site' }),
  ),
  denied('a sign-in from another origin', () =>
    post('/api/v1/login', { username: 'ada', password: 'x' }, { origin: 'https://evil.example' }),
  ),
  denied('a request under another name', () => fetchAs('evil.example')),
  malformed('a request under two names', () => raw(['host: evil.example'])),
];
/** Asks under another name, as a page does whose name somebody points at this machine. */
async function fetchAs(name: string): Promise<Response> {
  const { request } = await import('node:http');
  return new Promise((resolve, reject) => {
    const asked = request(
      `${world.url}/api/v1/main/me`,
      { headers: { host: name } },
      (answered) => {
        let text = '';
        answered.on('data', (chunk) => (text += String(chunk)));
        answered.on('end', () => {
          const headers = { 'content-type': answered.headers['content-type'] ?? '' };
          resolve(new Response(text, { status: answered.statusCode ?? 0, headers }));
        });
      },
    );
    asked.on('error', reject);
    asked.end();
  });
}

const logIn = (body: unknown) => () => post('/api/v1/login', body);
const withCode = (code: () => string) => () =>
  post('/api/v1/login', { username: known.userWithTotp, password, code: code() });
/** Signs in with a passkey, of which `change` makes something else. */
const withPasskey =
  (change: (answer: Record<string, unknown>, challenge: string) => unknown, origin?: string) =>
  async (): Promise<Response> => {
    const begun = await ask({}, 'POST', '/api/v1/login/passkey/challenge');
    const { attempt, options } = (await begun.json()) as {
      attempt: string;
      options: { challenge: string };
    };
    const answer = device.use(options, origin ?? siteOrigin);
    return post('/api/v1/login/passkey', { attempt, response: change(answer, options.challenge) });
  };
const inside = (answer: Record<string, unknown>, more: object) => ({
  ...answer,
  response: { ...(answer['response'] as object), ...more },
});
const setUp = (secret: () => string) => () =>
  post('/api/v1/setup', { secret: secret(), username: 'eve', password });
const invite =
  (secret: () => string, chosen = password) =>
  () =>
    post('/api/v1/invitations', { secret: secret(), password: chosen });

const proofs: readonly Case[] = [
  wrong(
    'a code that was used',
    withCode(() => known.usedCode),
  ),
  wrong(
    'a code of a minute ago',
    withCode(() => codeOf(known.totpKey, stepAt(Date.now()) - 3)),
  ),
  wrong(
    'a code of the next minute',
    withCode(() => codeOf(known.totpKey, stepAt(Date.now()) + 3)),
  ),
  wrong(
    'a code of another length',
    withCode(() => codeOf(known.totpKey, stepAt(Date.now()) + 1, { digits: 8 })),
  ),
  wrong(
    'a code in other digits',
    withCode(() => '١٢٣٤٥٦'),
  ),
  wrong(
    'a code that is a word',
    withCode(() => 'undefined'),
  ),
  wrong(
    'a recovery code that was used',
    withCode(() => known.usedRecovery),
  ),
  wrong(
    'a recovery code that is empty',
    withCode(() => '----'),
  ),
  malformed('a code that is a number', logIn({ username: 'ada', password, code: 123_456 })),
  is(401, 'identity.factor-needed')('a password alone where there is more', () =>
    post('/api/v1/login', { username: known.userWithTotp, password }),
  ),
  wrong('an empty password', logIn({ username: 'ada', password: '' })),
  wrong('a password of 2,000 characters', logIn({ username: 'ada', password: 'x'.repeat(2_000) })),
  malformed(
    'a password of 2,001 characters',
    logIn({ username: 'ada', password: 'x'.repeat(2_001) }),
  ),
  wrong(
    'a name with a null byte',
    logIn({ username: 'ada\u0000', password: administrator.password }),
  ),
  wrong(
    'a name that only looks alike',
    logIn({ username: 'аda', password: administrator.password }),
  ),
  wrong(
    'a name in a tenant that is not there',
    logIn({ tenant: 'nowhere', username: 'ada', password }),
  ),
  malformed('a name that is a list', logIn({ username: ['ada'], password })),
  malformed('a name that is an object', logIn({ username: { $ne: '' }, password: { $ne: '' } })),
  malformed(
    'a sign-in with more than it takes',
    logIn({ username: 'ada', password, isAdmin: true }),
  ),
  malformed('a sign-in that is a list', logIn([])),
  malformed('a sign-in that is a text', logIn('ada')),
  malformed('a sign-in that is cut off', () =>
    ask({ 'content-type': json }, 'POST', '/api/v1/login', '{"username":"ada"'),
  ),
  is(415, 'request.type-unsupported')('a sign-in as another site could send it', () =>
    ask(
      { 'content-type': 'text/plain' },
      'POST',
      '/api/v1/login',
      JSON.stringify({ username: 'ada', password }),
    ),
  ),
  wrong(
    'a passkey from another origin',
    withPasskey((answer) => answer, 'https://evil.example'),
  ),
  wrong(
    'a passkey from our name at another port',
    withPasskey((answer) => answer, 'http://localhost:1'),
  ),
  wrong('a passkey of another site', async () => {
    const ours = device;
    device = createSoftwareAuthenticator('evil.example');
    return withPasskey((answer) => answer)().finally(() => (device = ours));
  }),
  wrong(
    'a passkey of another key under our id',
    withPasskey((answer, challenge) =>
      inside(
        answer,
        createSoftwareAuthenticator('localhost').use({ challenge }, siteOrigin)[
          'response'
        ] as object,
      ),
    ),
  ),
  wrong(
    'a passkey without a signature',
    withPasskey((answer) => inside(answer, { signature: '' })),
  ),
  wrong(
    'a passkey of nobody',
    withPasskey((answer) => inside(answer, { userHandle: '' })),
  ),
  wrong(
    'a passkey of somebody else',
    withPasskey((answer) =>
      inside(answer, { userHandle: Buffer.from('user:else').toString('base64url') }),
    ),
  ),
  wrong(
    'a passkey whose person is a path',
    withPasskey((answer) =>
      inside(answer, { userHandle: Buffer.from('user:../../x').toString('base64url') }),
    ),
  ),
  wrong(
    'a passkey that is nothing',
    withPasskey(() => ({})),
  ),
  wrong(
    'a passkey without client data',
    withPasskey((answer) => inside(answer, { clientDataJSON: 'e30' })),
  ),
  wrong('a passkey whose counter went back', async () => {
    device.rewind();
    return withPasskey((answer) => answer)();
  }),
  wrong('a passkey for a challenge of nobody', () =>
    post('/api/v1/login/passkey', {
      attempt: 'none',
      response: device.use({ challenge: 'AAAA' }, siteOrigin),
    }),
  ),
  wrong('a passkey for the challenge of before', async () => {
    const old = await (await ask({}, 'POST', '/api/v1/login/passkey/challenge')).json();
    const { challenge } = (old as { options: { challenge: string } }).options;
    return withPasskey(() => device.use({ challenge }, siteOrigin))();
  }),
  is(403, 'identity.setup-refused')(
    'a set-up link that was used',
    setUp(() => known.setupSecret || 'used'),
  ),
  is(403, 'identity.setup-refused')(
    'a set-up link of nobody',
    setUp(() => 'a'.repeat(32)),
  ),
  malformed(
    'a set-up link that is empty',
    setUp(() => ''),
  ),
  malformed(
    'a set-up link of 300 characters',
    setUp(() => 'a'.repeat(300)),
  ),
  is(403, 'identity.link-refused')(
    'an invitation of nobody',
    invite(() => 'a'.repeat(32)),
  ),
  is(403, 'identity.link-refused')(
    'an invitation that another one replaced',
    invite(() => known.usedInvitation),
  ),
  is(422, 'identity.password-weak')(
    'an invitation with a weak password',
    invite(() => known.invitation, 'password1234'),
  ),
  malformed(
    'an invitation that is empty',
    invite(() => ''),
  ),
  malformed('an invitation that is a hash of lists', () =>
    post('/api/v1/invitations', { secret: ['x'], password }),
  ),
];

/** Comes back from the provider that forges; gives the answer of the callback. */
async function comeBack(make: MakeToken): Promise<Response> {
  forging.make = make;
  const start = await ask({}, 'GET', '/api/v1/login/forging');
  const there = start.headers.get('location') ?? '';
  await fetch(there);
  const state = new URL(there).searchParams.get('state') ?? '';
  const login = start.headers.get('set-cookie')?.split(';')[0] ?? '';
  return ask({ cookie: login }, 'GET', `/api/v1/login/forging/callback?code=x&state=${state}`);
}
const idTokens: readonly Case[] = Object.entries(forgedTokens).map(([name, make]) =>
  wrong(`an ID token ${name}`, () => comeBack(make)),
);

const cases = [...tokens, ...sessions, ...forgeries, ...proofs, ...idTokens];

test('there are more than a hundred of them, each with a name of its own', () => {
  expect(cases.length).toBeGreaterThan(150);
  expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length);
});

test('what they are made from is good as it is', async () => {
  expect((await ask(bearer(known.token))).status).toBe(200);
  expect((await ask({ cookie: `sluice-session=${known.session}` })).status).toBe(200);
  const site = { cookie: `sluice-session=${known.session}`, origin: siteOrigin };
  expect((await post('/api/v1/main/me/passkeys/challenge', {}, site)).status).toBe(200);
  expect((await withPasskey((answer) => answer)()).status).toBe(200);
  seqBefore = (await entries()).at(0)?.seq ?? 0;
});

test.each(cases.map((one) => [one.name, one] as const))('%s is refused', async (_name, one) => {
  const answered = await one.act();
  const text = await answered.text();
  expect([answered.status, text]).toEqual([one.status, expect.any(String)]);
  expect(answered.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(JSON.parse(text)).toMatchObject({ status: one.status, code: one.code });
  expect(answered.headers.getSetCookie().join()).not.toContain('sluice-session=');
  for (const secret of [known.token, known.session, oidcClient.secret, administrator.password]) {
    expect(text).not.toContain(secret);
  }
  expect(text).not.toMatch(
    /node_modules|\.ts:\d+|SQLITE|ZodError|FST_ERR|\bOAUTH_|\bjwk\b|argon2id/,
  );
});

describe('claims that are no list of groups', () => {
  const shapes: Readonly<Record<string, unknown>> = {
    'a text': 'admins',
    'a number': 7,
    'an object': { admins: true, length: 1, 0: 'admins' },
    'a list in a list': [['admins']],
    'objects in a list': [{ toString: 'admins' }, { name: 'admins' }, {}],
    numbers: [7, 0],
    nothing: null,
    true: true,
    'a text of a list': '["admins"]',
    'a hundred thousand others': Array.from({ length: 100_000 }, (_, at) => `group-${at}`),
  };
  test.each(Object.entries(shapes))('give no role: %s', async (name, groups) => {
    const sub = `shape of ${name}`;
    const answered = await comeBack((claims, pen) => pen.right({ ...claims, sub, groups }));
    expect(answered.status).toBe(302);
    const session = answered.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    const me = (await (await ask({ cookie: session })).json()) as { roles: unknown };
    expect(me.roles).toEqual([]);
  });

  test('give those of the names in them, and not of a prototype', async () => {
    const text = '{"__proto__":["admins"],"constructor":["admins"]}';
    const more = JSON.parse(text) as object;
    const answered = await comeBack((claims, pen) =>
      pen.right({ ...claims, ...more, sub: 'proto', groups: undefined }),
    );
    const session = answered.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    expect(await (await ask({ cookie: session })).json()).toMatchObject({ roles: [] });
    const mixed = await comeBack((claims, pen) =>
      pen.right({ ...claims, sub: 'mixed', groups: [1, null, 'admins', {}] }),
    );
    const good = mixed.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    expect(await (await ask({ cookie: good })).json()).toMatchObject({
      roles: [{ role: 'admin' }],
    });
  });

  test('that are names for people are taken only where they are a short line', async () => {
    const answered = await comeBack((claims, pen) =>
      pen.right({
        ...claims,
        sub: 'named',
        name: 'Ada\u202e\u0000<script>',
        preferred_username: 'a b:c',
        email: { toString: 'x' },
        email_verified: true,
      }),
    );
    const session = answered.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    const me = (await (await ask({ cookie: session })).json()) as Record<string, unknown>;
    expect(me['username']).toMatch(/^person-\w{8}$/);
    expect(me['displayName']).toBe(me['username']);
  });
});

test('many guesses at once are looked at one after another', async () => {
  const address = { 'x-forwarded-for': '203.0.113.50' };
  const guess = (code: number) =>
    post('/api/v1/login', { username: known.userWithTotp, password, code: String(code) }, address);
  const answers = await Promise.all(Array.from({ length: 30 }, (_, at) => guess(100_000 + at)));
  const statuses = answers.map(({ status }) => status);
  expect(statuses.filter((one) => one === 401).length).toBeLessThanOrEqual(7);
  expect(statuses.filter((one) => one === 429).length).toBeGreaterThanOrEqual(23);
}, 10_000);

test('nothing came of any of it, and the log holds no secret', async () => {
  const after = (await entries()).filter(({ seq }) => seq > seqBefore).map(({ type }) => type);
  const harmless = new Set([
    'policy-decided',
    'session-reuse-found',
    'session-moved',
    'session-exchanged',
    'user-provisioned',
    'session-started',
    'token-used',
  ]);
  expect(after.filter((one) => !harmless.has(one))).toEqual([]);
  // One session for each sign-in that was right: the claims above.
  expect(after.filter((one) => one === 'session-started').length).toBeLessThanOrEqual(13);
  const log = world.log.join('');
  expect(log).not.toContain('"level":50');
  for (const secret of [known.token, known.session, password, oidcClient.secret]) {
    expect(log).not.toContain(secret);
  }
});
