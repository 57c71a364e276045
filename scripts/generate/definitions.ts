/**
 * Finds the definitions of task types: every file below a folder of definitions that calls `defineTask`
 * or `defineFlowable` exports exactly one. Triggers join as a second folder with their own kind.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AnyTaskDefinition } from '../../src/ports/task.ts';

/** A definition and where it stands. */
export interface FoundDefinition {
  readonly definition: AnyTaskDefinition;
  /** Path from the folder of definitions: `core/http/request.ts`. */
  readonly file: string;
  readonly exportName: string;
}

/** The folder of task definitions, from the root of the repository. */
export const taskFolder = 'src/tasks';

function isDefinition(value: unknown): value is AnyTaskDefinition {
  if (value === null || typeof value !== 'object') return false;
  const { kind, type } = value as Record<string, unknown>;
  return (kind === 'runnable' || kind === 'flowable') && typeof type === 'string';
}

function definitionFiles(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => file.endsWith('.ts') && !/\.(test|generated)\.ts$/.test(file))
    .filter((file) =>
      /\bdefine(Task|Flowable)\b\s*[(<]/.test(readFileSync(join(folder, file), 'utf8')),
    )
    .toSorted();
}

async function load(path: string): Promise<object> {
  try {
    return (await import(pathToFileURL(path).href)) as object;
  } catch (error) {
    throw new Error(`\`${path}\` cannot be loaded: ${String(error)}`, { cause: error });
  }
}

/** Returns every definition below `folder`, in order of type; throws when a file breaks the rule of one. */
export async function findDefinitions(folder: string): Promise<readonly FoundDefinition[]> {
  const found: FoundDefinition[] = [];
  for (const file of definitionFiles(folder)) {
    const exported = await load(join(folder, file));
    const definitions = Object.entries(exported).filter(([, value]) => isDefinition(value));
    const [only, second] = definitions;
    if (only === undefined || second !== undefined) {
      throw new Error(
        `\`${file}\` exports ${definitions.length} definitions; a file of a task type exports one`,
      );
    }
    found.push({ definition: only[1] as AnyTaskDefinition, file, exportName: only[0] });
  }
  const sorted = found.toSorted((a, b) => (a.definition.type < b.definition.type ? -1 : 1));
  for (const [index, { definition, file }] of sorted.entries()) {
    const before = sorted[index - 1];
    if (before?.definition.type === definition.type) {
      throw new Error(
        `\`${definition.type}\` is defined twice: in \`${before.file}\` and \`${file}\``,
      );
    }
  }
  return sorted;
}
