/** Tests of amounts of bytes. */
import { expect, test } from 'vitest';
import { parseBytes } from './parse-bytes.ts';

test.each([
  ['512', 512],
  ['10KB', 10_240],
  ['1.5 mb', 1_572_864],
  ['1GiB', 1_073_741_824],
])('reads %s as %i', (text, bytes) => {
  expect(parseBytes(text)).toBe(bytes);
});

test.each(['', 'much', '-1', '0', '10XB'])('refuses `%s`', (text) => {
  expect(() => parseBytes(text)).toThrow(
    expect.objectContaining({ code: 'task.input-invalid' }) as Error,
  );
});
