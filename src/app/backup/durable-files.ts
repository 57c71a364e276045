/**
 * Files that must be there after a loss of power: copied piece by piece with their digest, flushed, and
 * flushed with the folders they stand in.
 */
import { createHash } from 'node:crypto';
import { mkdir, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../../core/failure/index.ts';

const pieceBytes = 1 << 20;

/** Tells whether `error` is one of the file system with one of `codes`. */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}

const sentences: Readonly<Record<string, readonly [string, string]>> = {
  ENOSPC: ['the disk is full', 'free some space and try again'],
  EDQUOT: ['the disk quota is used up', 'free some space and try again'],
  EFBIG: ['the file would be larger than is allowed here', 'raise the limit and try again'],
  EROFS: ['the file system is read-only', 'name another folder, or mount it for writing'],
  EACCES: ['access is refused', 'allow this user to read and write there'],
  EPERM: ['access is refused', 'allow this user to read and write there'],
  EIO: ['the disk fails', 'check the disk'],
  EXDEV: ['the folder is a disk of its own', 'name a folder inside it'],
  EBUSY: ['the folder is in use, maybe as a mount point', 'name a folder inside it'],
  ENOTDIR: ['a file is in the way', 'name another folder'],
  EISDIR: ['it is a folder', 'put the file back in its place'],
};

/** Returns what an error of the file system at `path` means, as a failure; others as they are. */
export function fileFailure(error: unknown, path: string): unknown {
  if (error instanceof Failure || !(error instanceof Error) || !('syscall' in error)) return error;
  const { code = '', path: at = path } = error as NodeJS.ErrnoException;
  const [what, help] = sentences[code] ?? [`it cannot be used (${code})`, 'check the path'];
  return new Failure('backup.impossible', `\`${at}\`: ${what}`, { cause: error, help });
}

/** Flushes a folder: the names in it. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Returns size and digest of a file. */
export async function measureFile(path: string): Promise<{ size: number; sha256: string }> {
  return copyPieces(path, async () => {});
}

async function copyPieces(
  path: string,
  take: (piece: Uint8Array) => Promise<void>,
): Promise<{ size: number; sha256: string }> {
  const hash = createHash('sha256');
  const piece = Buffer.alloc(pieceBytes);
  let size = 0;
  const file = await open(path, 'r');
  try {
    for (;;) {
      const { bytesRead } = await file.read(piece, 0, pieceBytes);
      if (bytesRead === 0) return { size, sha256: hash.digest('hex') };
      const bytes = piece.subarray(0, bytesRead);
      hash.update(bytes);
      size += bytesRead;
      await take(bytes);
    }
  } finally {
    await file.close();
  }
}

/** Copies a file, which its owner alone may read, and flushes it; gives size and digest of what was copied. */
export async function copyDurably(
  from: string,
  to: string,
): Promise<{ size: number; sha256: string }> {
  const target = await open(to, 'wx', 0o600);
  try {
    const measured = await copyPieces(from, async (piece) => {
      await target.writeFile(piece);
    });
    await target.sync();
    return measured;
  } finally {
    await target.close();
  }
}

/** Writes a small file and flushes it. */
export async function writeDurably(path: string, text: string): Promise<void> {
  const target = await open(path, 'wx', 0o600);
  try {
    await target.writeFile(text);
    await target.sync();
  } finally {
    await target.close();
  }
}

/** Returns the paths of files below `folder`, relative to it, with `/`, in order; none when it is not there. */
export async function filesBelow(folder: string, inner = ''): Promise<string[]> {
  let inside;
  try {
    inside = await readdir(join(folder, inner), { withFileTypes: true });
  } catch (error) {
    if (inner === '' && hasCode(error, 'ENOENT')) return [];
    throw error;
  }
  const paths: string[] = [];
  for (const one of inside) {
    const path = inner === '' ? one.name : `${inner}/${one.name}`;
    if (one.isDirectory()) paths.push(...(await filesBelow(folder, path)));
    else paths.push(path);
  }
  return paths.toSorted();
}

/** Makes folders as they are needed and remembers which, to flush them all at once. */
export class MadeFolders {
  readonly #root: string;
  readonly #made = new Set<string>();

  constructor(root: string) {
    this.#root = root;
  }

  /** Makes the folder that the relative `path` of a file stands in. */
  async makeFor(path: string): Promise<void> {
    const parts = path.split('/').slice(0, -1);
    for (let length = 1; length <= parts.length; length += 1) {
      const folder = join(this.#root, ...parts.slice(0, length));
      if (this.#made.has(folder)) continue;
      await mkdir(folder, { recursive: true, mode: 0o700 });
      this.#made.add(folder);
    }
  }

  async sync(): Promise<void> {
    for (const folder of [...this.#made, this.#root]) await syncFolder(folder);
  }
}
