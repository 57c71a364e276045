/**
 * Every flow that people are shown is one that `sluice validate` accepts without a word: the files of
 * docs/examples, which fill the documents, and the examples of all task types, which fill their pages.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { compileTemplate } from '../../src/core/expression/index.ts';
import { createTypeCatalogue, parseFlow, type TypeEntry } from '../../src/core/flow/index.ts';
import { taskLoaders } from '../../src/tasks/registry.generated.ts';

const root = join(import.meta.dirname, '../..');
const catalogue = createTypeCatalogue(
  JSON.parse(
    readFileSync(join(root, 'generated/task-catalogue.json'), 'utf8'),
  ) as readonly TypeEntry[],
);

function troubleOf(source: string): readonly string[] {
  const { diagnostics } = parseFlow(source, { file: 'x', catalogue, compile: compileTemplate });
  return diagnostics.map((one) => `${one.line}:${one.column} ${one.code}: ${one.message}`);
}

const folder = join(root, 'docs/examples');
// Suites of tests are tried by running them.
const files = readdirSync(folder).filter((name) => /(?<!\.test)\.yaml$/.test(name));

test('there are examples', () => {
  expect(files.length).toBeGreaterThan(1);
  expect(Object.keys(taskLoaders).length).toBeGreaterThan(20);
});

test.each(files)('docs/examples/%s is valid', (name) => {
  expect(troubleOf(readFileSync(join(folder, name), 'utf8'))).toEqual([]);
});

test.each(Object.entries(taskLoaders))('the examples of %s are valid', async (_, load) => {
  const { type, examples } = await load();
  // The page of a deprecated type can only show that type.
  const own = `flow.type-deprecated: the type \`${type}\` is deprecated`;
  for (const example of examples) {
    const trouble = troubleOf(example.flow).filter((line) => !line.endsWith(own));
    expect(trouble, example.title).toEqual([]);
  }
});
