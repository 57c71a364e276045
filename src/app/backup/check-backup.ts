/**
 * Checks a backup offline, and changes nothing of it: the signature of its manifest, the digest of each
 * file, the ledger in it. Restoring begins with the same check.
 */
import { join } from 'node:path';
import { createSqliteSnapshots } from '../../adapters/sqlite/sqlite-snapshots.ts';
import { Failure } from '../../core/failure/index.ts';
import {
  type LedgerVerdict,
  type NoteChecks,
  openCheckpoint,
  parseVerifierKey,
} from '../../core/ledger/index.ts';
import { verifyStore } from '../../runtime/sealer/index.ts';
import { storeName } from '../data-folder.ts';
import {
  type BackedUpFile,
  type BackupManifest,
  damaged,
  manifestNames,
  readManifest,
} from './backup-manifest.ts';
import { filesBelow, hasCode, measureFile } from './durable-files.ts';
import type { BackupProgress } from './make-backup.ts';

/** What a backup is checked against. */
export interface CheckRequest {
  /** The folder of the backup, absolute. */
  readonly path: string;
  /** Signed checkpoints that were kept elsewhere. */
  readonly notes?: readonly string[];
  /** Verifier keys to trust instead of the one that the backup names. */
  readonly verifierKeys?: readonly string[];
  readonly onProgress?: (progress: BackupProgress) => void;
}

/** A backup that is whole and unchanged. */
export interface CheckedBackup {
  readonly path: string;
  readonly manifest: BackupManifest;
  /** SHA-256 of the manifest. */
  readonly digest: string;
  readonly bytes: number;
  readonly verdict: Exclude<LedgerVerdict, { readonly verdict: 'broken' }>;
  /** How many entries a checkpoint covers that was kept elsewhere and is newer than the backup. */
  readonly newerCheckpoint?: number;
}

async function checkFile(path: string, file: BackedUpFile): Promise<void> {
  let measured;
  try {
    measured = await measureFile(join(path, file.path));
  } catch (cause) {
    const what = hasCode(cause, 'ENOENT') ? 'is missing' : 'cannot be read';
    throw damaged(path, `is damaged: \`${file.path}\` ${what}`, cause);
  }
  if (measured.size !== file.size || measured.sha256 !== file.sha256) {
    throw damaged(path, `is damaged: \`${file.path}\` is not the file that was backed up`);
  }
}

async function checkFiles(
  path: string,
  manifest: BackupManifest,
  onProgress: (progress: BackupProgress) => void,
): Promise<void> {
  const total = manifest.files.length;
  for (const [index, file] of manifest.files.entries()) {
    await checkFile(path, file);
    onProgress({ part: 'check', done: index + 1, total });
  }
  const listed = new Set<string>(manifest.files.map((one) => one.path));
  const stranger = (await filesBelow(path)).find(
    (one) => !listed.has(one) && one !== manifestNames.manifest && one !== manifestNames.note,
  );
  if (stranger !== undefined) {
    throw damaged(path, `was changed: it holds \`${stranger}\`, which was not backed up`);
  }
}

/** Parts the notes in those that the ledger of the backup reaches, and the newest of the others. */
async function partNotes(
  checks: NoteChecks,
  { ledger, verifierKey }: BackupManifest,
  { notes = [], verifierKeys = [] }: CheckRequest,
) {
  const log = verifierKeys.length === 0 ? [verifierKey] : verifierKeys;
  const reached: string[] = [];
  let newer: number | undefined;
  for (const note of notes) {
    const opened = await openCheckpoint(checks, note, { log });
    if ('size' in opened && opened.size > ledger.size) newer = Math.max(newer ?? 0, opened.size);
    else reached.push(note);
  }
  return { reached, newer };
}

/** Returns the verdict on the ledger of a backup whose files are as they were. */
async function verdictOn(
  checks: NoteChecks,
  path: string,
  manifest: BackupManifest,
  { notes = [], verifierKeys = [] }: Pick<CheckRequest, 'notes' | 'verifierKeys'>,
): Promise<LedgerVerdict> {
  const { publicKey = new Uint8Array(0) } =
    parseVerifierKey(checks.hasher, manifest.verifierKey) ?? {};
  const signer = {
    name: manifest.origin,
    publicKey,
    verify: checks.verifier.verify.bind(checks.verifier),
  };
  const snapshot = await createSqliteSnapshots('').open(join(path, storeName));
  try {
    return await verifyStore(
      { store: snapshot.store, hasher: checks.hasher, signer },
      {
        notes: [manifest.ledger.checkpoint, ...notes],
        verifierKeys: verifierKeys.length === 0 ? [manifest.verifierKey] : verifierKeys,
      },
    );
  } finally {
    await snapshot.store.close();
  }
}

/** Returns what is in the backup at `path`; throws `backup.damaged` when it is not as it was made. */
export async function checkBackup(
  checks: NoteChecks,
  request: CheckRequest,
): Promise<CheckedBackup> {
  const { path, verifierKeys = [], onProgress = () => {} } = request;
  const { manifest, digest } = await readManifest(checks, path, verifierKeys);
  await checkFiles(path, manifest, onProgress);
  const { reached, newer } = await partNotes(checks, manifest, request);
  const verdict = await verdictOn(checks, path, manifest, { notes: reached, verifierKeys });
  if (verdict.verdict === 'broken') {
    const { seq, reason } = verdict;
    throw new Failure(
      'backup.damaged',
      `the ledger of the backup \`${path}\` is broken at entry ${seq}: ${reason}`,
    );
  }
  const bytes = manifest.files.reduce((sum, { size }) => sum + size, 0);
  const checked = { path, manifest, digest, bytes, verdict };
  return newer === undefined ? checked : { ...checked, newerCheckpoint: newer };
}
