/** Keys of subjects in memory: the reference, and what tests of other parts use. */
import { randomBytes } from 'node:crypto';
import type { SubjectKeys } from '../../ports/subject-keys.ts';

/** Returns keys that live as long as the process. */
export function createMemorySubjectKeys(): SubjectKeys {
  const keys = new Map<string, string>();
  return {
    create(subject) {
      if (!keys.has(subject)) keys.set(subject, randomBytes(32).toString('base64'));
    },
    find: (subject) => keys.get(subject),
    destroy: (subject) => keys.delete(subject),
    close: () => undefined,
  };
}
