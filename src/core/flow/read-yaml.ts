/**
 * YAML text to a tree, safely: size, depth and aliases are bounded before anything is built; custom
 * tags, merge keys, complex keys and keys that could reach a prototype are refused.
 *
 * The token tree is measured before it is composed, because composing recurses: a file of a hundred
 * thousand brackets is refused by a loop, not by an exhausted stack.
 */
import {
  type Alias,
  Composer,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Parser,
  type YAMLError,
} from 'yaml';
import { double, type Scalar } from '../value/index.ts';
import type { DiagnosticCode } from './diagnostic-catalogue.ts';
import type { DiagnosticList, OffsetRange } from './diagnostic-list.ts';
import type { ScalarStyle, YamlEntry, YamlMap, YamlNode } from './yaml-tree.ts';

/** The largest document, in bytes of UTF-8. */
const documentBytesMax = 1_048_576;
/** The deepest nesting of lists and maps. */
const depthMax = 100;
/** The most aliases in one document. */
const aliasesMax = 50;
/** The most complaints about one text. */
const complaintsMax = 20;
/** The most nodes that aliases may repeat. */
const repeatedNodesMax = 20_000;

const refusedKeys = new Set(['__proto__', 'constructor', 'prototype']);

const coreTags = new Set(
  ['str', 'int', 'float', 'bool', 'null', 'map', 'seq'].map((name) => `tag:yaml.org,2002:${name}`),
);

const styles: Readonly<Record<string, ScalarStyle>> = {
  PLAIN: 'plain',
  QUOTE_SINGLE: 'single',
  QUOTE_DOUBLE: 'double',
  BLOCK_LITERAL: 'literal',
  BLOCK_FOLDED: 'folded',
};

/** What the library's complaint means, in our words; those left out are named by their own place only. */
const complaints: Readonly<Record<string, readonly [message: string, help: string]>> = {
  BAD_ALIAS: ['an alias names an anchor that does not exist before it', 'write the value out'],
  BAD_DIRECTIVE: ['a directive is not known', 'remove the line that begins with `%`'],
  BAD_DQ_ESCAPE: [
    'a backslash in double quotes begins no known escape',
    'double the backslash, or use single quotes',
  ],
  BAD_INDENT: [
    'the indentation does not fit the lines around it',
    'indent all keys of a map and all items of a list alike',
  ],
  BAD_SCALAR_START: [
    'a plain text cannot begin with this character',
    'put the text in quotes; a template that begins with `{{` or `{%` needs them too',
  ],
  BLOCK_AS_IMPLICIT_KEY: [
    'a second `: ` stands in a value without quotes, or a key stands on the line of another',
    'put the value in quotes, or begin a line of its own',
  ],
  BLOCK_IN_FLOW: [
    'an indented block stands inside brackets',
    'close the bracket, or put a value that begins with `{` or `[` in quotes',
  ],
  KEY_OVER_1024_CHARS: ['a key is longer than 1024 characters', 'shorten it'],
  MISSING_CHAR: [
    'a quote, bracket, colon or comma is missing',
    'close what was opened, check the indentation, or put the value in quotes',
  ],
  MULTILINE_IMPLICIT_KEY: [
    'a key goes over several lines',
    'is a colon missing? a value of several lines begins with `|` or `>`',
  ],
  MULTIPLE_ANCHORS: ['a value has two anchors', 'remove one'],
  MULTIPLE_TAGS: ['a value has two tags', 'remove them'],
  UNEXPECTED_TOKEN: ['something unexpected stands here', 'is a quote, a dash or a colon missing?'],
};

type Report = (code: DiagnosticCode, at: OffsetRange, message: string, help?: string) => void;

function bytesOf(text: string): number {
  let bytes = text.length;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit > 0x7f) bytes += unit > 0x7ff && (unit < 0xd800 || unit > 0xdfff) ? 2 : 1;
  }
  return bytes;
}

type TokenLike = {
  readonly type?: string;
  readonly offset?: number;
  readonly value?: unknown;
  readonly key?: unknown;
  readonly items?: readonly unknown[];
  readonly source?: string;
};

