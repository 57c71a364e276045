/** Signing in at a real provider on loopback, and what a provider, a proxy or a thief could send instead. */
import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createOidcLoginProvider } from './oidc-login-provider.ts';
import type { LoginChecks, LoginProvider } from '../../ports/login-provider.ts';

const clientId = 'sluice';
const redirect = 'http://127.0.0.1:9/api/v1/login/corporate/callback';
const servers: Server[] = [];

async function listen(
  handle: (url: string) => Parameters<typeof createServer>[1],
): Promise<string> {
  const server = createServer();
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const listener = handle(url);
  if (listener !== undefined) server.on('request', listener as never);
  return url;
}

function providerFor(issuer: string, id = 'corporate'): LoginProvider {
  return createOidcLoginProvider({
    id,
    title: 'Corporate',
    issuer,
    clientId,
    clientSecret: 'a-secret-of-the-client-of-this-test',
    scopes: ['profile', 'email'],
    redirectUri: () => redirect,
    afterUri: () => 'http://127.0.0.1:9/login',
  });
}

let issuer: string;
let other: string;
beforeAll(async () => {
  const make = (url: string) => {
    const provider = new Provider(url, {
      clients: [
        {
          client_id: clientId,
          client_secret: 'a-secret-of-the-client-of-this-test',
          redirect_uris: [redirect],
          response_types: ['code'],
          grant_types: ['authorization_code'],
        },
      ],
      claims: {
        openid: ['sub'],
        profile: ['name', 'groups', 'preferred_username'],
        email: ['email'],
      },
      conformIdTokenClaims: false,
      findAccount: (_context: unknown, id: string) => ({
        accountId: id,
        claims: () => ({
          sub: id,
          name: 'Ada Lovelace',
          preferred_username: 'ada',
          email: 'ada@example.org',
          groups: ['builders'],
        }),
      }),
    });
    return provider.callback();
  };
  issuer = await listen(make);
  other = await listen(make);
}, 20_000);
afterAll(() => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});

/** Walks through the provider's own pages as a browser does; gives the address that it sends back to. */
async function walk(start: string, account = 'ada-1'): Promise<string> {
  const jar = new Map<string, string>();
  let url = start;
  let body: URLSearchParams | undefined;
  for (let steps = 0; steps < 12; steps += 1) {
    const answered = await fetch(url, {
      redirect: 'manual',
      method: body === undefined ? 'GET' : 'POST',
      headers: { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(body !== undefined && { body }),
    });
    for (const cookie of answered.headers.getSetCookie()) {
      const [pair = ''] = cookie.split(';');
      jar.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
    }
    const next = answered.headers.get('location');
    const text = await answered.text();
    if (next !== null) {
      url = new URL(next, url).href;
      body = undefined;
      if (url.startsWith(redirect)) return url;
      continue;
    }
    const prompt = /name="prompt" value="(\w+)"/.exec(text)?.[1];
    const action = /action="([^"]+)"/.exec(text)?.[1];
    if (prompt === undefined || action === undefined) throw new Error(text.slice(0, 500));
    url = new URL(action, url).href;
    body = new URLSearchParams({
      prompt,
      ...(prompt === 'login' && { login: account, password: 'x' }),
    });
  }
  throw new Error('the provider sends in circles');
}

describe('a real provider', () => {
  test('tells who came back, once', async () => {
    const provider = providerFor(issuer);
    const { url, checks } = await provider.begin();
    expect(url).toContain('code_challenge_method=S256');
    const back = await walk(url);
    const proven = await provider.complete(back, checks);
    expect(proven).toMatchObject({ issuer, subject: 'ada-1', claims: { groups: ['builders'] } });
    // The code was used.
    expect(await provider.complete(back, checks)).toBeUndefined();
  });

  test('is believed only with the state, nonce, verifier and address that were kept', async () => {
    const provider = providerFor(issuer);
    const attacks: ((checks: LoginChecks, back: string) => readonly [LoginChecks, string])[] = [
      (checks, back) => [{ ...checks, state: 'another' }, back],
      (checks, back) => [{ ...checks, nonce: 'another' }, back],
      (checks, back) => [{ ...checks, verifier: 'v'.repeat(43) }, back],
      (checks, back) => [checks, back.replace(/state=[^&]*/, 'state=another')],
      (checks, back) => [checks, back.replace(/code=[^&]*/, 'code=another')],
      (checks, back) => [checks, back.replace('/corporate/', '/else/')],
      (checks, back) => [checks, back.replace('127.0.0.1:9', 'evil.example')],
      (checks, back) => [checks, `${back}&error=access_denied`],
    ];
    for (const attack of attacks) {
      const { url, checks } = await provider.begin();
      const [kept, address] = attack(checks, await walk(url));
      expect(await provider.complete(address, kept)).toBeUndefined();
    }
  }, 20_000);

  test('is not taken for another one', async () => {
    const honest = providerFor(issuer);
    const second = providerFor(other, 'second');
    const { url, checks } = await honest.begin();
    const back = await walk(url);
    expect(new URL(back).searchParams.get('iss')).toBe(issuer);
    expect(await second.complete(back, checks)).toBeUndefined();
  });
});

