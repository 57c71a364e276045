/**
 * Writes the registry of task types: an explicit list, so that nothing scans folders at run time, the
 * type names are a union, and the code of a type is loaded when it is first used.
 */
import type { FoundDefinition } from './definitions.ts';
import type { GeneratedFile } from './generated-file.ts';

/** Returns `src/tasks/registry.generated.ts` for `found`. */
export function registryFile(found: readonly FoundDefinition[]): GeneratedFile {
  const lines = found.map(
    ({ definition, file, exportName }) =>
      `  '${definition.type}': () => import('./${file}').then((file) => file.${exportName}),`,
  );
  const list = lines.length === 0 ? '{}' : `{\n${lines.join('\n')}\n}`;
  return {
    path: 'src/tasks/registry.generated.ts',
    content: `/**
 * Every task type and how its code is loaded. Written by \`npm run generate\` from the definitions in
 * this folder; not to be edited.
 */
import type { AnyTaskDefinition } from '../ports/task.ts';

/** The task types by canonical name; loading one loads its libraries. */
export const taskLoaders = ${list} as const satisfies Readonly<
  Record<string, () => Promise<AnyTaskDefinition>>
>;

/** The canonical name of a task type. */
export type TaskType = keyof typeof taskLoaders;
`,
  };
}
