/**
 * A data folder that cannot be written as a whole: refused access, a disk that takes no more, a lock. Each
 * command says it in one sentence, begins nothing that it cannot end, and works when the fault is gone.
 */
import { execFile } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = mkdtempSync(join(tmpdir(), 'sluice-unwritable-'));
afterAll(() => rmSync(root, { recursive: true }));
const main = join(import.meta.dirname, '../../src/cli/main.ts');
const model = join(root, 'model');
const backup = join(root, 'backup');
const flow = join(root, 'flow.yaml');
const source = `
id: hello
namespace: shop
tasks:
  - {id: a, type: core.storage.Write, content: hello, extension: .txt}
`;
let count = 0;
const freshFolder = (): string => {
  count += 1;
  const folder = join(root, `${count}`);
  cpSync(model, folder, { recursive: true });
  return folder;
};

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function spawned(program: string, words: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const options = { env: { PATH: process.env['PATH'], HOME: root, NO_COLOR: '1' } };
    execFile(program, words, options, (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code), out, err });
    });
  });
}

const commandsOn = (dataFolder: string): Record<string, readonly string[]> => ({
  run: ['run', flow, '-q', '--data', dataFolder],
  list: ['execution', 'list', '--data', dataFolder],
  verify: ['ledger', 'verify', '--data', dataFolder],
  backup: ['backup', `${dataFolder}-backup`, '--data', dataFolder],
  restore: ['restore', backup, '--data', dataFolder, '--discard-newer'],
});

/** Runs the command line. */
const sluice = (words: readonly string[]): Promise<Ended> =>
  spawned(process.execPath, [main, ...words]);

beforeAll(async () => {
  writeFileSync(flow, source);
  await sluice(['run', flow, '--data', model]);
  await sluice(['backup', backup, '--data', model, '--with-keys']);
});

/** Everything works, and nothing of what failed before is left half-done. */
async function expectSound(dataFolder: string): Promise<void> {
  const { verify, run, backup: backs } = commandsOn(dataFolder);
  for (const words of [verify, run, backs, verify]) {
    expect((await sluice(words!)).code, words?.join(' ')).toBe(0);
  }
  expect(readdirSync(root).filter((name) => /partial|restoring/.test(name))).toEqual([]);
}

/** Expects one sentence and what to do, and the exit code of trouble outside. */
function expectSentence({ code, err }: Ended, sentence: RegExp): void {
  expect(err).toMatch(sentence);
  expect(err.trim().split('\n').slice(-2)).toEqual([
    expect.stringMatching(/^error: /),
    expect.stringMatching(/^ {2}help: /),
  ]);
  expect(code).toBe(1);
}

/** Words that run the command line as somebody whom access rights bind: root is bound by none. */
function asSomebody(words: readonly string[]): readonly [string, readonly string[]] {
  const node = [process.execPath, main, ...words];
  return process.getuid?.() === 0
    ? ['setpriv', ['--reuid=65534', '--regid=65534', '--clear-groups', ...node]]
    : [process.execPath, node.slice(1)];
}

function giveAway(folder: string): void {
  if (process.getuid?.() !== 0) return;
  for (const name of ['', ...readdirSync(folder, { recursive: true })]) {
    chownSync(join(folder, String(name)), 65534, 65534);
  }
}

test('a data folder that may not be written is told by every command, and validating needs none', async () => {
  const dataFolder = freshFolder();
  chmodSync(root, 0o755);
  giveAway(dataFolder);
  giveAway(backup);
  chmodSync(join(dataFolder, 'sluice.db'), 0o400);
  chmodSync(dataFolder, 0o500);
  try {
    for (const [name, words] of Object.entries(commandsOn(dataFolder))) {
      const ended = await spawned(...asSomebody(words));
      expectSentence(ended, name === 'restore' ? /access is refused/ : /store cannot be written/);
    }
    expect((await spawned(...asSomebody(['validate', flow]))).code).toBe(0);
  } finally {
    chmodSync(dataFolder, 0o700);
    chmodSync(join(dataFolder, 'sluice.db'), 0o600);
  }
  await expectSound(dataFolder);
}, 20_000);

test('a disk that takes no more is told, and what was begun leaves nothing', async () => {
  const dataFolder = freshFolder();
  // A limit on the size of a file takes the place of a full disk: it needs no rights.
  const limited = (words: readonly string[]): Promise<Ended> =>
    spawned('bash', [
      '-c',
      'trap "" XFSZ; ulimit -f 100; exec "$@"',
      'limited',
      process.execPath,
      main,
      ...words,
    ]);
  const { run: runs, backup: backs, restore, list } = commandsOn(dataFolder);
  expectSentence(await limited(runs!), /the disk under the store (?:fails|is full)/);
  expectSentence(await limited(backs!), /the disk under the store (?:fails|is full)/);
  expectSentence(await limited(restore!), /larger than is allowed/);
  expect((await limited(list!)).code).toBe(0);
  expect(existsSync(`${dataFolder}-backup`)).toBe(false);
  await expectSound(dataFolder);
}, 20_000);

test('a store that is locked is told, and used again when the lock is gone', async () => {
  const dataFolder = freshFolder();
  const holder = new DatabaseSync(join(dataFolder, 'sluice.db'));
  holder.exec('PRAGMA journal_mode = WAL; BEGIN IMMEDIATE');
  const { run: runs, restore, list } = commandsOn(dataFolder);
  const both = [
    spawned(process.execPath, [main, ...runs!]),
    spawned(process.execPath, [main, ...restore!]),
  ];
  const [ran, restored] = await Promise.all(both);
  expectSentence(ran!, /another process keeps `.*sluice\.db` locked/);
  expectSentence(restored!, /another process keeps `.*sluice\.db` locked/);
  holder.exec('ROLLBACK');
  holder.close();
  expect((await spawned(process.execPath, [main, ...list!])).code).toBe(0);
  await expectSound(dataFolder);
}, 20_000);
