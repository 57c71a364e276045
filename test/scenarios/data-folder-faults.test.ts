/**
 * Whatever is wrong with a data folder is said in one sentence with a catalogued code, an exit code and
 * what to do; nothing is half-written, and once the fault is gone everything works. The faults are real:
 * damaged and exchanged files, refused access, a lock, a disk that takes no more.
 */
import { execFile } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createBackupDesk } from '../../src/app/backup/backup-desk.ts';
import { createApplication } from '../../src/app/create-application.ts';
import { Failure } from '../../src/core/failure/index.ts';

const root = mkdtempSync(join(tmpdir(), 'sluice-faults-'));
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

async function using<T>(
  dataFolder: string,
  use: (application: Awaited<ReturnType<typeof createApplication>>) => Promise<T>,
): Promise<T> {
  const application = await createApplication({ dataFolder, environment: {} });
  try {
    return await use(application);
  } finally {
    await application.close();
  }
}

const run = (dataFolder: string): Promise<string> =>
  using(dataFolder, async (application) => {
    await application.saveFlow(source, 'hello.yaml');
    const id = await application.start({ namespace: 'shop', flowId: 'hello', inputs: {} });
    return (await application.rest(id)).state.current;
  });

/** What is tried on a data folder, and what it gives where nothing is wrong. */
const attempts = {
  run: [run, 'SUCCESS'],
  list: [
    (data) => using(data, async (one) => `${(await one.executions({ limit: 9 })).length}`),
    '1',
  ],
  verify: [(data) => using(data, async (one) => (await one.ledger.verify()).verdict), 'valid'],
  backup: [
    async (data) => {
      const destination = `${data}-backup`;
      await using(data, (one) => one.backup({ destination }));
      rmSync(destination, { recursive: true });
      return 'made';
    },
    'made',
  ],
} as const satisfies Record<string, readonly [(dataFolder: string) => Promise<string>, string]>;
type Attempt = keyof typeof attempts;

/** Returns what an attempt gives: its result, or code and sentence of the failure. Anything else is a defect. */
async function outcomeOf(attempt: Attempt, dataFolder: string): Promise<string> {
  try {
    return await attempts[attempt][0](dataFolder);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    expect(error.help).not.toBe('');
    return `${error.code}: ${error.message.replaceAll(dataFolder, '').replaceAll(/`\/?/g, '`')}`;
  }
}

/** Everything works, and nothing of what failed before is left half-done. */
async function expectSound(dataFolder: string): Promise<void> {
  for (const attempt of ['verify', 'run', 'backup', 'verify'] as const) {
    expect(await outcomeOf(attempt, dataFolder), attempt).toBe(attempts[attempt][1]);
  }
  const left = readdirSync(root).filter((name) => /partial|restoring/.test(name));
  expect(left).toEqual([]);
}

beforeAll(async () => {
  writeFileSync(flow, source);
  await run(model);
  await using(model, (one) => one.backup({ destination: backup, withKeys: true }));
});

const garbage = Buffer.from(Array.from({ length: 9_000 }, (_, place) => (place * 7919 + 13) % 251));
const refuses = (sentence: string): Record<Attempt, string> => ({
  run: sentence,
  list: sentence,
  verify: sentence,
  backup: sentence,
});
const damagedStore = refuses('store.unreachable: the store is damaged: `sluice.db`');
const lost = (how: string) =>
  refuses(
    `store.unreachable: the store is ${how}, but the data folder was used before: \`sluice.db\``,
  );
const unopened = refuses('store.unreachable: the store cannot be opened: `sluice.db`');
/** A key is asked for when something is written or signed; what is there can be read without. */
const unfit = (key: string, what: string, verify = false): Partial<Record<Attempt, string>> => {
  const sentence = `store.key-unfit: the key \`${key}\` ${what}`;
  return { run: sentence, backup: sentence, list: '1', verify: verify ? sentence : 'valid' };
};

type Fault = readonly [
  name: string,
  file: string,
  spoil: (path: string) => void,
  said: Partial<Record<Attempt, string>>,
];

const empty = (path: string): void => writeFileSync(path, '');
const remove = (path: string): void => rmSync(path, { recursive: true });
const folderInstead = (path: string): void => {
  rmSync(path, { recursive: true, force: true });
  mkdirSync(path);
};
const fileInstead = (path: string): void => {
  rmSync(path, { recursive: true, force: true });
  empty(path);
};

