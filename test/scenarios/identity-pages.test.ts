/**
 * The pages of identity in a real browser: from the printed link to an administrator with a second factor,
 * invitations, passkeys, wrong passwords, without scripts, by keyboard, on a phone.
 */
import { rmSync } from 'node:fs';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { readConfiguration } from '../../src/app/configuration.ts';
import { codeOf, fromBase32, stepAt } from '../../src/runtime/identity/one-time-codes.ts';
import { type RunningServer, serve } from '../../src/app/serve.ts';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findChromium } from '../support/find-chromium.ts';

const password = 'a lighthouse in june';
const dataFolder = mkdtempSync(join(tmpdir(), 'sluice-pages-'));
let browser: Browser;
let server: RunningServer;
/** Browsers have passkeys for names, not for addresses. */
let url: string;
let setupUrl: string;

beforeAll(async () => {
  browser = await chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox'] });
  const environment = { SLUICE_SERVER_PORT: '0', SLUICE_SERVER_DRAIN: 'PT1S' };
  const { configuration } = readConfiguration({
    environment: { ...environment, SLUICE_SERVER_REQUEST_BURST: '10000' },
  });
  if (configuration === undefined) throw new Error('the configuration is wrong');
  server = await serve({
    configuration,
    dataFolder,
    environment,
    logTo: { write: () => undefined },
  });
  url = server.url.replace('127.0.0.1', 'localhost');
  setupUrl = (server.setupUrl ?? '').replace('127.0.0.1', 'localhost');
}, 30_000);
afterAll(async () => {
  await browser.close();
  await server.stop();
  rmSync(dataFolder, { recursive: true });
});

/** Opens a page in a browser of its own; what it complains of is a failure of the test. */
async function open(path: string, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(5_000);
  const page = await context.newPage();
  const troubles: string[] = [];
  page.on('pageerror', (error) => troubles.push(String(error)));
  page.on('console', (message) => {
    // A refusal by the server is told by the browser too.
    const isRefusal = message.text().startsWith('Failed to load resource');
    if (message.type() === 'error' && !isRefusal) troubles.push(message.text());
  });
  onTestFinished(async () => {
    await context.close();
    expect(troubles).toEqual([]);
  });
  await page.goto(path.startsWith('http') ? path : url + path);
  return page;
}

async function fillIn(page: Page, fields: Readonly<Record<string, string>>): Promise<void> {
  for (const [label, text] of Object.entries(fields)) {
    await page.getByLabel(label, { exact: false }).first().fill(text);
  }
}
const press = (page: Page, name: string): Promise<void> =>
  page.getByRole('button', { name, exact: true }).click();
const alertOf = (page: Page) => page.locator('#told').innerText();

async function makeUser(name: string): Promise<string> {
  const { users, signIn } = server.identity;
  const id = await users.create({ tenant: 'main', name }, 'test');
  return `/invite#${await signIn.makeLink(id, 'invitation', 'test')}`;
}
async function withPassword(name: string): Promise<void> {
  const link = await makeUser(name);
  await server.identity.signIn.useLink(link.slice('/invite#'.length), password);
}

describe('the first administrator', () => {
  test('goes from the printed link to a second factor, signs out and in again with it', async () => {
    const page = await open(setupUrl);
    await fillIn(page, { Name: 'ada', Password: 'short', 'The same again': 'short' });
    await press(page, 'Make the administrator');
    expect(await alertOf(page)).toContain('at least 12 characters');
    await fillIn(page, { Password: 'passwordpassword', 'The same again': 'passwordpassword' });
    await press(page, 'Make the administrator');
    await page.getByText('tried first').waitFor();
    expect(await page.getByLabel('Password').first().getAttribute('aria-invalid')).toBe('true');
    await fillIn(page, { Password: password, 'The same again': `${password}!` });
    await press(page, 'Make the administrator');
    expect(await alertOf(page)).toBe('The two passwords differ.');
    await fillIn(page, { 'The same again': password });
    await press(page, 'Make the administrator');
    await page.waitForURL(/\/account$/);
    await page.locator('#who').getByText('ada').waitFor();

    await press(page, 'Add an authenticator app');
    await page.locator('#enrol:visible').waitFor();
    const secret = fromBase32(await page.locator('#app-secret').innerText());
    const code = (offset = 0) => codeOf(secret, stepAt(Date.now()) + offset);
    await fillIn(page, { 'First code of the app': '000000' });
    await press(page, 'Take it into use');
    await page.locator('#told.problem').waitFor();
    await fillIn(page, { 'First code of the app': code(-1) });
    await press(page, 'Take it into use');
    await page.getByText('in use from the next sign-in on').waitFor();
    const codes = (await page.locator('#code-list').innerText()).split('\n');
    expect(codes).toHaveLength(10);

    await press(page, 'Sign out');
    await page.waitForURL(/\/login/);
    await fillIn(page, { Name: 'ada', Password: password });
    await press(page, 'Sign in');
    await page.getByText('The password is right').waitFor();
    expect(await page.evaluate('document.activeElement.id')).toBe('code');
    await page.keyboard.type(code(0));
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/account$/);
    await page.getByText('a password, an authenticator app').waitFor();
    expect(await page.locator('#add-app').isHidden()).toBe(true);
  }, 15_000);

  test('is made once: the page says so afterwards', async () => {
    const page = await open('/setup');
    expect(await page.locator('h1').innerText()).toBe('Set up already');
  });
});

