/**
 * Older and private spellings inside templates: they work, and a warning names the spelling to use.
 */

/** One spelling. */
interface RetiredSpelling {
  /** What finds it inside a tag; its first group is the name. */
  readonly pattern: RegExp;
  readonly name: string;
  /** What to write, as a sentence. */
  readonly help: string;
  /** True when other engines of the language refuse it. */
  readonly isPrivate: boolean;
}

/** All of them. */
const spellings: readonly RetiredSpelling[] = [
  {
    pattern: /\|\s*(fileRead)\b/,
    name: 'fileRead',
    help: 'write `read(…)` around the path',
    isPrivate: true,
  },
  {
    pattern: /\|\s*(json)\b/,
    name: 'json',
    help: 'write `toJson`',
    isPrivate: false,
  },
  {
    pattern: /(?<![\w.|])(?<!\|\s)(json)\s*\(/,
    name: 'json',
    help: 'write `fromJson(…)`',
    isPrivate: false,
  },
  {
    pattern: /\|\s*(numberformat)\b/,
    name: 'numberformat',
    help: 'write `numberFormat`',
    isPrivate: false,
  },
];

/** Returns the retired spellings that `template` uses, each with the index of its first use. */
export function retiredSpellingsIn(
  template: string,
): readonly { readonly spelling: RetiredSpelling; readonly index: number }[] {
  const present = spellings.filter(({ name }) => template.includes(name));
  if (present.length === 0) return [];
  const found = new Map<RetiredSpelling, number>();
  // Only inside tags: `| json` in the text around them belongs to a script.
  for (const tag of template.matchAll(/\{[{%][\s\S]*?[}%]\}/g)) {
    for (const spelling of present) {
      const match = found.has(spelling) ? null : spelling.pattern.exec(tag[0]);
      if (match === null) continue;
      const offset = match[0].indexOf(match[1] ?? '');
      found.set(spelling, tag.index + match.index + offset);
    }
  }
  return [...found].map(([spelling, index]) => ({ spelling, index }));
}
