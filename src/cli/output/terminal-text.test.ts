/** Text from outside cannot steer the terminal, and widths are those that are seen. */
import { expect, test } from 'vitest';
import { cut, fill, harmless, oneLine, textWidth } from './terminal-text.ts';

test('control characters and direction marks are made visible', () => {
  expect(harmless('a\u001b[2Jb\u0007\u009bc\u202ed\rx')).toBe(
    'a\\u001b[2Jb\\u0007\\u009bc\\u202ed\\u000dx',
  );
  expect(harmless('a\r\nb\tc')).toBe('a\nb\tc');
  expect(oneLine('a\n  b\tc')).toBe('a ⏎ b c');
});

test('wide and combining characters are measured as they are seen', () => {
  expect(textWidth('abc')).toBe(3);
  expect(textWidth('日本')).toBe(4);
  expect(textWidth('e\u0301')).toBe(1);
  expect(textWidth('🚀')).toBe(2);
});

test('text is cut to columns, never in the middle of a character', () => {
  expect(cut('abcdef', 6)).toBe('abcdef');
  expect(cut('abcdefg', 6)).toBe('abcde…');
  expect(cut('日本語', 5)).toBe('日本…');
  expect(cut('日本語', 4)).toBe('日…');
  expect(cut('abc', 0)).toBe('');
  expect(fill('日', 4)).toBe('日  ');
});
