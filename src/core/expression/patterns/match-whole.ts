/** Patterns outside of templates: whether one can be used at all, and whether it matches a whole text. */
import { Stop } from '../stop.ts';
import { patternOf } from './pattern.ts';

/** What matching came to: whether it matches, or why that cannot be told. */
export type PatternVerdict =
  | { readonly ok: true; readonly isMatch: boolean }
  | { readonly ok: false; readonly message: string; readonly help: string };

/** Tells whether `pattern` matches the whole of `text`, in time linear in the text whatever both are. */
export function matchWhole(pattern: string, text: string): PatternVerdict {
  try {
    return { ok: true, isMatch: patternOf(pattern).matchesWhole(text) };
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    return { ok: false, message: error.message, help: error.help };
  }
}
