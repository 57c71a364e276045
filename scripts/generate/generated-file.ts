/**
 * What a generator gives: text for a path, and which places belong to generators alone, so that a page
 * of something that no longer exists is found and removed.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A file that is generated, whole or in part. */
export interface GeneratedFile {
  /** From the root of the repository, with `/`. */
  readonly path: string;
  readonly content: string;
}

/** A folder in which every file with this ending is generated. */
export interface GeneratedFolder {
  readonly path: string;
  readonly ending: string;
}

/** How a file on disk differs from what is generated. */
export interface StaleFile {
  readonly path: string;
  readonly state: 'missing' | 'changed' | 'superfluous';
}

/** Returns `value` as JSON text that looks the same on every machine. */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** Returns the files below `root` that differ from `files`, in order of path. */
export function staleFiles(
  root: string,
  files: readonly GeneratedFile[],
  folders: readonly GeneratedFolder[],
): readonly StaleFile[] {
  const stale: StaleFile[] = [];
  for (const { path, content } of files) {
    const place = join(root, path);
    if (!existsSync(place)) stale.push({ path, state: 'missing' });
    else if (readFileSync(place, 'utf8') !== content) stale.push({ path, state: 'changed' });
  }
  const known = new Set(files.map((file) => file.path));
  for (const folder of folders) {
    if (!existsSync(join(root, folder.path))) continue;
    for (const name of readdirSync(join(root, folder.path))) {
      const path = `${folder.path}/${name}`;
      if (name.endsWith(folder.ending) && !known.has(path)) {
        stale.push({ path, state: 'superfluous' });
      }
    }
  }
  return stale.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

/** Makes the files below `root` equal to `files`; gives what it changed. */
export function writeFiles(
  root: string,
  files: readonly GeneratedFile[],
  folders: readonly GeneratedFolder[],
): readonly StaleFile[] {
  const stale = staleFiles(root, files, folders);
  const contents = new Map(files.map((file) => [file.path, file.content]));
  for (const { path } of stale) {
    const content = contents.get(path);
    const place = join(root, path);
    if (content === undefined) {
      rmSync(place);
      continue;
    }
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, content);
  }
  return stale;
}
