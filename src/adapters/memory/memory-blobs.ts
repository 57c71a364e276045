/** Bytes by name in memory: the reference for tests. A local path is made on demand in a folder of its own. */
import { lstat, mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Failure } from '../../core/failure/index.ts';
import type { Blobs } from '../../ports/blobs.ts';

function refuse(name: string, why: string): never {
  throw new Failure('file.refused', `the name \`${name}\` is refused: ${why}`);
}

/** Returns an empty store of bytes that lives in memory. */
export function createMemoryBlobs(): Blobs {
  const contents = new Map<string, Uint8Array>();
  let folder: Promise<string> | undefined;

  const check = (name: string): void => {
    if (name.includes('\0')) refuse(name.replaceAll('\0', '␀'), 'it holds a NUL');
    for (const part of name.split('/')) {
      if (part === '' || part === '.' || part === '..') refuse(name, 'it is no path inside');
    }
  };
  const get = (name: string): Uint8Array => {
    check(name);
    const content = contents.get(name);
    if (content === undefined) throw new Failure('file.not-found', `there is no file \`${name}\``);
    return content;
  };
  const put = (name: string, content: Uint8Array): void => {
    check(name);
    for (const other of contents.keys()) {
      if (name.startsWith(`${other}/`) || other.startsWith(`${name}/`)) {
        refuse(name, `\`${other}\` is in the way`);
      }
    }
    contents.set(name, content);
  };
  return {
    async put(name, content) {
      put(name, Uint8Array.from(content));
    },
    async putFile(name, localPath) {
      check(name);
      const found = await lstat(localPath).catch((cause: unknown) => {
        throw new Failure('file.not-found', `there is no file \`${localPath}\``, { cause });
      });
      if (!found.isFile()) refuse(localPath, 'it is no plain file');
      put(name, await readFile(localPath));
    },
    async get(name) {
      return Uint8Array.from(get(name));
    },
    async localPath(name) {
      const content = get(name);
      folder ??= mkdtemp(join(tmpdir(), 'sluice-blobs-'));
      const path = join(await folder, name);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, content);
      return path;
    },
    async size(name) {
      return get(name).length;
    },
    async exists(name) {
      check(name);
      return contents.has(name);
    },
    async delete(name) {
      check(name);
      return contents.delete(name);
    },
    async list(prefix) {
      return [...contents.keys()].filter((name) => name.startsWith(prefix)).toSorted();
    },
  };
}
