/** Tests of the rules about what belongs together, on planted violations. */
import { expect, test } from 'vitest';
import type { CapabilityRow } from '../scenarios/capabilities.ts';
import type { CompatibilityRow } from '../scenarios/compatibility.ts';
import {
  capabilityViolations,
  compatibilityViolations,
  dependencyViolations,
  glossaryRows,
  glossaryViolations,
  internalsViolations,
  linkViolations,
  unraisedCodes,
} from './completeness-rules.ts';
import { sourceFile } from './source-file.ts';

test('a folder of the core without a page is found, and a page without a folder', () => {
  const files = [
    sourceFile('src/core/value/value.ts', ''),
    sourceFile('src/core/flow/flow.ts', ''),
  ];
  const found = internalsViolations(files, ['README.md', 'value.md', 'engine.md']);
  expect(found.map(({ path }) => path)).toEqual(['src/core/flow', 'docs/internals/engine.md']);
});

test('a word of the glossary without its type is found; one that is to come is not', () => {
  const page =
    '| word | meaning | type |\n|---|---|---|\n| **flow** | a | `Flow` |\n| **task** | b | `Task` |\n| **policy** | c | to come |\n';
  const rows = glossaryRows(page);
  expect(rows).toEqual([
    { word: 'flow', type: 'Flow' },
    { word: 'task', type: 'Task' },
    { word: 'policy', type: undefined },
  ]);
  const files = [sourceFile('src/core/flow/flow.ts', 'export interface Flow {}')];
  expect(glossaryViolations(files, rows)).toHaveLength(1);
  expect(glossaryViolations(files, [])).toHaveLength(1);
});

test('a code that a task type only lists is not raised', () => {
  const files = [
    sourceFile('src/a.ts', "throw new Failure('kv.exists', 'x');"),
    sourceFile('src/b.ts', "failures: ['kv.not-found', 'sql.failed'],"),
    sourceFile('src/b.test.ts', "'sql.failed'"),
  ];
  expect(unraisedCodes(files, ['kv.exists', 'kv.not-found', 'sql.failed'])).toEqual([
    'kv.not-found',
    'sql.failed',
  ]);
});

test('a claim of compatibility needs a proof that cites it, everything else a reason', () => {
  const row: CompatibilityRow = { id: 'a', area: 'A', what: 'b', status: 'covered' };
  const read = (path: string): string | undefined =>
    path === 'proof.test.ts' ? 'test("[a] holds")' : undefined;
  expect(compatibilityViolations([{ ...row, proof: 'proof.test.ts' }], read)).toEqual([]);
  expect(compatibilityViolations([row], read)).toHaveLength(1);
  expect(compatibilityViolations([{ ...row, proof: 'none.ts' }], read)).toHaveLength(1);
  expect(compatibilityViolations([{ ...row, id: 'b', proof: 'proof.test.ts' }], read)).toHaveLength(
    1,
  );
  expect(compatibilityViolations([{ ...row, status: 'not-yet' }], read)).toHaveLength(1);
  const twice: CompatibilityRow = { ...row, status: 'different', reason: 'c' };
  expect(compatibilityViolations([twice, twice], read)).toHaveLength(1);
});

test('a capability needs proofs that cite it, or says what is missing', () => {
  const row: CapabilityRow = { id: 'a', area: 'A', what: 'b', status: 'covered' };
  const read = (path: string): string | undefined =>
    path === 'proof.test.ts' ? 'test("holds [a]")' : undefined;
  const proofs = ['proof.test.ts'];
  const count = (...rows: CapabilityRow[]): number => capabilityViolations(rows, read).length;
  expect(count({ ...row, proofs })).toBe(0);
  expect(count({ ...row, status: 'partly', proofs, missing: 'c' })).toBe(0);
  expect(count({ ...row, status: 'not-yet', missing: 'c' })).toBe(0);
  expect(count(row)).toBe(1);
  expect(count({ ...row, proofs, missing: 'c' })).toBe(1);
  expect(count({ ...row, proofs: ['none.ts'] })).toBe(1);
  expect(count({ ...row, id: 'b', proofs })).toBe(1);
  expect(count({ ...row, status: 'partly', proofs })).toBe(1);
  expect(count({ ...row, status: 'partly', missing: 'c' })).toBe(1);
  expect(count({ ...row, status: 'not-yet' })).toBe(1);
  expect(count({ ...row, status: 'not-yet', proofs, missing: 'c' })).toBe(1);
  expect(count({ ...row, proofs }, { ...row, proofs })).toBe(1);
});

test('dependencies and their reasons are compared both ways', () => {
  const page = '| `zod` | schemas |\n| `left-pad` | gone |\n';
  expect(dependencyViolations(['zod', 'yaml'], page)).toHaveLength(2);
});

test('a link to a file that does not exist is found', () => {
  const text = '[a](b.md) [c](../d.md#e) [f](https://example.org) [g](#h) [i](missing.md)';
  const exists = (path: string): boolean => ['docs/b.md', 'd.md'].includes(path);
  expect(linkViolations('docs/a.md', text, exists).map(({ message }) => message)).toEqual([
    'links to `missing.md`, which does not exist',
  ]);
});
