/**
 * Makes a backup of a data folder while others work on it: a snapshot of the store, then the content of
 * its files, then the manifest. Everything is written under another name and renamed at the end.
 *
 * INVARIANT: under its own name a backup is whole or not there; what a sudden end leaves has no manifest.
 */
import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createSqliteSnapshots } from '../../adapters/sqlite/sqlite-snapshots.ts';
import { openSqliteStore } from '../../adapters/sqlite/sqlite-store.ts';
import { createSystemSealer } from '../../adapters/system/system-sealer.ts';
import { Failure } from '../../core/failure/index.ts';
import { formatVerifierKey, type Signer } from '../../core/ledger/index.ts';
import { encodeValue, mapOf } from '../../core/value/index.ts';
import type { Snapshot, Snapshots } from '../../ports/snapshots.ts';
import type { FileRecord, Write } from '../../ports/store.ts';
import { parseUri } from '../../runtime/files/index.ts';
import { currentSigner, type LedgerParts, makeCheckpoint } from '../../runtime/sealer/index.ts';
import { keyNames, storeName, subjectKeysName } from '../data-folder.ts';
import {
  type BackedUpFile,
  type BackupManifest,
  manifestNames,
  sealManifest,
} from './backup-manifest.ts';
import {
  copyDurably,
  fileFailure,
  filesBelow,
  hasCode,
  MadeFolders,
  measureFile,
  syncFolder,
  writeDurably,
} from './durable-files.ts';

/** What is done at the moment, and how far it is: pages of the store, or files. */
export interface BackupProgress {
  readonly part: 'store' | 'files' | 'check';
  readonly done: number;
  readonly total: number;
}

/** How to make a backup. */
export interface BackupRequest {
  /** An absolute path. */
  readonly destination: string;
  /** Also copies the keys of the ledger and of encryption. */
  readonly withKeys?: boolean;
  /** Replaces a backup that is there. */
  readonly replaces?: boolean;
  readonly onProgress?: (progress: BackupProgress) => void;
}

/** A backup that was made. */
export interface MadeBackup {
  readonly path: string;
  readonly manifest: BackupManifest;
  /** SHA-256 of the manifest. */
  readonly digest: string;
  readonly bytes: number;
}

/** What a backup is made from. */
export interface BackupParts {
  readonly dataFolder: string;
  readonly tenant: string;
  readonly actor: string;
  readonly ledger: LedgerParts;
  readonly commit: (write: Write) => Promise<unknown>;
  /** Throws what the commit at the end would throw. */
  readonly assertWritable: () => Promise<void>;
}

const recordsAtOnce = 1_000;
const partialMark = '.partial-';

async function refuseDestination({ dataFolder }: BackupParts, request: BackupRequest) {
  const { destination, replaces = false } = request;
  const way = relative(resolve(dataFolder), destination);
  if (way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !way.startsWith(sep))) {
    throw new Failure('backup.impossible', `\`${destination}\` lies in the data folder itself`, {
      help: 'name a folder elsewhere, best on another disk',
    });
  }
  if (!existsSync(destination)) return;
  if (!replaces) {
    throw new Failure('backup.exists', `\`${destination}\` exists`);
  }
  if (!existsSync(join(destination, manifestNames.manifest))) {
    throw new Failure('backup.exists', `\`${destination}\` is no backup, so it is not replaced`, {
      help: 'name another folder',
    });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return hasCode(error, 'EPERM');
  }
}

/** Removes what backups to the same place left that were ended suddenly. */
async function removeLeftOvers(destination: string): Promise<void> {
  const start = `${basename(destination)}${partialMark}`;
  for (const name of await readdir(dirname(destination))) {
    if (!name.startsWith(start)) continue;
    const pid = Number(name.slice(start.length));
    if (!Number.isSafeInteger(pid) || pid <= 0 || isAlive(pid)) continue;
    await rm(join(dirname(destination), name), { recursive: true, force: true });
  }
}

async function* fileRecords(snapshot: Snapshot) {
  let last = { tenant: '', uri: '' };
  for (;;) {
    const page = await snapshot.fileRecords(last, recordsAtOnce);
    yield* page;
    if (page.length < recordsAtOnce) return;
    last = page.at(-1)!;
  }
}

