/**
 * Filters of SCIM (RFC 7644, 3.4.2.2): comparisons joined by `and`, `or`, `not` and parentheses, also of the
 * parts of a list (`emails[type eq "work"].value`). Read in one pass, without patterns that can run away.
 *
 * INVARIANT: what cannot be read is refused; it never passes everything.
 */
import { scimName, scimRefusal } from './scim-documents.ts';

/** Tells whether a document passes. */
export type ScimFilter = (document: Readonly<Record<string, unknown>>) => boolean;

const tokenForm = /\s*(?:([()[\]])|"((?:[^"\\]|\\.)*)"|([^\s()[\]"]+))/y;
const depthMax = 20;

interface Token {
  readonly kind: 'sign' | 'text' | 'word';
  readonly text: string;
}

function tokensOf(filter: string): readonly Token[] {
  const tokens: Token[] = [];
  const trimmed = filter.trim();
  tokenForm.lastIndex = 0;
  while (tokenForm.lastIndex < trimmed.length) {
    const match = tokenForm.exec(trimmed);
    if (match === null) throw scimRefusal(`the filter \`${trimmed}\` cannot be read`);
    const [, sign, quoted, word = ''] = match;
    if (sign !== undefined) tokens.push({ kind: 'sign', text: sign });
    else if (quoted === undefined) tokens.push({ kind: 'word', text: word });
    else tokens.push({ kind: 'text', text: quoted.replaceAll(/\\(.)/g, '$1') });
  }
  return tokens;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Returns the values at a path: those of each element where there is a list on the way. */
function valuesAt(document: unknown, path: readonly string[]): readonly unknown[] {
  if (Array.isArray(document)) return document.flatMap((one) => valuesAt(one, path));
  const [name, ...rest] = path;
  if (name === undefined) {
    // An element of a list stands for its value.
    if (!isRecord(document)) return document === undefined || document === null ? [] : [document];
    return Object.hasOwn(document, 'value') ? valuesAt(document['value'], []) : [];
  }
  if (!isRecord(document) || !Object.hasOwn(document, name)) return [];
  return valuesAt(document[name], rest);
}

const exact = new Set(['id', 'externalId', 'members']);

function compare(op: string, own: readonly string[], wanted: string): boolean {
  switch (op) {
    case 'eq':
      return own.includes(wanted);
    case 'ne':
      return !own.includes(wanted);
    case 'co':
      return own.some((one) => one.includes(wanted));
    case 'sw':
      return own.some((one) => one.startsWith(wanted));
    case 'ew':
      return own.some((one) => one.endsWith(wanted));
    case 'gt':
      return own.some((one) => one > wanted);
    case 'ge':
      return own.some((one) => one >= wanted);
    case 'lt':
      return own.some((one) => one < wanted);
    case 'le':
      return own.some((one) => one <= wanted);
    default:
      throw scimRefusal(`\`${op}\` is no comparison`);
  }
}

class FilterReading {
  readonly #tokens: readonly Token[];
  readonly #filter: string;
  #at = 0;
  #depth = 0;

  constructor(filter: string) {
    this.#filter = filter;
    this.#tokens = tokensOf(filter);
  }

  whole(): ScimFilter {
    const read = this.#either();
    if (this.#at < this.#tokens.length) this.#refuse();
    return read;
  }

  #refuse(): never {
    throw scimRefusal(`the filter \`${this.#filter.slice(0, 200)}\` cannot be read`);
  }

  #isNext(kind: Token['kind'], text: string): boolean {
    const token = this.#tokens[this.#at];
    return token?.kind === kind && token.text.toLowerCase() === text;
  }

  #skip(kind: Token['kind'], text: string): boolean {
    if (!this.#isNext(kind, text)) return false;
    this.#at += 1;
    return true;
  }

  #take(kind: Token['kind']): string {
    const token = this.#tokens[this.#at];
    if (token?.kind !== kind) this.#refuse();
    this.#at += 1;
    return token.text;
  }

  #either(): ScimFilter {
    const all = [this.#both()];
    while (this.#skip('word', 'or')) all.push(this.#both());
    return (document) => all.some((one) => one(document));
  }

  #both(): ScimFilter {
    const all = [this.#single()];
    while (this.#skip('word', 'and')) all.push(this.#single());
    return (document) => all.every((one) => one(document));
  }

  #inside(open: string, close: string): ScimFilter {
    if (!this.#skip('sign', open) || this.#depth >= depthMax) this.#refuse();
    this.#depth += 1;
    const inner = this.#either();
    this.#depth -= 1;
    if (!this.#skip('sign', close)) this.#refuse();
    return inner;
  }

  #single(): ScimFilter {
    if (this.#skip('word', 'not')) {
      const inner = this.#inside('(', ')');
      return (document) => !inner(document);
    }
    if (this.#isNext('sign', '(')) return this.#inside('(', ')');
    return this.#comparison();
  }

  #comparison(): ScimFilter {
    const name = scimName(this.#take('word'));
    const path = name.split('.');
    if (this.#isNext('sign', '[')) {
      const inner = this.#inside('[', ']');
      const elements = (document: Readonly<Record<string, unknown>>) =>
        [Object.hasOwn(document, name) ? document[name] : undefined]
          .flat()
          .filter((one) => isRecord(one) && inner(one));
      const token = this.#tokens[this.#at];
      if (token?.kind !== 'word' || !token.text.startsWith('.')) {
        return (document) => elements(document).length > 0;
      }
      this.#at += 1;
      const rest = token.text.slice(1).split('.');
      return this.#test(name, (document) => valuesAt(elements(document), rest));
    }
    return this.#test(name, (document) => valuesAt(document, path));
  }

  #test(
    name: string,
    valuesOf: (document: Readonly<Record<string, unknown>>) => readonly unknown[],
  ): ScimFilter {
    const op = this.#take('word').toLowerCase();
    if (op === 'pr') return (document) => valuesOf(document).length > 0;
    const isExact = exact.has(name.split('.')[0] ?? '');
    const folded = (one: unknown): string => (isExact ? String(one) : String(one).toLowerCase());
    const token = this.#tokens[this.#at];
    if (token?.kind === 'word' && !/^(?:true|false|null|-?\d{1,15})$/i.test(token.text)) {
      this.#refuse();
    }
    const wanted = folded(token?.kind === 'text' ? this.#take('text') : this.#take('word'));
    compare(op, [], wanted);
    return (document) => compare(op, valuesOf(document).map(folded), wanted);
  }
}

/** Returns what tells whether a document passes a filter; throws `request.malformed`. */
export function scimFilter(filter: string | undefined): ScimFilter {
  if (filter === undefined || filter.trim() === '') return () => true;
  return new FilterReading(filter).whole();
}
