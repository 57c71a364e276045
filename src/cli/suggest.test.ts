/** A mistyped word finds the word that was meant, and nothing when none is near. */
import { expect, test } from 'vitest';
import { suggest } from './suggest.ts';

const known = ['execution', 'example', 'flow', 'file', 'kv', 'run'];

test.each([
  ['excution', 'execution'],
  ['exec', 'execution'],
  ['FLOW', 'flow'],
  ['folw', 'flow'],
  ['rn', 'run'],
  ['k', 'kv'],
  ['serve', undefined],
  ['', undefined],
])('%s means %s', (word, meant) => {
  expect(suggest(word, known)).toBe(meant);
});
