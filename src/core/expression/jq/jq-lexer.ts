/** Cuts a jq program into tokens; texts carry the tokens of what they interpolate. */
import { type Numeric, parseNumber } from '../values/numbers.ts';
import { wrongProgram } from './jq-syntax.ts';

/** A token of a jq program. */
export type JqToken =
  | { readonly kind: 'name' | 'field' | 'variable' | 'format' | 'symbol'; readonly text: string }
  | { readonly kind: 'number'; readonly text: string; readonly value: Numeric }
  | {
      readonly kind: 'text';
      readonly text: string;
      readonly parts: readonly (string | readonly JqToken[])[];
    };

const programMax = 20_000;
const nestingMax = 50;

const patterns = {
  space: /(?:\s|#[^\n]*)+/y,
  number: /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y,
  field: /\.[A-Za-z_][A-Za-z0-9_]*/y,
  variable: /\$(?:__)?[A-Za-z_][A-Za-z0-9_]*/y,
  format: /@[A-Za-z0-9]+/y,
  name: /[A-Za-z_][A-Za-z0-9_]*(?:::[A-Za-z_][A-Za-z0-9_]*)*/y,
  symbol: /\?\/\/|\.\.|\/\/=|\|=|\+=|-=|\*=|\/=|%=|==|!=|<=|>=|\/\/|[()[\]{}|,.:;=<>+\-*/%?$]/y,
} as const;

const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

class JqLexer {
  private readonly source: string;
  at = 0;

  constructor(source: string) {
    this.source = source;
  }

  private match(pattern: RegExp): string | null {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.source);
    if (found === null) return null;
    this.at += found[0].length;
    return found[0];
  }

  /** Reads tokens up to the end, or up to the `)` that closes an interpolation. */
  read(isInner: boolean, nesting: number): readonly JqToken[] {
    if (nesting > nestingMax) throw wrongProgram('texts are nested too deeply');
    const tokens: JqToken[] = [];
    let depth = 0;
    for (;;) {
      this.match(patterns.space);
      if (this.at >= this.source.length) {
        if (isInner) throw wrongProgram('a text is not closed');
        return tokens;
      }
      if (isInner && depth === 0 && this.source[this.at] === ')') {
        this.at += 1;
        return tokens;
      }
      const token = this.readToken(nesting);
      if (token.text === '(') depth += 1;
      if (token.text === ')') depth -= 1;
      tokens.push(token);
    }
  }

  private readToken(nesting: number): JqToken {
    if (this.source[this.at] === '"') return this.readText(nesting);
    const field = this.match(patterns.field);
    if (field !== null) return { kind: 'field', text: field.slice(1) };
    const number = this.match(patterns.number);
    if (number !== null) {
      const value = parseNumber(number);
      if (value === undefined) throw wrongProgram('a number is wrong');
      return { kind: 'number', text: number, value };
    }
    const variable = this.match(patterns.variable);
    if (variable !== null) return { kind: 'variable', text: variable.slice(1) };
    const format = this.match(patterns.format);
    if (format !== null) return { kind: 'format', text: format };
    const name = this.match(patterns.name);
    if (name !== null) return { kind: 'name', text: name };
    const symbol = this.match(patterns.symbol);
    if (symbol !== null) return { kind: 'symbol', text: symbol };
    throw wrongProgram('an unexpected character');
  }

  private readText(nesting: number): JqToken {
    this.at += 1;
    const parts: (string | readonly JqToken[])[] = [];
    let text = '';
    for (;;) {
      const character = this.source[this.at];
      if (character === undefined) throw wrongProgram('a text is not closed');
      this.at += 1;
      if (character === '"') break;
      if (character !== '\\') text += character;
      else if (this.source[this.at] === '(') {
        this.at += 1;
        parts.push(text, this.read(true, nesting + 1));
        text = '';
      } else text += this.readEscape();
    }
    parts.push(text);
    return { kind: 'text', text: '"', parts };
  }

  private readEscape(): string {
    const letter = this.source[this.at] ?? '';
    this.at += 1;
    if (letter === 'u') {
      const digits = this.source.slice(this.at, this.at + 4);
      if (!/^[0-9a-fA-F]{4}$/.test(digits)) throw wrongProgram('an escape is wrong');
      this.at += 4;
      return String.fromCharCode(Number.parseInt(digits, 16));
    }
    const simple = Object.hasOwn(escapes, letter) ? escapes[letter] : undefined;
    if (simple === undefined) throw wrongProgram('an escape is wrong');
    return simple;
  }
}

/** Returns the tokens of a program. */
export function jqTokens(source: string): readonly JqToken[] {
  if (source.length > programMax) throw wrongProgram(`it is longer than ${programMax} characters`);
  return new JqLexer(source).read(false, 0);
}
