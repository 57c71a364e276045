/**
 * A backup is of one moment although others write, is whole or not there, and is noticed when it was
 * changed; a restore never loses history unseen and leaves one data folder or the other.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { createBackupDesk } from '../../src/app/backup/backup-desk.ts';
import { createApplication } from '../../src/app/create-application.ts';

const root = mkdtempSync(join(tmpdir(), 'sluice-backup-'));
afterAll(() => rmSync(root, { recursive: true }));
const desk = createBackupDesk();
const main = join(import.meta.dirname, '../../src/cli/main.ts');
let count = 0;
const fresh = (name: string): string => {
  count += 1;
  const folder = join(root, `${count}-${name}`);
  mkdirSync(folder);
  return folder;
};

const hello = `
id: hello
namespace: shop
tasks:
  - {id: a, type: core.storage.Write, content: hello, extension: .txt}
`;

/** Runs `use` with the application over a data folder. */
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

const runOnce = (dataFolder: string): Promise<string> =>
  using(dataFolder, async (application) => {
    await application.saveFlow(hello, 'hello.yaml');
    const id = await application.start({ namespace: 'shop', flowId: 'hello', inputs: {} });
    await application.rest(id);
    return id;
  });
const backUp = (dataFolder: string, destination: string, more = {}) =>
  using(dataFolder, (application) => application.backup({ destination, ...more }));
const verdictOn = (dataFolder: string) =>
  using(dataFolder, (application) => application.ledger.verify());
const sizeOf = async (dataFolder: string): Promise<number> =>
  using(dataFolder, async ({ ledger }) => (await ledger.checkpoint()).size);

/** A data folder with one execution, and a backup of it; copied by tests that change them. */
const model = { data: '', backup: '' };
beforeAll(async () => {
  const folder = fresh('model');
  model.data = join(folder, 'data');
  model.backup = join(folder, 'backup');
  await runOnce(model.data);
  await backUp(model.data, model.backup);
});
const copyOf = (path: string): string => {
  const copy = join(fresh('copy'), 'it');
  cpSync(path, copy, { recursive: true, preserveTimestamps: true });
  return copy;
};

