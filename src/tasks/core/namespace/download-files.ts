/** `core.namespace.DownloadFiles`: copies files of a namespace into the execution. */
import { posix } from 'node:path';
import { z } from 'zod';
import { defineTask } from '../../../ports/task.ts';
import { filesOutput, namespaceProperty, patternsProperty } from './files-properties.ts';
import { matchPaths } from '../match-paths.ts';

/** Copies files of a namespace into the execution. */
export const downloadFilesTask = defineTask({
  type: 'core.namespace.DownloadFiles',
  summary: 'Copies files of a namespace into the execution.',
  input: z.strictObject({
    namespace: namespaceProperty,
    files: patternsProperty.describe('Patterns of the paths to copy.'),
    destination: z.string().default('').describe('A folder to put before the paths of the copies.'),
  }),
  output: filesOutput,
  effect: { kind: 'read', touches: ['files'] },
  provenance: { output: 'join' },
  failures: ['file.not-found', 'file.refused'],
  examples: [
    {
      title: 'Fetch the price lists',
      flow: `id: fetch-price-lists
namespace: shop.pricing
tasks:
  - id: lists
    type: core.namespace.DownloadFiles
    namespace: shop.pricing
    files: ["lists/*.csv"]
`,
      outputs: { lists: { files: {} } },
    },
  ],
  async run({ namespace, files, destination }, context) {
    const source = context.namespaceFiles(namespace);
    const copied: Record<string, string> = {};
    for (const path of matchPaths(await source.list(), files)) {
      context.signal.throwIfAborted();
      const place = posix.join('/', destination, path).slice(1);
      copied[place] = await context.files.put(
        place,
        await source.read(path),
        await source.provenance(path),
      );
    }
    return { files: copied };
  },
});
