/**
 * What is about somebody, encrypted under the key of whom it is about. What is about several people is
 * encrypted under all their keys together, so that it is gone when any of them is erased. What is made
 * of secrets and is about nobody stands under the key of the data folder.
 *
 * INVARIANT: without the key of each subject nothing is sealed and nothing is opened.
 */
import { type DataClass, mapOf, type Value, type ValueMap } from '../../core/value/index.ts';
import type { Cipher, Digests } from '../../ports/cipher.ts';
import type { SubjectKeys } from '../../ports/subject-keys.ts';
import { holdsCredential, sealedType, stars } from '../rendering/index.ts';

/** Begins every handle of a subject. */
export const handlePrefix = 'subject-';

/** The handle under which values about more people than are kept apart stand. */
export const manySubjects = 'many';

/** What is about somebody, encrypted. */
export interface Sealed {
  readonly classes: readonly DataClass[];
  readonly value: string;
}

/** Seals what is about somebody. */
export interface Vault {
  /** Returns `text` sealed for one place; undefined when a key is gone, so that the text must go too. */
  seal(text: string, classes: readonly DataClass[], place: string): Sealed | undefined;
  /** Returns what was sealed; undefined when a key is gone. */
  open(sealed: Sealed, place: string): string | undefined;
  /** Returns what stands in place of a value made of secrets: people see stars, and only its place can open it. */
  hide(value: Value, place: string): ValueMap;
}

/** Returns those of `classes` for which a value is not kept in clear: about somebody, or of a secret. */
export function guardedClasses(classes: readonly DataClass[]): readonly DataClass[] {
  const people = protectedClasses(classes);
  if (!holdsCredential(classes)) return people;
  return [...people, ...classes.filter((one) => holdsCredential([one]) && !people.includes(one))];
}

/** Returns those of `classes` that are about somebody who has, or had, a key. */
export function protectedClasses(classes: readonly DataClass[]): readonly DataClass[] {
  return classes.filter(({ name, subject }) => {
    if (subject === null) return false;
    // Files of which nothing is known are confidential, whomever they are about.
    if (subject === manySubjects) return name !== 'confidential' && name !== 'credential';
    return subject.startsWith(handlePrefix);
  });
}

/** Returns the handles in `classes` that have, or had, a key, each once, in order. */
export function subjectsOf(classes: readonly DataClass[]): readonly string[] {
  const handles = protectedClasses(classes)
    .map(({ subject }) => subject)
    .filter((one) => one !== null);
  return [...new Set(handles)].toSorted();
}

/** Returns the vault over `keys`. */
export function createVault(keys: SubjectKeys, cipher: Cipher & Digests): Vault {
  /** Undefined when a key is gone. */
  const keyFor = (classes: readonly DataClass[]): { readonly key?: string } | undefined => {
    const found: string[] = [];
    for (const subject of subjectsOf(classes)) {
      const key = keys.find(subject);
      if (key === undefined) return undefined;
      found.push(key);
    }
    const [first] = found;
    if (first === undefined) return holdsCredential(classes) ? {} : undefined;
    if (found.length === 1) return { key: first };
    return { key: Buffer.from(cipher.digest(found.join('\n')), 'hex').toString('base64') };
  };
  return {
    seal(text, classes, place) {
      if (subjectsOf(classes).includes(manySubjects)) keys.create(manySubjects);
      const found = keyFor(classes);
      if (found === undefined) return undefined;
      return { classes, value: cipher.encrypt(text, found.key, place) };
    },
    open({ classes, value }, place) {
      const found = keyFor(classes);
      if (found === undefined) return undefined;
      try {
        return cipher.decrypt(value, found.key, place);
      } catch {
        // Not what was sealed here: a value that somebody gave in this form. It can be read by nobody.
        return undefined;
      }
    },
    hide(value, place) {
      const text = cipher.encrypt(JSON.stringify(value), undefined, place);
      return mapOf({ type: sealedType, value: text, shown: stars, form: 'hidden' });
    },
  };
}
