/**
 * The page that an export can be, in a real browser and from a file: it verifies, names what was
 * altered, shows outside text as text, and asks nothing of any network.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createMemoryStore } from '../../src/adapters/memory/memory-store.ts';
import { createKeyFileSigner } from '../../src/adapters/system/key-file-signer.ts';
import { createSystemSealer, systemHasher } from '../../src/adapters/system/system-sealer.ts';
import { exportPage } from '../../src/app/export-page.ts';
import { exportLedger, type LedgerParts, rotateKey } from '../../src/runtime/sealer/index.ts';
import { findChromium } from '../support/find-chromium.ts';
import { entryOf, writeOf } from '../support/store-records.ts';

const folder = mkdtempSync(join(tmpdir(), 'sluice-page-'));
const hostile = '</script><img src=x onerror="document.title=1"> \u202egnp.exe <!-- {{7*7}}';
let browser: Browser;
let key: string;
const file = join(folder, 'ledger.html');

beforeAll(async () => {
  browser = await chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox'] });
  const store = createMemoryStore(createSystemSealer());
  const keys = createKeyFileSigner(join(folder, 'ledger.key'));
  const clock = { now: () => Date.parse('2026-01-31T12:00:00Z') };
  const parts: LedgerParts = { store, hasher: systemHasher, signer: keys, keys, clock };
  const add = (count: number, payload: string) =>
    store.commit(Array.from({ length: count }, () => writeOf({ entries: [entryOf({ payload })] })));
  await add(120, '{"note":"an ordinary refund"}');
  await rotateKey(parts, 'user:ada');
  await add(9, JSON.stringify({ note: hostile }));
  const exported = await exportLedger(parts);
  key = exported.verifierKey;
  let text = '';
  for await (const piece of exportPage(exported)) text += piece;
  writeFileSync(file, text);
});
afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true });
});

/** Opens a page from a file; gives it with what it asked for and complained of. */
async function openPage(path = file, options: Parameters<Browser['newPage']>[0] = {}) {
  const page = await browser.newPage(options);
  const requests: string[] = [];
  const troubles: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  page.on('pageerror', (error) => troubles.push(String(error)));
  page.on('console', (message) => troubles.push(message.text()));
  page.on('dialog', (dialog) => {
    troubles.push(dialog.message());
    void dialog.dismiss();
  });
  await page.goto(pathToFileURL(path).href);
  await page.locator('#verdict:not(.unknown)').waitFor();
  return { page, requests, troubles };
}
const verdictOf = (page: Page) => page.locator('#verdict').innerText();
const altered = (name: string, change: (text: string) => string): string => {
  const path = join(folder, name);
  const before = readFileSync(file, 'utf8');
  const after = change(before);
  expect(after).not.toBe(before);
  writeFileSync(path, after);
  return path;
};

test('it verifies itself from a file, through a change of key, and asks nothing of any network [G-177]', async () => {
  const { page, requests, troubles } = await openPage();
  expect(await verdictOf(page)).toContain('Every entry is as it was sealed.');
  expect(await page.locator('#found').innerText()).toBe('130 entries');
  expect(await page.locator('#place').innerText()).toBe('Page 1 of 2');
  await page.getByRole('button', { name: 'Next' }).click();
  expect(await page.locator('details.entry').count()).toBe(30);
  expect(requests).toEqual([pathToFileURL(file).href]);
  expect(troubles).toEqual([]);
  await page.close();
});

test('a key that the reader trusts is the only one, once he names it', async () => {
  const { page } = await openPage();
  await page.getByLabel('Key that you trust').fill(key);
  await page.getByRole('button', { name: 'Verify again' }).click();
  await page.locator('#verdict.valid').waitFor();
  expect(await verdictOf(page)).toContain('Signed under the key that you named.');
  const stranger = createKeyFileSigner(join(folder, 'stranger.key'));
  const { formatVerifierKey } = await import('../../src/core/ledger/index.ts');
  const other = formatVerifierKey(systemHasher, stranger.name, stranger.publicKey);
  await page.getByLabel('Key that you trust').fill(other);
  await page.getByRole('button', { name: 'Verify again' }).click();
  await page.locator('#verdict.broken').waitFor();
  await page.close();
});