/** Returns the offset of the first collection that is nested too deeply. */
function tooDeepAt(documents: readonly unknown[]): number | undefined {
  const open: { token: TokenLike; depth: number }[] = [];
  for (const token of documents) open.push({ token: token as TokenLike, depth: 0 });
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { token } = next;
    const depth = token.items === undefined ? next.depth : next.depth + 1;
    if (depth > depthMax) return token.offset ?? 0;
    for (const inner of token.items ?? []) open.push({ token: inner as TokenLike, depth });
    if (typeof token.value === 'object' && token.value !== null)
      open.push({ token: token.value as TokenLike, depth });
    if (typeof token.key === 'object' && token.key !== null)
      open.push({ token: token.key as TokenLike, depth });
  }
  return undefined;
}

function plainValue(value: unknown, text: string): Scalar {
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value !== 'number') return null;
  if (!/^[-+]?(?:\d+|0x[\da-f]+|0o[0-7]+)$/i.test(text)) return double(value);
  if (Number.isSafeInteger(value)) return value;
  const whole = BigInt(text.replace(/^[-+]/, ''));
  return text.startsWith('-') ? -whole : whole;
}

interface Anchored {
  readonly node: YamlNode;
  readonly size: number;
  readonly depth: number;
}

/** Turns the library's nodes into ours and counts what aliases repeat. */
class TreeBuilder {
  readonly #report: Report;
  readonly #list: DiagnosticList;
  readonly #anchors = new Map<string, Anchored>();
  readonly #used = new Map<string, OffsetRange>();
  #isUnbounded = false;
  #aliases = 0;
  #repeated = 0;

  constructor(list: DiagnosticList, report: Report) {
    this.#list = list;
    this.#report = report;
  }

  /** Warns of each alias once. */
  reportUsedAliases(): void {
    for (const [name, at] of this.#used) {
      this.#report('flow.yaml-alias-used', at, `the alias \`*${name}\` is not portable`);
    }
  }

  build(node: unknown, fallback: number, depth: number): Anchored {
    if (isAlias(node)) return this.#follow(node, depth);
    if (!isScalar(node) && !isMap(node) && !isSeq(node)) return this.#nothing(fallback);
    const [start, end] = node.range ?? [fallback, fallback, fallback];
    const tag = node.tag;
    if (tag !== undefined && !coreTags.has(tag)) {
      const shown = tag.replace('tag:yaml.org,2002:', '!!');
      this.#report('flow.yaml-tag-refused', { start, end }, `the tag \`${shown}\` is not allowed`);
    }
    let built: Anchored;
    if (isScalar(node)) {
      const style = styles[node.type ?? 'PLAIN'] ?? 'plain';
      const text = node.source ?? '';
      const value = plainValue(node.value, text);
      built = { node: { kind: 'scalar', value, text, style, start, end }, size: 1, depth: 0 };
    } else if (isSeq(node)) {
      const items: YamlNode[] = [];
      let size = 1;
      let inner = 0;
      for (const item of node.items) {
        const one = this.build(item, start, depth + 1);
        items.push(one.node);
        size += one.size;
        inner = Math.max(inner, one.depth + 1);
      }
      built = { node: { kind: 'list', items, start, end }, size, depth: inner };
    } else {
      built = this.#map(node.items, start, end, depth);
    }
    if (node.anchor !== undefined) this.#anchors.set(node.anchor, built);
    return built;
  }

