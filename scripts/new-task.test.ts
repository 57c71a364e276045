/** Tests of starting a task type. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { startedFiles, startTask } from './new-task.ts';

let root = '';

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'sluice-task-'));
  vi.spyOn(console, 'log').mockImplementation(() => undefined);
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
});

afterEach(() => {
  rmSync(root, { recursive: true });
  vi.restoreAllMocks();
});

test('the definition and its test stand where the name says', () => {
  expect(startedFiles('ai.agent.AIAgent').map(({ path }) => path)).toEqual([
    'src/tasks/ai/agent/ai-agent.ts',
    'src/tasks/ai/agent/ai-agent.test.ts',
  ]);
});

test('both are TypeScript whose imports point to files that exist', () => {
  const [definition, tests] = startedFiles('core.kv.GetKeys');
  for (const file of [definition, tests]) {
    const code = stripTypeScriptTypes(file?.content ?? '');
    const relative = [...code.matchAll(/from '(\.[^']+)'/g)].map((match) => match[1] ?? '');
    for (const specifier of relative.filter((one) => !/\/test\/|get-keys/.test(one))) {
      const path = join(import.meta.dirname, '..', file?.path ?? '', '..', specifier);
      expect(existsSync(path), specifier).toBe(true);
    }
  }
  expect(tests?.content).toContain("from '../../../../test/contract/task.contract.ts'");
  expect(definition?.content).toContain('export const getKeysTask = defineTask({');
});

test('files are written once and never overwritten', () => {
  expect(startTask(root, 'core.kv.Get')).toBe(0);
  expect(readFileSync(join(root, 'src/tasks/core/kv/get.ts'), 'utf8')).toContain("'core.kv.Get'");
  expect(startTask(root, 'core.kv.Get')).toBe(2);
});

test('what is no type is refused', () => {
  for (const type of [undefined, 'Get', 'core.kv.get', 'Core.kv.Get', 'core..Get', '../x.y.Z']) {
    expect(startTask(root, type)).toBe(2);
  }
  expect(existsSync(join(root, 'src'))).toBe(false);
});
