/** Tests of the comment rules on planted violations. */
import { expect, test } from 'vitest';
import {
  exportViolations,
  headerViolations,
  largeFiles,
  openWorkViolations,
} from './comment-rules.ts';
import { sourceFile } from './source-file.ts';

const header = '/**\n * What it is.\n * What it keeps.\n */\n';

function paths(texts: readonly string[], rule: typeof headerViolations): readonly string[] {
  return rule(texts.map((text, index) => sourceFile(`src/${index}.ts`, text))).map(
    ({ path }) => path,
  );
}

test('a file opens with one to six lines, a long one with two', () => {
  const long = 'const a = 1;\n'.repeat(200);
  const texts = [
    `${header}${long}`,
    '/** The time. */\nexport {};\n',
    'const a = 1;\n',
    `/** One line. */\n${long}`,
    `/**\n${' * line\n'.repeat(7)} */\n`,
    '#!/usr/bin/env node\n// One.\n// Two.\n',
  ];
  expect(paths(texts, headerViolations)).toEqual(['src/2.ts', 'src/3.ts', 'src/4.ts']);
});

test('an export has a comment of its own', () => {
  const texts = [
    `${header}\n/** Returns a. */\nexport const a = 1;\n`,
    `${header}\nexport const a = 1;\n`,
    `${header}\nconst b = 1;\n\nexport function a(): void {}\n`,
    `${header}\n// Not for readers.\nexport type A = string;\n`,
    `${header}\n/** A. */\nconst a = 1;\nexport const b = 1;\n`,
  ];
  expect(paths(texts, exportViolations)).toEqual(['src/1.ts', 'src/2.ts', 'src/3.ts', 'src/4.ts']);
});

test('open work has one spelling and is bounded', () => {
  expect(paths(['// TODO: when b is there\n'], openWorkViolations)).toEqual([]);
  expect(paths(['// FIXME: c\n', '// TODO d\n'], openWorkViolations)).toEqual([
    'src/0.ts',
    'src/1.ts',
  ]);
  expect(paths(["const a = 'FIXME';\n"], openWorkViolations)).toEqual([]);
  expect(paths(['// TODO: a\n'.repeat(10)], openWorkViolations)).toEqual([]);
  expect(paths(['// TODO: a\n'.repeat(11)], openWorkViolations)).toEqual(['the repository']);
});

test('large files are named with their size', () => {
  const long = sourceFile('src/a.ts', 'a;\n'.repeat(501));
  expect(largeFiles([long, sourceFile('src/a.test.ts', long.text)])).toEqual([
    'src/a.ts: 501 lines',
  ]);
});
