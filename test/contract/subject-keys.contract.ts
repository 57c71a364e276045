/** What every store of keys of subjects must do. */
import { describe, expect, test } from 'vitest';
import type { SubjectKeys } from '../../src/ports/subject-keys.ts';

/** Calls the tests of keys of subjects. */
export function testSubjectKeys(title: string, open: () => SubjectKeys): void {
  describe(`${title} keep the contract of keys of subjects`, () => {
    test('a subject has one key of 32 bytes, and others have others', () => {
      const keys = open();
      expect(keys.find('a')).toBeUndefined();
      for (const subject of ['a', 'b', 'é 😀']) keys.create(subject);
      const found = ['a', 'b', 'é 😀'].map((subject) => keys.find(subject) ?? '');
      expect(new Set(found).size).toBe(3);
      for (const key of found) expect(Buffer.from(key, 'base64')).toHaveLength(32);
      keys.create('a');
      expect(keys.find('a')).toBe(found[0]);
      keys.close();
    });

    test('a destroyed key is gone; one made again is another', () => {
      const keys = open();
      keys.create('a');
      const before = keys.find('a');
      expect(keys.destroy('a')).toBe(true);
      expect(keys.find('a')).toBeUndefined();
      expect(keys.destroy('a')).toBe(false);
      keys.create('a');
      expect(keys.find('a')).not.toBe(before);
      keys.close();
    });
  });
}
