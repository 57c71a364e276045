/**
 * The page that links lead to, in a real browser: it shows values as text and nothing else, opening it
 * decides nothing, and what is decided there is exactly what stood on it.
 */
import { rmSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { ApprovalDesk } from '../../src/app/approval-desk.ts';
import { type ApiWorld, sessionFor, startApiServer } from '../support/api-server.ts';
import { findChromium } from '../support/find-chromium.ts';

const bait =
  '<img src=x onerror="document.title=1"> <a href="https://evil.example">https://evil.example</a> \u202Efdp';

let world: ApiWorld;
let browser: Browser;
let ann: string;
let grace: string;
let desk: ApprovalDesk;

beforeAll(async () => {
  browser = await chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox'] });
  world = await startApiServer({ SLUICE_SERVER_REQUEST_BURST: '10000' });
  const { system, identity } = world.server;
  const roles = [{ role: 'approver', namespace: '*', tenant: 'main' }];
  ann = await identity.users.create({ tenant: 'main', name: 'ann', roles }, 'test');
  grace = (await identity.users.byName('main', 'grace'))?.id ?? '';
  const view = system.view({ tenant: 'main', actor: 'user:author' });
  await view.saveFlow(
    `id: refund
namespace: shop
inputs: [{ id: note, type: STRING }]
tasks:
  - { id: agree, type: govern.Approval, approvers: role:approver, preview: "{{ inputs.note }}" }
  - { id: refund, type: core.debug.Return, format: refunded }
`,
    'refund.yaml',
  );
  desk = await view.approvals();
}, 30_000);
afterAll(async () => {
  await browser.close();
  await world.server.stop();
  rmSync(world.dataFolder, { recursive: true, force: true });
});

async function ask(): Promise<string> {
  const view = world.server.system.view({ tenant: 'main', actor: grace });
  const id = await view.start({ namespace: 'shop', flowId: 'refund', inputs: { note: bait } });
  await view.rest(id);
  const [open] = await desk.list({ state: 'open', executionId: id });
  return open?.id ?? 'none';
}

/** Opens the page of an approval as ann, or as nobody. */
async function open(id: string, isSignedIn = true): Promise<Page> {
  const url = world.url.replace('127.0.0.1', 'localhost');
  // A session belongs to the browser that it was begun in.
  const context = await browser.newContext({ userAgent: 'node' });
  context.setDefaultTimeout(5_000);
  onTestFinished(() => context.close());
  if (isSignedIn) {
    const { cookie = '' } = await sessionFor(world.server, ann);
    const at = cookie.indexOf('=');
    const [name, value] = [cookie.slice(0, at), cookie.slice(at + 1)];
    await context.addCookies([{ name, value, url }]);
  }
  const page = await context.newPage();
  await page.goto(`${url}/ui/main/approvals/${id}?verdict=approve`);
  return page;
}

test('values are text, nothing of them is a link or runs, and opening decides nothing', async () => {
  const id = await ask();
  const page = await open(id);
  await page.getByText('Who decides').waitFor();
  const text = await page.locator('main').innerText();
  expect(text).toContain('<img src=x');
  expect(text).toContain('⟨U+202E⟩');
  expect(await page.locator('dl a, dl img').count()).toBe(0);
  expect(await page.title()).toBe('Sluice: approval');
  // It waits because the flow asks; why a policy permits the run is no reason.
  expect(text).toMatch(/Why it waits\s+the flow asks for it/);
  expect(text.split('<img src=x')).toHaveLength(2);
  expect((await desk.show(id)).votes).toEqual([]);
});

test('a button decides about what is on the page [G-270]', async () => {
  const id = await ask();
  const page = await open(id);
  await page.getByRole('button', { name: 'Approve exactly this' }).click();
  await page.getByText(/^It is (granted|used)\. Receipt \d+\.$/).waitFor();
  expect((await desk.show(id)).votes).toMatchObject([{ by: ann, verdict: 'approve' }]);
  expect(await page.locator('form').isVisible()).toBe(false);
});

test('what changed since it was opened is not decided', async () => {
  const id = await ask();
  const page = await open(id);
  await page.getByText('Who decides').waitFor();
  await world.server.system
    .view({ tenant: 'main', actor: grace })
    .approvals()
    .then((own) => own.withdraw(id, 'a mistake'));
  await page.getByRole('button', { name: 'Approve exactly this' }).click();
  await page.getByText('withdrawn').first().waitFor();
  expect((await desk.show(id)).votes).toEqual([]);
});

test('it fits a telephone', async () => {
  const page = await open(await ask());
  await page.setViewportSize({ width: 360, height: 740 });
  await page.getByText('Digest of all of it').waitFor();
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
});

test('whoever is not signed in sees nothing and is led to sign in', async () => {
  const page = await open(await ask(), false);
  await page.getByRole('link', { name: 'Sign in' }).waitFor();
  expect(await page.locator('#shown').innerText()).toBe('');
});