/** Returns a token; `by` is a private key, a secret, or nothing for one that nobody signed. */
function tokenOf(claims: object, by: KeyObject | string | undefined): string {
  const alg = by === undefined ? 'none' : typeof by === 'string' ? 'HS256' : 'RS256';
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${part({ alg, kid: 'one' })}.${part(claims)}`;
  if (by === undefined) return `${text}.`;
  const signature =
    typeof by === 'string'
      ? createHmac('sha256', by).update(text).digest()
      : sign('sha256', Buffer.from(text), by);
  return `${text}.${signature.toString('base64url')}`;
}

describe('a provider that sends tokens of its own making', () => {
  const now = () => Math.floor(Date.now() / 1000);
  type Make = (claims: Record<string, unknown>, sign: Sign) => Promise<string>;
  type Sign = (claims: Record<string, unknown>) => Promise<string>;

  /** Signs in at a provider whose token endpoint answers what `make` makes. */
  async function signIn(make: Make) {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'one', alg: 'RS256', use: 'sig' };
    let nonce = '';
    const url = await listen((own) => (request, response) => {
      const send = (body: unknown): void => {
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify(body));
      };
      if (request.url === '/.well-known/openid-configuration') {
        send({
          issuer: own,
          authorization_endpoint: `${own}/authorize`,
          token_endpoint: `${own}/token`,
          jwks_uri: `${own}/jwks`,
          response_types_supported: ['code'],
          subject_types_supported: ['public'],
          id_token_signing_alg_values_supported: ['RS256', 'none', 'HS256'],
        });
      } else if (request.url === '/jwks') send({ keys: [jwk] });
      else {
        const claims = {
          iss: own,
          sub: 'ada-1',
          aud: clientId,
          nonce,
          iat: now(),
          exp: now() + 300,
        };
        const signed: Sign = async (all) =>
          tokenOf(all, all['forged'] === true ? stranger.privateKey : privateKey);
        void make(claims, signed).then((id_token) =>
          send({ access_token: 'x', token_type: 'bearer', expires_in: 60, id_token }),
        );
      }
    });
    const provider = providerFor(url);
    const { url: start, checks } = await provider.begin();
    nonce = new URL(start).searchParams.get('nonce') ?? '';
    return provider.complete(`${redirect}?code=abc&state=${checks.state}`, checks);
  }

  test('is believed when all is right', async () => {
    expect(await signIn((claims, sign) => sign(claims))).toMatchObject({ subject: 'ada-1' });
    const skewed = await signIn((claims, sign) =>
      sign({ ...claims, iat: now() + 20, nbf: now() + 20 }),
    );
    expect(skewed).toMatchObject({ subject: 'ada-1' });
  });

  const lies: Readonly<Record<string, Make>> = {
    'of another audience': (claims, sign) => sign({ ...claims, aud: 'somebody-else' }),
    'of several audiences and another party': (claims, sign) =>
      sign({ ...claims, aud: [clientId, 'else'], azp: 'else' }),
    'of another party': (claims, sign) => sign({ ...claims, azp: 'else' }),
    'of another issuer': (claims, sign) => sign({ ...claims, iss: 'https://evil.example' }),
    'of another request': (claims, sign) => sign({ ...claims, nonce: 'another' }),
    'without a nonce': (claims, sign) => sign({ ...claims, nonce: undefined }),
    'without a subject': (claims, sign) => sign({ ...claims, sub: undefined }),
    'that has expired': (claims, sign) => sign({ ...claims, iat: now() - 900, exp: now() - 61 }),
    'that is not good yet': (claims, sign) => sign({ ...claims, nbf: now() + 90 }),
    'signed by a stranger': (claims, sign) => sign({ ...claims, forged: true }),
    'signed by nobody': async (claims) => tokenOf(claims, undefined),
    'signed with the secret of the client': async (claims) =>
      tokenOf(claims, 'a-secret-of-the-client-of-this-test'),
    'that is none': async () => 'nonsense',
  };
  test.each(Object.entries(lies))('is refused a token %s', async (_name, make) => {
    expect(await signIn(make)).toBeUndefined();
  });
});

test('a provider that is not there is told as such', async () => {
  await expect(providerFor('http://127.0.0.1:1').begin()).rejects.toMatchObject({
    code: 'identity.provider-unreachable',
  });
});
