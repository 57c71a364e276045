/**
 * Files around a program: what is laid into its working folder before it starts (input files, files of
 * the namespace, content behind storage URIs) and what is kept of the folder when it has ended.
 *
 * INVARIANT: nothing is written, and nothing is kept, outside the working folder.
 */
import {
  copyFile,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  realpath,
  rm,
  writeFile,
} from 'node:fs/promises';
import { basename, dirname, join, matchesGlob, normalize, sep } from 'node:path';
import { Failure } from '../../core/failure/index.ts';
import type { TaskContext } from '../../ports/task-context.ts';

/** Files to lay into a working folder, by name: literal content, a storage URI, or null for an empty file. */
export type InputFiles = Readonly<Record<string, string | number | boolean | null>> | string;

/** Which files of which namespaces a task gets in its working folder. */
export interface NamespaceFilesChoice {
  readonly enabled?: boolean | undefined;
  readonly include?: readonly string[] | undefined;
  readonly exclude?: readonly string[] | undefined;
  readonly namespaces?: readonly string[] | undefined;
  readonly ifExists?: 'OVERWRITE' | 'ERROR' | 'WARN' | 'IGNORE' | undefined;
  readonly folderPerNamespace?: boolean | undefined;
}

/** Where a task run works. */
export interface WorkingPlaces {
  /** The working folder, which the tasks of a WorkingDirectory share. */
  readonly folder: string;
  /** A hidden folder in it for what this attempt alone needs. */
  readonly own: string;
}

/** Lets `use` work in the working folder; what it leaves in `own` goes when it ends. */
export async function withWorkingPlaces<T>(
  context: TaskContext,
  use: (places: WorkingPlaces) => Promise<T>,
): Promise<T> {
  const folder = await context.workingFolder();
  const { id, attemptsBefore } = context.taskRun;
  const own = join(folder, `.sluice-${id}-${attemptsBefore}`);
  await mkdir(own, { recursive: true });
  try {
    return await use({ folder, own });
  } finally {
    await rm(own, { recursive: true, force: true, maxRetries: 3 });
  }
}

const storageUri = /^(kestra|nsfile):\/\/\S+$/;

/** A storage URI inside a text; a full stop that ends a sentence is not part of it. */
const storageUriInText = /\b(?:kestra|nsfile):\/\/[-\w%.+~#=/@]*[-\w%+~#=/@]/g;

/** Tells whether `text` is a URI of internal storage and nothing else. */
export function isStorageUri(text: string): boolean {
  return storageUri.test(text);
}

/** Returns the local path of `name` inside `folder`; refuses names that would lead out of it. */
export function pathInFolder(folder: string, name: string): string {
  const leavesFolder = normalize(name).split(sep).includes('..');
  if (name === '' || /^(\.\/|\.\.|\/)/.test(name) || leavesFolder || name.includes('\0')) {
    throw new Failure('task.input-invalid', `a file cannot be named \`${name}\``, {
      help: 'name it relative to the working folder, without `./`, `..` or `/` at its start',
    });
  }
  return join(folder, name);
}

/** Returns the entries of `inputFiles`, which may be a map or the JSON text of one. */
function inputEntries(inputFiles: InputFiles): [string, string | null][] {
  if (typeof inputFiles !== 'string') {
    return Object.entries(inputFiles).map(([name, one]) => [name, one === null ? null : `${one}`]);
  }
  if (inputFiles.trim() === '') return [];
  let parsed: unknown;
  try {
    parsed = JSON.parse(inputFiles);
  } catch (cause) {
    throw new Failure('task.input-invalid', '`inputFiles` is neither a map nor the JSON of one', {
      cause,
    });
  }
  if (parsed === null || typeof parsed !== 'object' || Array.isArray(parsed)) {
    throw new Failure('task.input-invalid', '`inputFiles` is neither a map nor the JSON of one');
  }
  return Object.entries(parsed).map(([name, one]) => [
    name,
    one === null ? null : typeof one === 'string' ? one : JSON.stringify(one),
  ]);
}

/** Lays `inputFiles` into `folder`, fetching what is behind storage URIs; gives their names. */
export async function placeInputFiles(
  inputFiles: InputFiles | undefined,
  folder: string,
  context: TaskContext,
): Promise<readonly string[]> {
  const entries = inputEntries(inputFiles ?? {});
  for (const [name, content] of entries) {
    const path = pathInFolder(folder, name);
    await mkdir(dirname(path), { recursive: true });
    const uri = content?.trim() ?? '';
    if (isStorageUri(uri)) await copyFile(await context.files.localPath(uri), path);
    else await writeFile(path, content ?? '');
  }
  return entries.map(([name]) => name);
}

/** Tells whether `name` is one of `patterns` or matches one; names that start with a dot match only a dot. */
function matchesAny(name: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => {
    const bare = pattern.replace(/^\.?\//, '');
    return name === bare || matchesGlob(name, bare);
  });
}

async function exists(path: string): Promise<boolean> {
  return await lstat(path).then(
    () => true,
    () => false,
  );
}

/** Lays the chosen namespace files into `folder`. */
export async function placeNamespaceFiles(
  choice: NamespaceFilesChoice | undefined,
  folder: string,
  context: TaskContext,
): Promise<void> {
  if (choice === undefined || choice.enabled === false) return;
  for (const namespace of choice.namespaces ?? [context.flow.namespace]) {
    const files = context.namespaceFiles(namespace);
    for (const name of await files.list()) {
      if (choice.include?.length && !matchesAny(name, choice.include)) continue;
      if (choice.exclude !== undefined && matchesAny(name, choice.exclude)) continue;
      const local = choice.folderPerNamespace === true ? `${namespace}/${name}` : name;
      const path = pathInFolder(folder, local);
      if (!(await mayPlace(path, local, choice, context))) continue;
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, await files.read(name));
    }
  }
}

