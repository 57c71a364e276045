/** Ids of task runs as rows hold them. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readRunId, storedRunId } from './run-id-store.ts';

test('writes only the number of a run of its own execution', () => {
  expect(storedRunId('abc', 'abc-12')).toBe('-12');
  expect(storedRunId('abc', 'abc')).toBe('=abc');
  expect(storedRunId('abc', 'abcd-1')).toBe('=abcd-1');
  expect(storedRunId('abc', '-12')).toBe('=-12');
});

test('gives back whatever was written', () => {
  const piece = fc.constantFrom('', 'a', '-', '=', '-1', '=-', 'a-');
  const name = fc.array(piece, { maxLength: 4 }).map((pieces) => pieces.join(''));
  fc.assert(
    fc.property(name, name, (executionId, rest) => {
      for (const id of [rest, executionId + rest, `${executionId}-${rest}`]) {
        expect(readRunId(executionId, storedRunId(executionId, id))).toBe(id);
      }
    }),
  );
});