test('what was altered in the file is named, entry by entry', async () => {
  let count = 0;
  const path = altered('altered.html', (text) =>
    text.replaceAll('an ordinary refund', (found) => {
      count += 1;
      return count === 7 ? 'an ordinary salary' : found;
    }),
  );
  const { page } = await openPage(path);
  expect(await verdictOf(page)).toContain('entry 7 has another payload or salt');
  await page.getByLabel('Verdict').selectOption('broken');
  expect(await page.locator('#found').innerText()).toBe('1 entry');
  await page.close();
  const lines = (text: string) => text.split('\n');
  const gone = altered('gone.html', (text) =>
    lines(text)
      .filter((line) => !line.startsWith('{"seq":5,'))
      .join('\n'),
  );
  const second = await openPage(gone);
  expect(await verdictOf(second.page)).toContain('entry 6 stands where entry 5 belongs');
  await second.page.close();
});

test('what is altered on the page is seen when it verifies again', async () => {
  const { page } = await openPage();
  await page.evaluate(`
    const part = document.getElementById('export');
    part.textContent = part.textContent.replace('an ordinary refund', 'no refund at all');
  `);
  await page.getByRole('button', { name: 'Verify again' }).click();
  await page.locator('#verdict.broken').waitFor();
  expect(await verdictOf(page)).toContain('entry 1 has another payload');
  await page.close();
});

test('outside text is text, and characters that would not show are marked', async () => {
  const { page, troubles } = await openPage();
  await page.getByLabel('Search').fill('gnp.exe');
  expect(await page.locator('#found').innerText()).toBe('9 entries');
  await page.locator('summary').first().click();
  const payload = page.locator('.details pre').first();
  expect(await payload.innerText()).toContain('</script><img src=x onerror=');
  expect(await payload.locator('mark').first().innerText()).toBe('U+202E');
  expect(await page.locator('img').count()).toBe(0);
  expect(await page.title()).toContain('Valid');
  expect(troubles).toEqual([]);
  await page.close();
});

test('a script or style that somebody adds to the file does not run', async () => {
  const path = altered('injected.html', (text) =>
    text.replace(
      '<body>',
      '<body><script>document.title = "taken"</script><style>main{display:none}</style>',
    ),
  );
  const { page } = await openPage(path);
  expect(await page.title()).toContain('Valid');
  expect(await page.locator('main').isVisible()).toBe(true);
  await page.close();
});

test('a browser without Ed25519 is told that nothing was verified', async () => {
  const page = await browser.newPage();
  await page.addInitScript(`
    const importKey = crypto.subtle.importKey.bind(crypto.subtle);
    crypto.subtle.importKey = (format, key, name, ...rest) =>
      name === 'Ed25519'
        ? Promise.reject(new DOMException('unknown', 'NotSupportedError'))
        : importKey(format, key, name, ...rest);
  `);
  await page.goto(pathToFileURL(file).href);
  await page.getByText('Not verified').waitFor();
  expect(await verdictOf(page)).toContain('cannot check Ed25519');
  expect(await page.locator('details.entry').count()).toBe(0);
  await page.close();
});

/** Contrast of two colours as browsers write them, by the formula of WCAG. */
function contrast(one: string, other: string): number {
  const light = (colour: string): number => {
    const parts = [...colour.matchAll(/[\d.]+/g)].slice(0, 3).map((match) => {
      const value = Number(match[0]) / 255;
      return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * parts[0]! + 0.7152 * parts[1]! + 0.0722 * parts[2]!;
  };
  const [high, low] = [light(one), light(other)].toSorted((a, b) => b - a);
  return (high! + 0.05) / (low! + 0.05);
}

test.each(['light', 'dark'] as const)(
  'text is readable in %s, and fits a phone',
  async (colorScheme) => {
    const { page } = await openPage(file, { colorScheme, viewport: { width: 320, height: 700 } });
    const pairs = (await page.evaluate(`
    [...document.querySelectorAll('h1,h2,p,dt,dd,label,.badge,.type,.stream,.seq,button,.verdict .icon')].map((one) => {
      let ground = one;
      while (getComputedStyle(ground).backgroundColor === 'rgba(0, 0, 0, 0)' && ground.parentElement) ground = ground.parentElement;
      return [one.className || one.tagName, getComputedStyle(one).color, getComputedStyle(ground).backgroundColor, one.disabled === true];
    })
  `)) as [string, string, string, boolean][];
    expect(pairs.length).toBeGreaterThan(100);
    for (const [name, ink, ground, isDisabled] of pairs) {
      if (!isDisabled)
        expect(contrast(ink, ground), `${name} ${ink} ${ground}`).toBeGreaterThan(4.5);
    }
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(320);
    await page.close();
  },
);
