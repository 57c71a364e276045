/** The ledger from the command line: verify, keep a checkpoint, show, find, prove, export. */
import { execFile } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { encodeUtf8, verifyProofFile } from '../../src/core/ledger/index.ts';
import { checks } from '../support/ledger-world.ts';

const folder = mkdtempSync(join(tmpdir(), 'sluice-ledger-commands-'));
afterAll(() => rmSync(folder, { recursive: true }));
const main = join(import.meta.dirname, '../../src/cli/main.ts');
const dataFolder = join(folder, 'data');
const kept = join(folder, 'checkpoint.txt');

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function sluice(...words: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const named = words.includes('--data') ? [] : ['--data', dataFolder];
    execFile(process.execPath, [main, ...words, ...named], (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code), out, err });
    });
  });
}

async function jsonOf(...words: string[]): Promise<unknown> {
  return JSON.parse((await sluice(...words, '-o', 'json')).out);
}

beforeAll(async () => {
  const flow = join(folder, 'flow.yaml');
  writeFileSync(
    flow,
    'id: hello\nnamespace: shop\ntasks:\n  - {id: a, type: core.log.Log, message: hi}\n',
  );
  expect((await sluice('run', flow, '-q')).code).toBe(0);
  const { out, err, code } = await sluice('ledger', 'checkpoint');
  expect(code).toBe(0);
  expect(err).toMatch(/^key: sluice\.local\/[0-9a-f]{16}\+[0-9a-f]{8}\+/);
  writeFileSync(kept, out);
});

test('a ledger verifies after each command, against its own key, a kept one and a kept checkpoint', async () => {
  const { code, out } = await sluice('ledger', 'verify');
  expect([code, out]).toEqual([0, expect.stringMatching(/^valid: \d+ entries\n$/)]);
  const { verifierKey, note } = (await jsonOf('ledger', 'checkpoint')) as {
    verifierKey: string;
    note: string;
  };
  expect(note).toBe(readFileSync(kept, 'utf8'));
  const verdict = await jsonOf('ledger', 'verify', '--from', kept, '--vkey', verifierKey);
  expect(verdict).toMatchObject({ verdict: 'valid', unsealedCount: 0 });
  const stranger =
    'sluice.local/2eb6bf797c41c7d1+02025f89+AQrFkTocX3kut4dAc5AeHIWvaBOxefsta182LZHnSsN3';
  expect((await sluice('ledger', 'verify', '--vkey', stranger)).code).toBe(1);
});

test('the key belongs to its owner alone', () => {
  expect(statSync(join(dataFolder, 'ledger.key')).mode & 0o777).toBe(0o600);
});

test('an entry is found, shown, exported and proven to somebody who has no ledger', async () => {
  const [found] = (await jsonOf('ledger', 'search', '--type', 'flow-saved', '--text', 'shop')) as {
    seq: number;
    stream: string;
  }[];
  expect(found).toMatchObject({ stream: 'flow:shop/hello' });
  const seq = `${found!.seq}`;
  const shown = (await jsonOf('ledger', 'show', seq)) as { header: string };
  const exported = await sluice('ledger', 'export', '--from', seq, '--to', seq);
  const [statement, line] = exported.out.trimEnd().split('\n');
  expect(JSON.parse(statement!)).toMatchObject({ export: { from: found!.seq, count: 1 } });
  expect(JSON.parse(line!)).toMatchObject({ seq: found!.seq, header: shown.header });
  expect((await sluice('ledger', 'show', seq)).out).toContain('stream:  flow:shop/hello');
  const { verifierKey } = (await jsonOf('ledger', 'checkpoint')) as { verifierKey: string };
  const { out: proof } = await sluice('ledger', 'prove', seq);
  const trusted = { log: [verifierKey] };
  const verdict = await verifyProofFile(checks, proof, encodeUtf8(shown.header), trusted);
  expect(verdict).toMatchObject({ verdict: 'valid', seq: found!.seq });
  const forged = encodeUtf8(shown.header.replace('flow-saved', 'flow-moved'));
  expect(await verifyProofFile(checks, proof, forged, trusted)).toMatchObject({
    verdict: 'broken',
  });
});

