/**
 * Whatever is wrong with a data folder is said in one sentence with a catalogued code, an exit code and
 * what to do; nothing is half-written, and once the fault is gone everything works. The faults are real:
 * each file of a data folder is emptied, cut, exchanged and removed. `unwritable-data-folder.test.ts` has
 * refused access, a full disk and a lock.
 */
import {
  chmodSync,
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
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createBackupDesk } from '../../src/app/backup/backup-desk.ts';
import { createApplication } from '../../src/app/create-application.ts';
import { Failure } from '../../src/core/failure/index.ts';

const root = mkdtempSync(join(tmpdir(), 'sluice-faults-'));
afterAll(() => rmSync(root, { recursive: true }));
const model = join(root, 'model');
const backup = join(root, 'backup');
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

test.each(faults)('%s: %s', async (_name, file, spoil, said) => {
  const dataFolder = freshFolder();
  const path = join(dataFolder, file);
  const kept = `${dataFolder}-kept`;
  if (existsSync(path)) cpSync(path, kept, { recursive: true, preserveTimestamps: true });
  spoil(path);
  // What writes comes last.
  const order: readonly Attempt[] = ['list', 'verify', 'backup', 'run'];
  const sentences = order.flatMap((one) =>
    said[one] === undefined ? [] : [[one, said[one]] as const],
  );
  for (const [attempt, sentence] of sentences) {
    expect(await outcomeOf(attempt, dataFolder), attempt).toBe(sentence);
  }
  // Where something was written nevertheless, the former file is not put back.
  if (!sentences.some(([, sentence]) => sentence.includes(': '))) return;
  rmSync(path, { recursive: true, force: true });
  if (existsSync(kept)) renameSync(kept, path);
  if (file.endsWith('.key')) chmodSync(path, 0o600);
  await expectSound(dataFolder);
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

test('a restore that fails leaves the data folder as it was', async () => {
  const dataFolder = freshFolder();
  const broken = join(root, 'broken-backup');
  cpSync(backup, broken, { recursive: true });
  truncateSync(join(broken, 'sluice.db'), 4_096);
  const restore = createBackupDesk().restore({ path: broken, dataFolder, discardsNewer: true });
  await expect(restore).rejects.toMatchObject({ code: 'backup.damaged' });
  await expectSound(dataFolder);
});
