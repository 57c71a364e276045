/**
 * The ledger among strangers: published files that anybody verifies over the network, exports that a
 * slow reader pulls, receipts, and a data folder against what was anchored and cosigned.
 */
import { execFile, spawn } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSqliteStore } from '../../src/adapters/sqlite/sqlite-store.ts';
import { createSystemSealer } from '../../src/adapters/system/system-sealer.ts';
import { createApplication } from '../../src/app/create-application.ts';
import { verifyElsewhere } from '../../src/app/verify-elsewhere.ts';
import { checks } from '../support/ledger-world.ts';
import { entryOf, writeOf } from '../support/store-records.ts';
import { encodeUtf8, verifyReceipt } from '../../src/core/ledger/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'sluice-proofs-'));
const dataFolder = join(folder, 'data');
const published = join(folder, 'published');
const main = join(import.meta.dirname, '../../src/cli/main.ts');
const environment = { SLUICE_ALLOW_PRIVATE_HOSTS: '127.0.0.1' };
let server: Server;
let url: string;
let requestCount = 0;

async function fill(place: string, count: number, payload = '"x"'): Promise<void> {
  const store = await openSqliteStore({
    path: join(place, 'sluice.db'),
    sealer: createSystemSealer(),
  });
  const write = (index: number) =>
    writeOf({ entries: [entryOf({ payload, stream: `execution:e${index % 5}` })] });
  for (let done = 0; done < count; done += 500) {
    const group = Math.min(500, count - done);
    await store.commit(Array.from({ length: group }, (_, index) => write(index)));
  }
  await store.close();
}
const openIn = (place = dataFolder) => createApplication({ dataFolder: place, environment });
async function inLedger<T>(
  use: (ledger: Awaited<ReturnType<typeof openIn>>['ledger']) => Promise<T>,
  place = dataFolder,
): Promise<T> {
  const application = await openIn(place);
  try {
    return await use(application.ledger);
  } finally {
    await application.close();
  }
}
const sluice = (...words: string[]): Promise<{ code: number; out: string; err: string }> =>
  new Promise((resolve) => {
    const env = { ...process.env, ...environment };
    execFile(process.execPath, [main, ...words], { env }, (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code), out, err });
    });
  });

beforeAll(async () => {
  await (await openIn()).close();
  await fill(dataFolder, 600);
  await inLedger((ledger) => ledger.publish(published));
  server = createServer((request, response) => {
    requestCount += 1;
    const path = join(published, request.url ?? '');
    try {
      response.end(readFileSync(path));
    } catch {
      // Whatever cannot be read is not there, as any server of files says.
      response.statusCode = 404;
      response.end();
    }
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

test('a published ledger verifies over the network, under a key that is trusted', async () => {
  const { verifierKey } = await inLedger((ledger) => ledger.checkpoint());
  const verdict = await verifyElsewhere(url, { environment, verifierKeys: [verifierKey] });
  expect(verdict).toMatchObject({
    kind: 'published',
    hasPayloads: false,
    verdict: { size: 600, unsealedCount: 0 },
  });
  const { code, out } = await sluice('ledger', 'verify', url, '--vkey', verifierKey);
  expect([code, out]).toEqual([0, 'valid: 600 entries; payloads are not published\n']);
  await expect(verifyElsewhere(url, { environment: {} })).rejects.toMatchObject({
    code: 'http.address-refused',
  });
});

test('publishing goes on where it stopped, and a rewritten ledger is not published over it', async () => {
  const files = () => readdirSync(published, { recursive: true, withFileTypes: true });
  const full = join(published, 'tile/0/000');
  const before = statSync(full).mtimeMs;
  const rewritten = join(folder, 'rewritten');
  cpSync(dataFolder, rewritten, { recursive: true });
  await fill(dataFolder, 300);
  const kept = readFileSync(join(published, 'checkpoint'), 'utf8');
  const { size } = await inLedger((ledger) => ledger.publish(published));
  expect(size).toBe(900);
  expect(statSync(full).mtimeMs).toBe(before);
  expect(files().map(({ name }) => name)).not.toContain('88');
  expect(await verifyElsewhere(url, { environment, notes: [kept] })).toMatchObject({
    verdict: { size: 900 },
  });
  expect((await inLedger((ledger) => ledger.publish(published))).fileCount).toBe(0);
  await fill(rewritten, 400);
  const again = inLedger((ledger) => ledger.publish(published), rewritten);
  await expect(again).rejects.toMatchObject({ code: 'ledger.fork-found' });
});

test('a byte that changed in any published file is noticed, and truncation too', async () => {
  await inLedger((ledger) => ledger.publish(published, { hasPayloads: true }));
  expect(await verifyElsewhere(published, { environment })).toMatchObject({
    verdict: { verdict: 'valid' },
    hasPayloads: true,
  });
  const files = readdirSync(published, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile())
    .map((one) => join(one.parentPath, one.name));
  expect(files.length).toBeGreaterThan(8);
  for (const file of files) {
    const bytes = readFileSync(file);
    for (const place of [0, Math.floor(bytes.length / 2), bytes.length - 1]) {
      const changed = Buffer.from(bytes);
      changed[place]! ^= 0x04;
      writeFileSync(file, changed);
      const verdict = await verifyElsewhere(published, { environment }).then(
        (found) => found.verdict.verdict,
        () => 'refused',
      );
      expect(['broken', 'refused', 'erased'], `${file} at ${place}`).toContain(verdict);
      // Only a payload that is no longer readable may pass for one that is not there.
      if (verdict === 'erased') expect(file).toContain('payloads');
    }
    writeFileSync(file, bytes);
  }
  rmSync(join(published, 'tile/entries/001'));
  expect(await verifyElsewhere(published, { environment })).toMatchObject({
    verdict: { verdict: 'broken', seq: 257 },
  });
  expect(requestCount).toBeGreaterThan(0);
});

test('a receipt shows to whoever has the key that the entry is in the ledger', async () => {
  const receipt = await inLedger((ledger) => ledger.receipt(17));
  const file = join(folder, 'receipt.txt');
  writeFileSync(file, receipt.text);
  expect(await verifyReceipt(checks, receipt.text, [receipt.verifierKey])).toMatchObject({
    verdict: 'valid',
    seq: 17,
  });
  const { code, out } = await sluice('ledger', 'verify', file);
  expect([code, out]).toEqual([0, expect.stringContaining('valid: entry 17 is in the ledger')]);
  const bytes = encodeUtf8(receipt.text);
  const verdicts = new Set<string>();
  for (let place = 0; place < bytes.length; place += 1) {
    const changed = Uint8Array.from(bytes);
    changed[place]! ^= 1;
    verdicts.add((await verifyReceipt(checks, changed, [receipt.verifierKey])).verdict);
  }
  expect([...verdicts]).toEqual(['broken']);
});

test('an export verifies from the command line, and a changed one is told with its line [G-177]', async () => {
  const file = join(folder, 'part.jsonl');
  const words = ['--data', dataFolder, '--from', '100', '--to', '120', '--output-file', file];
  expect((await sluice('ledger', 'export', ...words)).code).toBe(0);
  const good = await sluice('ledger', 'verify', file);
  expect(good).toMatchObject({ code: 0, out: expect.stringContaining('valid: 21 entries') });
  writeFileSync(
    file,
    readFileSync(file, 'utf8').replace('"payload":"\\"x\\""', '"payload":"\\"y\\""'),
  );
  const bad = await sluice('ledger', 'verify', file);
  expect(bad).toMatchObject({
    code: 1,
    out: expect.stringContaining('broken at line 2 (entry 100)'),
  });
  const stream = await sluice('ledger', 'export', '--data', dataFolder, '--stream', 'execution:e1');
  const streamFile = join(folder, 'stream.jsonl');
  writeFileSync(streamFile, stream.out);
  expect((await sluice('ledger', 'verify', streamFile)).out).toContain('of `execution:e1`');
});

test('an export to a reader who is slow takes no memory for what he has not read', async () => {
  const large = join(folder, 'large');
  await (await openIn(large)).close();
  // 64 MiB of payloads, of which a page of 16 and little more is in memory.
  await fill(large, 1000, JSON.stringify('x'.repeat(64 * 1024)));
  const child = spawn(process.execPath, [main, 'ledger', 'export', '--data', large]);
  const residentKb = (): number =>
    Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]);
  child.stdout.pause();
  let last = 0;
  // Until it stands still, waiting for the reader.
  for (let stillCount = 0; stillCount < 4; ) {
    await new Promise((resolve) => {
      setTimeout(resolve, 100);
    });
    const size = child.exitCode === null ? residentKb() : 0;
    stillCount = size > 60_000 && Math.abs(size - last) < 1_000 ? stillCount + 1 : 0;
    last = size;
  }
  expect(last).toBeLessThan(200 * 1024);
  let bytes = 0;
  child.stdout.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
  });
  child.stdout.resume();
  const code = await new Promise((resolve) => {
    child.once('close', resolve);
  });
  expect(code).toBe(0);
  expect(bytes).toBeGreaterThan(1000 * 64 * 1024);
});

