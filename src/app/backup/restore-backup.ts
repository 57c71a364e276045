/**
 * Puts a backup in the place of a data folder: checks it, compares the ledgers, builds the folder beside
 * its place and exchanges the two. The former folder is kept.
 *
 * INVARIANT: the data folder is the former or the restored one, whole; a ledger never gets shorter
 * unless somebody said so, and then the restored ledger records it.
 */
import { existsSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createFilesystemPresence } from '../../adapters/filesystem/filesystem-presence.ts';
import { createSqliteSnapshots } from '../../adapters/sqlite/sqlite-snapshots.ts';
import { assertUnused, openSqliteStore } from '../../adapters/sqlite/sqlite-store.ts';
import { createKeyFileSigner } from '../../adapters/system/key-file-signer.ts';
import { createSystemSealer } from '../../adapters/system/system-sealer.ts';
import { Failure } from '../../core/failure/index.ts';
import type { NoteChecks } from '../../core/ledger/index.ts';
import { encodeValue, mapOf, type Value } from '../../core/value/index.ts';
import type { Presence } from '../../ports/presence.ts';
import type { Store } from '../../ports/store.ts';
import { holdsCurrentKey, makeCheckpoint } from '../../runtime/sealer/index.ts';
import { storeName, subjectKeysName } from '../data-folder.ts';
import type { BackupManifest } from './backup-manifest.ts';
import { type CheckedBackup, type CheckRequest, checkBackup } from './check-backup.ts';
import { equalLength, type Loss, lossAfter } from './compare-ledgers.ts';
import { copyDurably, fileFailure, hasCode, MadeFolders, measureFile } from './durable-files.ts';
import { exchangeFolders, finishExchange } from './exchange-folders.ts';

/** How to restore a backup. */
export interface RestoreRequest extends CheckRequest {
  /** An absolute path. */
  readonly dataFolder: string;
  /** Only says what would be lost. */
  readonly isDryRun?: boolean;
  /** Restores although the data folder has entries that the backup has not. */
  readonly discardsNewer?: boolean;
  /** Restores although what was erased since comes back. */
  readonly acceptsErased?: boolean;
  /** A folder with key files that were kept apart. */
  readonly keysFolder?: string;
  /** Restores without key files that are not at hand. */
  readonly withoutKeys?: boolean;
  /** Handle of who restores. */
  readonly actor: string;
  readonly tenant: string;
  readonly clock: { now(): number };
}

/** What a data folder has that a backup has not, as far as anybody can tell. */
export interface Comparison {
  readonly loss?: Loss;
  /** Why nobody can tell: the ledger of the data folder cannot be read. */
  readonly unreadable?: string;
}

/** What a restore did, or would do. */
export interface Restored extends Comparison {
  readonly backup: CheckedBackup;
  readonly dataFolder: string;
  /** Where the former data folder is kept. */
  readonly keptAside?: string;
  /** Names of key files that are not at hand. */
  readonly missingKeys: readonly string[];
}

/** Tells whether there is a data folder; throws when something else is there. */
async function isDataFolder(folder: string): Promise<boolean> {
  try {
    const names = await readdir(folder);
    if (names.length === 0) return false;
    if (names.includes(storeName) || names.includes('ledger.key')) return true;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false;
    throw fileFailure(error, folder);
  }
  throw new Failure('backup.impossible', `\`${folder}\` is no data folder and not empty`, {
    help: 'name an empty folder or one that does not exist',
  });
}

function presenceIn(folder: string): Presence {
  try {
    return createFilesystemPresence(join(folder, 'processes'));
  } catch (error) {
    throw fileFailure(error, folder);
  }
}

/** Refuses a data folder that somebody works on. */
function refuseUsed(folder: string): void {
  const presence = presenceIn(folder);
  try {
    if (presence.hasOthers()) {
      throw new Failure('store.locked', `another process works on the data folder \`${folder}\``, {
        help: 'end it, then restore',
      });
    }
  } finally {
    presence.leave();
  }
  assertUnused(join(folder, storeName));
}

/** Returns what the data folder has that the backup has not. */
async function compareWith(backup: CheckedBackup, folder: string): Promise<Comparison> {
  const path = join(folder, storeName);
  if (!existsSync(path)) return { unreadable: `there is no \`${storeName}\` in \`${folder}\`` };
  const snapshot = await createSqliteSnapshots('').open(join(backup.path, storeName));
  let store: Store | undefined;
  try {
    store = await openSqliteStore({ path, sealer: createSystemSealer() });
    const loss = await lossAfter(store, await equalLength(snapshot.store, store));
    return loss === undefined ? {} : { loss };
  } catch (error) {
    if (!(error instanceof Failure) || error.code === 'store.locked') throw error;
    return { unreadable: error.message };
  } finally {
    await store?.close();
    await snapshot.store.close();
  }
}

