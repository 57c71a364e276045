/**
 * JSON text to values, with the kinds of numbers kept: `13.0` stays a decimal, whole numbers beyond
 * the safe range stay exact.
 */
import { emptyMap, double, type Value } from '../../value/index.ts';
import { Stop } from '../stop.ts';
import { nestingMax } from '../values/value-text.ts';

/** Text is no JSON: what is wrong and where. */
class NotJson {
  readonly message: string;
  constructor(message: string) {
    this.message = message;
  }
}

const numberPattern = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
const spacePattern = /[ \t\r\n]*/y;

class JsonReader {
  private readonly text: string;
  private at = 0;

  constructor(text: string) {
    this.text = text;
  }

  readAll(): Value {
    const value = this.readValue(0);
    this.skipSpace();
    if (this.at < this.text.length) throw this.wrong('unexpected text after the value');
    return value;
  }

  private wrong(what: string): NotJson {
    return new NotJson(`${what} at character ${this.at + 1}`);
  }

  private skipSpace(): void {
    spacePattern.lastIndex = this.at;
    this.at += spacePattern.exec(this.text)?.[0].length ?? 0;
  }

  private readValue(depth: number): Value {
    this.skipSpace();
    if (depth > nestingMax) throw this.wrong('lists and maps nested too deeply');
    switch (this.text[this.at]) {
      case '{':
        return this.readMap(depth);
      case '[':
        return this.readList(depth);
      case '"':
        return this.readString();
      case 't':
        return this.readWord('true', true);
      case 'f':
        return this.readWord('false', false);
      case 'n':
        return this.readWord('null', null);
      default:
        return this.readNumber();
    }
  }

  private readWord(word: string, value: Value): Value {
    if (!this.text.startsWith(word, this.at)) throw this.wrong('unknown word');
    this.at += word.length;
    return value;
  }

  private readNumber(): Value {
    numberPattern.lastIndex = this.at;
    const found = numberPattern.exec(this.text);
    if (found === null) {
      throw this.wrong(
        this.at >= this.text.length ? 'the text ends too early' : 'unexpected character',
      );
    }
    this.at += found[0].length;
    if (found[1] !== undefined || found[2] !== undefined) return double(Number(found[0]));
    const near = Number(found[0]);
    if (Number.isSafeInteger(near)) return near === 0 ? 0 : near;
    if (found[0].length > 1000) throw this.wrong('a number is too long');
    return BigInt(found[0]);
  }

  private readString(): string {
    const start = this.at;
    let end = this.text.indexOf('"', start + 1);
    while (end !== -1 && this.isEscaped(end, start)) end = this.text.indexOf('"', end + 1);
    if (end === -1) throw this.wrong('a text is not closed');
    this.at = end + 1;
    const spelled = this.text.slice(start, end + 1);
    try {
      return JSON.parse(spelled) as string;
    } catch {
      this.at = start;
      throw this.wrong('a text holds a wrong character or escape');
    }
  }

  /** Tells whether an odd number of backslashes stands before `at`. */
  private isEscaped(at: number, start: number): boolean {
    let first = at;
    while (first - 1 > start && this.text[first - 1] === '\\') first -= 1;
    return (at - first) % 2 === 1;
  }

  private accept(character: string): boolean {
    this.skipSpace();
    if (this.text[this.at] !== character) return false;
    this.at += 1;
    return true;
  }

  private readList(depth: number): Value {
    this.at += 1;
    const list: Value[] = [];
    if (this.accept(']')) return list;
    do list.push(this.readValue(depth + 1));
    while (this.accept(','));
    if (!this.accept(']')) throw this.wrong('`,` or `]` is expected');
    return list;
  }

  private readMap(depth: number): Value {
    this.at += 1;
    const map = emptyMap();
    if (this.accept('}')) return map;
    do {
      this.skipSpace();
      if (this.text[this.at] !== '"') throw this.wrong('a key in quotes is expected');
      const key = this.readString();
      if (!this.accept(':')) throw this.wrong('`:` is expected');
      map[key] = this.readValue(depth + 1);
    } while (this.accept(','));
    if (!this.accept('}')) throw this.wrong('`,` or `}` is expected');
    return map;
  }
}

/** Returns the value that JSON text spells; throws a `Stop` when it is no JSON. */
export function readJson(text: string): Value {
  try {
    return new JsonReader(text).readAll();
  } catch (error) {
    if (!(error instanceof NotJson)) throw error;
    throw new Stop('expression.failed', `the text is no JSON: ${error.message}`, {
      help: 'check what made the text; test it with `is json`',
    });
  }
}

/** Tells whether `text` is JSON. */
export function readsAsJson(text: string): boolean {
  try {
    new JsonReader(text).readAll();
    return true;
  } catch (error) {
    if (error instanceof NotJson) return false;
    throw error;
  }
}
