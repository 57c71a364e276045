/**
 * Exchanges a data folder for another one that was built beside it. Two renames cannot happen at once,
 * so the former folder says by which one it is replaced: who finds no data folder looks there first.
 *
 * INVARIANT: a process that ends between the renames leaves what the next one finishes.
 */
import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { hasCode, syncFolder, writeDurably } from './durable-files.ts';

const asideMark = '.before-restore-';
const successorName = 'replaced-by';

/** Puts `stage` in the place of `folder`; gives where the former folder is kept, if there was one with anything in it. */
export async function exchangeFolders(
  folder: string,
  stage: string,
  { hasFormer, at }: { readonly hasFormer: boolean; readonly at: number },
): Promise<string | undefined> {
  const parent = dirname(folder);
  if (!hasFormer) {
    await rename(stage, folder);
    await syncFolder(parent);
    return undefined;
  }
  const time = new Date(at).toISOString().replace(/[-:]|\.\d+/g, '');
  let aside = `${folder}${asideMark}${time}`;
  for (let count = 2; existsSync(aside); count += 1) {
    aside = `${folder}${asideMark}${time}-${count}`;
  }
  const successor = join(folder, successorName);
  await rm(successor, { force: true });
  await writeDurably(successor, basename(stage));
  await syncFolder(folder);
  await rename(folder, aside);
  try {
    await rename(stage, folder);
  } catch (error) {
    await rename(aside, folder);
    throw error;
  }
  await syncFolder(parent);
  await rm(join(aside, successorName), { force: true });
  return aside;
}

/** Finishes an exchange that was ended suddenly: there is no data folder, but one that was to become it. */
export function finishExchange(folder: string): void {
  if (existsSync(folder)) return;
  const parent = dirname(folder);
  const start = `${basename(folder)}${asideMark}`;
  let names: readonly string[];
  try {
    names = readdirSync(parent);
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR', 'EACCES')) return;
    throw error;
  }
  for (const name of names.filter((one) => one.startsWith(start))) {
    const note = join(parent, name, successorName);
    if (!existsSync(note)) continue;
    const stage = join(parent, basename(readFileSync(note, 'utf8')));
    if (!existsSync(stage)) continue;
    renameSync(stage, folder);
    rmSync(note, { force: true });
    return;
  }
}
