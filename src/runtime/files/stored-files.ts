/**
 * A file in internal storage: its bytes in the blobs, its record (owner, size, provenance) and the
 * ledger entry of its change in the store. Files of executions and of namespaces are both made of this.
 *
 * INVARIANT: a content never stands under the provenance of another: the record of what is replaced is
 * gone before the bytes change, and a file without a record counts as untrusted and confidential.
 */
import {
  encodeValue,
  mapOf,
  type Provenance,
  readProvenance,
  type Value,
} from '../../core/value/index.ts';
import { unknownProvenance } from '../../core/value/index.ts';
import type { Blobs } from '../../ports/blobs.ts';
import type { Clock } from '../../ports/clock.ts';
import type { NewEntry, Store, Write } from '../../ports/store.ts';
import { inTurn } from '../committer/index.ts';
import { type FileProtection, mayConcern, guardedClasses } from '../subjects/index.ts';
import { formatUri } from './storage-uri.ts';

/** What files are made of. */
export interface FileParts {
  readonly store: Pick<Store, 'file' | 'files'>;
  readonly blobs: Blobs;
  readonly clock: Pick<Clock, 'now'>;
  /** Keeps files about people out of clear; without it files are kept as they are. */
  readonly protection?: FileProtection | undefined;
  /** Throws `hold.in-force` where a file must be kept; left out, nothing is held. */
  readonly refuseHeld?: (file: { readonly uri: string; readonly owner: Owner }) => Promise<void>;
  /** Makes a write durable. */
  readonly commit: (write: Write) => Promise<void>;
  readonly tenant: string;
  /** Handle of who changes files; stands in the ledger. */
  readonly actor: string;
}

/** Whom a file belongs to: `execution:<id>`, `namespace:<name>`. */
export type Owner = string;

/** Returns the name of the bytes of the file at `path`. */
export function blobName({ tenant }: FileParts, path: string): string {
  return `${tenant}/${path}`;
}

function entry(
  parts: FileParts,
  type: string,
  owner: Owner,
  payload: Record<string, Value>,
): NewEntry {
  return {
    tenant: parts.tenant,
    at: parts.clock.now(),
    stream: `files:${owner}`,
    type,
    actor: parts.actor,
    payload: encodeValue(mapOf(payload)),
  };
}

/** Stores what `fill` puts under the name it is given; gives the URI. */
export async function storeFile(
  parts: FileParts,
  file: { readonly path: string; readonly owner: Owner; readonly provenance: Provenance },
  fill: (blobName: string) => Promise<void>,
): Promise<string> {
  const uri = formatUri(file.path);
  const name = blobName(parts, file.path);
  return inTurn(parts.blobs, name, async () => {
    const { tenant } = parts;
    if ((await parts.store.file(tenant, uri)) !== undefined) {
      await parts.commit({ entries: [], removedFiles: [{ tenant, uri }] });
    }
    await fill(name);
    await parts.protection?.seal(name, file.provenance);
    const size = await parts.blobs.size(name);
    const provenance = file.provenance as unknown as Value;
    await parts.commit({
      entries: [entry(parts, 'file-stored', file.owner, { uri, size, provenance })],
      files: [
        {
          tenant,
          uri,
          owner: file.owner,
          size,
          at: parts.clock.now(),
          provenance: JSON.stringify(file.provenance),
        },
      ],
    });
    return uri;
  });
}

/** Deletes the file at `path`; tells whether it was there. */
export async function deleteFile(parts: FileParts, path: string, owner: Owner): Promise<boolean> {
  const uri = formatUri(path);
  const name = blobName(parts, path);
  await parts.refuseHeld?.({ uri, owner });
  return inTurn(parts.blobs, name, async () => {
    // The bytes go first: a record without bytes is a file that is not there, not a file that stayed.
    const wasThere = await parts.blobs.delete(name);
    if (!wasThere) return false;
    const record = await parts.store.file(parts.tenant, uri);
    // The name of a file about somebody may tell who it is: marked, it stands under their key.
    const isAbout = record !== undefined && mayConcern(record.provenance);
    const provenance = isAbout ? { provenance: JSON.parse(record.provenance) as Value } : {};
    await parts.commit({
      entries: [entry(parts, 'file-deleted', owner, { uri, ...provenance })],
      removedFiles: [{ tenant: parts.tenant, uri }],
    });
    return true;
  });
}

/** Returns where the content of the file at `path` comes from; throws `file.not-found`. */
export async function fileProvenance(parts: FileParts, path: string): Promise<Provenance> {
  await parts.blobs.size(blobName(parts, path));
  const record = await parts.store.file(parts.tenant, formatUri(path));
  return record === undefined
    ? unknownProvenance
    : readProvenance(JSON.parse(record.provenance) as Provenance);
}

/** Returns the size of the file at `path` as it was given; throws `file.not-found`. */
export async function fileSize(parts: FileParts, path: string): Promise<number> {
  const name = blobName(parts, path);
  const isSealed =
    parts.protection !== undefined &&
    guardedClasses((await fileProvenance(parts, path)).classes).length > 0;
  return isSealed ? (await parts.blobs.get(name)).length : parts.blobs.size(name);
}

/** Returns a local path with the content of the file at `path`; throws `file.not-found`. */
export async function localFile(parts: FileParts, path: string): Promise<string> {
  const name = blobName(parts, path);
  if (parts.protection === undefined) return parts.blobs.localPath(name);
  return parts.protection.localPath(name, await fileProvenance(parts, path));
}

/** Returns `content` as bytes. */
export function bytesOf(content: Uint8Array | string): Uint8Array {
  return typeof content === 'string' ? new TextEncoder().encode(content) : content;
}