async function mayPlace(
  path: string,
  name: string,
  choice: NamespaceFilesChoice,
  context: TaskContext,
): Promise<boolean> {
  const rule = choice.ifExists ?? 'OVERWRITE';
  if (rule === 'OVERWRITE' || !(await exists(path))) return true;
  if (rule === 'ERROR') {
    throw new Failure('file.refused', `\`${name}\` is already in the working folder`, {
      help: 'set `ifExists` of `namespaceFiles`, or leave the file out with `exclude`',
    });
  }
  if (rule === 'WARN') context.log('WARN', `\`${name}\` is already in the working folder and kept`);
  return false;
}

/** Returns `text` with each storage URI in it replaced by the path of a copy of its content. */
export async function replaceStorageUris(
  text: string,
  { own }: WorkingPlaces,
  context: TaskContext,
): Promise<string> {
  const uris = new Set(text.match(storageUriInText));
  if (uris.size === 0) return text;
  const paths = new Map<string, string>();
  for (const uri of uris) {
    await mkdir(join(own, 'fetched'), { recursive: true });
    const path = join(await mkdtemp(join(own, 'fetched', 'file-')), basename(uri));
    await copyFile(await context.files.localPath(uri), path);
    paths.set(uri, path);
  }
  return text.replace(storageUriInText, (uri) => paths.get(uri) ?? uri);
}

/** Returns the names of files below `folder`; folders that start with a dot only when `withHidden`. */
async function filesBelow(folder: string, withHidden: boolean, prefix = ''): Promise<string[]> {
  const names: string[] = [];
  for (const entry of await readdir(join(folder, prefix), { withFileTypes: true })) {
    const name = `${prefix}${entry.name}`;
    if (entry.isDirectory()) {
      if (entry.name.startsWith('.') && !withHidden) continue;
      names.push(...(await filesBelow(folder, withHidden, `${name}/`)));
    } else if (entry.isFile() || entry.isSymbolicLink()) names.push(name);
  }
  return names;
}

/** Keeps each file of `folder` that matches one of `patterns`; gives their URIs by relative name. */
export async function collectOutputFiles(
  patterns: readonly string[],
  folder: string,
  context: TaskContext,
): Promise<Record<string, string>> {
  const uris: Record<string, string> = Object.create(null) as Record<string, string>;
  if (patterns.length === 0) return uris;
  const withHidden = patterns.some((pattern) => /(^|\/)\.[^./]/.test(pattern));
  const root = await realpath(folder);
  for (const name of (await filesBelow(folder, withHidden)).toSorted()) {
    if (!matchesAny(name, patterns)) continue;
    const path = await realpath(join(folder, name));
    if (!path.startsWith(root + sep)) {
      context.log('WARN', `\`${name}\` is a link that leads out of the working folder; not kept`);
      continue;
    }
    uris[name] = await context.files.putFile(name, path);
  }
  return uris;
}
