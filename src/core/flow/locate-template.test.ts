/** Places in templates become places in the file, whatever way the YAML writes the text. */
import { expect, test } from 'vitest';
import { DiagnosticList } from './diagnostic-list.ts';
import { indexOfPosition, offsetInSource } from './locate-template.ts';
import { readYaml } from './read-yaml.ts';

/** Returns the characters of the file from where `needle` is said to stand in the text of `a`. */
function located(source: string, needle: string): string {
  const node = readYaml(source, new DiagnosticList('x', source))?.entries.get('a')?.value;
  if (node?.kind !== 'scalar' || typeof node.value !== 'string') throw new Error('no text');
  const index = node.value.indexOf(needle);
  expect(index).toBeGreaterThanOrEqual(0);
  const offset = offsetInSource(source, node, index);
  return source.slice(offset, offset + needle.length);
}

test.each([
  ['plain', 'a: some {x} text NEEDLE here\n'],
  ['plain over lines', 'a: some text\n  goes on\n\n  with NEEDLE\n'],
  ['single quotes', "a: 'it''s ''a'' NEEDLE'\n"],
  ['double quotes', 'a: "tab\\t \\u00e9 \\x41 quote\\" \\\\ NEEDLE"\n'],
  ['double quotes over lines', 'a: "one \\\n   two\n\n   NEEDLE"\n'],
  ['literal', 'a: |\n    one\n      two\n\n    NEEDLE\n'],
  ['literal, stripped', 'a: |-\n\n\n  NEEDLE'],
  ['literal with an indicator and a comment', 'a: |2 # note\n    one NEEDLE\n'],
  ['folded', 'a: >\n  one\n  two\n\n  three\n    four\n  NEEDLE\n'],
  ['literal with tabs and carriage returns', 'a: |\r\n  one\r\n  \tNEEDLE\r\n'],
])('finds a place in %s text', (_style, source) => {
  expect(located(source, 'NEEDLE')).toBe('NEEDLE');
});

test('turns line and column into an index', () => {
  expect(indexOfPosition('ab\ncd', 2, 2)).toBe(4);
  expect(indexOfPosition('ab', 9, 9)).toBe(2);
});
