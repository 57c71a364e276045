/** Tests of the generators on two definitions of their own and on planted stale files. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { defineFlowable, defineTask } from '../src/ports/task.ts';
import { catalogueEntry } from './generate/catalogue-entry.ts';
import { commandPageText } from './generate/command-page.ts';
import { findDefinitions } from './generate/definitions.ts';
import { fillFences } from './generate/example-fences.ts';
import { flowSchemaFile } from './generate/flow-schema.ts';
import { staleFiles, writeFiles } from './generate/generated-file.ts';
import { cell, fence } from './generate/markdown.ts';
import { registryFile } from './generate/registry.ts';
import { taskPages } from './generate/task-pages.ts';

let root = '';
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'sluice-generate-'));
});
afterAll(() => rmSync(root, { recursive: true }));

const request = defineTask({
  type: 'core.http.Request',
  aliases: ['io.kestra.plugin.fs.http.Request'],
  propertyAliases: { url: 'uri' },
  summary: 'Asks a server.',
  input: z.strictObject({
    uri: z.string().describe('Where to ask | how.'),
    retries: z.number().default(2).describe('How often.'),
    body: z.unknown().optional().describe('What to send.'),
    token: z.string().optional().describe('Who asks.'),
  }),
  output: z.strictObject({
    code: z.number().describe('The status.'),
    body: z.string().describe('The answer.'),
  }),
  effect: { kind: 'external', touches: ['network'] },
  provenance: { output: 'outside', fields: { code: 'trusted' } },
  secrets: ['token'],
  rendering: { body: 'raw' },
  failures: ['http.status'],
  examples: [{ title: 'Ask', flow: 'id: ask\nnamespace: shop\ntasks: []\n' }],
  run: () => Promise.resolve({ code: 200, body: '' }),
});

const branch = defineFlowable({
  type: 'core.flow.If',
  summary: 'Branches.',
  input: z.strictObject({ condition: z.string().describe('When.') }),
  output: z.strictObject({}),
  examples: [],
});

test('an entry holds what the language, the worker and the documents need', () => {
  const entry = catalogueEntry(request);
  expect(entry).toMatchObject({
    type: 'core.http.Request',
    kind: 'runnable',
    aliases: ['io.kestra.plugin.fs.http.Request'],
    rendering: { body: 'raw' },
    effect: { kind: 'external', touches: ['network'] },
    secrets: ['token'],
    failures: ['http.status'],
  });
  // A property with a default may be left out in a flow.
  expect(entry.schema.required).toEqual(['uri']);
  expect(entry.schema.additionalProperties).toBe(false);
  expect(entry.schema.properties?.['retries']).toMatchObject({ type: 'number', default: 2 });
  expect(entry.output.required).toEqual(['code', 'body']);
  expect(catalogueEntry(branch)).not.toHaveProperty('effect');
});

test('the registry loads each type by its own file and export', () => {
  const { content } = registryFile([
    { definition: request, file: 'core/http/request.ts', exportName: 'requestTask' },
  ]);
  expect(content).toContain(
    "'core.http.Request': () => import('./core/http/request.ts').then((file) => file.requestTask),",
  );
  expect(registryFile([]).content).toContain('export const taskLoaders = {} as const');
});

test('the flow schema takes templates where values are rendered and closes the type', () => {
  const schema = JSON.parse(flowSchemaFile([request, branch]).content) as {
    definitions: Record<string, { properties: Record<string, unknown>; required: string[] }>;
  };
  const definition = schema.definitions['core.http.Request'];
  expect(definition).toMatchObject({ additionalProperties: false });
  expect(definition?.properties['retries']).toMatchObject({
    anyOf: [{ type: 'number', default: 2 }, { type: 'string' }],
  });
  expect(definition?.properties['body']).toEqual({ description: 'What to send.' });
  expect(definition?.properties).toHaveProperty('url');
  // Its alias may stand for it, so neither of the two can be demanded.
  expect(definition?.required).toEqual(['id', 'type']);
  expect(definition?.properties).not.toHaveProperty('then');
  expect(schema.definitions['core.flow.If']?.properties).toHaveProperty('then');
  expect(schema.definitions['core.flow.If']?.required).toEqual(['id', 'type', 'condition', 'then']);
});

test('a page says what a type takes, gives, touches and how it fails', () => {
  const page = taskPages([request]).find(({ path }) => path.endsWith('core.http.Request.md'));
  expect(page?.content).toContain('| `uri` * | string |  | Where to ask \\| how. |');
  expect(page?.content).toContain('| `retries` | number | `2` | How often. |');
  expect(page?.content).toContain('Who asks. Secret: never shown.');
  expect(page?.content).toContain('untrusted: outsiders can influence it');
  expect(page?.content).toContain('[`http.status`](../errors.md#httpstatus)');
  expect(page?.content).toContain('- property `url` for `uri`');
  expect(page?.content).toContain('```yaml\nid: ask\n');
});

test('definitions are found by what they call, one per file', async () => {
  const ports = join(import.meta.dirname, '../src/ports/task.ts');
  const zod = join(import.meta.dirname, '../node_modules/zod/index.js');
  const definition = (name: string, type: string): string => `
    import { z } from '${zod}';
    import { defineFlowable } from '${ports}';
    export const ${name} = defineFlowable({
      type: '${type}', summary: 'A.', input: z.strictObject({}), output: z.strictObject({}), examples: [],
    });
  `;
  const folder = join(root, 'definitions');
  mkdirSync(join(folder, 'core'), { recursive: true });
  writeFileSync(join(folder, 'core/second.ts'), definition('second', 'core.x.Second'));
  writeFileSync(join(folder, 'core/first.ts'), definition('first', 'core.x.First'));
  writeFileSync(join(folder, 'core/part.ts'), 'throw new Error("not a definition");');
  const found = await findDefinitions(folder);
  expect(found.map(({ file, exportName }) => `${file} ${exportName}`)).toEqual([
    'core/first.ts first',
    'core/second.ts second',
  ]);
  writeFileSync(join(folder, 'core/third.ts'), definition('third', 'core.x.First'));
  await expect(findDefinitions(folder)).rejects.toThrow('`core.x.First` is defined twice');
  expect(await findDefinitions(join(root, 'nowhere'))).toEqual([]);
  writeFileSync(join(folder, 'core/broken.ts'), 'defineTask({}); throw new Error("no");');
  await expect(findDefinitions(folder)).rejects.toThrow(/core\/broken\.ts` cannot be loaded/);
});

test('missing, changed and superfluous files are named, and mended by writing', () => {
  const files = [
    { path: 'docs/a.md', content: 'a' },
    { path: 'docs/b.md', content: 'b' },
  ];
  const folders = [{ path: 'docs', ending: '.md' }];
  mkdirSync(join(root, 'docs'));
  writeFileSync(join(root, 'docs/b.md'), 'old');
  writeFileSync(join(root, 'docs/c.md'), 'gone');
  writeFileSync(join(root, 'docs/keep.txt'), 'mine');
  expect(staleFiles(root, files, folders)).toEqual([
    { path: 'docs/a.md', state: 'missing' },
    { path: 'docs/b.md', state: 'changed' },
    { path: 'docs/c.md', state: 'superfluous' },
  ]);
  writeFiles(root, files, folders);
  expect(staleFiles(root, files, folders)).toEqual([]);
  expect(readFileSync(join(root, 'docs/b.md'), 'utf8')).toBe('b');
  expect(existsSync(join(root, 'docs/c.md'))).toBe(false);
  expect(existsSync(join(root, 'docs/keep.txt'))).toBe(true);
});

test('fences after a marker are filled, again and again', () => {
  const read = (path: string): string => `id: ${path}\n`;
  const filled = 'A\n\n<!-- example: x.yaml -->\n\n```yaml\nid: x.yaml\n```\n\nB\n';
  expect(fillFences('A\n\n<!-- example: x.yaml -->\n\nB\n', read)).toBe(
    filled.replace('```\n\nB', '```\nB'),
  );
  expect(fillFences(filled.replace('id: x.yaml', 'id: old'), read)).toBe(filled);
  expect(fillFences(filled, read)).toBe(filled);
  const own = '```yaml\nid: mine\n```\n';
  expect(fillFences(own, read)).toBe(own);
});

test('text from definitions cannot break a table or a fence', () => {
  expect(cell('a | b\nc')).toBe('a \\| b c');
  expect(fence('yaml', 'a: |\n  ```\n  x\n  ```')).toMatch(/^````yaml\n[\s\S]*\n````\n$/);
});

test('a command is shown with its usage, options and examples', () => {
  const text = commandPageText([
    {
      noun: 'flow',
      verb: 'list',
      summary: 'Lists flows.',
      args: [{ name: 'name', isOptional: true, summary: 'which' }],
      options: [{ name: 'namespace', short: 'n', value: 'NAME', summary: 'where' }],
      examples: [{ title: 'All', call: 'sluice flow list' }],
    },
  ]);
  expect(text).toContain('sluice flow list [<name>] [options]');
  expect(text).toContain('| `-n, --namespace NAME` | where |');
});