const faults: readonly Fault[] = [
  [
    'garbage',
    'sluice.db',
    (path) => writeFileSync(path, garbage),
    refuses('store.unreachable: the file is not a store: `sluice.db`'),
  ],
  ['truncated', 'sluice.db', (path) => truncateSync(path, 60_000), damagedStore],
  ['empty', 'sluice.db', empty, lost('empty')],
  ['missing', 'sluice.db', remove, lost('missing')],
  ['a folder', 'sluice.db', folderInstead, unopened],
  [
    'garbage',
    'sluice.db-wal',
    (path) => writeFileSync(path, garbage),
    {
      run: 'SUCCESS',
      list: '1',
      verify: 'valid',
      backup: 'made',
    },
  ],
  ['a folder', 'sluice.db-wal', folderInstead, unopened],
  [
    'a folder',
    'sluice.db-shm',
    folderInstead,
    refuses('store.unreachable: the store cannot be written: `sluice.db`'),
  ],
  ...(['ledger.key', 'encryption.key'] as const).flatMap((key): Fault[] => {
    const verify = key === 'ledger.key';
    return [
      ['empty', key, empty, unfit(key, 'is empty', verify)],
      ['garbage', key, (path) => writeFileSync(path, garbage), unfit(key, 'is damaged', verify)],
      ['truncated', key, (path) => truncateSync(path, 30), unfit(key, 'is damaged', verify)],
      ['missing', key, remove, unfit(key, 'is missing', verify)],
      [
        'a folder',
        key,
        folderInstead,
        {
          run: `store.key-unfit: the key \`${key}\` is a folder`,
          list: '1',
        },
      ],
      [
        'readable by others',
        key,
        (path) => chmodSync(path, 0o604),
        unfit(key, 'may be read or written by others (mode 604)', verify),
      ],
    ];
  }),
  [
    'a file',
    'processes',
    fileInstead,
    refuses('store.unreachable: the data folder cannot be used: ``'),
  ],
  ['missing', 'processes', remove, { run: 'SUCCESS', list: '1', verify: 'valid' }],
  [
    'a file',
    'files',
    fileInstead,
    {
      list: '1',
      verify: 'valid',
      backup: 'backup.impossible: `files/content`: a file is in the way',
      run: 'FAILED',
    },
  ],
  ['missing', 'files', remove, { run: 'SUCCESS', list: '1', verify: 'valid', backup: 'made' }],
];

describe.each(faults)('%s: %s', (_name, file, spoil, said) => {
  test.each(Object.entries(said) as [Attempt, string][])('%s: %s', async (attempt, sentence) => {
    const dataFolder = freshFolder();
    const path = join(dataFolder, file);
    const kept = `${dataFolder}-kept`;
    if (existsSync(path)) cpSync(path, kept, { recursive: true, preserveTimestamps: true });
    spoil(path);
    expect(await outcomeOf(attempt, dataFolder)).toBe(sentence);
    if (!['SUCCESS', '1', 'valid', 'made', 'FAILED'].includes(sentence)) {
      rmSync(path, { recursive: true, force: true });
      if (existsSync(kept)) renameSync(kept, path);
      if (file.endsWith('.key')) chmodSync(path, 0o600);
      expect(await outcomeOf('verify', dataFolder)).toBe('valid');
      expect(await outcomeOf(attempt, dataFolder)).toBe(attempts[attempt][1]);
    }
  });
});

test('a key of another ledger signs nothing, and its ledger verifies again when its own is back', async () => {
  const dataFolder = freshFolder();
  const other = join(root, 'other');
  await using(other, async () => {});
  cpSync(join(other, 'ledger.key'), join(dataFolder, 'ledger.key'));
  expect(await outcomeOf('run', dataFolder)).toContain('did not sign its newest checkpoint');
  expect(await outcomeOf('verify', dataFolder)).toBe('broken');
  cpSync(join(model, 'ledger.key'), join(dataFolder, 'ledger.key'));
  await expectSound(dataFolder);
});

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

test('a restore that fails leaves the data folder as it was', async () => {
  const dataFolder = freshFolder();
  const broken = join(root, 'broken-backup');
  cpSync(backup, broken, { recursive: true });
  truncateSync(join(broken, 'sluice.db'), 4_096);
  const restore = createBackupDesk().restore({ path: broken, dataFolder, discardsNewer: true });
  await expect(restore).rejects.toMatchObject({ code: 'backup.damaged' });
  await expectSound(dataFolder);
});
