/**
 * Ion text to values: JSON, and beside it symbols, comments, annotations, timestamps, decimals, long
 * texts and typed nulls. Annotations that name a kind of date give that date; others are left out.
 */
import { Double, double, emptyMap, type Value } from '../../value/index.ts';
import { readIsoText } from '../dates/read-date.ts';
import { onCalendar } from '../dates/zones.ts';
import { Stop } from '../stop.ts';
import { nestingMax } from '../values/value-text.ts';

const space = /(?:[ \t\r\n\f\v]|\/\/[^\n]*|\/\*[\s\S]*?\*\/)+/y;
const timestamp =
  /\d{4}(?:T|-\d{2}(?:T|-\d{2}(?:T(?:\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2}))?)?))/y;
const number = /[+-]?(?:0[xX][0-9a-fA-F_]+|0[bB][01_]+|\d[\d_]*(?:\.[\d_]*)?(?:[eEdD][+-]?\d+)?)/y;
const symbol = /[A-Za-z_$][A-Za-z0-9_$]*/y;
const operator = /[!#%&*+\-./;<=>?@^`|~]+/y;

const simpleEscapes: Readonly<Record<string, string>> = {
  '0': '\0',
  a: '\u0007',
  b: '\b',
  t: '\t',
  n: '\n',
  f: '\f',
  r: '\r',
  v: '\v',
  '"': '"',
  "'": "'",
  '?': '?',
  '\\': '\\',
  '/': '/',
  '\n': '',
};

const timeKinds: Readonly<Record<string, (text: string) => Value>> = {
  Instant: (text) => Temporal.Instant.from(text),
  ZonedDateTime: (text) => readIsoText(text),
  OffsetDateTime: (text) => readIsoText(text),
  LocalDateTime: (text) => Temporal.PlainDateTime.from(text),
  LocalDate: (text) => Temporal.PlainDate.from(text),
  LocalTime: (text) => Temporal.PlainTime.from(text),
  Duration: (text) => Temporal.Duration.from(text),
};

class IonReader {
  private readonly text: string;
  private at = 0;

  constructor(text: string) {
    this.text = text;
  }

  /** Returns the next value at the top, or undefined at the end. */
  next(): Value | undefined {
    this.skipSpace();
    return this.at >= this.text.length ? undefined : this.readValue(0);
  }

  private wrong(what: string): Stop {
    return new Stop(
      'expression.failed',
      `the text is no Ion: ${what} at character ${this.at + 1}`,
      {
        help: 'check what made the text',
      },
    );
  }

  private match(pattern: RegExp): string | null {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found === null) return null;
    this.at += found[0].length;
    return found[0];
  }

  private skipSpace(): void {
    this.match(space);
  }

  private accept(text: string): boolean {
    this.skipSpace();
    if (!this.text.startsWith(text, this.at)) return false;
    this.at += text.length;
    return true;
  }

  private readValue(depth: number): Value {
    if (depth > nestingMax) throw this.wrong('values nested too deeply');
    this.skipSpace();
    const { text, at } = this;
    const character = text[at] ?? '';
    if (text.startsWith('{{', at)) return this.readLob();
    if (text.startsWith("'''", at)) return this.readLongText();
    if (character === '"') return this.readQuoted('"');
    if (character === '{') return this.readStruct(depth);
    if (character === '[') return this.readItems(']', depth);
    if (character === '(') return this.readItems(')', depth);
    if (/[\d+-]/.test(character)) return this.readNumber();
    return this.readSymbolValue(depth);
  }

  private readSymbolValue(depth: number): Value {
    const isQuoted = this.text[this.at] === "'";
    const name = isQuoted ? this.readQuoted("'") : this.match(symbol);
    if (name === null) throw this.wrong('an unexpected character');
    if (this.accept('::')) {
      const value = this.readValue(depth + 1);
      const read = Object.hasOwn(timeKinds, name) ? timeKinds[name] : undefined;
      if (read === undefined || typeof value !== 'string') return value;
      return onCalendar('the Ion text holds a wrong date', 'check what made the text', () =>
        read(value),
      );
    }
    if (isQuoted) return name;
    if (name === 'true' || name === 'false') return name === 'true';
    if (name === 'nan') return new Double(Number.NaN);
    if (name !== 'null') return name;
    if (this.text[this.at] === '.') {
      this.at += 1;
      if (this.match(symbol) === null) throw this.wrong('a type is expected');
    }
    return null;
  }

  private readNumber(): Value {
    const infinity = /^[+-]inf(?![A-Za-z0-9_$])/.exec(this.text.slice(this.at, this.at + 5));
    if (infinity !== null) {
      this.at += 4;
      return new Double(infinity[0].startsWith('-') ? -Infinity : Infinity);
    }
    const time = this.match(timestamp);
    if (time !== null) return this.timeOf(time);
    const spelled = this.match(number)?.replaceAll('_', '');
    if (spelled === undefined) return this.readOperator();
    if (/^[+-]?0[xXbB]/.test(spelled)) {
      const size = wholeValue(spelled.replace(/^[+-]/, ''));
      return spelled.startsWith('-') ? negative(size) : size;
    }
    if (/[.eEdD]/.test(spelled)) return double(Number(spelled.replace(/[dD]/, 'e')));
    if (spelled.length > 1000) throw this.wrong('a number is too long');
    return wholeValue(spelled);
  }

  private readOperator(): Value {
    const found = this.match(operator);
    if (found === null) throw this.wrong('an unexpected character');
    return found;
  }

  private timeOf(time: string): Value {
    return onCalendar('the Ion text holds a wrong date', 'check what made the text', () => {
      if (time.length > 11) {
        if (time.endsWith('Z') || time.endsWith('-00:00')) {
          return Temporal.Instant.from(time.replace('-00:00', 'Z'));
        }
        return Temporal.Instant.from(time).toZonedDateTimeISO(time.slice(-6));
      }
      const [year = '1970', month = '01', day = '01'] = time.replace('T', '').split('-');
      return Temporal.PlainDate.from(`${year}-${month}-${day}`);
    });
  }

  private readItems(closing: string, depth: number): Value {
    this.at += 1;
    const items: Value[] = [];
    while (!this.accept(closing)) {
      if (this.at >= this.text.length) throw this.wrong(`\`${closing}\` is missing`);
      items.push(this.readValue(depth + 1));
      this.accept(',');
    }
    return items;
  }

  private readStruct(depth: number): Value {
    this.at += 1;
    const map = emptyMap();
    while (!this.accept('}')) {
      const key = this.readKey();
      if (!this.accept(':')) throw this.wrong('`:` is expected');
      map[key] = this.readValue(depth + 1);
      if (!this.accept(',') && !this.text.startsWith('}', this.at)) {
        throw this.wrong('`,` or `}` is expected');
      }
    }
    return map;
  }

  private readKey(): string {
    this.skipSpace();
    if (this.text.startsWith("'''", this.at)) return this.readLongText();
    const character = this.text[this.at];
    if (character === '"' || character === "'") return this.readQuoted(character);
    const name = this.match(symbol);
    if (name === null) throw this.wrong('a key is expected');
    return name;
  }

  private readQuoted(quote: string): string {
    this.at += 1;
    return this.readUntil(quote);
  }

  private readLongText(): string {
    let all = '';
    while (this.text.startsWith("'''", this.at)) {
      this.at += 3;
      all += this.readUntil("'''");
      this.skipSpace();
    }
    return all;
  }

  private readUntil(closing: string): string {
    let all = '';
    let from = this.at;
    for (;;) {
      const character = this.text[this.at];
      if (character === undefined) throw this.wrong('a text is not closed');
      if (this.text.startsWith(closing, this.at)) break;
      if (character !== '\\') {
        this.at += 1;
        continue;
      }
      all += this.text.slice(from, this.at) + this.readEscape();
      from = this.at;
    }
    all += this.text.slice(from, this.at);
    this.at += closing.length;
    return all;
  }

  private readEscape(): string {
    const letter = this.text[this.at + 1] ?? '';
    const size = letter === 'x' ? 2 : letter === 'u' ? 4 : letter === 'U' ? 8 : 0;
    if (size === 0) {
      const simple = Object.hasOwn(simpleEscapes, letter) ? simpleEscapes[letter] : undefined;
      if (simple === undefined) throw this.wrong('an unknown escape');
      this.at += 2;
      return simple;
    }
    const digits = this.text.slice(this.at + 2, this.at + 2 + size);
    const code = /^[0-9a-fA-F]+$/.test(digits) ? Number.parseInt(digits, 16) : -1;
    if (digits.length < size || code < 0 || code > 0x10ffff) throw this.wrong('an unknown escape');
    this.at += 2 + size;
    return String.fromCodePoint(code);
  }

  /** Reads `{{ … }}`: text in quotes, or Base64, which stays as it is written. */
  private readLob(): Value {
    this.at += 2;
    this.skipSpace();
    if (this.text[this.at] === '"') {
      const text = this.readQuoted('"');
      if (!this.accept('}}')) throw this.wrong('`}}` is expected');
      return text;
    }
    const end = this.text.indexOf('}}', this.at);
    if (end === -1) throw this.wrong('`}}` is missing');
    const encoded = this.text.slice(this.at, end).replace(/\s+/g, '');
    this.at = end + 2;
    return encoded;
  }
}

function negative(value: number | bigint): number | bigint {
  return typeof value === 'bigint' ? -value : 0 - value;
}

function wholeValue(spelled: string): number | bigint {
  const value = BigInt(spelled.startsWith('+') ? spelled.slice(1) : spelled);
  const near = Number(value);
  return Number.isSafeInteger(near) ? near : value;
}

/** Returns the first value that Ion text spells; null when it is empty. */
export function readIon(text: string): Value {
  return new IonReader(text).next() ?? null;
}

/** Returns all values that Ion text spells, one after the other. */
export function readAllIon(text: string): Value[] {
  const reader = new IonReader(text);
  const values: Value[] = [];
  for (let value = reader.next(); value !== undefined; value = reader.next()) values.push(value);
  return values;
}
