/**
 * Answers of the API that are kept for requests sent again. What is in them is not marked, so that nobody
 * knows whom it is about: all of them stand under one key, which goes with every erasure.
 */
import type { Cipher } from '../../ports/cipher.ts';
import type { SubjectKeys } from '../../ports/subject-keys.ts';

const keyName = 'kept-answers';

/** Seals answers until the next erasure. */
export interface KeptAnswers {
  seal(text: string): string;
  /** Returns what was sealed; undefined when somebody was erased since. */
  open(sealed: string): string | undefined;
}

/** Returns what seals answers. */
export function createKeptAnswers(keys: SubjectKeys, cipher: Cipher): KeptAnswers {
  return {
    seal(text) {
      keys.create(keyName);
      const key = keys.find(keyName);
      // Gone again already, by an erasure of another process: nothing is kept.
      return key === undefined ? '' : cipher.encrypt(text, key, keyName);
    },
    open(sealed) {
      const key = keys.find(keyName);
      if (key === undefined) return undefined;
      try {
        return cipher.decrypt(sealed, key, keyName);
      } catch {
        // Sealed under the key before the last erasure.
        return undefined;
      }
    },
  };
}

/** Makes all answers that are kept unreadable. */
export function forgetAnswers(keys: SubjectKeys): void {
  keys.destroy(keyName);
}
