/** Flow files are checked without an application, in folders too, for people and for programs. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TypeEntry } from '../../core/flow/index.ts';
import { runCommandLine } from '../run-command-line.ts';
import { catalogueOf } from '../test-support/scripted-application.ts';
import { ScriptedSurroundings } from '../test-support/scripted-surroundings.ts';
import { commands } from './index.ts';

const log: TypeEntry = {
  type: 'core.log.Log',
  kind: 'runnable',
  summary: 'Logs.',
  aliases: [],
  propertyAliases: {},
  lenientAliases: [],
  ignoredProperties: [],
  schema: {
    type: 'object',
    properties: { message: { type: 'string', description: 'The text.' } },
    required: ['message'],
    additionalProperties: false,
  },
  rendering: {},
};

function flow(task: string): string {
  return `id: a\nnamespace: demo\ntasks:\n  - id: log\n    type: core.log.Log\n    ${task}\n`;
}

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-validate-'));
  mkdirSync(join(folder, 'flows', 'deep'), { recursive: true });
  mkdirSync(join(folder, 'none'));
  writeFileSync(join(folder, 'flows', 'good.yaml'), flow('message: hello'));
  writeFileSync(join(folder, 'flows', 'deep', 'bad.yml'), flow('mesage: "{{ nothing( }}"'));
  writeFileSync(join(folder, 'flows', 'notes.txt'), 'not a flow');
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

async function sluice(words: readonly string[], input = '') {
  const world = new ScriptedSurroundings();
  world.workingFolder = folder;
  world.input = input;
  world.catalogue = catalogueOf([log]);
  const code = await runCommandLine(words, commands, world);
  return { code, out: world.out.text, err: world.err.text, world };
}

test('a valid flow has exit code 0 and opens nothing', async () => {
  const { code, out, err, world } = await sluice(['validate', 'flows/good.yaml']);
  expect({ code, out, err }).toEqual({ code: 0, out: '', err: '1 file: no problems\n' });
  expect(world.openedFolder).toBe(undefined);
});

test('a folder is searched, and each problem has its place', async () => {
  const { code, out, err } = await sluice(['validate', 'flows']);
  expect(code).toBe(2);
  expect(out).toMatch(/^flows\/deep\/bad\.yml:6:5 {2}error {2}.*`mesage`/m);
  expect(out).toContain('  6 |     mesage: "{{ nothing( }}"\n    |     ^\n');
  expect(out).toContain('did you mean `message`?');
  expect(err).toMatch(/^2 files: \d errors?\n$/);
});

test('the document names file, line, column, path, code, message and help', async () => {
  const { code, out } = await sluice(['validate', 'flows', '-o', 'json']);
  expect(code).toBe(2);
  const document = JSON.parse(out) as { valid: boolean; errors: Record<string, unknown>[] };
  expect(document.valid).toBe(false);
  expect(document.errors.length).toBeGreaterThan(0);
  for (const one of document.errors) {
    expect(Object.keys(one)).toEqual(['file', 'line', 'column', 'path', 'code', 'message', 'help']);
  }
  const good: unknown = JSON.parse((await sluice(['validate', 'flows/good.yaml', '-ojson'])).out);
  expect(good).toEqual({ valid: true, errors: [], warnings: [] });
});

test('standard input is checked', async () => {
  const { code, out } = await sluice(['validate', '-'], 'id: a\n');
  expect(code).toBe(2);
  expect(out).toMatch(/^-:1:1 {2}error {2}/);
});

test('what is not there is wrong usage', async () => {
  expect((await sluice(['validate', 'absent.yaml'])).err).toContain('there is no such file');
  expect((await sluice(['validate', 'none'])).err).toContain('there is no flow file in `none`');
});

test('a flow is drawn as a tree, for other programs and as data', async () => {
  const words = ['flow', 'graph', 'flows/good.yaml'];
  expect((await sluice(words)).out).toMatch(/^.*\n└─ log {2}core\.log\.Log\n$/);
  expect((await sluice([...words, '--format', 'dot'])).out).toMatch(/^digraph .*"log" \[/s);
  expect((await sluice([...words, '-f', 'mermaid'])).out).toMatch(/^flowchart .*"log · core/s);
  const graph = JSON.parse((await sluice([...words, '-o', 'json'])).out) as { nodes: unknown[] };
  expect(graph.nodes).toContainEqual(expect.objectContaining({ id: 'log', type: 'core.log.Log' }));
  expect((await sluice([...words, '--revision', '1'])).code).toBe(2);
  expect((await sluice(['flow', 'graph', 'flows/deep/bad.yml'])).code).toBe(2);
});

test('a type is explained, and a mistyped one corrected', async () => {
  const { out } = await sluice(['task', 'docs', 'core.log.Log']);
  expect(out).toContain('PROPERTY   TYPE  DEFAULT  MEANING\nmessage *  text           The text.\n');
  const wrong = await sluice(['task', 'docs', 'core.log.Lgo']);
  expect(wrong.code).toBe(2);
  expect(wrong.err).toContain('did you mean `core.log.Log`?');
  expect((await sluice(['task', 'list', '--search', 'nope'])).err).toBe('no type holds `nope`\n');
});
