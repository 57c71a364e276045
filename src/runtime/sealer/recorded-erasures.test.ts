/** What is gone is compared with what entries say was erased. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { erasedGroups, ErasureRecords } from './recorded-erasures.ts';

test('places beside each other become ranges', () => {
  const groups = [5, 1, 2, 3, 9].map((seq) => ({ seq, name: 'subject-1' }));
  expect(erasedGroups([...groups, { seq: 2, name: 'subject-2' }])).toEqual({
    'subject-1': [
      [1, 3],
      [5, 5],
      [9, 9],
    ],
    'subject-2': [[2, 2]],
  });
});

test('names the first group that is gone and not recorded', () => {
  const place = fc.record({
    seq: fc.integer({ min: 1, max: 12 }),
    name: fc.constantFrom('subject-1', 'subject-2'),
  });
  const places = fc.array(place, { maxLength: 12 });
  fc.assert(
    fc.property(places, fc.array(places, { maxLength: 3 }), (gone, recorded) => {
      const records = new ErasureRecords();
      const inOrder = gone.toSorted((a, b) => a.seq - b.seq);
      for (const { seq, name } of inOrder) records.noteGone(seq, name);
      for (const groups of recorded) {
        records.noteRecord(JSON.stringify({ erased: erasedGroups(groups) }));
      }
      const known = new Set(recorded.flat().map(({ seq, name }) => `${seq} ${name}`));
      const first = inOrder.find(({ seq, name }) => !known.has(`${seq} ${name}`));
      expect(records.unrecorded()?.seq).toBe(first?.seq);
    }),
    { numRuns: 500 },
  );
});

test('a record that says nothing of the kind covers nothing', () => {
  const records = new ErasureRecords();
  records.noteGone(3, 'subject-1');
  for (const erased of [undefined, {}, { 'subject-1': 3 }, { 'subject-1': [[1]] }, { x: [[1, 9]] }])
    records.noteRecord(JSON.stringify({ erased }));
  expect(records.unrecorded()).toEqual({ seq: 3, group: 'subject-1' });
});
