/**
 * Every type the language knows, from the generated catalogue: enough to check a flow and to explain a
 * type without opening a data folder or loading the code of any task.
 */
import { readFile } from 'node:fs/promises';
import { createTypeCatalogue, type TypeCatalogue, type TypeEntry } from '../core/flow/index.ts';

const file = new URL('../../generated/task-catalogue.json', import.meta.url);

/** Returns the catalogue of this package. */
export async function loadCatalogue(): Promise<TypeCatalogue> {
  return createTypeCatalogue(JSON.parse(await readFile(file, 'utf8')) as readonly TypeEntry[]);
}
