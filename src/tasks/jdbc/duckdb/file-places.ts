/**
 * Which files a query may touch. The engine itself is closed to every file but the working folder and
 * the places that are handed to it; this file decides what is handed to it.
 *
 * INVARIANT: a query writes into the working folder of its task run only. What it reads elsewhere was
 * named in the text of the query and passed `mayReadLocalPath`, or came from storage.
 */
import { mkdir, mkdtemp, realpath, symlink } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Failure } from '../../../core/failure/index.ts';
import type { TaskContext } from '../../../ports/task-context.ts';
import { isStorageUri, type WorkingPlaces } from '../../scripts/index.ts';
import type { PieceRole } from './sql-text.ts';

/** Places that a query may reach beside its working folder. */
export interface AllowedPlaces {
  readonly paths: Set<string>;
  readonly folders: Set<string>;
}

/** What is needed to tell where a file lies. */
export interface PlaceSetting extends WorkingPlaces {
  readonly context: TaskContext;
  readonly allowed: AllowedPlaces;
}

const systemFolders = ['/boot', '/dev', '/etc', '/proc', '/run', '/sys'];

/**
 * Tells whether a query may read the local file or folder `path`, links resolved.
 *
 * The rule: whoever deploys a flow on this machine may name a file of it by its absolute path, as on a
 * command line, so anything that this process may read is allowed, but for two groups. What belongs to
 * the system (`/etc`, `/proc`, …) is no data and holds credentials and environments. Whatever has a part
 * that starts with a dot is settings, keys or the records of this product.
 */
export function mayReadLocalPath(path: string): boolean {
  if (!isAbsolute(path)) return false;
  if (systemFolders.some((folder) => path === folder || path.startsWith(`${folder}/`)))
    return false;
  return !path.split(sep).some((part) => part.startsWith('.'));
}

function isInside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder + sep);
}

function refuse(message: string, help: string): Failure {
  return new Failure('file.refused', message, { help });
}

async function realPathOf(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (cause) {
    throw new Failure('file.not-found', `there is no file \`${path}\``, { cause });
  }
}

/** Returns the path with links resolved as far as it exists. */
async function realPathSoFar(path: string): Promise<string> {
  const real = await realpath(path).catch(() => undefined);
  if (real !== undefined || dirname(path) === path) return real ?? path;
  return join(await realPathSoFar(dirname(path)), basename(path));
}

/** Returns the path of the database file `path`, which the query may change; links are resolved. */
export async function databasePlace(path: string, folder: string): Promise<string> {
  const real = await realPathSoFar(resolve(folder, path));
  if (isInside(real, await realpath(folder)) || mayReadLocalPath(real)) return real;
  throw refuse(
    `the database file \`${path}\` may not be opened`,
    'name a file outside system and hidden folders, or pass a stored one as `databaseUri`',
  );
}

async function storedPlace(uri: string, { own, context, allowed }: PlaceSetting): Promise<string> {
  await mkdir(join(own, 'fetched'), { recursive: true });
  const place = await mkdtemp(join(own, 'fetched', 'file-'));
  // The engine goes by the ending of a name, which the place in storage may not have, and reads
  // brackets and stars in it as a pattern.
  const link = join(place, basename(uri).replace(/[^\w.-]/g, '_'));
  const stored = await realpath(await context.files.localPath(uri));
  await symlink(stored, link);
  // The engine resolves links before it asks whether it may read, and storage is no allowed folder.
  allowed.paths.add(stored);
  return link;
}

async function writtenPlace(text: string, path: string, folder: string): Promise<string> {
  if (isInside(await realPathSoFar(path), await realpath(folder))) return path;
  throw refuse(
    `a query may not write to \`${text}\``,
    'write into the working folder, for example to `{{ outputFiles.name }}`',
  );
}

async function outsidePlace(text: string, path: string, allowed: AllowedPlaces): Promise<string> {
  const pattern = path.split(sep).findIndex((part) => /[*?[]/.test(part));
  const parts = path.split(sep);
  const fixed = pattern < 0 ? path : parts.slice(0, pattern).join(sep) || sep;
  const real = await realPathOf(fixed);
  if (!mayReadLocalPath(real)) {
    throw refuse(
      `a query may not read \`${text}\``,
      'files of the system and hidden files are refused; pass the content as a FILE input',
    );
  }
  if (pattern < 0) {
    allowed.paths.add(real);
    return real;
  }
  const folder = real.endsWith(sep) ? real : real + sep;
  allowed.folders.add(folder);
  return folder + parts.slice(pattern).join(sep);
}

/**
 * Returns the path that stands for `text`, a URI or path used in a query as `role` says, and notes what
 * the engine must be allowed to reach.
 */
export async function placeOf(
  text: string,
  role: Exclude<PieceRole, 'value'>,
  setting: PlaceSetting,
): Promise<string> {
  const { folder, allowed } = setting;
  const isWritten = role === 'file-written';
  if (isStorageUri(text)) {
    if (!isWritten) return storedPlace(text, setting);
    throw refuse(
      `a query may not write to \`${text}\``,
      'write to `{{ outputFiles.name }}`; the file is stored when the query has ended',
    );
  }
  if (text.startsWith('file://')) {
    const path = fileURLToPath(text);
    if (isInside(await realPathSoFar(path), await realpath(folder))) return path;
    throw refuse(
      `\`${text}\` lies outside the working folder`,
      'pass the content with `inputFiles` or as a FILE input',
    );
  }
  if (/^[a-z][\w+.-]+:\/\//i.test(text)) {
    throw refuse(
      `a query may not reach \`${text}\``,
      'fetch it with `core.http.Download` first and use the URI it gives',
    );
  }
  const path = resolve(folder, text);
  if (isWritten) return writtenPlace(text, path, folder);
  if (isInside(path, folder)) return path;
  if (!isAbsolute(text)) {
    throw refuse(`\`${text}\` leads out of the working folder`, 'use a path without `..`');
  }
  return outsidePlace(text, path, allowed);
}
