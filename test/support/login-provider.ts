/**
 * Login providers on loopback: a real one (`oidc-provider`), and one that answers whatever a test makes of
 * an ID token; and a browser without a screen that walks through their pages.
 */
import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';

/** The client that Sluice is at both. */
export const oidcClient = { id: 'sluice', secret: 'a-secret-of-the-client-of-this-test' };

/** A provider that listens. */
export interface ListeningProvider {
  readonly issuer: string;
  close(): void;
}

/** A real provider, and the people it knows: what their claims are, by their subject. */
export interface RealProvider extends ListeningProvider {
  readonly people: Map<string, Readonly<Record<string, unknown>>>;
  /** Lets `url` sign people in from here on. */
  serve(url: string): void;
}

async function listen(): Promise<{ server: Server; issuer: string; close: () => void }> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    server,
    issuer: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Starts a real provider; `areClaimsInToken` false has it tell claims when it is asked for them only. */
export async function startRealProvider(
  options: { readonly id?: string; readonly areClaimsInToken?: boolean } = {},
): Promise<RealProvider> {
  const { server, issuer, close } = await listen();
  const { id = 'corporate', areClaimsInToken = true } = options;
  const people: RealProvider['people'] = new Map();
  return {
    issuer,
    people,
    close,
    serve(url) {
      const provider = new Provider(issuer, {
        clients: [
          {
            client_id: oidcClient.id,
            client_secret: oidcClient.secret,
            redirect_uris: [`${url}/api/v1/login/${id}/callback`],
            post_logout_redirect_uris: [`${url}/login`],
            response_types: ['code'],
            grant_types: ['authorization_code'],
          },
        ],
        claims: {
          openid: ['sub'],
          profile: ['name', 'groups', 'preferred_username', 'oid'],
          email: ['email', 'email_verified'],
        },
        conformIdTokenClaims: !areClaimsInToken,
        cookies: { keys: ['a key of this test'] },
        ttl: { Session: 600, Grant: 600, AccessToken: 600, IdToken: 600, Interaction: 600 },
        findAccount: (_context: unknown, subject: string) => ({
          accountId: subject,
          claims: () => ({ sub: subject, ...people.get(subject) }),
        }),
      });
      server.on('request', provider.callback() as RequestListener);
    },
  };
}

/** Signs claims as a provider does, or as a thief would like to. */
export interface TokenPen {
  /** With the key of the provider. */
  right(claims: object, header?: object): string;
  /** With the key of somebody else. */
  stranger(claims: object, header?: object): string;
  /** With nothing (`alg: none`). */
  nobody(claims: object): string;
  /** With a shared secret: that of the client, or the public key of the provider as text. */
  shared(claims: object, secret: 'client' | 'public-key'): string;
}

/** What a test makes of the claims that would be right. */
export type MakeToken = (claims: Record<string, unknown>, pen: TokenPen) => string;

/** A provider whose token endpoint answers what a test makes. */
export interface ForgingProvider extends ListeningProvider {
  /** What the next answer is made by. */
  make: MakeToken;
  /** How many seconds its clock is ahead. */
  aheadSeconds: number;
}

