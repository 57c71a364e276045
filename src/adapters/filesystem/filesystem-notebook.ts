/**
 * Texts on disk that are only ever added to: in a file one behind the other with an empty line between,
 * in a folder each as a file of its own. The place is often a mount of another machine.
 */
import { mkdir, open, readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Failure } from '../../core/failure/index.ts';
import type { Notebook } from '../../ports/notebook.ts';

/** Stands between two texts; no text holds it. */
const separator = '\n\n\n';
/** The end of a file of which this much is read; the newest texts stand there. */
const readMax = 4 * 1024 * 1024;

async function isFolder(place: string): Promise<boolean> {
  try {
    return (await stat(place)).isDirectory();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}

async function write(path: string, flag: 'a' | 'wx', text: string): Promise<void> {
  const file = await open(path, flag, 0o644);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function keep(place: string, name: string, text: string): Promise<void> {
  if (!(await isFolder(place))) {
    await mkdir(dirname(place), { recursive: true });
    await write(place, 'a', `${text.trimEnd()}${separator}`);
    return;
  }
  try {
    await write(join(place, name), 'wx', text);
  } catch (error) {
    // A checkpoint of that name is kept already, and what is kept is never replaced.
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
}

async function readEnd(path: string): Promise<string> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const length = Math.min(size, readMax);
    const buffer = Buffer.alloc(length);
    await file.read(buffer, 0, length, size - length);
    const text = buffer.toString('utf8');
    // A text of which the beginning was not read is left out.
    return length === size ? text : text.slice(text.indexOf(separator) + separator.length);
  } finally {
    await file.close();
  }
}

async function kept(place: string, limit: number): Promise<readonly string[]> {
  if (!(await isFolder(place))) {
    const texts = (await readEnd(place)).split(separator).filter((text) => text.trim() !== '');
    return texts.slice(-limit).map((text) => `${text.trimEnd()}\n`);
  }
  const names = (await readdir(place)).filter((name) => name.endsWith('.checkpoint')).toSorted();
  return Promise.all(names.slice(-limit).map((name) => readFile(join(place, name), 'utf8')));
}

/** Returns a notebook on the file system. */
export function createFilesystemNotebook(): Notebook {
  const guarded = async <T>(place: string, work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (cause) {
      const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
      throw new Failure('anchor.not-kept', `\`${place}\` cannot be used (${code})`, { cause });
    }
  };
  return {
    keep: (place, name, text) => guarded(place, keep(place, name, text)),
    kept: (place, limit) => guarded(place, kept(place, limit)),
  };
}
