/** `core.namespace.UploadFiles`: stores files for all flows of a namespace. */
import { readdir, readFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { z } from 'zod';
import { Failure } from '../../../core/failure/index.ts';
import type { Provenance } from '../../../core/value/index.ts';
import { defineTask } from '../../../ports/task.ts';
import type { TaskContext } from '../../../ports/task-context.ts';
import { filesOutput, namespaceProperty, patternsProperty } from './files-properties.ts';
import { matchPaths, readPatterns } from '../match-paths.ts';

interface Upload {
  readonly path: string;
  readonly content: Uint8Array;
  readonly provenance?: Provenance;
}

/** Stores files for a namespace. */
export const uploadFilesTask = defineTask({
  type: 'core.namespace.UploadFiles',
  summary: 'Stores files of the execution or of the working directory as files of a namespace.',
  input: z.strictObject({
    namespace: namespaceProperty,
    files: patternsProperty
      .optional()
      .describe('Patterns of files in the working directory, or URIs of files of the execution.'),
    filesMap: z
      .union([z.record(z.string(), z.string()), z.string()])
      .optional()
      .describe(
        'What to store, as a map from the path in the namespace to the URI of a file, or its JSON text.',
      ),
    destination: z.string().default('/').describe('The folder in the namespace to store them in.'),
    conflict: z
      .enum(['OVERWRITE', 'SKIP', 'ERROR'])
      .default('OVERWRITE')
      .describe('What happens to a path that exists.'),
  }),
  output: filesOutput,
  effect: { kind: 'idempotent', touches: ['files'] },
  provenance: { output: 'join' },
  failures: ['file.exists', 'file.not-found', 'file.refused', 'task.input-invalid'],
  examples: [
    {
      title: 'Share the price list with the other flows',
      flow: `id: share-price-list
namespace: shop.pricing
tasks:
  - id: list
    type: core.storage.Write
    content: "sku,price\\nJ-1,49.90\\n"
    extension: .csv
  - id: share
    type: core.namespace.UploadFiles
    namespace: shop.pricing
    filesMap:
      prices.csv: "{{ outputs.list.uri }}"
    destination: lists
  - id: show
    type: core.debug.Return
    format: "{{ read('lists/prices.csv') }}"
`,
      outputs: { show: { value: 'sku,price\nJ-1,49.90\n' } },
    },
  ],
  async run({ namespace, files = [], filesMap = {}, destination, conflict }, context) {
    const target = context.namespaceFiles(namespace);
    const stored: Record<string, string> = {};
    const uploads = [
      ...(await readMapped(filesMap, context)),
      ...(await readMatching(files, context)),
    ];
    for (const { path, content, provenance } of uploads) {
      context.signal.throwIfAborted();
      const place = posix.join(destination, path).replace(/^\/+/, '');
      if (conflict !== 'OVERWRITE' && (await target.exists(place))) {
        if (conflict === 'SKIP') continue;
        throw new Failure('file.exists', `\`${place}\` exists in namespace \`${namespace}\``);
      }
      stored[place] = await target.put(place, content, provenance);
    }
    return { files: stored };
  },
});

function isUri(text: string): boolean {
  return /^(kestra|nsfile):\/\//.test(text);
}

async function readUri(path: string, uri: string, context: TaskContext): Promise<Upload> {
  return {
    path,
    content: await context.files.read(uri),
    provenance: await context.files.provenance(uri),
  };
}

async function readMapped(
  filesMap: Readonly<Record<string, string>> | string,
  context: TaskContext,
): Promise<readonly Upload[]> {
  let map = filesMap;
  if (typeof map === 'string') {
    try {
      map = JSON.parse(map) as Record<string, string>;
    } catch (cause) {
      throw new Failure('task.input-invalid', '`filesMap` is not a JSON map', { cause });
    }
  }
  return Promise.all(Object.entries(map).map(([path, uri]) => readUri(path, uri, context)));
}

async function readMatching(
  files: string | readonly string[],
  context: TaskContext,
): Promise<readonly Upload[]> {
  const names = readPatterns(files);
  const uploads = await Promise.all(
    names.filter(isUri).map((uri) => readUri(posix.basename(uri), uri, context)),
  );
  const patterns = names.filter((name) => !isUri(name));
  if (patterns.length === 0) return uploads;
  const folder = await context.workingFolder();
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = found
    .filter((entry) => entry.isFile())
    .map((entry) => posix.relative(folder, join(entry.parentPath, entry.name)));
  for (const path of matchPaths(paths, patterns)) {
    uploads.push({ path, content: await readFile(join(folder, path)) });
  }
  return uploads;
}
