/**
 * Cuts a template into its parts (text, prints, tags) and the inside of prints and tags into tokens.
 * Comments vanish, `raw` is taken out by its pattern before anything else, and a `-` inside a
 * delimiter trims the text on its side.
 *
 * INVARIANT: every pattern here is linear and anchored; scanning always moves forward.
 */
import { wrongSyntax } from '../stop.ts';
import { parseNumber, type Numeric } from '../values/numbers.ts';

/** A token of an expression. */
export type Token = { readonly at: number; readonly end: number } & (
  | { readonly kind: 'name'; readonly text: string }
  | { readonly kind: 'symbol'; readonly text: string }
  | { readonly kind: 'number'; readonly text: string; readonly value: Numeric }
  | { readonly kind: 'string'; readonly text: string; readonly parts: readonly StringPart[] | null }
  | { readonly kind: 'end'; readonly text: '' }
);

/** A part of a text in double quotes: text, or the tokens of `#{…}`. */
export type StringPart = string | readonly Token[];

/** A part of a template. */
export type Piece =
  | { readonly kind: 'text'; readonly text: string; readonly at: number }
  | {
      readonly kind: 'print' | 'tag';
      readonly tokens: readonly Token[];
      readonly at: number;
      readonly end: number;
    };

const rawPattern = /\{%-?[ \t]*raw[ \t]*-?%\}([^\n\r]*?)\{%-?[ \t]*endraw[ \t]*-?%\}/y;
const verbatimOpening = /\{%-?\s*verbatim\s*(-?)%\}/y;
const verbatimClosing = /\{%(-?)\s*endverbatim\s*(-?)%\}/g;
const namePattern = /[\p{L}_][\p{L}\p{N}_]*/uy;
const numberPattern = /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const digitsPattern = /\d+/y;
const spacePattern = /\s+/y;
const symbolPattern = /\?\?\?|\?\?|==|!=|<=|>=|\.\.|[()[\]{},:.|~+\-*/%<>?=]/y;

const nestedStringsMax = 20;

function matchAt(pattern: RegExp, source: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(source);
}

/** A `raw` block: what stands in it and where it ends. */
interface RawBlock {
  readonly content: string;
  readonly end: number;
}

/** Finds `raw` blocks; remembers where the next line break and the next `endraw` are, so that no text is searched twice. */
class RawFinder {
  private readonly source: string;
  private nextBreak = -2;
  private nextEnd = -2;

  constructor(source: string) {
    this.source = source;
  }

  private next(what: string, known: number, at: number): number {
    if (known === -1 || known >= at) return known;
    return this.source.indexOf(what, at);
  }

  /** Returns the block that starts at `at`, or null. */
  at(at: number): RawBlock | null {
    this.nextEnd = this.next('endraw', this.nextEnd, at);
    if (this.nextEnd === -1) return null;
    this.nextBreak = this.next('\n', this.nextBreak, at);
    if (this.nextBreak !== -1 && this.nextBreak < this.nextEnd) return null;
    const found = matchAt(rawPattern, this.source, at);
    return found === null ? null : { content: found[1] ?? '', end: at + found[0].length };
  }
}

/** Reads the inside of a print, a tag or an interpolation. */
class TokenReader {
  readonly source: string;
  readonly raws: RawFinder;
  readonly closing: string;
  readonly opening: number;
  readonly nesting: number;
  readonly tokens: Token[] = [];
  private readonly brackets: string[] = [];
  at: number;
  trimsAfter = false;

  constructor(
    source: string,
    raws: RawFinder,
    at: number,
    closing: string,
    opening: number,
    nesting: number,
  ) {
    this.source = source;
    this.raws = raws;
    this.at = at;
    this.closing = closing;
    this.opening = opening;
    this.nesting = nesting;
  }

  /** Reads up to and including the closing delimiter. */
  read(): void {
    for (;;) {
      const space = matchAt(spacePattern, this.source, this.at);
      if (space !== null) this.at += space[0].length;
      if (this.at >= this.source.length) {
        throw wrongSyntax(
          `\`${this.source.slice(this.opening, this.opening + 2)}\` is not closed`,
          this.opening,
          `close it with \`${this.closing}\``,
        );
      }
      if (this.brackets.length === 0 && this.readClosing()) return;
      this.readToken();
    }
  }

