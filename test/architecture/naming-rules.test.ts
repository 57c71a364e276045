/** Tests of the naming rules on planted violations. */
import { expect, test } from 'vitest';
import { kebabCase, taskPath } from '../../scripts/task-path.ts';
import {
  adapterViolations,
  caseViolations,
  emptyWord,
  taskViolations,
  wordViolations,
} from './naming-rules.ts';
import { type SourceFile, sourceFile } from './source-file.ts';

function tree(files: Readonly<Record<string, string>>): readonly SourceFile[] {
  return Object.entries(files).map(([path, text]) => sourceFile(path, text));
}

test('words that say nothing are found in any case, parts of words are not', () => {
  expect(emptyWord('string-utils')).toBe('utils');
  expect(emptyWord('TaskManagerImpl')).toBe('manager');
  expect(emptyWord('newStore')).toBe('new');
  expect(emptyWord('process-runner')).toBeUndefined();
  expect(emptyWord('database')).toBeUndefined();
  expect(emptyWord('renewLease')).toBeUndefined();
});

test('terms of art may hold such a word', () => {
  expect(emptyWord('DataClass')).toBeUndefined();
  expect(emptyWord('ServiceLevel')).toBeUndefined();
  expect(emptyWord('DataStore')).toBe('data');
});

test('files, folders and exports are looked at', () => {
  const planted = tree({
    'src/common/a.ts': '',
    'src/lib/b.ts': '',
    'src/core/flow/flow-helper.ts': '',
    'src/core/flow/flow.ts': 'export function processData(): void {}',
  });
  expect(wordViolations(planted).map(({ path }) => path)).toEqual([
    'src/common/a.ts',
    'src/lib/b.ts',
    'src/core/flow/flow-helper.ts',
    'src/core/flow/flow.ts',
  ]);
});

test('file names are in kebab case', () => {
  const planted = tree({ 'src/renderFlow.ts': '', 'src/render-flow.test.ts': '' });
  expect(caseViolations(planted).map(({ path }) => path)).toEqual(['src/renderFlow.ts']);
});

test('a file of an adapter names its port, or is a part that only its adapter uses', () => {
  const planted = tree({
    'src/ports/store.ts': '',
    'src/adapters/sqlite/sqlite-store.ts': "import './statements.ts';",
    'src/adapters/sqlite/statements.ts': '',
    'src/adapters/sqlite/pool.ts': '',
    'src/adapters/sqlite/limits.ts': '',
    'src/app/start.ts': "import '../adapters/sqlite/limits.ts';",
  });
  expect(adapterViolations(planted).map(({ path }) => path)).toEqual([
    'src/adapters/sqlite/pool.ts',
    'src/adapters/sqlite/limits.ts',
  ]);
});

test('the path of a task type follows from its name', () => {
  expect(taskPath('core.http.Request')).toBe('core/http/request.ts');
  expect(taskPath('core.kv.GetKeys')).toBe('core/kv/get-keys.ts');
  expect(taskPath('ai.agent.AIAgent')).toBe('ai/agent/ai-agent.ts');
  expect(kebabCase('JSONToIon')).toBe('json-to-ion');
});

test('a task type at another path, or without a test, is found', () => {
  const definition = "export const a = defineTask({ type: 'core.kv.GetKeys' });";
  const planted = tree({
    'src/tasks/core/kv/get-keys.ts': definition,
    'src/tasks/core/kv/get-keys.test.ts': '',
    'src/tasks/core/kv/keys.ts': definition,
    'src/tasks/core/kv/key-pattern.ts': 'export const pattern = /a/;',
  });
  expect(taskViolations(planted).map(({ message }) => message)).toEqual([
    'defines `core.kv.GetKeys`; move it to `src/tasks/core/kv/get-keys.ts`',
    'has no test; write `src/tasks/core/kv/keys.test.ts` with a call to `taskContract`',
  ]);
});
