/**
 * Files of records: JSON values, usually one a line. Text in the Ion notation (bare names, single
 * quotes, comments, timestamps, `null.type`) is accepted too, since files made elsewhere use it.
 *
 * INVARIANT: each record keeps the text it was written as, so that passing it on changes nothing.
 */
import { Failure } from '../../../core/failure/index.ts';
import { emptyMap, type Value } from '../../../core/value/index.ts';

/** A record and the text it was written as. */
export interface FileRecord {
  readonly value: Value;
  readonly source: string;
}

const words: Record<string, Value> = { true: true, false: false, null: null };
const escapes: Record<string, string> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', '0': '\0' };

class IonReader {
  readonly text: string;
  position = 0;

  constructor(text: string) {
    this.text = text;
  }

  /** Passes over white space and comments; tells whether anything follows. */
  skip(): boolean {
    const gap = /(?:\s|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/y;
    gap.lastIndex = this.position;
    this.position += gap.exec(this.text)?.[0].length ?? 0;
    return this.position < this.text.length;
  }

  take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.position;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.position += found.length;
    return found;
  }

  fail(what: string): never {
    const line = this.text.slice(0, this.position).split('\n').length;
    throw new Failure('task.input-invalid', `line ${line} of the file holds no record: ${what}`);
  }

  value(depth = 0): Value {
    if (depth > 200) this.fail('too many levels');
    if (!this.skip()) this.fail('the text ends early');
    const start = this.text[this.position];
    if (start === '{') return this.map(depth);
    if (start === '[') return this.list(depth);
    if (start === '"') return this.quoted('"');
    if (start === "'") return this.quotedOrAnnotated(depth);
    return this.bare(depth);
  }

  map(depth: number): Value {
    const map = emptyMap();
    this.position += 1;
    for (;;) {
      this.skip();
      if (this.take(/\}/y)) return map;
      const start = this.text[this.position];
      const key =
        start === '"' || start === "'" ? this.quoted(start) : this.take(/[A-Za-z_$][\w$]*/y);
      if (key === undefined) this.fail('a name is missing');
      this.skip();
      if (!this.take(/:/y)) this.fail(`\`:\` is missing after \`${key}\``);
      map[key] = this.value(depth + 1);
      this.skip();
      if (!this.take(/,/y) && this.text[this.position] !== '}') this.fail('`}` is missing');
    }
  }

  list(depth: number): Value {
    const list: Value[] = [];
    this.position += 1;
    for (;;) {
      this.skip();
      if (this.take(/\]/y)) return list;
      list.push(this.value(depth + 1));
      this.skip();
      if (!this.take(/,/y) && this.text[this.position] !== ']') this.fail('`]` is missing');
    }
  }

  quoted(quote: string): string {
    const raw = this.take(quote === '"' ? /"(?:[^"\\]|\\[\s\S])*"/y : /'(?:[^'\\]|\\[\s\S])*'/y);
    if (raw === undefined) this.fail('a quote is not closed');
    return raw
      .slice(1, -1)
      .replace(
        /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([\s\S]))/g,
        (
          _,
          x: string | undefined,
          u: string | undefined,
          long: string | undefined,
          one: string,
        ) => {
          const code = x ?? u ?? long;
          if (code === undefined) return escapes[one] ?? (one === '\n' ? '' : one);
          const point = Number.parseInt(code, 16);
          return point <= 0x10ffff ? String.fromCodePoint(point) : this.fail('an unknown letter');
        },
      );
  }

  quotedOrAnnotated(depth: number): Value {
    if (this.text.startsWith("'''", this.position)) {
      let text = '';
      for (let part = this.longPart(); part !== undefined; part = this.longPart()) text += part;
      return text;
    }
    const text = this.quoted("'");
    return this.take(/\s*::/y) ? this.value(depth + 1) : text;
  }

  longPart(): string | undefined {
    this.skip();
    return this.take(/'''[\s\S]*?'''/y)?.slice(3, -3);
  }

  bare(depth: number): Value {
    const word = this.take(/[^\s,{}[\]"':()]+(?::\d[\d:.+\-Z]*)?/y);
    if (word === undefined) this.fail(`\`${this.text[this.position] ?? ''}\` is unexpected`);
    if (this.take(/\s*::/y)) return this.value(depth + 1);
    if (Object.hasOwn(words, word)) return words[word] ?? null;
    if (word.startsWith('null.')) return null;
    // In Ion `1d2` is a decimal and digits may be grouped; both read as numbers here.
    const number = Number(word.replaceAll('_', '').replace(/[dD](?=[+-]?\d)/, 'e'));
    if (/^[+-]?\d/.test(word) && Number.isFinite(number)) return number;
    return word;
  }
}

function parseJson(text: string): FileRecord | undefined {
  try {
    return { value: JSON.parse(text) as Value, source: text };
  } catch {
    // Not JSON: the caller reads the whole text in the wider notation.
    return undefined;
  }
}

function readIon(text: string): readonly FileRecord[] {
  const reader = new IonReader(text);
  const records: FileRecord[] = [];
  while (reader.skip()) {
    const start = reader.position;
    const value = reader.value();
    records.push({
      value,
      source: text.slice(start, reader.position).replaceAll(/\s*\n\s*/g, ' '),
    });
  }
  return records;
}

/** Returns the records of a file; throws `task.input-invalid` where the text holds none. */
export function readRecords(text: string): readonly FileRecord[] {
  const records: FileRecord[] = [];
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    const record = parseJson(line.trim());
    if (record === undefined) return readIon(text);
    records.push(record);
  }
  return records;
}

/** Returns the text of a file of `records`, one a line. */
export function writeRecords(records: readonly FileRecord[]): string {
  return records.map(({ source }) => `${source}\n`).join('');
}
