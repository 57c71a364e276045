/**
 * Parses regular expressions as users write them (the common part of Java's and jq's dialects). What
 * would need backtracking without bound (look-around, references back) is refused with a sentence.
 */
import { Stop } from '../stop.ts';

/** Tells whether a code point belongs to a set. */
export type CharacterTest = (codePoint: number) => boolean;

/** What an assertion demands of a place. */
export type PlaceKind =
  | 'text-start'
  | 'text-end'
  | 'text-end-or-last-break'
  | 'line-start'
  | 'line-end'
  | 'word-edge'
  | 'no-word-edge';

/** A part of a pattern. */
export type PatternNode =
  | { readonly kind: 'character'; readonly codePoint: number }
  | { readonly kind: 'set'; readonly test: CharacterTest }
  | { readonly kind: 'place'; readonly place: PlaceKind }
  | { readonly kind: 'sequence'; readonly parts: readonly PatternNode[] }
  | { readonly kind: 'choice'; readonly options: readonly PatternNode[] }
  | { readonly kind: 'group'; readonly index: number; readonly inner: PatternNode }
  | {
      readonly kind: 'repeat';
      readonly inner: PatternNode;
      readonly least: number;
      readonly most: number | null;
      readonly isLazy: boolean;
    };

/** Options of a pattern. */
export interface PatternFlags {
  readonly ignoresCase: boolean;
  readonly dotMatchesBreaks: boolean;
  readonly isMultiline: boolean;
  readonly ignoresSpace: boolean;
}

/** A parsed pattern. */
export interface ParsedPattern {
  readonly root: PatternNode;
  readonly groupCount: number;
  readonly groupNames: ReadonlyMap<string, number>;
}

const patternLengthMax = 2_000;
const nestingMax = 100;
const repeatMax = 1_000;

/** Returns the stop for a pattern that cannot be used. */
export function wrongPattern(message: string, help = 'mend the regular expression'): Stop {
  return new Stop('expression.argument-wrong', `the regular expression is wrong: ${message}`, {
    help,
  });
}

function isWordCharacter(code: number): boolean {
  return (
    (code >= 48 && code <= 57) ||
    (code >= 65 && code <= 90) ||
    code === 95 ||
    (code >= 97 && code <= 122)
  );
}

function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13);
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function not(test: CharacterTest): CharacterTest {
  return (code) => !test(code);
}

function isLineBreak(code: number): boolean {
  return code === 10 || code === 13 || code === 0x85 || code === 0x2028 || code === 0x2029;
}

const classEscapes: Readonly<Record<string, CharacterTest>> = {
  d: isDigit,
  D: not(isDigit),
  w: isWordCharacter,
  W: not(isWordCharacter),
  s: isSpace,
  S: not(isSpace),
  h: (code) => code === 32 || code === 9 || code === 0xa0,
  H: (code) => !(code === 32 || code === 9 || code === 0xa0),
};

const controlEscapes: Readonly<Record<string, number>> = {
  t: 9,
  n: 10,
  r: 13,
  f: 12,
  a: 7,
  e: 27,
  v: 11,
};

const namedClasses: Readonly<Record<string, string>> = {
  Alpha: 'A-Za-z',
  Digit: '0-9',
  Alnum: 'A-Za-z0-9',
  Upper: 'A-Z',
  Lower: 'a-z',
  Punct: '!-/:-@\\[-`{-~',
  Space: '\\s',
  Blank: ' \\t',
  XDigit: '0-9A-Fa-f',
  ASCII: '\\x00-\\x7f',
  Cntrl: '\\x00-\\x1f\\x7f',
  Graph: '!-~',
  Print: ' -~',
  alpha: 'A-Za-z',
  digit: '0-9',
  alnum: 'A-Za-z0-9',
  upper: 'A-Z',
  lower: 'a-z',
  punct: '!-/:-@\\[-`{-~',
  space: '\\s',
  blank: ' \\t',
  xdigit: '0-9A-Fa-f',
  cntrl: '\\x00-\\x1f\\x7f',
  graph: '!-~',
  print: ' -~',
};

/** Returns the test for a class with a name: a POSIX class, a category or a script of Unicode. */
function namedClass(name: string): CharacterTest {
  const posix = Object.hasOwn(namedClasses, name) ? namedClasses[name] : undefined;
  const plainName = name.startsWith('Is') ? name.slice(2) : name;
  if (posix === undefined && !/^[A-Za-z_]+(=[A-Za-z_]+)?$/.test(plainName)) {
    throw wrongPattern('the name of a character class is unknown');
  }
  const sources =
    posix === undefined ? [`\\p{${plainName}}`, `\\p{Script=${plainName}}`] : [`[${posix}]`];
  for (const source of sources) {
    try {
      const test = new RegExp(source, 'u');
      return (code) => test.test(String.fromCodePoint(code));
    } catch {
      continue;
    }
  }
  throw wrongPattern('the name of a character class is unknown');
}