describe('an invitation', () => {
  test('lets somebody choose a password once', async () => {
    const link = await makeUser('mary');
    const page = await open(link);
    await fillIn(page, { Password: password, 'The same again': password });
    await press(page, 'Set the password');
    await page.waitForURL(/\/login$/);
    const again = await open(link);
    await fillIn(again, { Password: password, 'The same again': password });
    await press(again, 'Set the password');
    await again.getByText('This link is wrong, too old, or was used').waitFor();
  });

  test('without its secret has no form', async () => {
    const page = await open('/invite');
    expect(await alertOf(page)).toContain('not complete');
    expect(await page.locator('form').isHidden()).toBe(true);
  });
});

test('a passkey is made, is enough to sign in, and is enough to prove it again', async () => {
  await withPassword('grace');
  const page = await open('/login');
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('WebAuthn.enable');
  await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
    },
  });
  await fillIn(page, { Name: 'grace', Password: password });
  await press(page, 'Sign in');
  await page.waitForURL(/\/account$/);
  await fillIn(page, { 'Name of a passkey': 'Key on the desk' });
  await press(page, 'Add a passkey');
  await page.getByText('The passkey is added').waitFor();
  await press(page, 'Sign out');
  await page.waitForURL(/\/login$/);
  await press(page, 'Use a passkey');
  await page.waitForURL(/\/account$/);
  await page.locator('#proof').getByText('a passkey').waitFor();
  const { users, sessions } = server.identity;
  const user = await users.byName('main', 'grace');
  const [session] = await sessions.list(user?.id ?? '');
  expect(session?.content.factors).toEqual(['passkey']);
  await page.getByRole('button', { name: 'Remove: Key on the desk' }).click();
  await page
    .getByRole('button', { name: 'Remove: Key on the desk' })
    .waitFor({ state: 'detached' });
}, 15_000);

describe('the page to sign in', () => {
  test('says in place that something is wrong, and the browser asks nothing by itself', async () => {
    const page = await open('/login');
    await fillIn(page, { Name: 'nobody', Password: 'wrong' });
    await press(page, 'Sign in');
    await page.locator('#told.problem').waitFor();
    expect(await alertOf(page)).toBe('The name, the password or the code is wrong.');
    expect(await page.evaluate('document.activeElement.id')).toBe('password');
    expect(await page.getByLabel('Password').getAttribute('aria-describedby')).toBe('told');
  });

  test('works by keyboard alone', async () => {
    await withPassword('kay');
    const page = await open('/login');
    await page.keyboard.press('Tab');
    await page.keyboard.type('kay');
    await page.keyboard.press('Tab');
    await page.keyboard.type(password);
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/account$/);
  });

  test('works without scripts, and says what was wrong there too', async () => {
    await withPassword('plain');
    const page = await open('/login', { javaScriptEnabled: false });
    await fillIn(page, { Name: 'plain', Password: 'wrong' });
    await press(page, 'Sign in');
    expect(await alertOf(page)).toContain('is wrong');
    expect(await page.content()).not.toContain('value="wrong"');
    await fillIn(page, { Name: 'plain', Password: password });
    await press(page, 'Sign in');
    await page.waitForURL(/\/account$/);
  });

  test('leads to the page that was wanted, and to none of another server', async () => {
    await withPassword('to');
    const page = await open('/account?x=1');
    expect(new URL(page.url()).pathname).toBe('/login');
    await fillIn(page, { Name: 'to', Password: password });
    await press(page, 'Sign in');
    await page.waitForURL(/\/account/);
    for (const to of [
      'https://evil.example',
      '//evil.example',
      '/\\evil.example',
      '\\\\evil.example',
      'javascript:alert(1)',
      '/%0d%0aset-cookie:a=b',
      '/\u202eevil',
      'account',
      '/api/v1/logout',
    ]) {
      const answered = await fetch(`${url}/login?to=${encodeURIComponent(decodeURIComponent(to))}`);
      expect([to, answered.status]).toEqual([to, 400]);
    }
  });
});

describe('every page', () => {
  const pages = ['/login', '/invite#x', '/setup#x', '/account'];
  const phone = { viewport: { width: 320, height: 640 }, isMobile: true, hasTouch: true };

  test.each(pages)(
    '%s names its fields, tells password managers what they are, and fits a phone',
    async (path) => {
      if (path === '/account') await withPassword('phone');
      const page = await open(path, phone);
      if (path === '/account') {
        await fillIn(page, { Name: 'phone', Password: password });
        await press(page, 'Sign in');
        await page.waitForURL(/\/account/);
        await page.locator('#sessions li').waitFor();
      }
      const fields = await page.evaluate<
        { id: string; isLabelled: boolean; autocomplete: string | null }[]
      >(`[...document.querySelectorAll('input:not([type=hidden]):not([hidden])')].map((field) => ({
      id: field.id,
      isLabelled: field.labels.length === 1,
      autocomplete: field.getAttribute('autocomplete'),
    }))`);
      for (const { id, isLabelled, autocomplete } of fields) {
        expect([id, isLabelled]).toEqual([id, true]);
        if (/password|username|code|again/.test(id))
          expect([id, autocomplete]).not.toEqual([id, null]);
      }
      const width = await page.evaluate('document.documentElement.scrollWidth');
      expect(width).toBeLessThanOrEqual(320);
      expect(await page.locator('h1').count()).toBe(1);
      expect(await page.title()).toMatch(/· Sluice$/);
    },
  );

  test.each(['/login', '/invite', '/setup'])(
    '%s allows its own script and style alone',
    async (path) => {
      const answered = await fetch(url + path);
      const policy = answered.headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'none'");
      expect(policy).not.toMatch(/unsafe|\*|https?:/);
      expect(answered.headers.get('cache-control')).toBe('no-store');
      const text = await answered.text();
      expect(text).not.toMatch(/ on\w+="| style="|javascript:/);
    },
  );
});
