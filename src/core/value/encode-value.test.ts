/** What people and other systems read of a value: nothing that JSON can say is lost on the way. */
import { expect, test } from 'vitest';
import { plainText, toPlain } from './encode-value.ts';
import { mapOf } from './value.ts';

test('whole numbers of more digits than JavaScript has keep them in JSON', () => {
  const large = 9_007_199_254_740_993n;
  const value = mapOf({ id: large, many: [large, 1n] });
  expect(JSON.stringify(toPlain(value))).toBe(
    '{"id":9007199254740993,"many":[9007199254740993,1]}',
  );
  expect(plainText(value)).toBe('{"id":9007199254740993,"many":[9007199254740993,1]}');
  expect(plainText(large)).toBe('9007199254740993');
});

test('a date with a zone is ISO text without the name of the zone', () => {
  const noon = Temporal.ZonedDateTime.from('2026-01-02T12:00:00[UTC]');
  expect(toPlain(noon)).toBe('2026-01-02T12:00:00Z');
  expect(toPlain(noon.withTimeZone('Europe/Paris'))).toBe('2026-01-02T13:00:00+01:00');
});
