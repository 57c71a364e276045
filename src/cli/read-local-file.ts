/** Files that are named on the command line; one that cannot be read is wrong usage, said in a sentence. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Surroundings } from './command.ts';
import { usageFailure } from './parse-arguments.ts';

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'EISDIR') return 'it is a folder';
  if (code === 'EACCES' || code === 'EPERM') return 'access is refused';
  return error instanceof Error ? error.message : String(error);
}

/** Returns the bytes of a local file. */
export async function readLocalBytes(
  path: string,
  { workingFolder }: Pick<Surroundings, 'workingFolder'>,
): Promise<Uint8Array> {
  try {
    return await readFile(resolve(workingFolder, path));
  } catch (error) {
    throw usageFailure(`cannot read \`${path}\`: ${reasonOf(error)}`, 'check the path');
  }
}

/** Returns the text of a local file, or of standard input for `-`. */
export async function readLocalText(path: string, surroundings: Surroundings): Promise<string> {
  if (path === '-') return await surroundings.readInput();
  const bytes = await readLocalBytes(path, surroundings);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw usageFailure(`cannot read \`${path}\`: it is no UTF-8 text`, 'save it as UTF-8');
  }
}
