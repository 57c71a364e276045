/**
 * Bytes by name in a folder. A name becomes a path of which every part is plain letters, digits, `.`,
 * `_` and `-`; everything else is written as `%` and two hex digits, so that no name leaves the folder
 * and no file system reads two names as one.
 *
 * INVARIANT: under a name stands a whole content or none: it is written beside, flushed and renamed.
 */
import { constants, type Stats } from 'node:fs';
import {
  type FileHandle,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  stat,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { Failure } from '../../core/failure/index.ts';
import type { Blobs } from '../../ports/blobs.ts';

/** File systems end a name at 255 bytes; a longer one goes on in a folder whose name ends in a lone `%`. */
const partMax = 200;

function refuse(name: string, why: string, cause?: unknown): never {
  const shown = name.replaceAll('\0', '␀');
  throw new Failure('file.refused', `the name \`${shown}\` is refused: ${why}`, { cause });
}

function encodePart(part: string): string {
  const plain = Buffer.from(part)
    .toString('latin1')
    .replace(/[^\w.-]/g, (one) => `%${one.charCodeAt(0).toString(16).padStart(2, '0')}`);
  const pieces: string[] = [];
  for (let from = 0; from < plain.length; ) {
    let to = Math.min(from + partMax, plain.length);
    // An escape is not torn apart.
    if (to < plain.length) while (plain[to - 1] === '%' || plain[to - 2] === '%') to -= 1;
    pieces.push(plain.slice(from, to));
    from = to;
  }
  return pieces.join('%/');
}

function encodeName(name: string): string {
  if (name.includes('\0')) refuse(name, 'it holds a NUL');
  return name
    .split('/')
    .map((part) => {
      if (part === '' || part === '.' || part === '..') refuse(name, 'it is no path inside');
      return encodePart(part);
    })
    .join('/');
}

function decodeName(path: string): string {
  return decodeURIComponent(path.replaceAll('%/', ''));
}

/** Returns what an error of the file system means for the content `name`. */
function blobFailure(error: unknown, name: string): unknown {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  switch (code) {
    case 'ENOENT':
      return new Failure('file.not-found', `there is no file \`${name}\``, { cause: error });
    case 'ENOTDIR':
    case 'EISDIR':
    case 'EEXIST':
    case 'ENOTEMPTY':
      return new Failure('file.refused', `the name \`${name}\` is refused: another is in the way`, {
        cause: error,
      });
    case 'ENAMETOOLONG':
      return new Failure('file.refused', `the name \`${name}\` is refused: it is too long`, {
        cause: error,
      });
    case 'ENOSPC':
    case 'EDQUOT':
      return new Failure('store.unreachable', 'the disk under the files is full', {
        cause: error,
        help: 'free some space and try again',
      });
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
    case 'EIO':
      return new Failure('store.unreachable', 'the folder of the files cannot be used', {
        cause: error,
        help: 'allow this user to write the data folder and check the disk',
      });
    default:
      return error;
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes `folder` and flushes the folders in which something was made. */
async function makeFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  for (let made = folder; made.length >= first.length; made = dirname(made)) {
    await syncFolder(dirname(made));
  }
}

/** Returns what is known of the file at `path`; undefined when there is none (a folder is none). */
async function look(path: string): Promise<Stats | undefined> {
  try {
    const stats = await stat(path);
    return stats.isFile() ? stats : undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // `ENOTDIR`: a file stands where the name wants a folder.
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}

async function found(name: string, path: string): Promise<Stats> {
  const stats = await look(path);
  if (stats === undefined) throw new Failure('file.not-found', `there is no file \`${name}\``);
  return stats;
}

async function copyContent(from: FileHandle, to: FileHandle): Promise<void> {
  const piece = Buffer.alloc(1 << 20);
  for (;;) {
    const { bytesRead } = await from.read(piece);
    if (bytesRead === 0) return;
    await to.writeFile(piece.subarray(0, bytesRead));
  }
}

async function listNames(folder: string, inner: string): Promise<string[]> {
  const names: string[] = [];
  const inside = await readdir(join(folder, inner), { withFileTypes: true }).catch((error) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  });
  for (const one of inside) {
    const path = `${inner}${one.name}`;
    if (one.isDirectory()) names.push(...(await listNames(folder, `${path}/`)));
    else names.push(path);
  }
  return names;
}

/** Returns the bytes kept below `folder`, which is made when it is missing. */
export function createFilesystemBlobs(folder: string): Blobs {
  const contentFolder = join(folder, 'content');
  const draftFolder = join(folder, 'drafts');
  const pathOf = (name: string): string => join(contentFolder, encodeName(name));

  const speaking = async <T>(name: string, work: (path: string) => Promise<T>): Promise<T> => {
    const path = pathOf(name);
    try {
      return await work(path);
    } catch (error) {
      throw blobFailure(error, name);
    }
  };

  const putWith = (name: string, fill: (draft: FileHandle) => Promise<void>): Promise<void> =>
    speaking(name, async (path) => {
      await mkdir(draftFolder, { recursive: true, mode: 0o700 });
      const draftPath = join(draftFolder, randomUUID());
      const draft = await open(draftPath, 'wx', 0o600);
      try {
        try {
          await fill(draft);
          await draft.sync();
        } finally {
          await draft.close();
        }
        await makeFolder(dirname(path));
        await rename(draftPath, path);
      } catch (error) {
        await rm(draftPath, { force: true });
        throw error;
      }
      await syncFolder(dirname(path));
    });

  return {
    put: (name, content) => putWith(name, (draft) => draft.writeFile(content)),
    putFile: (name, localPath) =>
      putWith(name, async (draft) => {
        // A copy, not a move: whoever still holds the file open could change a stored content. A link
        // is not followed: a script could point it at any file this user may read.
        const source = await open(localPath, constants.O_RDONLY | constants.O_NOFOLLOW).catch(
          (error: unknown) => {
            const isLink = (error as NodeJS.ErrnoException).code === 'ELOOP';
            if (isLink) refuse(localPath, 'it is a link', error);
            throw blobFailure(error, localPath);
          },
        );
        try {
          if (!(await source.stat()).isFile()) refuse(localPath, 'it is no plain file');
          await copyContent(source, draft);
        } finally {
          await source.close();
        }
      }),
    get: (name) =>
      speaking(name, async (path) => {
        await found(name, path);
        return new Uint8Array(await readFile(path));
      }),
    localPath: (name) =>
      speaking(name, async (path) => {
        await found(name, path);
        return path;
      }),
    size: (name) => speaking(name, async (path) => (await found(name, path)).size),
    exists: (name) => speaking(name, async (path) => (await look(path)) !== undefined),
    delete: (name) =>
      speaking(name, async (path) => {
        if ((await look(path)) === undefined) return false;
        await rm(path, { force: true });
        await syncFolder(dirname(path));
        return true;
      }),
    list: async (prefix) => {
      const inner = prefix.slice(0, prefix.lastIndexOf('/') + 1);
      const within = inner === '' ? '' : `${encodeName(inner.slice(0, -1))}/`;
      try {
        const names = (await listNames(contentFolder, within)).map(decodeName);
        return names.filter((name) => name.startsWith(prefix)).toSorted();
      } catch (error) {
        throw blobFailure(error, prefix);
      }
    },
  };
}
