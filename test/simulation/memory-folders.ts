/** Working folders in memory, which outlive a process as those on a disk do. */
import { matchesGlob } from 'node:path';
import { Failure } from '../../src/core/failure/index.ts';
import type { Folders } from '../../src/ports/folders.ts';

/** Returns working folders in memory. */
export function createMemoryFolders(): Folders {
  const files = new Map<string, Uint8Array>();
  const made = new Set<string>();
  const pathOf = (folder: string, path: string): string => `${folder}/${path}`;
  return {
    async make(id) {
      made.add(id);
      return `/folders/${id}`;
    },
    async open(id) {
      if (!made.has(id)) throw new Failure('file.not-found', `the folder \`${id}\` is gone`);
      return `/folders/${id}`;
    },
    async remove(id) {
      made.delete(id);
      const prefix = `/folders/${id}/`;
      for (const path of files.keys()) if (path.startsWith(prefix)) files.delete(path);
    },
    list: async () => [...made],
    async write(folder, path, content) {
      files.set(pathOf(folder, path), Buffer.from(content));
    },
    async read(folder, path) {
      const content = files.get(pathOf(folder, path));
      if (content === undefined) throw new Failure('file.not-found', `there is no \`${path}\``);
      return content;
    },
    async find(folder, globs) {
      const found: { path: string; changedAt: number }[] = [];
      for (const full of [...files.keys()].toSorted()) {
        const path = full.slice(folder.length + 1);
        const isIn = full.startsWith(`${folder}/`);
        if (isIn && globs.some((glob) => matchesGlob(path, glob)))
          found.push({ path, changedAt: 0 });
      }
      return found;
    },
  };
}