describe('a backup', () => {
  test('is of one moment although another process writes all the while', async () => {
    const folder = fresh('busy');
    const data = join(folder, 'data');
    await runOnce(data);
    const source = JSON.stringify(join(import.meta.dirname, '../../src/app/create-application.ts'));
    const child = spawn(process.execPath, [
      '--input-type=module',
      '--eval',
      `import { createApplication } from ${source};
       const application = await createApplication({ dataFolder: ${JSON.stringify(data)} });
       const files = application.namespaceFiles('shop');
       process.on('SIGTERM', async () => { await application.close(); process.exit(0); });
       for (let n = 0; ; n++) {
         await files.put('f' + (n % 5) + '.txt', 'x'.repeat(n % 977),);
         if (n === 5) console.log('busy');
       }`,
    ]);
    const [started, ended] = [Promise.withResolvers<void>(), Promise.withResolvers<number>()];
    let said = '';
    child.stdout.on('data', (chunk) => {
      said += String(chunk);
      started.resolve();
    });
    child.stderr.pipe(process.stderr);
    child.on('close', (code) => {
      started.resolve();
      ended.resolve(code ?? -1);
    });
    await started.promise;
    const path = join(folder, 'backup');
    for (let round = 0; round < 4; round += 1) {
      const { manifest } = await backUp(data, path, { replaces: true });
      const checked = await desk.check({ path });
      expect(checked.verdict).toMatchObject({ verdict: 'valid', size: manifest.ledger.size });
    }
    child.kill('SIGTERM');
    expect([await ended.promise, said.trim()]).toEqual([0, 'busy']);
    expect(await verdictOn(data)).toMatchObject({ verdict: 'valid' });
  }, 20_000);

  test('is recorded in the ledger, with the digest of its list', async () => {
    const entries = await using(model.data, ({ ledger }) =>
      ledger.search({ type: 'backup-made', limit: 2 }),
    );
    const { digest } = await desk.check({ path: model.backup });
    expect(entries).toHaveLength(1);
    expect(JSON.parse(entries[0]!.payload)).toMatchObject({
      destination: model.backup,
      manifest: digest,
      hasKeys: false,
    });
  });

  test('has the keys only when it was asked to, for its owner alone', async () => {
    expect(readdirSync(model.backup).toSorted()).toEqual([
      'backup.json',
      'backup.note',
      'files',
      'sluice.db',
    ]);
    const path = join(fresh('keys'), 'backup');
    await backUp(copyOf(model.data), path, { withKeys: true });
    for (const name of ['ledger.key', 'encryption.key']) {
      expect(statSync(join(path, name)).mode & 0o777, name).toBe(0o600);
    }
    expect((await desk.check({ path })).manifest.hasKeys).toBe(true);
  });

  test('is signed with the key in force, also when another process changed it meanwhile', async () => {
    const dataFolder = copyOf(model.data);
    const path = join(fresh('changed-key'), 'backup');
    await using(dataFolder, async (application) => {
      await using(dataFolder, ({ ledger }) => ledger.rotateKey());
      await application.backup({ destination: path });
      const current = await application.ledger.checkpoint();
      expect(current.size).toBeGreaterThan(0);
    });
    const manifest = JSON.parse(readFileSync(join(path, 'backup.json'), 'utf8')) as {
      verifierKey: string;
    };
    const key = await using(
      dataFolder,
      async ({ ledger }) => (await ledger.checkpoint()).verifierKey,
    );
    expect(manifest.verifierKey).toBe(key);
    await desk.check({ path, verifierKeys: [key] });
  });

  test('holds nothing of what passes, and the key of the witness only with the others', async () => {
    const dataFolder = copyOf(model.data);
    await using(dataFolder, async ({ ledger }) => ledger.witnessKey());
    for (const name of ['work', 'process-groups', 'processes']) {
      mkdirSync(join(dataFolder, name), { recursive: true });
      writeFileSync(join(dataFolder, name, 'left'), 'left over');
    }
    const folder = fresh('passing');
    for (const withKeys of [false, true]) {
      const path = join(folder, `backup-${withKeys}`);
      await backUp(dataFolder, path, { withKeys });
      const names = readdirSync(path, { recursive: true }).map(String);
      expect(names.filter((name) => /work|process|left/.test(name))).toEqual([]);
      expect(names.includes('witness.key')).toBe(withKeys);
    }
  });

  test('does not take the place of something else', async () => {
    const folder = fresh('taken');
    const data = copyOf(model.data);
    await expect(backUp(data, folder)).rejects.toMatchObject({ code: 'backup.exists' });
    await expect(backUp(data, folder, { replaces: true })).rejects.toThrow('is no backup');
    await expect(backUp(data, join(data, 'inside'))).rejects.toThrow('in the data folder itself');
    expect(readdirSync(folder)).toEqual([]);
  });

  test('of files that are deleted or replaced meanwhile says so and gives nothing a wrong origin', async () => {
    const data = copyOf(model.data);
    await using(data, async (application) => {
      for (const name of ['gone.txt', 'other.txt', 'kept.txt']) {
        await application.namespaceFiles('shop').put(name, 'first');
      }
    });
    const content = join(data, 'files/content/main/shop/_files');
    const path = join(fresh('drift'), 'backup');
    let isDone = false;
    const { manifest } = await backUp(data, path, {
      onProgress: ({ part, done, total }: { part: string; done: number; total: number }) => {
        if (part !== 'store' || done < total || isDone) return;
        isDone = true;
        // What another process does in this moment, in the order in which it does it.
        const file = new DatabaseSync(join(data, 'sluice.db'));
        file.exec("DELETE FROM files WHERE uri LIKE '%other.txt' OR uri LIKE '%gone.txt'");
        file.close();
        rmSync(join(content, 'gone.txt'));
        writeFileSync(join(content, 'other.txt'), 'later');
      },
    });
    expect(isDone).toBe(true);
    expect(manifest.missing).toEqual(['kestra:///shop/_files/gone.txt']);
    expect(manifest.replaced).toEqual(['kestra:///shop/_files/other.txt']);
    await desk.check({ path });
    const copy = new DatabaseSync(join(path, 'sluice.db'), { readOnly: true });
    const uris = copy
      .prepare("SELECT uri FROM files WHERE uri LIKE '%_files/%' ORDER BY uri")
      .all();
    copy.close();
    expect(uris.map(({ uri }) => uri)).toEqual([
      'kestra:///shop/_files/gone.txt',
      'kestra:///shop/_files/kept.txt',
    ]);
  });

  test('that is ended suddenly leaves nothing under its name, and the next one clears up', async () => {
    const data = copyOf(model.data);
    await using(data, async (application) => {
      const files = application.namespaceFiles('shop');
      for (let n = 0; n < 40; n += 1) await files.put(`f${n}.txt`, `${n}`);
    });
    const folder = fresh('killed');
    const path = join(folder, 'backup');
    let killed = 0;
    for (const delay of [0, 15, 40, 80]) {
      const child: ChildProcess = spawn(process.execPath, [main, 'backup', path, '--data', data]);
      const ended = new Promise((resolve) => child.on('close', resolve));
      while (readdirSync(folder).every((name) => name === 'backup') && child.exitCode === null) {
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
      await new Promise((resolve) => setTimeout(resolve, delay));
      child.kill('SIGKILL');
      await ended;
      if (existsSync(path)) await desk.check({ path });
      else {
        killed += 1;
        expect(readdirSync(folder)).toHaveLength(1);
      }
      rmSync(path, { recursive: true, force: true });
    }
    expect(killed).toBeGreaterThan(0);
    await backUp(data, path);
    expect(readdirSync(folder)).toEqual(['backup']);
    await desk.check({ path });
  }, 20_000);
});

describe('a backup that was changed is refused', () => {
  test.each(['backup.json', 'backup.note', 'sluice.db'])('in any part of %s', async (name) => {
    const path = copyOf(model.backup);
    const bytes = readFileSync(join(path, name));
    const step = Math.max(1, Math.floor(bytes.length / 40));
    for (let place = 0; place < bytes.length; place += step) {
      const changed = Buffer.from(bytes);
      changed[place]! ^= 0x10;
      writeFileSync(join(path, name), changed);
      await expect(desk.check({ path }), `byte ${place}`).rejects.toMatchObject({
        code: 'backup.damaged',
      });
    }
    writeFileSync(join(path, name), bytes.subarray(0, bytes.length - 1));
    await expect(desk.check({ path })).rejects.toMatchObject({ code: 'backup.damaged' });
  });

  test('when a file is missing, added, longer, or a folder', async () => {
    const path = copyOf(model.backup);
    const refused = async (sentence: string): Promise<void> => {
      await expect(desk.check({ path })).rejects.toThrow(sentence);
      await expect(
        desk.restore({ path, dataFolder: join(root, 'never'), withoutKeys: true }),
      ).rejects.toThrow(sentence);
      expect(existsSync(join(root, 'never'))).toBe(false);
    };
    writeFileSync(join(path, 'files', 'more.txt'), '');
    await refused('holds `files/more.txt`, which was not backed up');
    rmSync(join(path, 'files', 'more.txt'));
    appendFileSync(join(path, 'sluice.db'), 'x');
    await refused('`sluice.db` is not the file that was backed up');
    rmSync(join(path, 'sluice.db'));
    await refused('`sluice.db` is missing');
    mkdirSync(join(path, 'sluice.db'));
    await refused('`sluice.db` cannot be read');
    rmSync(join(path, 'backup.note'));
    await refused('is no backup: it has no `backup.note`');
  });

  test('when another key signed it than the one that is trusted', async () => {
    const other = join(fresh('other'), 'data');
    const { verifierKey } = await using(other, ({ ledger }) => ledger.checkpoint());
    const check = desk.check({ path: model.backup, verifierKeys: [verifierKey] });
    await expect(check).rejects.toThrow('is signed by none of the trusted keys');
  });
});

describe('a restore', () => {
  test('into an empty folder gives what was there, with keys that were kept apart', async () => {
    const dataFolder = join(fresh('empty'), 'data');
    mkdirSync(dataFolder);
    const request = { path: model.backup, dataFolder };
    await expect(desk.restore(request)).rejects.toMatchObject({ code: 'backup.key-missing' });
    expect(readdirSync(dataFolder)).toEqual([]);
    await desk.restore({ ...request, keysFolder: model.data });
    expect(await verdictOn(dataFolder)).toMatchObject({ verdict: 'valid', unsealedCount: 0 });
    const [found, newest] = await using(dataFolder, async (application) => [
      await application.executions({ limit: 5 }),
      (await application.ledger.search({ limit: 1 }))[0],
    ]);
    expect(found).toHaveLength(1);
    expect(newest).toMatchObject({ type: 'ledger-restored', actor: 'user:local' });
    await runOnce(dataFolder);
  });

  test('without keys gives a folder that is read and not written', async () => {
    const dataFolder = join(fresh('keyless'), 'data');
    await desk.restore({ path: model.backup, dataFolder, withoutKeys: true });
    expect(await using(dataFolder, (one) => one.executions({ limit: 5 }))).toHaveLength(1);
    await expect(runOnce(dataFolder)).rejects.toMatchObject({ code: 'store.key-unfit' });
    expect(existsSync(join(dataFolder, 'ledger.key'))).toBe(false);
    for (const name of ['ledger.key', 'encryption.key']) {
      cpSync(join(model.data, name), join(dataFolder, name));
    }
    await runOnce(dataFolder);
  });

  test('made without keys, of a ledger whose key was changed since, says that the key is another', async () => {
    const dataFolder = copyOf(model.data);
    const backup = join(fresh('before-change'), 'backup');
    await backUp(dataFolder, backup);
    await using(dataFolder, ({ ledger }) => ledger.rotateKey());
    const request = { path: backup, dataFolder, discardsNewer: true };
    await expect(desk.restore(request)).rejects.toMatchObject({
      code: 'backup.key-missing',
      message: expect.stringContaining('changed after the backup was made'),
      help: expect.stringContaining('--without-keys'),
    });
    await desk.restore({ ...request, withoutKeys: true });
    await expect(runOnce(dataFolder)).rejects.toMatchObject({ code: 'store.key-unfit' });
    await desk.check({ path: backup });
  });

  test('refuses to lose what happened since, and says what that is', async () => {
    const dataFolder = copyOf(model.data);
    const id = await runOnce(dataFolder);
    const size = await sizeOf(dataFolder);
    const request = { path: model.backup, dataFolder };
    const { loss } = await desk.restore({ ...request, isDryRun: true });
    expect(loss).toMatchObject({
      lastSeq: size,
      executions: [id],
      actors: [{ name: 'user:local' }],
    });
    expect(loss?.types.map(({ name }) => name)).toContain('task-ended');
    await expect(desk.restore(request)).rejects.toMatchObject({ code: 'backup.loses-entries' });
    expect(await sizeOf(dataFolder)).toBe(size);

    const { keptAside } = await desk.restore({ ...request, discardsNewer: true });
    expect(await sizeOf(keptAside!)).toBe(size);
    expect(await verdictOn(dataFolder)).toMatchObject({ verdict: 'valid', unsealedCount: 0 });
    const [newest] = await using(dataFolder, ({ ledger }) => ledger.search({ limit: 1 }));
    const { discarded } = JSON.parse(newest!.payload) as { discarded: object };
    expect(discarded).toMatchObject({ entryCount: loss?.entryCount, lastSeq: size });
  });

  test('in place of a ledger with another past counts what differs as lost', async () => {
    const dataFolder = join(fresh('stranger'), 'data');
    await runOnce(dataFolder);
    const { loss } = await desk.restore({ path: model.backup, dataFolder, isDryRun: true });
    expect(loss?.firstSeq).toBe(1);
  });

  test('of a backup that is all there is of a data folder loses nothing', async () => {
    const dataFolder = copyOf(model.data);
    await desk.restore({ path: model.backup, dataFolder });
    expect(await verdictOn(dataFolder)).toMatchObject({ verdict: 'valid' });
  });

  test('refuses a backup that is older than a checkpoint that was kept, also into an empty folder', async () => {
    const data = copyOf(model.data);
    await runOnce(data);
    const { note, size } = await using(data, ({ ledger }) => ledger.checkpoint());
    const dataFolder = join(fresh('guarded'), 'data');
    const request = { path: model.backup, dataFolder, notes: [note], keysFolder: data };
    await expect(desk.restore(request)).rejects.toThrow(`a checkpoint of ${size} was signed`);
    expect(existsSync(dataFolder)).toBe(false);
    await desk.restore({ ...request, discardsNewer: true });
    expect(await verdictOn(dataFolder)).toMatchObject({ verdict: 'valid' });
  });

  test('refuses a folder in use and one that is none of ours', async () => {
    const dataFolder = copyOf(model.data);
    const request = { path: model.backup, dataFolder, discardsNewer: true };
    await using(dataFolder, async () => {
      await expect(desk.restore(request)).rejects.toMatchObject({ code: 'store.locked' });
    });
    const reader = new DatabaseSync(join(dataFolder, 'sluice.db'));
    onTestFinished(() => reader.close());
    reader.exec('PRAGMA journal_mode = WAL; SELECT count(*) FROM entries');
    await expect(desk.restore(request)).rejects.toMatchObject({ code: 'store.locked' });
    const folder = fresh('photos');
    writeFileSync(join(folder, 'photo.jpg'), '');
    const other = { path: model.backup, dataFolder: folder, withoutKeys: true };
    await expect(desk.restore(other)).rejects.toThrow('is no data folder and not empty');
    expect(readdirSync(folder)).toEqual(['photo.jpg']);
  });

  test('in place of a ledger that cannot be read needs to be told', async () => {
    const dataFolder = copyOf(model.data);
    writeFileSync(join(dataFolder, 'sluice.db'), 'not a database, but longer than its header is');
    const request = { path: model.backup, dataFolder };
    await expect(desk.restore(request)).rejects.toThrow('nobody can tell what would be lost');
    await desk.restore({ ...request, discardsNewer: true });
    expect(await verdictOn(dataFolder)).toMatchObject({ verdict: 'valid' });
  });

  test('that was ended between its two renames is finished by the next start', async () => {
    const dataFolder = copyOf(model.data);
    const id = await runOnce(dataFolder);
    const restored = copyOf(model.data);
    const stage = `${dataFolder}.restoring-1`;
    renameSync(restored, stage);
    writeFileSync(join(dataFolder, 'replaced-by'), 'it.restoring-1');
    renameSync(dataFolder, `${dataFolder}.before-restore-20260101T000000Z`);
    const ids = await using(dataFolder, (one) => one.executions({ limit: 9 }));
    expect(ids).toHaveLength(1);
    expect(ids.map((one) => one.id)).not.toContain(id);
    expect(existsSync(stage)).toBe(false);
  });
});

test('a key that others may read, and one of another ledger, sign nothing', async () => {
  const dataFolder = copyOf(model.data);
  const key = join(dataFolder, 'ledger.key');
  chmodSync(key, 0o640);
  await expect(runOnce(dataFolder)).rejects.toThrow('may be read or written by others (mode 640)');
  rmSync(key);
  const other = join(fresh('other'), 'data');
  await using(other, async () => {});
  cpSync(join(other, 'ledger.key'), key);
  const before = statSync(join(dataFolder, 'sluice.db')).size;
  await expect(runOnce(dataFolder)).rejects.toThrow('did not sign its newest checkpoint');
  expect(statSync(join(dataFolder, 'sluice.db')).size).toBe(before);
  rmSync(key);
  cpSync(join(model.data, 'ledger.key'), key);
  expect(await verdictOn(dataFolder)).toMatchObject({ verdict: 'valid' });
});

describe('on the command line', () => {
  const sluice = (...words: string[]): Promise<{ code: number; out: string; err: string }> =>
    new Promise((resolve) => {
      execFile(process.execPath, [main, ...words], (error, out, err) => {
        resolve({ code: error === null ? 0 : Number(error.code), out, err });
      });
    });

  test('a backup is made, verified and restored, and what would be lost is listed', async () => {
    const data = copyOf(model.data);
    const path = join(fresh('cli'), 'backup');
    const made = await sluice('backup', path, '--data', data);
    expect(made).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^backed up \d+ entries and 2/),
    });
    expect(made.err).toMatch(/^it does not hold ledger\.key and encryption\.key: keep them/);
    const verified = JSON.parse(
      (await sluice('backup', 'verify', path, '-o', 'json')).out,
    ) as object;
    expect(verified).toMatchObject({ verdict: 'valid', hasKeys: false, missing: [], replaced: [] });

    const id = await runOnce(data);
    const words = ['restore', path, '--data', data];
    const dry = await sluice(...words, '--dry-run');
    expect(dry.code).toBe(0);
    expect(dry.out).toMatch(
      /^would restore \d+ entries of .*\nlost: \d+ entries, \d+ to \d+, from /,
    );
    expect(dry.out).toContain('by actor: user:local');
    expect(dry.out).toContain(`executions (1): ${id}`);
    const refused = await sluice(...words);
    expect([refused.code, refused.out]).toEqual([1, '']);
    expect(refused.err).toMatch(/error: the data folder has \d+ entries that the backup has not/);
    const done = await sluice(...words, '--discard-newer', '-o', 'json');
    const { keptAside, loss } = JSON.parse(done.out) as { keptAside: string; loss: object };
    expect(existsSync(keptAside)).toBe(true);
    expect(loss).toMatchObject({ executions: [id] });
  });

  test('what is no backup, and a destination that exists, are told', async () => {
    const none = await sluice('backup', 'verify', root);
    expect(none).toMatchObject({ code: 1, err: expect.stringContaining('is no backup') });
    const taken = await sluice('backup', root, '--data', model.data);
    expect(taken).toMatchObject({ code: 2, err: expect.stringContaining('exists') });
  });
});
