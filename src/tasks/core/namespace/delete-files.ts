/** `core.namespace.DeleteFiles`: deletes files of a namespace. */
import { z } from 'zod';
import { defineTask } from '../../../ports/task.ts';
import { filesOutput, namespaceProperty, patternsProperty } from './files-properties.ts';
import { matchPaths } from '../match-paths.ts';

/** Deletes files of a namespace. */
export const deleteFilesTask = defineTask({
  type: 'core.namespace.DeleteFiles',
  // Folders exist only as long as a file is in them, so there is no parent to delete.
  ignoredProperties: ['deleteParentFolder'],
  summary: 'Deletes files of a namespace.',
  input: z.strictObject({
    namespace: namespaceProperty,
    files: patternsProperty.describe('Patterns of the paths to delete.'),
  }),
  output: filesOutput,
  effect: { kind: 'idempotent', touches: ['files'] },
  provenance: { output: 'join' },
  failures: ['file.refused'],
  examples: [
    {
      title: 'Delete old price lists',
      flow: `id: delete-price-lists
namespace: shop.pricing
tasks:
  - id: old
    type: core.namespace.DeleteFiles
    namespace: shop.pricing
    files: ["lists/2024-*.csv"]
`,
      outputs: { old: { files: {} } },
    },
  ],
  async run({ namespace, files }, context) {
    const source = context.namespaceFiles(namespace);
    const deleted: Record<string, string> = {};
    for (const path of matchPaths(await source.list(), files)) {
      context.signal.throwIfAborted();
      if (await source.delete(path)) deleted[path] = source.uri(path);
    }
    return { files: deleted };
  },
});
