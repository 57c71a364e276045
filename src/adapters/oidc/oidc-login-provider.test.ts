/** Signing in at a real provider on loopback, and what a provider, a proxy or a thief could send instead. */
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { forgedTokens } from '../../../test/support/forged-tokens.ts';
import {
  createPlainBrowser,
  type ForgingProvider,
  oidcClient,
  type RealProvider,
  startForgingProvider,
  startRealProvider,
} from '../../../test/support/login-provider.ts';
import type { LoginChecks, LoginProvider } from '../../ports/login-provider.ts';
import { createOidcLoginProvider } from './oidc-login-provider.ts';

const url = 'http://127.0.0.1:9';
const redirect = `${url}/api/v1/login/corporate/callback`;
const ada = { name: 'Ada Lovelace', preferred_username: 'ada', groups: ['builders'] };

function providerFor(issuer: string, id = 'corporate'): LoginProvider {
  return createOidcLoginProvider({
    id,
    title: 'Corporate',
    issuer,
    clientId: oidcClient.id,
    clientSecret: oidcClient.secret,
    scopes: ['profile', 'email'],
    neededClaims: ['groups'],
    redirectUri: () => redirect,
    afterUri: () => `${url}/login`,
  });
}

const walk = (start: string): Promise<string> => createPlainBrowser().walk(start, redirect);

let issuer: string;
let other: string;
let forging: ForgingProvider;
const started: { close(): void }[] = [];
async function startOne(
  options: Parameters<typeof startRealProvider>[0] = {},
): Promise<RealProvider> {
  const provider = await startRealProvider(options);
  started.push(provider);
  provider.people.set('ada-1', ada);
  provider.serve(url);
  return provider;
}
beforeAll(async () => {
  issuer = (await startOne()).issuer;
  other = (await startOne()).issuer;
  forging = await startForgingProvider();
  started.push(forging);
}, 20_000);
afterAll(() => {
  for (const provider of started) provider.close();
});

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

  test('that tells groups only when it is asked is asked', async () => {
    const quiet = await startOne({ areClaimsInToken: false });
    const provider = providerFor(quiet.issuer);
    const { url: start, checks } = await provider.begin();
    const proven = await provider.complete(await walk(start), checks);
    expect(proven).toMatchObject({ subject: 'ada-1', claims: { groups: ['builders'] } });
  });

  test('has the person prove again who they are, and has to say when', async () => {
    const provider = providerFor(issuer);
    const browser = createPlainBrowser();
    const first = await provider.begin();
    const before = await browser.walk(first.url, redirect);
    expect(await provider.complete(before, first.checks)).toMatchObject({
      authenticatedAt: expect.any(Number),
    });
    const again = await provider.begin({ isStepUp: true });
    expect(again.url).toContain('prompt=login');
    const after = await browser.walk(again.url, redirect);
    const proven = await provider.complete(after, again.checks);
    expect(proven?.authenticatedAt).toBeGreaterThan(Date.now() - 30_000);
  });
});

/** Signs in at a provider that answers what a test makes. */
async function signIn(options: { readonly isStepUp?: boolean } = {}) {
  const provider = providerFor(forging.issuer);
  const { url: start, checks } = await provider.begin(options);
  await fetch(start);
  return provider.complete(`${redirect}?code=abc&state=${checks.state}`, checks);
}

describe('a provider that sends tokens of its own making', () => {
  test('is believed when all is right', async () => {
    forging.make = (claims, pen) => pen.right(claims);
    expect(await signIn()).toMatchObject({ subject: 'forged-1', isManyFactors: false });
    forging.aheadSeconds = 20;
    onTestFinished(() => void (forging.aheadSeconds = 0));
    expect(await signIn()).toMatchObject({ subject: 'forged-1' });
  });

  test.each(Object.entries(forgedTokens))('is refused a token %s', async (_name, make) => {
    forging.make = make;
    expect(await signIn()).toBeUndefined();
  });

  test('makes nobody fresh who has not just proven it, nor without saying when', async () => {
    const now = Math.floor(Date.now() / 1000);
    forging.make = (claims, pen) => pen.right({ ...claims, auth_time: now - 3_600 });
    expect(await signIn()).toMatchObject({ authenticatedAt: (now - 3_600) * 1000 });
    expect(await signIn({ isStepUp: true })).toBeUndefined();
    forging.make = (claims, pen) => pen.right({ ...claims, auth_time: undefined });
    expect(await signIn()).toMatchObject({ authenticatedAt: 0 });
    expect(await signIn({ isStepUp: true })).toBeUndefined();
  });

  test.each([
    [['pwd'], false],
    [['otp'], false],
    [['hwk'], false],
    [['pwd', 'otp'], true],
    [['hwk', 'fpt'], true],
    [['mfa'], true],
    ['mfa', false],
    [{ mfa: true }, false],
    [[['mfa']], false],
  ])('says by `amr` %j that there were many factors: %s', async (amr, isManyFactors) => {
    forging.make = (claims, pen) => pen.right({ ...claims, amr });
    expect(await signIn()).toMatchObject({ isManyFactors });
  });
});

test('a provider that is not there is told as such', async () => {
  await expect(providerFor('http://127.0.0.1:1').begin()).rejects.toMatchObject({
    code: 'identity.provider-unreachable',
  });
});