/** Copies the content of all stored files. */
async function copyContents(
  { dataFolder }: BackupParts,
  stage: string,
  onProgress: (progress: BackupProgress) => void,
): Promise<BackedUpFile[]> {
  const folders = new MadeFolders(stage);
  const files: BackedUpFile[] = [];
  const paths = await filesBelow(join(dataFolder, 'files', 'content'));
  for (const [index, inner] of paths.entries()) {
    const path = `files/content/${inner}`;
    await folders.makeFor(path);
    try {
      files.push({ path, ...(await copyDurably(join(dataFolder, path), join(stage, path))) });
    } catch (error) {
      // Deleted since the folder was read; an empty copy may be there.
      if (!hasCode(error, 'ENOENT')) throw error;
      await rm(join(stage, path), { force: true });
    }
    onProgress({ part: 'files', done: index + 1, total: paths.length });
  }
  await folders.sync();
  return files;
}

interface Drift {
  readonly missing: string[];
  readonly replaced: Pick<FileRecord, 'tenant' | 'uri'>[];
}

/**
 * Returns the records of the snapshot whose content was deleted or replaced before it was copied. A
 * content is replaced only after its record was removed, so a record that still stands as it was tells
 * that the content that was copied is its own.
 */
async function findDrift({ ledger }: BackupParts, stage: string): Promise<Drift> {
  const snapshot = await createSqliteSnapshots('').open(join(stage, storeName));
  const { createFilesystemBlobs } = await import('../../adapters/filesystem/filesystem-blobs.ts');
  const copied = createFilesystemBlobs(join(stage, 'files'));
  const drift: Drift = { missing: [], replaced: [] };
  for await (const { tenant, uri, size, at } of fileRecords(snapshot)) {
    const name = `${tenant}/${parseUri(uri, '')}`;
    if (!(await copied.exists(name))) {
      drift.missing.push(uri);
      continue;
    }
    const live = await ledger.store.file(tenant, uri);
    const isSame = live?.at === at && live.size === size && (await copied.size(name)) === size;
    if (!isSame) drift.replaced.push({ tenant, uri });
  }
  await snapshot.store.close();
  return drift;
}

/** Signs how the copied ledger looks; a record whose content is another one is forgotten in the copy. */
async function finishStore({ ledger }: BackupParts, stage: string, { replaced }: Drift) {
  const path = join(stage, storeName);
  const store = await openSqliteStore({ path, sealer: createSystemSealer() });
  try {
    if (replaced.length > 0) await store.commit([{ entries: [], removedFiles: replaced }]);
    return await makeCheckpoint({ ...ledger, store });
  } finally {
    await store.close();
    const driver = new DatabaseSync(path);
    driver.exec('PRAGMA journal_mode = DELETE');
    driver.close();
  }
}

async function takeSubjectKeys(dataFolder: string, stage: string): Promise<BackedUpFile> {
  const path = join(stage, subjectKeysName);
  await createSqliteSnapshots(join(dataFolder, subjectKeysName)).take(path);
  await chmod(path, 0o600);
  return { path: subjectKeysName, ...(await measureFile(path)) };
}

async function takeKeys({ dataFolder }: BackupParts, stage: string, withKeys: boolean) {
  const keys: { name: string; sha256: string | null }[] = [];
  const files: BackedUpFile[] = [];
  for (const name of keyNames) {
    const path = join(dataFolder, name);
    if (!existsSync(path)) continue;
    const measured = await (withKeys
      ? copyDurably(path, join(stage, name))
      : measureFile(path)
    ).catch((error: unknown) => {
      throw fileFailure(error, path);
    });
    keys.push({ name, sha256: measured.sha256 });
    if (withKeys) files.push({ path: name, ...measured });
  }
  if (existsSync(join(dataFolder, subjectKeysName))) {
    // It changes with every subject, so that no digest tells the right one.
    keys.push({ name: subjectKeysName, sha256: null });
    if (withKeys) files.push(await takeSubjectKeys(dataFolder, stage));
  }
  return { keys, files };
}

