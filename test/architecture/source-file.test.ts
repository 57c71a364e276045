/** Tests of the scanner: what it blanks, and which imports and exports it finds. */
import { expect, test } from 'vitest';
import { separate, sourceFile } from './source-file.ts';

test('keeps every offset and line break', () => {
  const text = "const a = 'x\\'y'; // 'b\n/* c\n */ const d = `e ${f('}')} g`;\n";
  const { code, comments } = separate(text);
  expect(code).toHaveLength(text.length);
  expect(comments).toHaveLength(text.length);
  expect(code.split('\n').map((line) => line.length)).toEqual(
    text.split('\n').map((line) => line.length),
  );
});

test('blanks strings, comments, templates and patterns, and nothing else', () => {
  expect(separate("const a = 'bc'; // d").code).toBe("const a = '  ';     ");
  expect(separate('const a = `b${c + `d`}e`;').code).toBe('const a = ` ${c + ` `} `;');
  expect(separate('const a = `${ { b: 1 } }c` + d;').code).toBe('const a = `${ { b: 1 } } ` + d;');
  expect(separate("a.replace(/['/*]/g, b)").code).toBe('a.replace(/     /g, b)');
  expect(separate('const half = a / 2; // of / b').code.trim()).toBe('const half = a / 2;');
  expect(separate("a = 1; // it's\nb").comments.trim()).toBe("// it's");
});

test('finds static, type, dynamic and re-exporting imports with their line', () => {
  const file = sourceFile(
    'src/x.ts',
    [
      "import { a } from './a.ts';",
      "import type { B } from './b.ts';",
      "import './c.ts';",
      "export { d } from './d.ts';",
      "const e = () => import('./e.ts');",
      "export type { F } from './f.ts';",
      'import {',
      '  g,',
      "} from './g.ts';",
    ].join('\n'),
  );
  const found = file.imports.map(({ specifier, kind, line }) => `${line} ${kind} ${specifier}`);
  expect(found.toSorted()).toEqual([
    '1 static ./a.ts',
    '2 type ./b.ts',
    '3 static ./c.ts',
    '4 re-export ./d.ts',
    '5 dynamic ./e.ts',
    '6 re-export ./f.ts',
    '7 static ./g.ts',
  ]);
});

test('finds no imports in comments and strings', () => {
  const text =
    "// import './a.ts'\nconst b = \"import './c.ts'\";\nconst d = `import('./e.ts')`;\n";
  expect(sourceFile('src/x.ts', text).imports).toEqual([]);
});

test('finds exported declarations, overloads once', () => {
  const text = [
    'export async function a(): void {}',
    'export const b = 1;',
    'export function c(x: string): void;',
    'export function c(x: unknown): void {}',
    'export abstract class D {}',
    'export type { E } from "./e.ts";',
    'export interface F {}',
  ].join('\n');
  expect(sourceFile('src/x.ts', text).exports.map(({ name }) => name)).toEqual([
    'a',
    'b',
    'c',
    'D',
    'F',
  ]);
});