  private readClosing(): boolean {
    const { source, closing, at } = this;
    const trims = closing !== '}' && source.startsWith(`-${closing}`, at);
    if (!trims && !source.startsWith(closing, at)) return false;
    this.tokens.push({ kind: 'end', text: '', at, end: at });
    this.trimsAfter = trims;
    this.at = at + closing.length + (trims ? 1 : 0);
    return true;
  }

  private readToken(): void {
    const { source, at } = this;
    const character = source[at];
    if (character === '"' || character === "'") return this.readString(character);
    const digits = this.readNumber();
    if (digits) return;
    const name = matchAt(namePattern, source, at);
    if (name !== null) {
      this.at += name[0].length;
      this.tokens.push({ kind: 'name', text: name[0], at, end: this.at });
      return;
    }
    const symbol = matchAt(symbolPattern, source, at)?.[0];
    if (symbol === undefined) {
      throw wrongSyntax(
        `unexpected character \`${String.fromCodePoint(source.codePointAt(at) ?? 32)}\``,
        at,
      );
    }
    this.trackBracket(symbol);
    this.at += symbol.length;
    this.tokens.push({ kind: 'symbol', text: symbol, at, end: this.at });
  }

  private readNumber(): boolean {
    const { source, at } = this;
    const code = source.charCodeAt(at);
    if (code < 48 || code > 57) return false;
    const before = this.tokens.at(-1);
    // After a dot stands the index of a list (`a.0.1`), which has no fraction.
    const isIndex = before?.kind === 'symbol' && before.text === '.';
    const text = matchAt(isIndex ? digitsPattern : numberPattern, source, at)?.[0] ?? '';
    const value = parseNumber(text);
    const isTooLarge = typeof value === 'bigint' && BigInt.asIntN(64, value) !== value;
    if (value === undefined || isTooLarge) {
      throw wrongSyntax(`\`${text.slice(0, 40)}\` is too large for a whole number`, at);
    }
    this.at += text.length;
    this.tokens.push({ kind: 'number', text, value, at, end: this.at });
    return true;
  }

  private trackBracket(symbol: string): void {
    if (symbol === '(' || symbol === '[' || symbol === '{') this.brackets.push(symbol);
    if (symbol !== ')' && symbol !== ']' && symbol !== '}') return;
    const open = this.brackets.pop();
    const wanted = symbol === ')' ? '(' : symbol === ']' ? '[' : '{';
    if (open !== wanted) throw wrongSyntax(`unexpected \`${symbol}\``, this.at);
  }

  /** Reads a text in quotes; a backslash escapes nothing but the quote itself. */
  private readString(quote: string): void {
    const { source } = this;
    const start = this.at;
    const parts: StringPart[] = [];
    let text = '';
    let from = start + 1;
    let i = from;
    for (;;) {
      const character = source[i];
      if (character === undefined) {
        throw wrongSyntax('a text is not closed', start, `close it with \`${quote}\``);
      }
      if (character === quote) {
        if (source[i - 1] !== '\\' || i === from) break;
        text += source.slice(from, i - 1) + quote;
        from = i + 1;
      } else if (character === '{' && source[i + 1] === '%') {
        const raw = this.raws.at(i);
        if (raw !== null) {
          text += source.slice(from, i) + raw.content;
          from = raw.end;
          i = from;
          continue;
        }
      } else if (character === '#' && source[i + 1] === '{' && quote === '"') {
        text += source.slice(from, i);
        parts.push(text, this.readInterpolation(i));
        text = '';
        from = this.at;
        i = from;
        continue;
      }
      i += 1;
    }
    text += source.slice(from, i);
    this.at = i + 1;
    if (parts.length > 0) parts.push(text);
    this.tokens.push({
      kind: 'string',
      text,
      parts: parts.length > 0 ? parts : null,
      at: start,
      end: this.at,
    });
  }

  private readInterpolation(at: number): readonly Token[] {
    if (this.nesting >= nestedStringsMax) {
      throw wrongSyntax('texts are nested too deeply', at, 'use `set` to name the inner text');
    }
    const inner = new TokenReader(this.source, this.raws, at + 2, '}', at, this.nesting + 1);
    inner.read();
    this.at = inner.at;
    return inner.tokens;
  }
}