class PatternParser {
  private readonly text: string;
  private at = 0;
  private nesting = 0;
  private flags: PatternFlags;
  groupCount = 0;
  readonly groupNames = new Map<string, number>();

  constructor(text: string, flags: PatternFlags) {
    this.text = text;
    this.flags = flags;
  }

  parseAll(): PatternNode {
    const root = this.parseChoice();
    if (this.at < this.text.length) throw wrongPattern('a `)` stands without `(`');
    return root;
  }

  private parseChoice(): PatternNode {
    this.nesting += 1;
    if (this.nesting > nestingMax) throw wrongPattern('groups are nested too deeply');
    const options = [this.parseSequence()];
    while (this.text[this.at] === '|') {
      this.at += 1;
      options.push(this.parseSequence());
    }
    this.nesting -= 1;
    return options.length === 1 ? (options[0] as PatternNode) : { kind: 'choice', options };
  }

  private parseSequence(): PatternNode {
    const parts: PatternNode[] = [];
    for (;;) {
      const character = this.text[this.at];
      if (character === undefined || character === '|' || character === ')') break;
      if (this.flags.ignoresSpace && this.skipSpace()) continue;
      const atom = this.parseAtom();
      if (atom !== null) parts.push(this.parseRepeat(atom));
    }
    return parts.length === 1 ? (parts[0] as PatternNode) : { kind: 'sequence', parts };
  }

  private skipSpace(): boolean {
    const character = this.text[this.at] ?? '';
    if (character === '#') {
      const end = this.text.indexOf('\n', this.at);
      this.at = end === -1 ? this.text.length : end + 1;
      return true;
    }
    if (!isSpace(character.charCodeAt(0))) return false;
    this.at += 1;
    return true;
  }

  private parseRepeat(inner: PatternNode): PatternNode {
    let node = inner;
    for (;;) {
      const range = this.repeatRange();
      if (range === null) return node;
      const next = this.text[this.at];
      if (next === '+') {
        throw wrongPattern('possessive repetition is not supported', 'remove the `+` after it');
      }
      const isLazy = next === '?';
      if (isLazy) this.at += 1;
      if (node.kind === 'place') throw wrongPattern('a place cannot be repeated');
      if (node.kind === 'repeat' && node !== inner) throw wrongPattern('a repetition is repeated');
      node = { kind: 'repeat', inner: node, ...range, isLazy };
    }
  }

  private repeatRange(): { readonly least: number; readonly most: number | null } | null {
    const character = this.text[this.at];
    const simple: Readonly<Record<string, { least: number; most: number | null }>> = {
      '*': { least: 0, most: null },
      '+': { least: 1, most: null },
      '?': { least: 0, most: 1 },
    };
    const range = character === undefined ? undefined : simple[character];
    if (range !== undefined) {
      this.at += 1;
      return range;
    }
    if (character !== '{') return null;
    const counted = /^\{(\d{1,6})(,(\d{0,6}))?\}/.exec(this.text.slice(this.at, this.at + 20));
    if (counted === null) return null;
    const least = Number(counted[1]);
    const most = counted[2] === undefined ? least : counted[3] === '' ? null : Number(counted[3]);
    if (least > repeatMax || (most ?? 0) > repeatMax) throw wrongPattern('a count is too large');
    if (most !== null && most < least) throw wrongPattern('a count ends before it starts');
    this.at += counted[0].length;
    return { least, most };
  }

  private parseAtom(): PatternNode | null {
    const character = this.text[this.at] as string;
    switch (character) {
      case '(':
        return this.parseGroup();
      case '[':
        return { kind: 'set', test: this.parseSet() };
      case '\\':
        return this.parseEscape();
      case '.':
        this.at += 1;
        return {
          kind: 'set',
          test: this.flags.dotMatchesBreaks ? () => true : not(isLineBreak),
        };
      case '^':
        this.at += 1;
        return { kind: 'place', place: this.flags.isMultiline ? 'line-start' : 'text-start' };
      case '$':
        this.at += 1;
        return {
          kind: 'place',
          place: this.flags.isMultiline ? 'line-end' : 'text-end-or-last-break',
        };
      case '*':
      case '+':
      case '?':
        throw wrongPattern(`nothing stands before \`${character}\``);
      default:
        return this.literal(this.takeCodePoint());
    }
  }

