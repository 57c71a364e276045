/**
 * Values as people are shown them before they decide: nothing in a text is invisible, turns it around or
 * passes for something else, and what is too long for a screen says by its digest what was left out.
 *
 * INVARIANT: brackets of notes (`⟨…⟩`) in what is shown are ours; those of a value are written out.
 */
import { emptyMap, encodeValue, isList, isMap, type Value } from '../value/index.ts';

const textMax = 600;
const endLength = 240;
const membersMax = 60;
const membersShown = 25;
/** Texts beyond it are not shown member by member: nobody reads them, and an entry holds them. */
const depthMax = 12;

/**
 * What is not seen or not seen for what it is: controls, characters that turn the direction, tags and
 * others without a width, variation selectors, private and unassigned ones, spaces that are no space, lone
 * halves of others, and the brackets of notes.
 */
const unseen =
  /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u{2800}\u{27e8}\u{27e9}]|(?! )\p{Zs}|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/gu;

/** Within an emoji they are what makes it. */
const emojiParts =
  /(?<=\p{Extended_Pictographic})\u{fe0f}|(?<=\p{Extended_Pictographic}\u{fe0f}?)\u{200d}(?=\p{Extended_Pictographic})/gu;

/** Letters that are taken for Latin ones, beside Latin ones in the same word. */
const foreign = '\\p{Script=Greek}\\p{Script=Cyrillic}\\p{Script=Armenian}\\p{Script=Cherokee}';
// Bounded, so that a long word costs no more than its length.
const between = '[\\p{L}\\p{M}\\p{N}.@_-]{0,80}';
const mixedWord = new RegExp(`[A-Za-z]${between}[${foreign}]|[${foreign}]${between}[A-Za-z]`, 'u');

/** What looks like the name of a host. */
const label = '[\\p{L}\\p{M}\\p{N}_-]{1,63}';
const dot = '[.\u{3002}\u{ff0e}\u{ff61}]';
const hostName = new RegExp(
  `(?:@|//|(?<![\\p{L}\\p{M}\\p{N}_-]))${label}(?:${dot}${label}){1,10}`,
  'gu',
);
const letterLike = /[\u{ff01}-\u{ff5e}\u{1d400}-\u{1d7ff}\u{2100}-\u{214f}\u{24b6}-\u{24e9}]/u;

function codeOf(character: string): string {
  return `⟨U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`;
}

/** Returns `text` with everything that is not seen written out; line ends and tabs stay. */
export function visibleText(text: string): string {
  const isOfEmoji = new Set([...text.matchAll(emojiParts)].map(({ index }) => index));
  return text.replace(unseen, (one, at: number) => {
    if (one === '\t' || isOfEmoji.has(at)) return one;
    // A carriage return alone goes back over what stands before it.
    if (one === '\n' || (one === '\r' && text[at + 1] === '\n')) return one;
    return codeOf(one);
  });
}

/** Returns what passes for something else in `text`, one note each. */
export function lookalikesIn(text: string): readonly string[] {
  const notes: string[] = [];
  if (mixedWord.test(text)) notes.push('letters of several alphabets in one word');
  if (letterLike.test(text)) notes.push('signs that look like letters');
  const hosts = [...text.matchAll(hostName)].map(([host]) => host.toLowerCase());
  if (hosts.some((host) => /(?:^|[.@/])xn--/.test(host))) notes.push('an address in Punycode');
  if (hosts.some((host) => /[^!-~]/.test(host))) {
    notes.push('an address with letters beyond A to Z');
  }
  return notes;
}

/** Returns the first or last signs of `text`, no sign and no note cut in two. */
function end(signs: readonly string[], isLast: boolean): string {
  const kept: string[] = [];
  let length = 0;
  for (let at = 0; at < signs.length; at += 1) {
    const sign = signs[isLast ? signs.length - 1 - at : at] ?? '';
    if (length + sign.length > endLength) break;
    length += sign.length;
    kept.push(sign);
  }
  return (isLast ? kept.toReversed() : kept).join('');
}

/** Signs as they are read: a note or an emoji is one. */
const sign =
  /⟨[^⟩]*⟩|\p{Extended_Pictographic}[\u{fe0f}\u{200d}\p{Extended_Pictographic}\p{M}]*|./gsu;

/** Returns `text` as it is shown; `digest` names what a long one holds in full. */
export function shownText(text: string, digest: (text: string) => string): string {
  const notes = lookalikesIn(text)
    .map((one) => ` ⟨${one}⟩`)
    .join('');
  const visible = visibleText(text);
  if (visible.length <= textMax) return `${visible}${notes}`;
  const signsOf = (part: string): string[] => [...part.matchAll(sign)].map(([one]) => one);
  const first = end(signsOf(visible.slice(0, textMax)), false);
  const last = end(signsOf(visible.slice(-textMax)), true);
  const left = visible.length - first.length - last.length;
  const mark = `⟨${left} characters left out, digest ${digest(text).slice(0, 16)}⟩`;
  return `${first} … ${mark} … ${last}${notes}`;
}

/** Returns `value` with every text in it, names included, as it is shown. */
export function shownValue(value: Value, digest: (text: string) => string, depth = 0): Value {
  if (typeof value === 'string') return shownText(value, digest);
  if (!isList(value) && !isMap(value)) return value;
  const digestOf = (): string => digest(encodeValue(value)).slice(0, 16);
  if (depth >= depthMax) return `⟨more levels left out, digest ${digestOf()}⟩`;
  const leftOut = (count: number): string => `⟨${count} members left out, digest ${digestOf()}⟩`;
  if (isList(value)) {
    const show = (one: Value): Value => shownValue(one, digest, depth + 1);
    if (value.length <= membersMax) return value.map(show);
    const left = value.length - 2 * membersShown;
    return [
      ...value.slice(0, membersShown).map(show),
      leftOut(left),
      ...value.slice(-membersShown).map(show),
    ];
  }
  const shown = emptyMap();
  const rows = Object.entries(value);
  const isLong = rows.length > membersMax;
  for (const [key, one] of isLong ? rows.slice(0, 2 * membersShown) : rows) {
    shown[shownText(key, digest)] = shownValue(one, digest, depth + 1);
  }
  if (isLong) shown['…'] = leftOut(rows.length - 2 * membersShown);
  return shown;
}
