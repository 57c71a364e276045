/** Tests of the import rules on planted violations. */
import { expect, test } from 'vitest';
import { doorViolations, folderOf, importCycles, importViolations } from './import-table.ts';
import { type SourceFile, sourceFile, violationText } from './source-file.ts';

function tree(files: Readonly<Record<string, string>>): readonly SourceFile[] {
  return Object.entries(files).map(([path, text]) => sourceFile(path, text));
}

function messages(path: string, text: string): readonly string[] {
  return importViolations(tree({ [path]: text })).map(violationText);
}

test('a file belongs to the longest folder of the table', () => {
  expect(folderOf('src/core/engine/handlers/task-ended.ts')).toBe('src/core/engine');
  expect(folderOf('src/tasks/core/http/request.ts')).toBe('src/tasks/core');
  expect(folderOf('src/tasks/registry.generated.ts')).toBe('src/tasks');
  expect(folderOf('src/ports/store.ts')).toBe('src/ports');
  expect(folderOf('generated/task-catalogue.json')).toBe('generated');
});

test('the core may not import Node, ports or packages', () => {
  const path = 'src/core/engine/reduce.ts';
  expect(messages(path, "import { readFile } from 'node:fs/promises';")).toHaveLength(1);
  expect(messages(path, "import type { Store } from '../../ports/store.ts';")).toHaveLength(1);
  expect(messages(path, "import { z } from 'zod';")).toHaveLength(1);
  expect(messages(path, "import { emptyMap } from '../value/index.ts';")).toEqual([]);
});

test('a message names the import and what is allowed', () => {
  expect(messages('src/core/policy/ask.ts', "\nimport { parse } from '../flow/index.ts';")).toEqual(
    [
      'src/core/policy/ask.ts:2: imports `../flow/index.ts`, and src/core/policy may import src/core/value, src/core/failure; move the code, or hand the thing in',
    ],
  );
});

test('an adapter may not import another adapter, a test may', () => {
  const text = "import { memoryStore } from '../memory/memory-store.ts';";
  expect(messages('src/adapters/sqlite/sqlite-store.ts', text)).toHaveLength(1);
  expect(messages('src/adapters/sqlite/sqlite-store.test.ts', text)).toEqual([]);
});

test('a task type may not start processes, nor load its library before it runs', () => {
  const path = 'src/tasks/jdbc/duckdb/query.ts';
  expect(messages(path, "import { spawn } from 'node:child_process';")).toHaveLength(1);
  expect(messages(path, "import { DuckDBInstance } from '@duckdb/node-api';")).toHaveLength(1);
  expect(messages(path, "const load = () => import('@duckdb/node-api');")).toEqual([]);
});

test('the command line takes types of the ports, not values', () => {
  const path = 'src/cli/commands/run.ts';
  expect(messages(path, "import type { FlowRecord } from '../../ports/store.ts';")).toEqual([]);
  expect(messages(path, "import { keyValueTypes } from '../../ports/key-values.ts';")).toHaveLength(
    1,
  );
  expect(messages(path, "import type { A } from '../../adapters/memory/a.ts';")).toHaveLength(1);
});

test('a folder outside the architecture is refused', () => {
  expect(messages('src/plugins/x.ts', '')).toHaveLength(1);
});

test('imports write their ending and pass through the front door', () => {
  const planted = tree({
    'src/core/value/index.ts': "export { a } from './a.ts';",
    'src/core/value/a.ts': '',
    'src/core/value/b.ts': "import { a } from './a.ts';",
    'src/core/flow/flow.ts': "import { a } from '../value/a.ts';",
    'src/core/flow/span.ts': "import { a } from '../value/index';",
    'src/runtime/worker/run.ts': "import { c } from '../../core/engine/c.ts';",
  });
  expect(doorViolations(planted).map(violationText)).toEqual([
    'src/core/flow/flow.ts:1: imports `../value/a.ts`; export the name in `src/core/value/index.ts` and import that',
    'src/core/flow/span.ts:1: imports `../value/index`; write the ending: `../value/index.ts`',
    'src/runtime/worker/run.ts:1: imports `../../core/engine/c.ts`; add its front door `src/core/engine/index.ts`',
  ]);
});

test('a cycle is found once, with its way; a dynamic import makes none', () => {
  const planted = tree({
    'src/a.ts': "import './b.ts';",
    'src/b.ts': "import type { C } from './c.ts';",
    'src/c.ts': "import './a.ts';",
    'src/d.ts': "const e = () => import('./e.ts');",
    'src/e.ts': "import './d.ts';",
  });
  const found = importCycles(planted).map(({ message }) => message);
  expect(found).toHaveLength(1);
  expect(found[0]).toContain('src/a.ts → src/b.ts → src/c.ts → src/a.ts');
});