function entries(count: number): string {
  return count === 1 ? '1 entry' : `${count} entries`;
}

/** Refuses what would be lost or come back unless the request says that it may. */
function refuseLoss(
  { dataFolder, discardsNewer = false, acceptsErased = false }: RestoreRequest,
  backup: CheckedBackup,
  { loss, unreadable }: Comparison,
  undone: Loss['erasures'],
): void {
  const details = loss === undefined ? {} : { loss };
  const [first] = undone;
  if (first !== undefined && !acceptsErased) {
    throw new Failure(
      'backup.loses-entries',
      `what was erased since the backup would come back: ${entries(undone.length)} tell of it, first entry ${first.seq}`,
      {
        details,
        help: 'look with `--dry-run`; `--accept-erased` restores all the same, then erase again',
      },
    );
  }
  if (discardsNewer) return;
  if (unreadable !== undefined) {
    throw new Failure(
      'backup.loses-entries',
      `nobody can tell what would be lost, because the ledger of \`${dataFolder}\` cannot be read: ${unreadable}`,
      { help: '`--discard-newer` restores all the same; the former folder is kept' },
    );
  }
  // That this very backup was made is recorded again by the restore.
  const isOwnRecord = loss?.entryCount === 1 && loss.backups[0]?.includes(backup.digest) === true;
  if (loss !== undefined && !isOwnRecord) {
    throw new Failure(
      'backup.loses-entries',
      `the data folder has ${entries(loss.entryCount)} that the backup has not, ${loss.firstSeq} to ${loss.lastSeq}`,
      { details },
    );
  }
  if (backup.newerCheckpoint !== undefined) {
    throw new Failure(
      'backup.loses-entries',
      `the backup has ${entries(backup.manifest.ledger.size)}, but a checkpoint of ${backup.newerCheckpoint} was signed: it is older than what was kept`,
    );
  }
}

interface FoundKey {
  readonly name: string;
  /** Undefined when it is nowhere. */
  readonly path: string | undefined;
}

/** Finds the key files that the backed-up folder had: in the named folder, in the backup, in the former one. */
async function findKeys(
  { path, keysFolder, dataFolder }: RestoreRequest,
  { keys }: BackupManifest,
): Promise<readonly FoundKey[]> {
  const named = keysFolder === undefined ? [] : [keysFolder];
  return Promise.all(
    keys.map(async ({ name, sha256 }) => {
      // Of what changes the youngest is taken: keys that were destroyed since do not come back.
      const isChanging = sha256 === null;
      const folders = isChanging ? [dataFolder, ...named, path] : [...named, path, dataFolder];
      for (const folder of folders) {
        const candidate = join(folder, name);
        if (!existsSync(candidate)) continue;
        if (isChanging || (await measureFile(candidate)).sha256 === sha256) {
          return { name, path: candidate };
        }
      }
      return { name, path: undefined };
    }),
  );
}

/** Returns the entries of `loss` whose erasure is undone by the backup: all but those of subjects whose keys stay destroyed. */
function comingBack(
  { dataFolder }: RestoreRequest,
  { loss }: Comparison,
  keys: readonly FoundKey[],
): Loss['erasures'] {
  const subjectKeys = keys.find(({ name }) => name === subjectKeysName)?.path;
  const staysErased = subjectKeys === join(dataFolder, subjectKeysName);
  return (loss?.erasures ?? []).filter(({ type }) => !staysErased || type !== 'subject-erased');
}

function refuseMissingKeys(request: RestoreRequest, missing: readonly string[]) {
  const { withoutKeys = false, keysFolder, dataFolder } = request;
  if (missing.length === 0 || withoutKeys) return;
  const places = [dataFolder, ...(keysFolder === undefined ? [] : [keysFolder])];
  // A key that is there and not the one of then: it was changed, and the one before was destroyed.
  const isOther = (name: string): boolean => places.some((one) => existsSync(join(one, name)));
  if (missing.includes('ledger.key') && isOther('ledger.key')) {
    throw new Failure(
      'backup.key-missing',
      'the `ledger.key` that is at hand is not the one of the backup: it was changed after the backup was made, or belongs to another ledger',
      {
        help: 'name a folder that still holds the key of then with `--keys`, or restore a backup from after the change; `--without-keys` restores what can be read and verified, and not written',
      },
    );
  }
  const names = missing.map((name) => `\`${name}\``).join(' and ');
  throw new Failure('backup.key-missing', `${names} of the backed-up data folder is not at hand`, {
    help: 'name the folder that holds it with `--keys`; `--without-keys` restores what can be read without it',
  });
}