  #nothing(at: number): Anchored {
    const node = {
      kind: 'scalar',
      value: null,
      text: '',
      style: 'plain',
      start: at,
      end: at,
    } as const;
    return { node, size: 1, depth: 0 };
  }

  #map(
    pairs: readonly { key: unknown; value: unknown }[],
    start: number,
    end: number,
    depth: number,
  ): Anchored {
    const entries = new Map<string, YamlEntry>();
    let size = 1;
    let inner = 0;
    for (const { key, value } of pairs) {
      const named = this.#key(key, start);
      const one = this.build(value, named?.keyPlace.end ?? start, depth + 1);
      size += one.size;
      inner = Math.max(inner, one.depth + 1);
      if (named === undefined) continue;
      const first = entries.get(named.key);
      if (first === undefined) entries.set(named.key, { ...named, value: one.node });
      else this.#reportDuplicate(named.key, named.keyPlace, first.keyPlace.start);
    }
    const node: YamlMap = { kind: 'map', entries, start, end };
    return { node, size, depth: inner };
  }

  #reportDuplicate(key: string, at: OffsetRange, first: number): void {
    const { line } = this.#list.position(first);
    this.#report(
      'flow.yaml-key-duplicate',
      at,
      `the key \`${key}\` stands twice in the same map, first in line ${line}`,
    );
  }

  #key(key: unknown, fallback: number): Omit<YamlEntry, 'value'> | undefined {
    if (!isScalar(key)) {
      const range = isMap(key) || isSeq(key) || isAlias(key) ? key.range : undefined;
      const start = range?.[0] ?? fallback;
      this.#report('flow.yaml-key-not-text', { start, end: start }, 'a key is not a text');
      return undefined;
    }
    const [start, end] = key.range ?? [fallback, fallback];
    const keyPlace = { start, end };
    const text = typeof key.value === 'string' ? key.value : (key.source ?? '');
    if (text === '' && key.value === null) {
      this.#report('flow.yaml-key-not-text', keyPlace, 'a value has no key');
      return undefined;
    }
    if (refusedKeys.has(text)) {
      this.#report('flow.yaml-key-refused', keyPlace, `the key \`${text}\` is not allowed`);
      return undefined;
    }
    if (text === '<<' && key.type === 'PLAIN') {
      const help = 'write the values of the other map out';
      this.#report('flow.yaml-key-refused', keyPlace, 'merge keys are not allowed', help);
      return undefined;
    }
    return { key: text, keyPlace };
  }

  #follow(alias: Alias, depth: number): Anchored {
    const [start, end] = alias.range ?? [0, 0];
    const at = { start, end };
    this.#aliases += 1;
    if (this.#aliases > aliasesMax) {
      if (this.#aliases === aliasesMax + 1) {
        const message = `the document has more than ${aliasesMax} aliases`;
        this.#report('flow.yaml-alias-refused', at, message);
      }
      return this.#nothing(start);
    }
    const target = this.#anchors.get(alias.source);
    if (target === undefined) {
      const message = `the alias \`*${alias.source}\` names no value that is complete before it`;
      this.#report('flow.yaml-alias-refused', at, message);
      return this.#nothing(start);
    }
    this.#repeated += target.size;
    if (this.#repeated > repeatedNodesMax || depth + target.depth > depthMax) {
      const message = `the alias \`*${alias.source}\` makes the document grow without bound`;
      if (!this.#isUnbounded) this.#report('flow.yaml-alias-refused', at, message);
      this.#isUnbounded = true;
      return this.#nothing(start);
    }
    if (!this.#used.has(alias.source)) this.#used.set(alias.source, at);
    return target;
  }
}

/** Returns where the quoted text begins that reaches `offset`: an open quote is found only at the end. */
function openQuoteAt(documents: readonly unknown[], offset: number): number | undefined {
  const open = [...(documents as readonly TokenLike[])];
  let found: number | undefined;
  for (let token = open.pop(); token !== undefined; token = open.pop()) {
    const start = token.offset ?? 0;
    const isQuoted = token.type?.endsWith('quoted-scalar') === true;
    if (isQuoted && start < offset && start + (token.source?.length ?? 0) >= offset) found = start;
    for (const inner of [token.value, token.key, ...(token.items ?? [])]) {
      if (typeof inner === 'object' && inner !== null) open.push(inner);
    }
  }
  return found;
}

