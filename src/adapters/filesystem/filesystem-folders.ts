/** Working folders below one root of the local disk. Links are not followed out of a folder. */
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, matchesGlob, normalize, relative, sep } from 'node:path';
import { Failure } from '../../core/failure/index.ts';
import type { Folders } from '../../ports/folders.ts';

function inside(folder: string, path: string): string {
  const full = normalize(join(folder, path));
  if (isAbsolute(path) || path.includes('\0') || !full.startsWith(`${folder}${sep}`)) {
    throw new Failure('file.refused', `the path \`${path}\` leads out of the working folder`);
  }
  return full;
}

/** Returns the working folders below `root`. */
export function createFilesystemFolders(root: string): Folders {
  const pathOf = (id: string): string => join(root, id.replaceAll(/[^a-zA-Z0-9_-]/g, '_'));
  return {
    async make(id) {
      const path = pathOf(id);
      await mkdir(path, { recursive: true, mode: 0o700 });
      return path;
    },
    async open(id) {
      const path = pathOf(id);
      if (!existsSync(path)) {
        throw new Failure('file.not-found', `the working folder \`${id}\` is gone`, {
          help: 'somebody removed it, or its disk lost it; restart the execution',
        });
      }
      return path;
    },
    async remove(id) {
      await rm(pathOf(id), { recursive: true, force: true });
    },
    async list() {
      try {
        return await readdir(root);
      } catch (error) {
        // None was ever made.
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
        throw error;
      }
    },
    async write(folder, path, content) {
      const full = inside(folder, path);
      await mkdir(dirname(full), { recursive: true });
      await writeFile(full, content);
    },
    async read(folder, path) {
      return readFile(inside(folder, path));
    },
    async find(folder, globs) {
      const entries = await readdir(folder, { recursive: true, withFileTypes: true });
      const found = [];
      for (const entry of entries) {
        if (!entry.isFile()) continue;
        const full = join(entry.parentPath, entry.name);
        const path = relative(folder, full).split(sep).join('/');
        if (!globs.some((glob) => matchesGlob(path, glob.replace(/^(glob:)?\.?\//, '')))) continue;
        found.push({ path, changedAt: (await stat(full)).mtimeMs });
      }
      return found.toSorted((a, b) => (a.path < b.path ? -1 : 1));
    },
  };
}