/** Copies the files of the backup and the keys into `stage`. */
async function fillStage(
  { path, onProgress = () => {} }: RestoreRequest,
  { manifest }: CheckedBackup,
  stage: string,
  keys: readonly FoundKey[],
): Promise<void> {
  const folders = new MadeFolders(stage);
  const keyNames = new Set(manifest.keys.map(({ name }) => name));
  const contents = manifest.files.filter((file) => !keyNames.has(file.path));
  for (const [index, file] of contents.entries()) {
    await folders.makeFor(file.path);
    const { sha256 } = await copyDurably(join(path, file.path), join(stage, file.path));
    if (sha256 !== file.sha256) {
      throw new Failure('backup.damaged', `the backup \`${path}\` changes: \`${file.path}\``);
    }
    onProgress({ part: 'files', done: index + 1, total: contents.length });
  }
  for (const { name, path: from } of keys) {
    if (from !== undefined) await copyDurably(from, join(stage, name));
  }
  await folders.sync();
}

function discarded({ loss, unreadable }: Comparison): Value {
  if (unreadable !== undefined) return mapOf({ unreadable });
  if (loss === undefined) return null;
  const { entryCount, firstSeq, lastSeq, from, to, types, backups, erasures } = loss;
  const counts = mapOf(Object.fromEntries(types.map(({ name, count }) => [name, count])));
  return mapOf({
    entryCount,
    firstSeq,
    lastSeq,
    from,
    to,
    types: counts,
    backups: [...backups],
    erasures: erasures.map(({ seq, type, stream }) => mapOf({ seq, type, stream })),
  });
}

/** Records the restore in the restored ledger, and signs it where the key is at hand. */
async function recordRestore(
  checks: NoteChecks,
  { actor, tenant, clock }: RestoreRequest,
  backup: CheckedBackup,
  comparison: Comparison,
  stage: string,
  hasKey: boolean,
): Promise<void> {
  const path = join(stage, storeName);
  const store = await openSqliteStore({ path, sealer: createSystemSealer() });
  try {
    const { manifest, digest } = backup;
    const payload = encodeValue(
      mapOf({
        backup: backup.path,
        manifest: digest,
        madeAt: manifest.at,
        entries: manifest.ledger.size,
        discarded: discarded(comparison),
      }),
    );
    const entry = { tenant, at: clock.now(), stream: 'backups', actor, payload };
    await store.commit([{ entries: [{ ...entry, type: 'ledger-restored' }] }]);
    if (!hasKey) return;
    const signer = createKeyFileSigner(join(stage, 'ledger.key'));
    const ledger = { store, hasher: checks.hasher, signer, keys: signer, clock };
    // A backup from before a change of the key wants the key of then, which may be gone for good.
    if (await holdsCurrentKey(ledger)) await makeCheckpoint(ledger);
  } finally {
    await store.close();
  }
}

/** Returns what a restore of the backup would do; throws when the backup is damaged. */
async function planRestore(checks: NoteChecks, request: RestoreRequest) {
  const { dataFolder } = request;
  const backup = await checkBackup(checks, request);
  finishExchange(dataFolder);
  const hasFormer = await isDataFolder(dataFolder);
  if (hasFormer && request.isDryRun !== true) refuseUsed(dataFolder);
  const comparison = hasFormer ? await compareWith(backup, dataFolder) : {};
  const keys = await findKeys(request, backup.manifest);
  const missingKeys = keys.filter(({ path }) => path === undefined).map(({ name }) => name);
  return { backup, hasFormer, comparison, keys, missingKeys };
}

/** Restores a backup, or says what would be lost. */
export async function restoreBackup(
  checks: NoteChecks,
  request: RestoreRequest,
): Promise<Restored> {
  const { dataFolder, clock } = request;
  const { backup, hasFormer, comparison, keys, missingKeys } = await planRestore(checks, request);
  const result = { backup, dataFolder, missingKeys, ...comparison };
  if (request.isDryRun === true) return result;
  refuseLoss(request, backup, comparison, comingBack(request, comparison, keys));
  refuseMissingKeys(request, missingKeys);
  const stage = `${dataFolder}.restoring-${process.pid}`;
  try {
    await mkdir(dirname(dataFolder), { recursive: true });
    await rm(stage, { recursive: true, force: true });
    await mkdir(stage, { mode: 0o700 });
    await fillStage(request, backup, stage, keys);
    const hasKey = keys.some(({ name, path }) => name === 'ledger.key' && path !== undefined);
    await recordRestore(checks, request, backup, comparison, stage, hasKey);
    // Somebody may have begun to work on it meanwhile.
    if (hasFormer) refuseUsed(dataFolder);
    const keptAside = await exchangeFolders(dataFolder, stage, { hasFormer, at: clock.now() });
    return keptAside === undefined ? result : { ...result, keptAside };
  } catch (error) {
    await rm(stage, { recursive: true, force: true });
    throw fileFailure(error, dataFolder);
  }
}
