/** Tables line up, give way on a narrow terminal and are whole in a pipe. */
import { expect, test } from 'vitest';
import { pairs, table } from './table.ts';

const columns = [
  { title: 'ID', text: (row: readonly [string, string]) => row[0] },
  { title: 'TEXT', text: (row: readonly [string, string]) => row[1], isFlexible: true },
];
const rows = [
  ['a', 'short'],
  ['bcd', 'a rather long text'],
] as const;

test('columns line up and lines have no spaces at their end', () => {
  expect(table(rows, columns)).toBe('ID   TEXT\na    short\nbcd  a rather long text\n');
});

test('a flexible column is cut to the room', () => {
  expect(table(rows, columns, { room: 15 })).toBe('ID   TEXT\na    short\nbcd  a rather …\n');
});

test('line ends and control characters in cells do not break rows', () => {
  expect(table([['x', 'a\nb\u001b[0m']], columns)).toBe('ID  TEXT\nx   a ⏎ b\\u001b[0m\n');
});

test('pairs indent further lines of a value', () => {
  expect(
    pairs([
      ['a', '1'],
      ['long', 'x\ny'],
    ]),
  ).toBe('a     1\nlong  x\n      y\n');
});
