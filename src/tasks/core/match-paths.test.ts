/** Tests of patterns of paths. */
import { expect, test } from 'vitest';
import { matchPaths } from './match-paths.ts';

const paths = ['a.csv', 'b.txt', 'prices/a.csv', 'prices/2026/b.csv', 'odd [1].csv'];

test.each<[string | readonly string[], readonly string[]]>([
  ['*.csv', ['a.csv', 'odd [1].csv']],
  ['/prices/*.csv', ['prices/a.csv']],
  ['prices/**', ['prices/2026/b.csv', 'prices/a.csv']],
  ['**/*.csv', ['a.csv', 'odd [1].csv', 'prices/2026/b.csv', 'prices/a.csv']],
  [
    ['b.txt', 'a.{csv,txt}'],
    ['a.csv', 'b.txt'],
  ],
  ['["b.txt"]', ['b.txt']],
  ['[ab].csv', ['a.csv']],
  ['odd [1].csv', ['odd [1].csv']],
  [[], []],
])('matches %j', (patterns, expected) => {
  expect(matchPaths(paths, patterns)).toEqual(expected);
});
