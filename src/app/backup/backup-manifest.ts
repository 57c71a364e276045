/**
 * What a backup says of itself: `backup.json` lists every file with its digest, `backup.note` is the
 * signature of the ledger's key over it, as a C2SP note that cannot be taken for a checkpoint.
 *
 * INVARIANT: nothing of a backup is believed before the note holds and the digests agree.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../../core/failure/index.ts';
import {
  type NoteChecks,
  openNote,
  parseVerifierKey,
  type Signer,
  signNote,
} from '../../core/ledger/index.ts';
import { keyNames, storeName, subjectKeysName } from '../data-folder.ts';

/** Names of the two files that make a folder a backup. */
export const manifestNames = { manifest: 'backup.json', note: 'backup.note' } as const;

/** A file of a backup. */
export interface BackedUpFile {
  /** Relative to the backup, with `/`. */
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
}

/** What `backup.json` says. */
export interface BackupManifest {
  readonly format: 'sluice-backup/1';
  /** When, as RFC 3339. */
  readonly at: string;
  /** Handle of who made it. */
  readonly by: string;
  /** The name of the ledger. */
  readonly origin: string;
  /** The key that signed the note. */
  readonly verifierKey: string;
  readonly ledger: { readonly size: number; readonly checkpoint: string };
  readonly migrations: readonly { readonly name: string; readonly checksum: string }[];
  /** The key files of the data folder; by the digest, which tells nothing of the key, a restore knows the right one. */
  readonly keys: readonly { readonly name: string; readonly sha256: string | null }[];
  /** Whether the key files themselves are in the backup. */
  readonly hasKeys: boolean;
  readonly files: readonly BackedUpFile[];
  /** Stored files that were deleted while the backup was made. */
  readonly missing: readonly string[];
  /** Stored files that were replaced meanwhile: the later content is here, and counts as untrusted. */
  readonly replaced: readonly string[];
}

/** Returns a failure that says what is wrong with a backup. */
export function damaged(path: string, what: string, cause?: unknown): Failure {
  return new Failure('backup.damaged', `the backup \`${path}\` ${what}`, { cause });
}

/** Returns the SHA-256 of `content` as hexadecimal digits. */
export function digestOf(content: Uint8Array | string): string {
  return createHash('sha256').update(content).digest('hex');
}

function noteText(origin: string, digest: string): string {
  return `sluice/backup/v1\n${origin}\n${manifestNames.manifest} sha256 ${digest}\n`;
}

/** Returns the text of a manifest and the note that signs it. */
export async function sealManifest(
  checks: Pick<NoteChecks, 'hasher'>,
  manifest: BackupManifest,
  signer: Signer,
): Promise<{ readonly text: string; readonly note: string; readonly digest: string }> {
  const text = `${JSON.stringify(manifest, null, 1)}\n`;
  const digest = digestOf(text);
  const note = await signNote(checks.hasher, noteText(manifest.origin, digest), [signer]);
  return { text, note, digest };
}

/** Only what a backup may hold, so that no path leads out of a data folder. */
function isBackupPath(path: unknown): path is string {
  if (typeof path !== 'string') return false;
  if (
    path === storeName ||
    path === subjectKeysName ||
    (keyNames as readonly string[]).includes(path)
  )
    return true;
  const parts = path.split('/');
  return (
    parts[0] === 'files' &&
    parts.length > 1 &&
    parts.every((part) => /^[\w.%-]+$/.test(part) && part !== '.' && part !== '..')
  );
}

function isFile(one: unknown): one is BackedUpFile {
  const { path, size, sha256 } = (one ?? {}) as Partial<Record<keyof BackedUpFile, unknown>>;
  return (
    isBackupPath(path) &&
    Number.isSafeInteger(size) &&
    typeof sha256 === 'string' &&
    /^[0-9a-f]{64}$/.test(sha256)
  );
}

function areTexts(list: unknown): boolean {
  return Array.isArray(list) && list.every((one) => typeof one === 'string');
}

/** Tells whether `value` has the form of a manifest; said only of what a trusted key signed. */
function isManifest(value: unknown): value is BackupManifest {
  const one = (value ?? {}) as Partial<Record<keyof BackupManifest, unknown>>;
  const ledger = (one.ledger ?? {}) as Record<string, unknown>;
  const texts = [one.at, one.by, one.origin, one.verifierKey, ledger['checkpoint']];
  return (
    texts.every((text) => typeof text === 'string') &&
    Number.isSafeInteger(ledger['size']) &&
    Array.isArray(one.files) &&
    one.files.every(isFile) &&
    one.files.some(({ path }: BackedUpFile) => path === storeName) &&
    new Set(one.files.map(({ path }: BackedUpFile) => path)).size === one.files.length &&
    Array.isArray(one.keys) &&
    Array.isArray(one.migrations) &&
    typeof one.hasKeys === 'boolean' &&
    areTexts(one.missing) &&
    areTexts(one.replaced)
  );
}

async function readPart(path: string, name: string): Promise<string> {
  try {
    return await readFile(join(path, name), 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'ENOTDIR') throw damaged(path, 'cannot be read', cause);
    throw new Failure('backup.damaged', `\`${path}\` is no backup: it has no \`${name}\``, {
      cause,
      help: 'name the folder that `sluice backup` made',
    });
  }
}

/**
 * Returns the manifest of the backup at `path` and its digest. `trusted` are verifier keys, one of which
 * must have signed; without any the key that the backup names itself, which shows damage and not forgery.
 */
export async function readManifest(
  checks: NoteChecks,
  path: string,
  trusted: readonly string[],
): Promise<{ readonly manifest: BackupManifest; readonly digest: string }> {
  const text = await readPart(path, manifestNames.manifest);
  const note = await readPart(path, manifestNames.note);
  let manifest: unknown;
  try {
    manifest = JSON.parse(text);
  } catch (cause) {
    throw damaged(path, `is damaged: \`${manifestNames.manifest}\` is no JSON`, cause);
  }
  const { format } = (manifest ?? {}) as { format?: unknown };
  if (typeof format === 'string' && format !== 'sluice-backup/1') {
    throw new Failure(
      'backup.damaged',
      `the backup \`${path}\` has the unknown form \`${format}\``,
      {
        help: 'use the version that made it, or a later one',
      },
    );
  }
  if (!isManifest(manifest)) {
    throw damaged(path, `is damaged: \`${manifestNames.manifest}\` has another form`);
  }
  const texts = trusted.length === 0 ? [manifest.verifierKey] : trusted;
  const keys = texts.map((one) => parseVerifierKey(checks.hasher, one));
  const opened = await openNote(
    checks,
    note,
    keys.filter((key) => key !== undefined),
  );
  if ('reason' in opened) {
    throw damaged(path, `is not to be trusted: its signature ${opened.reason}`);
  }
  const digest = digestOf(text);
  if (opened.text !== noteText(manifest.origin, digest)) {
    throw damaged(path, `was changed: \`${manifestNames.manifest}\` is not what was signed`);
  }
  return { manifest, digest };
}
