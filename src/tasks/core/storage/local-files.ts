/** `core.storage.LocalFiles`: writes files into the working directory and keeps files of it. */
import { constants } from 'node:fs';
import { mkdir, readdir, readFile, realpath, writeFile } from 'node:fs/promises';
import { dirname, join, posix, sep } from 'node:path';
import { z } from 'zod';
import { Failure } from '../../../core/failure/index.ts';
import { defineTask } from '../../../ports/task.ts';
import type { TaskContext } from '../../../ports/task-context.ts';
import { matchPaths } from '../match-paths.ts';

/** Writes and keeps files of the working directory. */
export const localFilesTask = defineTask({
  type: 'core.storage.LocalFiles',
  aliases: ['core.storage.LocalFile', 'io.kestra.core.tasks.storages.LocalFiles'],
  summary: 'Writes files into the working directory and stores files of it.',
  input: z.strictObject({
    inputs: z
      .union([z.record(z.string(), z.string().nullable()), z.string()])
      .optional()
      .describe('Path to content or URI of a file, or JSON text of that.'),
    outputs: z
      .union([z.array(z.string()), z.string()])
      .optional()
      .describe('Patterns of the files to store.'),
  }),
  output: z.strictObject({
    uris: z.record(z.string(), z.string()).describe('The stored files: path to URI.'),
  }),
  effect: { kind: 'read', touches: ['files'] },
  provenance: { output: 'join' },
  failures: ['file.not-found', 'file.refused', 'task.input-invalid'],
  examples: [
    {
      title: 'Store a file that was just written',
      flow: `id: store-note
namespace: shop.orders
tasks:
  - id: note
    type: core.storage.LocalFiles
    inputs:
      notes/812.txt: a gift
    outputs: ["notes/*.txt"]
  - id: show
    type: core.debug.Return
    format: "{{ read(outputs.note.uris['notes/812.txt']) }}"
`,
      outputs: { show: { value: 'a gift' } },
    },
  ],
  async run({ inputs = {}, outputs = [] }, context) {
    const folder = await context.workingFolder();
    for (const [path, content] of Object.entries(readInputs(inputs))) {
      context.signal.throwIfAborted();
      await writeInput(folder, path, content, context);
    }
    const found = await readdir(folder, { recursive: true, withFileTypes: true });
    const paths = found
      .filter((entry) => entry.isFile())
      .map((entry) => posix.relative(folder, join(entry.parentPath, entry.name)));
    const uris: Record<string, string> = {};
    for (const path of matchPaths(paths, outputs)) {
      context.signal.throwIfAborted();
      // Read, not handed over: later tasks of a shared working directory still need the file.
      uris[path] = await context.files.put(path, await readFile(join(folder, path)));
    }
    return { uris };
  },
});

type Inputs = Readonly<Record<string, string | null>>;

function readInputs(inputs: Inputs | string): Inputs {
  if (typeof inputs !== 'string') return inputs;
  try {
    return z.record(z.string(), z.string().nullable()).parse(JSON.parse(inputs));
  } catch (cause) {
    throw new Failure('task.input-invalid', '`inputs` is not a JSON map of texts', { cause });
  }
}

async function writeInput(
  folder: string,
  path: string,
  content: string | null,
  context: TaskContext,
): Promise<void> {
  const refused = (cause?: unknown) =>
    new Failure('file.refused', `the path \`${path}\` leaves the working directory`, { cause });
  if (path.startsWith('/') || path.split(/[/\\]/).includes('..')) throw refused();
  const target = join(folder, path);
  await mkdir(dirname(target), { recursive: true });
  // A program that ran here before may have left links that point elsewhere.
  const place = `${await realpath(dirname(target))}${sep}`;
  if (!place.startsWith(`${await realpath(folder)}${sep}`)) throw refused();
  const isUri = content !== null && /^(kestra|nsfile):\/\//.test(content);
  const bytes = isUri ? await context.files.read(content) : (content ?? '');
  try {
    await writeFile(target, bytes, { flag: writeWithoutLinks });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ELOOP') throw refused(error);
    throw error;
  }
}

const writeWithoutLinks =
  constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_NOFOLLOW;
