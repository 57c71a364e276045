/** Templates are rendered from the command line as in a flow, as text or typed. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCommandLine } from '../run-command-line.ts';
import { ScriptedSurroundings } from '../test-support/scripted-surroundings.ts';
import { commands } from './index.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-render-'));
  writeFileSync(
    join(folder, 'context.json'),
    '{"inputs": {"name": "Ada", "whole": 13.0, "many": [1, 2]}, "big": 9007199254740993}',
  );
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

async function render(words: readonly string[], input = '') {
  const world = new ScriptedSurroundings();
  world.workingFolder = folder;
  world.input = input;
  const all = ['render', '--context', 'context.json', ...words];
  const code = await runCommandLine(all, commands, world);
  return { code, out: world.out.text, err: world.err.text };
}

test.each([
  ['hello {{ inputs.name | upper }}', 'hello ADA\n'],
  ['{{ inputs.whole }} {{ big }}', '13.0 9007199254740993\n'],
  ['no template', 'no template\n'],
  ['', '\n'],
])('%j is %j', async (template, text) => {
  expect(await render([template])).toEqual({ code: 0, out: text, err: '' });
});

test('standard input is a template', async () => {
  expect((await render(['-'], '{{ inputs.name }}!')).out).toBe('Ada!\n');
});

test('a lone expression keeps its type', async () => {
  expect((await render(['--typed', '{{ inputs.many }}'])).out).toBe('[\n  1,\n  2\n]\n');
  expect((await render(['--typed', '{{ inputs.many | length > 1 }}'])).out).toBe('true\n');
  const document: unknown = JSON.parse((await render(['-o', 'json', '{{ inputs.whole }}'])).out);
  expect(document).toEqual({
    value: 13,
    type: 'decimal',
    provenance: { trust: 'trusted', classes: [], sources: [] },
  });
});

test('an error names its line and column and has exit code 1', async () => {
  const { code, out, err } = await render(['a\n{{ inputs.nme }}']);
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(err).toMatch(/^template:2:\d+ {2}error {2}.*nme/);
  const document = JSON.parse((await render(['-o', 'json', '{{ 1 +']))['out']) as {
    error: Record<string, unknown>;
  };
  expect(document.error).toMatchObject({ code: 'expression.syntax-wrong', line: 1 });
});

test('functions that need a running system are refused with a sentence', async () => {
  const { code, err } = await render(["{{ kv('a') }}"]);
  expect(code).toBe(1);
  expect(err).toContain('`kv` works only in a running execution');
});

test('what is no context is wrong usage', async () => {
  expect((await render(['--context', 'absent.json', 'x'])).code).toBe(2);
  expect((await render(['--context', '-', 'x'], '[]')).err).toContain('holds no JSON object');
  expect((await render(['--context', '-', '-'], '{}')).code).toBe(2);
});

test('a typed number keeps all its digits', async () => {
  const { out } = await render(['--typed', '{{ 9007199254740993 }}']);
  expect(out).toBe('9007199254740993\n');
});
