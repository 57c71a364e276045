/**
 * Files that hold a key: made once, for their owner alone, and refused when they are not fit. A key that
 * is missing is made anew only where nothing was signed or encrypted yet.
 *
 * INVARIANT: under its name stands a whole key or none, also after a loss of power.
 */
import { randomUUID } from 'node:crypto';
import {
  closeSync,
  fstatSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { Failure } from '../../core/failure/index.ts';

/** How a key file is read. */
export interface KeyFileOptions {
  /** Tells whether a missing key may be made; asked when it is missing. */
  readonly mayMake?: () => boolean;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/** Returns the failure that says why a key file cannot be used. */
export function unfitKey(path: string, what: string, help?: string, cause?: unknown): Failure {
  return new Failure('store.key-unfit', `the key \`${path}\` ${what}`, {
    cause,
    ...(help === undefined ? {} : { help }),
  });
}

const reasons: Readonly<Record<string, readonly [string, string]>> = {
  EISDIR: ['is a folder', 'put the key file back in its place'],
  ELOOP: ['is a link that leads nowhere', 'put the key file back in its place'],
  EACCES: ['cannot be read by this user', 'let the user own it who runs Sluice'],
  EPERM: ['cannot be read by this user', 'let the user own it who runs Sluice'],
};

function read(path: string): string | undefined {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    const { mode } = fstatSync(file);
    const text = readFileSync(file, 'utf8');
    // Windows has no such bits and tells all of them.
    if ((mode & 0o077) !== 0 && process.platform !== 'win32') {
      const bits = (mode & 0o777).toString(8);
      const help = `take it back with \`chmod 600\`; who could read it may have a copy`;
      throw unfitKey(path, `may be read or written by others (mode ${bits})`, help);
    }
    if (text.trim() === '') {
      throw unfitKey(path, 'is empty', 'put it back from where a copy of it is kept');
    }
    return text;
  } catch (error) {
    if (error instanceof Failure) throw error;
    if (codeOf(error) === 'ENOENT') return undefined;
    const [what, help] = reasons[codeOf(error)] ?? ['cannot be read', 'check the disk'];
    throw unfitKey(path, what, help, error);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function flush(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function write(path: string, text: string): void {
  const folder = dirname(path);
  const draft = `${path}.${randomUUID()}`;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    try {
      writeFileSync(draft, text, { mode: 0o600, flag: 'wx', flush: true });
      // A link and not a rename: the key that another process made in the meantime stays.
      linkSync(draft, path);
    } finally {
      unlinkSync(draft);
    }
    flush(folder);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return;
    const isFull = ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(codeOf(error));
    throw new Failure('store.unreachable', `the key \`${path}\` cannot be written`, {
      cause: error,
      help: isFull ? 'free some space and try again' : 'allow this user to write the data folder',
    });
  }
}

/** Returns the text of the key file at `path`, which `make` gives when there is none and there may be a new one. */
export function readKeyFile(
  path: string,
  make: () => string,
  { mayMake = () => true }: KeyFileOptions,
): string {
  const known = read(path);
  if (known !== undefined) return known;
  if (mayMake()) write(path, make());
  const made = read(path);
  if (made !== undefined) return made;
  throw unfitKey(path, 'is missing', 'put it back from where a copy of it is kept');
}
