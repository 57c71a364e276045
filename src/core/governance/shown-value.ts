/**
 * Values as people are shown them before they decide: nothing in a text is invisible or turns it around,
 * and a text that is too long for a screen says by its digest what stands in the middle.
 */
import { emptyMap, isList, isMap, type Value } from '../value/index.ts';

const textMax = 600;
const endLength = 240;

/** Control characters, characters that turn the direction, that take no room, and lone halves of others. */
const unseen =
  /[\p{Cc}\p{Cf}\u{2028}\u{2029}\u{115f}\u{1160}\u{3164}\u{ffa0}\u{e000}-\u{f8ff}]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/gu;

/** Letters that look like Latin ones, beside Latin ones in the same word. */
const mixedWord =
  /[A-Za-z][\p{L}\p{N}.-]*[\u{370}-\u{3ff}\u{400}-\u{52f}]|[\u{370}-\u{3ff}\u{400}-\u{52f}][\p{L}\p{N}.-]*[A-Za-z]/u;

function codeOf(character: string): string {
  return `⟨U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`;
}

/** Returns `text` with everything that is not seen written out; line ends and tabs stay. */
export function visibleText(text: string): string {
  return text.replace(unseen, (one) => (one === '\n' || one === '\t' ? one : codeOf(one)));
}

/** Tells whether a word of `text` mixes alphabets that look alike. */
export function hasLookalikes(text: string): boolean {
  return mixedWord.test(text);
}

/** Returns `text` as it is shown; `digest` names what a long one holds in full. */
export function shownText(text: string, digest: (text: string) => string): string {
  const visible = visibleText(text);
  const warned = hasLookalikes(text) ? `${visible} ⟨letters of several alphabets⟩` : visible;
  if (warned.length <= textMax) return warned;
  const left = warned.length - 2 * endLength;
  const mark = `⟨${left} characters left out, digest ${digest(text).slice(0, 16)}⟩`;
  return `${warned.slice(0, endLength)} … ${mark} … ${warned.slice(-endLength)}`;
}

/** Returns `value` with every text in it, names included, as it is shown. */
export function shownValue(value: Value, digest: (text: string) => string): Value {
  if (typeof value === 'string') return shownText(value, digest);
  if (isList(value)) return value.map((one) => shownValue(one, digest));
  if (!isMap(value)) return value;
  const shown = emptyMap();
  for (const [key, one] of Object.entries(value)) {
    shown[shownText(key, digest)] = shownValue(one, digest);
  }
  return shown;
}