/** Collects the pieces of a template. */
class PieceReader {
  readonly source: string;
  readonly pieces: Piece[] = [];
  private readonly raws: RawFinder;
  private text = '';
  private textAt = 0;
  private trimsNext = false;

  constructor(source: string) {
    this.source = source;
    this.raws = new RawFinder(source);
  }

  read(): readonly Piece[] {
    const { source } = this;
    let at = 0;
    while (at < source.length) {
      let brace = source.indexOf('{', at);
      while (brace !== -1 && !'{%#'.includes(source[brace + 1] ?? ' ')) {
        brace = source.indexOf('{', brace + 1);
      }
      if (brace === -1) {
        this.addText(source.slice(at), at);
        break;
      }
      this.addText(source.slice(at, brace), at);
      at = this.readDelimited(brace);
    }
    this.endText();
    return this.pieces;
  }

  private addText(text: string, at: number): void {
    if (this.text === '') this.textAt = at;
    // Only white space may stand between the delimiter and what is kept.
    const kept = this.trimsNext ? text.trimStart() : text;
    if (kept !== '') this.trimsNext = false;
    this.text += kept;
  }

  private endText(): void {
    if (this.text !== '') this.pieces.push({ kind: 'text', text: this.text, at: this.textAt });
    this.text = '';
  }

  /** Reads what starts with `{{`, `{%` or `{#` and returns the offset behind it. */
  private readDelimited(at: number): number {
    const { source } = this;
    const kind = source[at + 1];
    if (kind === '%') {
      const raw = this.raws.at(at);
      if (raw !== null) return this.addLiteral(raw.content, at, raw.end);
      const verbatim = matchAt(verbatimOpening, source, at);
      if (verbatim !== null) return this.readVerbatim(verbatim, at);
    }
    const trims = source[at + 2] === '-';
    if (trims) this.text = this.text.trimEnd();
    if (kind === '#') return this.readComment(at);
    this.endText();
    this.trimsNext = false;
    const closing = kind === '{' ? '}}' : '%}';
    const reader = new TokenReader(source, this.raws, at + (trims ? 3 : 2), closing, at, 0);
    reader.read();
    this.trimsNext = reader.trimsAfter;
    this.pieces.push({
      kind: kind === '{' ? 'print' : 'tag',
      tokens: reader.tokens,
      at,
      end: reader.at,
    });
    return reader.at;
  }

  private addLiteral(text: string, at: number, end: number): number {
    this.trimsNext = false;
    if (this.text === '') this.textAt = at;
    this.text += text;
    return end;
  }

  private readVerbatim(opening: RegExpExecArray, at: number): number {
    const { source } = this;
    const from = at + opening[0].length;
    const closing = matchAt(verbatimClosing, source, from);
    if (closing === null) {
      throw wrongSyntax('`verbatim` is not closed', at, 'close it with `{% endverbatim %}`');
    }
    if (source[at + 2] === '-') this.text = this.text.trimEnd();
    let text = source.slice(from, closing.index);
    if (opening[1] === '-') text = text.trimStart();
    if (closing[1] === '-') text = text.trimEnd();
    const end = this.addLiteral(text, at, closing.index + closing[0].length);
    this.endText();
    this.trimsNext = closing[2] === '-';
    return end;
  }

  private readComment(at: number): number {
    const { source } = this;
    const close = source.indexOf('#}', at + 2);
    if (close === -1) throw wrongSyntax('`{#` is not closed', at, 'close it with `#}`');
    this.trimsNext = close > at + 2 && source[close - 1] === '-';
    return close + 2;
  }
}

/** Returns the pieces of a template. */
export function readPieces(source: string): readonly Piece[] {
  return new PieceReader(source).read();
}

/** Returns `source` with each `raw` block given to `replace`. */
export function replaceRaw(source: string, replace: (content: string) => string): string {
  if (!source.includes('endraw')) return source;
  const raws = new RawFinder(source);
  let result = '';
  let from = 0;
  for (let at = source.indexOf('{%'); at !== -1; at = source.indexOf('{%', at + 2)) {
    const raw = at < from ? null : raws.at(at);
    if (raw === null) continue;
    result += source.slice(from, at) + replace(raw.content);
    from = raw.end;
  }
  return result + source.slice(from);
}
