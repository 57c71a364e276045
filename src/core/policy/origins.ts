/**
 * What many origins come to: the worst trust, all classes with those above them, all subjects, the bits
 * an outsider could choose. Policies read these sums; single arguments they may name as well.
 */
import { type Trust, trustLevels } from '../value/index.ts';
import type { ArgumentOrigin, Origin } from './question.ts';

/** Returns the worst trust of `origins`; `trusted` when there are none. */
export function worstTrust(origins: readonly Origin[]): Trust {
  let worst = 0;
  // A level that is not known counts as the worst one.
  for (const { trust } of origins) {
    const level = trustLevels.indexOf(trust);
    worst = Math.max(worst, level < 0 ? trustLevels.length - 1 : level);
  }
  return trustLevels[worst] ?? 'untrusted';
}

/** Returns the names of all classes and of those above them: `personal.email` is `personal` too. */
export function classNames(origins: readonly Origin[]): readonly string[] {
  const names = new Set<string>();
  for (const { classes } of origins) {
    for (const { name } of classes) {
      names.add(name);
      for (let at = name.lastIndexOf('.'); at > 0; at = name.lastIndexOf('.', at - 1)) {
        names.add(name.slice(0, at));
      }
    }
  }
  return [...names].toSorted();
}

/** Returns the subjects of all classes; `many` stands for more than are kept apart. */
export function subjectsOf(origins: readonly Origin[]): readonly string[] {
  const subjects = new Set<string>();
  for (const { classes } of origins) {
    for (const { subject } of classes) if (subject !== null) subjects.add(subject);
  }
  return [...subjects].toSorted();
}

/** Returns how many bits an outsider could choose in all of `origins` together. */
export function bitsOf(origins: readonly Origin[]): number {
  let bits = 0;
  for (const one of origins) if (one.trust === 'constrained') bits += one.bits;
  return Math.ceil(bits);
}

/** Returns those of `origins` that address something. */
export function addressLike(origins: readonly ArgumentOrigin[]): readonly ArgumentOrigin[] {
  return origins.filter((one) => one.isAddressLike);
}