async function fillStage(
  parts: BackupParts,
  { withKeys = false, onProgress = () => {} }: BackupRequest,
  stage: string,
  snapshots: Snapshots,
  signer: Signer,
): Promise<BackupManifest> {
  const { ledger } = parts;
  const storePath = join(stage, storeName);
  await snapshots.take(storePath, (progress) => onProgress({ part: 'store', ...progress }));
  const contents = await copyContents(parts, stage, onProgress);
  const drift = await findDrift(parts, stage);
  const checkpoint = await finishStore(parts, stage, drift);
  const copy = await snapshots.open(storePath);
  const migrations = await copy.migrations();
  await copy.store.close();
  const { keys, files } = await takeKeys(parts, stage, withKeys);
  const store = { path: storeName, ...(await measureFile(storePath)) };
  return {
    format: 'sluice-backup/1',
    at: new Date(ledger.clock.now()).toISOString(),
    by: parts.actor,
    origin: ledger.signer.name,
    verifierKey: formatVerifierKey(ledger.hasher, signer.name, signer.publicKey),
    ledger: { size: checkpoint.size, checkpoint: checkpoint.note },
    migrations,
    keys,
    hasKeys: withKeys,
    files: [store, ...files, ...contents],
    missing: drift.missing,
    replaced: drift.replaced.map(({ uri }) => uri),
  };
}

/** Records the backup in the ledger it was made of, and the checkpoint that was signed for it. */
async function record(parts: BackupParts, made: MadeBackup, type: string): Promise<void> {
  const { ledger, tenant, actor } = parts;
  const { manifest, digest, bytes, path } = made;
  const payload = encodeValue(
    mapOf({
      destination: path,
      manifest: digest,
      bytes,
      files: manifest.files.length,
      entries: manifest.ledger.size,
      hasKeys: manifest.hasKeys,
    }),
  );
  const at = ledger.clock.now();
  await parts.commit({ entries: [{ tenant, at, stream: 'backups', type, actor, payload }] });
}

/** Keeps the checkpoint that was signed for the copy in the ledger itself. */
async function keepCheckpoint({ ledger: { store } }: BackupParts, manifest: BackupManifest) {
  const { size, checkpoint: note } = manifest.ledger;
  const known = await store.checkpoints();
  if (known.some((one) => one.note === note)) return;
  await store.addCheckpoint({ size, at: Date.parse(manifest.at), note });
}

async function putInPlace(stage: string, destination: string): Promise<void> {
  const former = `${stage}.former`;
  const hasFormer = existsSync(destination);
  if (hasFormer) await rename(destination, former);
  try {
    await rename(stage, destination);
  } catch (error) {
    if (hasFormer) await rename(former, destination);
    throw error;
  }
  await syncFolder(dirname(destination));
  await rm(former, { recursive: true, force: true });
}

/** Makes a backup of the data folder of `parts`. */
export async function makeBackup(parts: BackupParts, request: BackupRequest): Promise<MadeBackup> {
  const { destination } = request;
  await refuseDestination(parts, request);
  await parts.assertWritable();
  const stage = `${destination}${partialMark}${process.pid}`;
  const snapshots = createSqliteSnapshots(join(parts.dataFolder, storeName));
  try {
    await mkdir(dirname(destination), { recursive: true });
    await removeLeftOvers(destination);
    await mkdir(stage, { mode: 0o700 });
    // The key may have been changed since this process began, by another one.
    const signer = await currentSigner(parts.ledger);
    const manifest = await fillStage(parts, request, stage, snapshots, signer);
    const { text, note, digest } = await sealManifest(parts.ledger, manifest, signer);
    const bytes = manifest.files.reduce((sum, { size }) => sum + size, 0);
    const made: MadeBackup = { path: destination, manifest, digest, bytes };
    // What was signed is kept before it leaves.
    await keepCheckpoint(parts, manifest);
    await writeDurably(join(stage, manifestNames.note), note);
    await writeDurably(join(stage, manifestNames.manifest), text);
    await syncFolder(stage);
    // Before it stands in its place: no backup is in the world of which the ledger does not know.
    await record(parts, made, 'backup-made');
    try {
      await putInPlace(stage, destination);
    } catch (error) {
      await record(parts, made, 'backup-discarded');
      throw error;
    }
    return made;
  } catch (error) {
    await rm(stage, { recursive: true, force: true });
    throw fileFailure(error, destination);
  }
}
