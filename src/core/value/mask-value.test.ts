/** Masking by provenance: exact where it can be, whole where it cannot, and nothing marked afterwards. */
import { describe, expect, test } from 'vitest';
import {
  flatten,
  type Marks,
  marksOf,
  marksOfParts,
  maskParts,
  maskValue,
  plainMarks,
  provenanceOf,
} from './index.ts';

const email = marksOf(provenanceOf({ classes: [{ name: 'personal.email', subject: 'h1' }] }));
const card = marksOf(provenanceOf({ classes: [{ name: 'payment', subject: 'h1' }] }));

function parts(of: Readonly<Record<string, Marks>>): Marks {
  return marksOfParts(Object.entries(of));
}

describe('masking', () => {
  test('replaces what is marked in maps and lists, however deep, and nothing else', () => {
    const value = { to: 'ada', list: ['x', { deep: 'secret', other: 1 }], card: '4111' };
    const marks = parts({
      to: email,
      list: parts({ '1': parts({ deep: email }) }),
      card,
    });
    const masked = maskValue(value, marks, ['personal']);
    expect(masked.value).toEqual({
      to: '[masked personal]',
      list: ['x', { deep: '[masked personal]', other: 1 }],
      card: '4111',
    });
    expect(flatten(masked.marks).classes.map(({ name }) => name)).toEqual(['payment']);
  });

  test('replaces a container whose shape is marked as a whole: its keys tell as much', () => {
    const marks = { own: email.own, parts: new Map([['a', card]]) };
    const masked = maskValue({ a: 1, 'ada@example.org': 2 }, marks, ['personal.email']);
    expect(masked.value).toBe('[masked personal.email]');
    expect(flatten(masked.marks).classes.map(({ name }) => name)).toEqual(['payment']);
  });

  test('covers a class and those below it, and no class that only begins alike', () => {
    const alike = marksOf(provenanceOf({ classes: [{ name: 'personality', subject: null }] }));
    expect(maskValue('x', alike, ['personal']).value).toBe('x');
    expect(maskValue('x', email, ['personal.email.work']).value).toBe('x');
    expect(maskValue('x', email, ['payment', 'personal']).value).toBe('[masked personal]');
  });

  test('replaces numbers and booleans too, and leaves nothing as it is', () => {
    expect([7, true, null].map((one) => maskValue(one, email, ['personal']).value)).toEqual([
      '[masked personal]',
      '[masked personal]',
      null,
    ]);
    expect(maskValue('x', plainMarks, ['personal'])).toEqual({ value: 'x', marks: plainMarks });
  });

  test('replaces parts of a text exactly, also those that are empty', () => {
    const own = email.own;
    const segments = [
      { start: 5, end: 8, own },
      { start: 9, end: 9, own },
      { start: 10, end: 14, own: card.own },
    ];
    expect(maskParts('Dear Ada, 4111!', segments, ['personal'])).toBe(
      'Dear [masked personal],[masked personal] 4111!',
    );
  });
});