function written(claims: object, header: object, by: KeyObject | string | undefined): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${part(header)}.${part(claims)}`;
  if (by === undefined) return `${text}.`;
  const signature =
    typeof by === 'string'
      ? createHmac('sha256', by).update(text).digest()
      : sign('sha256', Buffer.from(text), by);
  return `${text}.${signature.toString('base64url')}`;
}

const own = generateKeyPairSync('rsa', { modulusLength: 2048 });
const other = generateKeyPairSync('rsa', { modulusLength: 2048 });

const pen: TokenPen = {
  right: (claims, header = {}) =>
    written(claims, { alg: 'RS256', kid: 'one', ...header }, own.privateKey),
  stranger: (claims, header = {}) =>
    written(claims, { alg: 'RS256', kid: 'one', ...header }, other.privateKey),
  nobody: (claims) => written(claims, { alg: 'none' }, undefined),
  shared: (claims, secret) =>
    written(
      claims,
      { alg: 'HS256', kid: 'one' },
      secret === 'client'
        ? oidcClient.secret
        : own.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    ),
};

/** Starts a provider that signs in whoever comes, with the token that `make` makes. */
export async function startForgingProvider(): Promise<ForgingProvider> {
  const { server, issuer, close } = await listen();
  const jwk = { ...own.publicKey.export({ format: 'jwk' }), kid: 'one', alg: 'RS256', use: 'sig' };
  let nonce = '';
  const provider: ForgingProvider = {
    issuer,
    close,
    make: (claims, by) => by.right(claims),
    aheadSeconds: 0,
  };
  const answerTo = ({ url = '' }: IncomingMessage): unknown => {
    const { pathname, searchParams } = new URL(url, issuer);
    const now = Math.floor(Date.now() / 1000) + provider.aheadSeconds;
    switch (pathname) {
      case '/.well-known/openid-configuration':
        return {
          issuer,
          authorization_endpoint: `${issuer}/authorize`,
          token_endpoint: `${issuer}/token`,
          jwks_uri: `${issuer}/jwks`,
          response_types_supported: ['code'],
          subject_types_supported: ['public'],
          id_token_signing_alg_values_supported: ['RS256', 'none', 'HS256'],
        };
      case '/jwks':
        return { keys: [jwk] };
      case '/authorize':
        nonce = searchParams.get('nonce') ?? '';
        return {};
      default: {
        const claims = { iss: issuer, sub: 'forged-1', aud: oidcClient.id, nonce };
        const times = { iat: now, exp: now + 300, auth_time: now };
        const id_token = provider.make({ ...claims, ...times, groups: ['admins'] }, pen);
        return { access_token: 'x', token_type: 'bearer', expires_in: 60, id_token };
      }
    }
  };
  server.on('request', (request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(answerTo(request)));
  });
  return provider;
}

/** A browser without a screen: keeps cookies by host and follows addresses as far as it is told. */
export interface PlainBrowser {
  /** Sends one request with the cookies of its host; keeps those that come. */
  send(url: string, init?: RequestInit): Promise<Response>;
  /** Follows redirects and fills in the forms of a real provider until an address begins with `stop`. */
  walk(start: string, stop: string, account?: string): Promise<string>;
  /** Returns the cookies of a host as a header. */
  cookies(url: string): string;
}

/** Returns a browser without a screen. */
export function createPlainBrowser(): PlainBrowser {
  const jars = new Map<string, Map<string, string>>();
  const jarOf = (url: string): Map<string, string> => {
    const { host } = new URL(url);
    const jar = jars.get(host) ?? new Map<string, string>();
    jars.set(host, jar);
    return jar;
  };
  const cookies = (url: string): string =>
    [...jarOf(url)].map(([name, value]) => `${name}=${value}`).join('; ');
  const send: PlainBrowser['send'] = async (url, init = {}) => {
    const headers = new Headers(init.headers);
    if (cookies(url) !== '') headers.set('cookie', cookies(url));
    const answered = await fetch(url, { ...init, redirect: 'manual', headers });
    for (const cookie of answered.headers.getSetCookie()) {
      const [pair = ''] = cookie.split(';');
      const name = pair.slice(0, pair.indexOf('='));
      if (/max-age=0/i.test(cookie)) jarOf(url).delete(name);
      else jarOf(url).set(name, pair.slice(pair.indexOf('=') + 1));
    }
    return answered;
  };
  return {
    send,
    cookies,
    async walk(start, stop, account = 'ada-1') {
      let url = start;
      let body: URLSearchParams | undefined;
      for (let steps = 0; steps < 14; steps += 1) {
        if (url.startsWith(stop)) return url;
        const method = body === undefined ? 'GET' : 'POST';
        const answered = await send(url, { method, ...(body !== undefined && { body }) });
        const next = answered.headers.get('location');
        const text = await answered.text();
        body = undefined;
        if (next !== null) {
          url = new URL(next, url).href;
          continue;
        }
        const action = /action="([^"]+)"/.exec(text)?.[1];
        if (action === undefined) throw new Error(`${answered.status} ${text.slice(0, 500)}`);
        const fields = [...text.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)"/g)];
        body = new URLSearchParams(fields.map(([, name = '', value = '']) => [name, value]));
        if (body.get('prompt') === 'login') {
          body.set('login', account);
          body.set('password', 'x');
        }
        if (text.includes('name="logout"')) body.set('logout', 'yes');
        url = new URL(action, url).href;
      }
      throw new Error('the provider sends in circles');
    },
  };
}