  private takeCodePoint(): number {
    const code = this.text.codePointAt(this.at) ?? 0;
    this.at += code > 0xffff ? 2 : 1;
    return code;
  }

  private literal(codePoint: number): PatternNode {
    if (!this.flags.ignoresCase) return { kind: 'character', codePoint };
    const text = String.fromCodePoint(codePoint);
    const lower = text.toLowerCase().codePointAt(0);
    const upper = text.toUpperCase().codePointAt(0);
    if (lower === upper) return { kind: 'character', codePoint };
    return {
      kind: 'set',
      test: (code) => code === lower || code === upper || code === codePoint,
    };
  }

  private parseGroup(): PatternNode | null {
    this.at += 1;
    const { flags } = this;
    let index: number | null = null;
    if (this.text[this.at] === '?') {
      this.at += 1;
      const opening = this.readGroupOpening();
      if (opening === 'flags') return null;
      index = opening;
    } else {
      this.groupCount += 1;
      index = this.groupCount;
    }
    const inner = this.parseChoice();
    if (this.text[this.at] !== ')') throw wrongPattern('a `(` is not closed');
    this.at += 1;
    this.flags = flags;
    return index === null ? inner : { kind: 'group', index, inner };
  }

  /** Reads what follows `(?`: gives the index of a group with a name, null without one, `flags` for flags alone. */
  private readGroupOpening(): number | null | 'flags' {
    const rest = this.text.slice(this.at, this.at + 60);
    const named = /^P?<([A-Za-z][A-Za-z0-9_]*)>/.exec(rest);
    if (named !== null) {
      this.at += named[0].length;
      this.groupCount += 1;
      this.groupNames.set(named[1] ?? '', this.groupCount);
      return this.groupCount;
    }
    const flagged = /^([imsxu]*)(?:-([imsxu]+))?([:)])/.exec(rest);
    if (flagged === null) {
      throw wrongPattern(
        'look-around and atomic groups are not supported',
        'match more and take out the part with a group',
      );
    }
    this.at += flagged[0].length;
    const set = (letter: string, before: boolean): boolean =>
      (before || (flagged[1] ?? '').includes(letter)) && !(flagged[2] ?? '').includes(letter);
    this.flags = {
      ignoresCase: set('i', this.flags.ignoresCase),
      dotMatchesBreaks: set('s', this.flags.dotMatchesBreaks),
      isMultiline: set('m', this.flags.isMultiline),
      ignoresSpace: set('x', this.flags.ignoresSpace),
    };
    return flagged[3] === ')' ? 'flags' : null;
  }

  private parseEscape(): PatternNode {
    const letter = this.text[this.at + 1];
    if (letter === undefined) throw wrongPattern('a `\\` stands at the end');
    const places: Readonly<Record<string, PlaceKind>> = {
      b: 'word-edge',
      B: 'no-word-edge',
      A: 'text-start',
      z: 'text-end',
      Z: 'text-end-or-last-break',
    };
    const place = places[letter];
    if (place !== undefined) {
      this.at += 2;
      return { kind: 'place', place };
    }
    if (/[1-9k]/.test(letter)) {
      throw wrongPattern('references back to groups are not supported');
    }
    if (letter === 'Q') return this.parseQuoted();
    if (letter === 'R') {
      this.at += 2;
      return {
        kind: 'choice',
        options: [
          {
            kind: 'sequence',
            parts: [13, 10].map((codePoint) => ({ kind: 'character', codePoint })),
          },
          { kind: 'set', test: (code) => isLineBreak(code) || code === 11 || code === 12 },
        ],
      };
    }
    const one = this.readEscape();
    return typeof one === 'number' ? this.literal(one) : { kind: 'set', test: one };
  }

  private parseQuoted(): PatternNode {
    const end = this.text.indexOf('\\E', this.at);
    const quoted = this.text.slice(this.at + 2, end === -1 ? undefined : end);
    this.at = end === -1 ? this.text.length : end + 2;
    return {
      kind: 'sequence',
      parts: Array.from(quoted, (one) => this.literal(one.codePointAt(0) ?? 0)),
    };
  }

  /** Reads an escape that stands for one character or for a set of them. */
  private readEscape(): number | CharacterTest {
    const letter = this.text[this.at + 1] ?? '';
    const test = Object.hasOwn(classEscapes, letter) ? classEscapes[letter] : undefined;
    if (test !== undefined) {
      this.at += 2;
      return test;
    }
    if (letter === 'p' || letter === 'P') return this.readNamedClass(letter === 'P');
    if (letter === 'x' || letter === 'u') return this.readCode();
    const control = Object.hasOwn(controlEscapes, letter) ? controlEscapes[letter] : undefined;
    if (control !== undefined) {
      this.at += 2;
      return control;
    }
    if (/[A-Za-z0-9]/.test(letter)) throw wrongPattern(`the escape \`\\${letter}\` is unknown`);
    this.at += 1;
    return this.takeCodePoint();
  }

  private readNamedClass(isNegated: boolean): CharacterTest {
    const found = /^\\[pP](?:\{([^}]{1,40})\}|([A-Za-z]))/.exec(
      this.text.slice(this.at, this.at + 50),
    );
    if (found === null) throw wrongPattern('the name of a character class is missing');
    this.at += found[0].length;
    const test = namedClass(found[1] ?? found[2] ?? '');
    return isNegated ? not(test) : test;
  }

  private readCode(): number {
    const found = /^\\(?:x([0-9a-fA-F]{2})|x\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4}))/.exec(
      this.text.slice(this.at, this.at + 12),
    );
    if (found === null) throw wrongPattern('the code of a character is wrong');
    this.at += found[0].length;
    const code = Number.parseInt(found[1] ?? found[2] ?? found[3] ?? '0', 16);
    if (code > 0x10ffff) throw wrongPattern('the code of a character is wrong');
    return code;
  }

  private parseSet(): CharacterTest {
    this.nesting += 1;
    if (this.nesting > nestingMax) throw wrongPattern('sets are nested too deeply');
    this.at += 1;
    const isNegated = this.text[this.at] === '^';
    if (isNegated) this.at += 1;
    const tests: CharacterTest[] = [];
    let isFirst = true;
    for (;;) {
      const character = this.text[this.at];
      if (character === undefined) throw wrongPattern('a `[` is not closed');
      if (character === ']' && !isFirst) break;
      isFirst = false;
      tests.push(this.parseSetItem(character));
    }
    this.at += 1;
    this.nesting -= 1;
    const any: CharacterTest = (code) => tests.some((test) => test(code));
    const folded = this.flags.ignoresCase ? ignoringCase(any) : any;
    return isNegated ? not(folded) : folded;
  }

  private parseSetItem(character: string): CharacterTest {
    if (character === '[') {
      const posix = /^\[:([a-z]+):\]/.exec(this.text.slice(this.at, this.at + 20));
      if (posix === null) return this.parseSet();
      this.at += posix[0].length;
      return namedClass(posix[1] ?? '');
    }
    if (this.text.startsWith('&&', this.at)) {
      throw wrongPattern('intersections of sets are not supported');
    }
    const first = this.readSetCharacter(character);
    if (typeof first !== 'number') return first;
    const isRange = this.text[this.at] === '-' && !']'.includes(this.text[this.at + 1] ?? ']');
    if (!isRange) return (code) => code === first;
    this.at += 1;
    const last = this.readSetCharacter(this.text[this.at] ?? '');
    if (typeof last !== 'number') {
      return (code) => code === first || code === 45 || last(code);
    }
    if (last < first) throw wrongPattern('a range in a set ends before it starts');
    return (code) => code >= first && code <= last;
  }

  private readSetCharacter(character: string): number | CharacterTest {
    if (character !== '\\') return this.takeCodePoint();
    if (this.text[this.at + 1] === 'b') {
      this.at += 2;
      return 8;
    }
    return this.readEscape();
  }
}

function ignoringCase(test: CharacterTest): CharacterTest {
  return (code) => {
    if (test(code)) return true;
    const text = String.fromCodePoint(code);
    return (
      test(text.toLowerCase().codePointAt(0) ?? code) ||
      test(text.toUpperCase().codePointAt(0) ?? code)
    );
  };
}

/** Returns the parts of a pattern; throws a `Stop` when it is none. */
export function parsePattern(text: string, flags: PatternFlags): ParsedPattern {
  if (text.length > patternLengthMax) {
    throw wrongPattern(`it is longer than ${patternLengthMax} characters`);
  }
  const parser = new PatternParser(text, flags);
  const root = parser.parseAll();
  return { root, groupCount: parser.groupCount, groupNames: parser.groupNames };
}

/** Tells whether a word begins or ends between two characters (undefined outside the text). */
export function isWordEdge(before: number | undefined, after: number | undefined): boolean {
  const isWordBefore = before !== undefined && isWordCharacter(before);
  const isWordAfter = after !== undefined && isWordCharacter(after);
  return isWordBefore !== isWordAfter;
}