function reportComplaint(
  report: Report,
  source: string,
  complaint: YAMLError,
  tokens: readonly unknown[],
): void {
  const [start, end] = complaint.pos;
  const at = { start: Math.min(start, source.length), end };
  const quote = complaint.code === 'MISSING_CHAR' ? openQuoteAt(tokens, at.start) : undefined;
  if (quote !== undefined) {
    const help = 'close the quote, and double a quote that belongs to the text';
    report('flow.yaml-wrong', { start: quote, end }, 'a quote is opened but not closed', help);
    return;
  }
  const lineStart = source.lastIndexOf('\n', at.start - 1) + 1;
  const indent = /^[ \t]*/.exec(source.slice(lineStart, at.end + 1))?.[0] ?? '';
  if (complaint.code === 'TAB_AS_INDENT' || indent.includes('\t')) {
    report('flow.yaml-tab-found', at, 'a tab stands in the indentation');
    return;
  }
  if (complaint.code === 'BAD_INDENT' && / end with a [\]}]/.test(complaint.message)) {
    const help = 'close the bracket, and indent all that stands in it';
    report(
      'flow.yaml-wrong',
      at,
      'a bracket is not closed, or what stands in it is not indented',
      help,
    );
    return;
  }
  if (complaint.code === 'TAG_RESOLVE_FAILED') {
    report('flow.yaml-tag-refused', at, 'a tag is not allowed or does not fit its value');
    return;
  }
  const [message, help] = complaints[complaint.code] ?? ['the text is not YAML at this place'];
  report('flow.yaml-wrong', at, message, help);
}

/** Reads any YAML; returns nothing when a problem makes the tree useless, which is then reported. */
export function readYamlNode(source: string, list: DiagnosticList): YamlNode | undefined {
  const report: Report = (code, at, message, help) =>
    list.report(code, at, '', message, help === undefined ? {} : { help });
  const top = { start: 0, end: 0 };
  if (source.length > documentBytesMax || bytesOf(source) > documentBytesMax) {
    const message = `the file is larger than ${documentBytesMax} bytes`;
    report('flow.yaml-too-large', top, message);
    return undefined;
  }
  const tokens = [...new Parser().parse(source)];
  const deep = tooDeepAt(tokens);
  if (deep !== undefined) {
    const message = `lists and maps are nested more than ${depthMax} deep`;
    report('flow.yaml-too-deep', { start: deep, end: deep }, message);
    return undefined;
  }
  const composer = new Composer({
    prettyErrors: false,
    uniqueKeys: false,
    resolveKnownTags: false,
    logLevel: 'silent',
  });
  const documents: Document.Parsed[] = [...composer.compose(tokens, true, source.length)];
  const [first, second] = documents;
  // One slip makes many complaints; those far behind it say nothing.
  for (const complaint of first?.errors.slice(0, complaintsMax) ?? [])
    reportComplaint(report, source, complaint, tokens);
  if (list.hasErrors || first === undefined) return undefined;
  if (second !== undefined) {
    const start = Math.min(second.range[0], source.length);
    report('flow.yaml-documents-many', { start, end: start }, 'a second document begins here');
    return undefined;
  }
  for (const complaint of first.warnings) {
    // The builder names the tag itself.
    if (complaint.code !== 'TAG_RESOLVE_FAILED') reportComplaint(report, source, complaint, tokens);
  }
  const builder = new TreeBuilder(list, report);
  const root = builder.build(first.contents, 0, 1).node;
  if (list.hasErrors) return undefined;
  builder.reportUsedAliases();
  return root;
}

/** Reads the map that a flow file holds; returns nothing, with the reason reported, when there is none. */
export function readYaml(source: string, list: DiagnosticList): YamlMap | undefined {
  const root = readYamlNode(source, list);
  if (root === undefined) return undefined;
  if (root.kind === 'scalar' && root.value === null) {
    list.report('flow.empty', { start: 0, end: 0 }, '', 'the file holds no flow');
    return undefined;
  }
  if (root.kind !== 'map') {
    const kind = root.kind === 'list' ? 'a list' : 'a single text';
    list.report('flow.not-a-map', root, '', `the document is ${kind}, not a map`);
    return undefined;
  }
  return root;
}