test.each([
  [['show', '9999'], 'the ledger has no entry `9999`'],
  [['prove', '9999'], 'the ledger has no entry `9999`'],
  [['show', '0'], '`0` is no place in the ledger'],
  [['export', '--from', '3', '--to', '2'], '`--from 3` lies behind `--to 2`'],
  [['search', '--from', 'soon'], 'option `--from` needs a time, not `soon`'],
])('%j is refused in a sentence', async (words, sentence) => {
  const { code, err } = await sluice('ledger', ...words);
  expect(code).toBe(2);
  expect(err).toContain(sentence);
});

test('a key or a checkpoint that is none does not make the ledger broken', async () => {
  const key = 'ledger.example/other+00000000+AXwlHBhNsNp4yxS1FQQQBdmXBtdHQhUKI443I4ZnNz10';
  const wrongKey = await sluice('ledger', 'verify', '--vkey', key);
  expect([wrongKey.code, wrongKey.out]).toEqual([2, '']);
  expect(wrongKey.err).toContain(`\`${key}\` is no verifier key of a log`);
  const garbage = join(folder, 'garbage.txt');
  writeFileSync(garbage, 'no checkpoint\n');
  const wrongNote = await sluice('ledger', 'verify', '--from', garbage);
  expect([wrongNote.code, wrongNote.out]).toEqual([2, '']);
  expect(wrongNote.err).toContain(`\`${garbage}\` holds no checkpoint`);
});

test('neither an export nor what is published is written into the data folder', async () => {
  const store = join(dataFolder, 'sluice.db');
  for (const words of [
    ['export', '--output-file', store],
    ['publish', dataFolder],
    ['publish', join(dataFolder, 'public')],
  ]) {
    const { code, err } = await sluice('ledger', ...words);
    expect(code).toBe(2);
    expect(err).toContain('lies in the data folder itself');
  }
  expect((await sluice('ledger', 'verify')).code).toBe(0);
});

test('publishing says what it cannot write, and removes nothing of somebody else', async () => {
  const file = join(folder, 'a-file');
  writeFileSync(file, '');
  const refused = await sluice('ledger', 'publish', file);
  expect(refused.code).toBe(2);
  expect(refused.err).toContain(`cannot write \`${file}\``);
  const foreign = join(folder, 'www', 'payloads', 'mine.txt');
  mkdirSync(dirname(foreign), { recursive: true });
  writeFileSync(foreign, 'mine');
  expect((await sluice('ledger', 'publish', join(folder, 'www'))).code).toBe(1);
  expect(readFileSync(foreign, 'utf8')).toBe('mine');
});

test('times are bounds, and a day ends with its last millisecond', async () => {
  const [newest] = (await jsonOf('ledger', 'search', '--limit', '1')) as { at: string }[];
  const day = newest!.at.slice(0, 10);
  expect(await jsonOf('ledger', 'search', '--to', day, '--limit', '1')).toEqual([newest]);
  expect(await jsonOf('ledger', 'search', '--from', '2999-01-01')).toEqual([]);
});

test('a changed entry and a ledger that was cut off are told with exit code 1', async () => {
  const file = new DatabaseSync(join(dataFolder, 'sluice.db'));
  const kept3 = file.prepare('SELECT actor FROM entries WHERE seq = 3').get()?.['actor'] as string;
  file.exec("UPDATE entries SET actor = 'user:eve' WHERE seq = 3");
  const changed = await sluice('ledger', 'verify');
  expect(changed).toMatchObject({ code: 1 });
  expect(changed.out).toBe('broken at entry 3: entry 3 has another actor than its header says\n');
  file.prepare('UPDATE entries SET actor = ? WHERE seq = 3').run(kept3);
  expect((await sluice('ledger', 'verify')).code).toBe(0);
  file.exec('DELETE FROM checkpoints; DELETE FROM entries WHERE seq > 3');
  file.close();
  // The next command signs what it finds, so only what was kept elsewhere still knows.
  expect((await sluice('ledger', 'verify')).code).toBe(0);
  const cut = await jsonOf('ledger', 'verify', '--from', kept);
  expect(cut).toMatchObject({ verdict: 'broken', seq: 4 });
});

test('a data folder that is not there has no ledger to be valid, and is not made', async () => {
  const nowhere = join(folder, 'mistyped');
  const { code, err } = await sluice('ledger', 'verify', '--data', nowhere);
  expect(err).toContain('there is no data folder');
  expect(code).toBe(2);
  expect(existsSync(nowhere)).toBe(false);
});