test('a data folder that was rolled back is caught by the file that an anchor keeps elsewhere', async () => {
  const place = join(folder, 'anchored');
  const target = join(folder, 'elsewhere.txt');
  await (await openIn(place)).close();
  await fill(place, 20);
  const at = (name: string) => join(place, name);
  await inLedger((ledger) => ledger.anchors.add({ kind: 'file', target }), place);
  copyFileSync(at('sluice.db'), join(folder, 'before.db'));
  await fill(place, 20);
  // The anchor runs by itself when a command that wrote something ends.
  await inLedger((ledger) => ledger.anchors.add({ kind: 'file', target: `${target}.2` }), place);
  const report = await inLedger((ledger) => ledger.verify({ anchorPlaces: [target] }), place);
  expect(report).toMatchObject({
    verdict: 'valid',
    anchors: [{ lastSize: expect.any(Number) }, { lastSize: expect.any(Number) }],
  });
  copyFileSync(join(folder, 'before.db'), at('sluice.db'));
  // The register knows the anchor's place, so nobody has to name it.
  expect(await inLedger((ledger) => ledger.verify(), place)).toMatchObject({
    verdict: 'broken',
    reason: expect.stringContaining('a checkpoint of'),
  });
  // Whoever replaces the whole folder, register included, still cannot replace the file elsewhere.
  const replaced = join(folder, 'replaced');
  await (await openIn(replaced)).close();
  const words = ['ledger', 'verify', replaced, '--anchor', target];
  expect(await sluice(...words)).toMatchObject({
    code: 1,
    err: expect.stringContaining('holds no checkpoint of this ledger'),
  });
});

test('a database that lost its tail while its key stayed is caught too', async () => {
  const place = join(folder, 'cut');
  const target = join(folder, 'cut.txt');
  await (await openIn(place)).close();
  await inLedger((ledger) => ledger.anchors.add({ kind: 'file', target }), place);
  await fill(place, 30);
  await inLedger((ledger) => ledger.anchors.run(), place);
  const database = new DatabaseSync(join(place, 'sluice.db'));
  database.exec('DELETE FROM checkpoints; DELETE FROM entries WHERE seq > 12');
  database.close();
  expect(await inLedger((ledger) => ledger.verify(), place)).toMatchObject({ verdict: 'broken' });
});
