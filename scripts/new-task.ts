/**
 * Starts a task type: `npm run new:task core.http.Request` writes the definition and its test, both in
 * the right place, with tests that fail until the type does something. Never overwrites a file.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isTaskType, kebabCase, taskPath } from './task-path.ts';

/** A file to be written, with its path from the root of the repository. */
export interface StartedFile {
  readonly path: string;
  readonly content: string;
}

/** Returns the two files that start `type`. */
export function startedFiles(type: string): readonly StartedFile[] {
  const path = `src/tasks/${taskPath(type)}`;
  const up = '../'.repeat(path.split('/').length - 2);
  const file = path.slice(path.lastIndexOf('/') + 1, -'.ts'.length);
  const camel = file.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  const name = `${camel}Task`;
  const id = `try-${kebabCase(file)}`;
  const definition = `/** \`${type}\`: what it does, and what it must never do. */
import { z } from 'zod';
import { Failure } from '${up}core/failure/index.ts';
import { defineTask } from '${up}ports/task.ts';

/** Says in one sentence what the type does. */
export const ${name} = defineTask({
  type: '${type}',
  summary: 'Says in one sentence what the type does.',
  input: z.strictObject({
    subject: z.string().describe('What it works on.'),
  }),
  output: z.strictObject({
    result: z.string().describe('What it found or made.'),
  }),
  // none, read, idempotent or external; and what it touches: network, files, database, process …
  effect: { kind: 'none', touches: [] },
  // join of the inputs; \`outside\` when it reads what outsiders write.
  provenance: { output: 'join' },
  failures: ['task.failed'],
  examples: [
    {
      title: 'Try it',
      flow: \`id: ${id}
namespace: shop.examples
tasks:
  - id: try
    type: ${type}
    subject: order 812
\`,
      outputs: { try: { result: 'order 812' } },
    },
  ],
  run({ subject }) {
    const message = \`this type cannot work on \\\`\${subject}\\\` yet\`;
    return Promise.reject(new Failure('task.failed', message));
  },
});
`;
  const test = `/** Tests of \`${type}\`. */
import { expect, test } from 'vitest';
import { taskContract } from '${up}../test/contract/task.contract.ts';
import { createTaskWorld } from '${up}../test/support/task-world.ts';
import { ${name} } from './${file}.ts';

taskContract(${name}, { valid: { subject: 'order 812' } });

test('gives a result for its subject', async () => {
  const world = createTaskWorld();
  const output = await world.run(${name}, { subject: 'order 812' });
  expect(output).toEqual({ result: 'order 812' });
});
`;
  return [
    { path, content: definition },
    { path: path.replace(/\.ts$/, '.test.ts'), content: test },
  ];
}

/** Writes the files that start `type` below `root`; gives the exit code. */
export function startTask(root: string, type: string | undefined): number {
  if (type === undefined || !isTaskType(type)) {
    console.error(`\`${type ?? ''}\` is not a task type; write it like \`core.http.Request\``);
    return 2;
  }
  const files = startedFiles(type);
  const taken = files.find(({ path }) => existsSync(join(root, path)));
  if (taken !== undefined) {
    console.error(`\`${taken.path}\` exists; choose another type or work on that file`);
    return 2;
  }
  for (const { path, content } of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
    console.log(`wrote ${path}`);
  }
  console.log(
    `next: make \`npx vitest run ${files[1]?.path ?? ''}\` pass, then \`npm run generate\``,
  );
  return 0;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  process.exitCode = startTask(join(import.meta.dirname, '..'), process.argv[2]);
}
