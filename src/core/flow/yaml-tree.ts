/**
 * A YAML document as the language reads it: scalars, lists and maps with their places in the text.
 * Everything after the YAML reader works on this tree and knows nothing of the YAML library.
 *
 * INVARIANT: keys are texts and unique in their map; nesting is bounded; an alias is the very node
 * that it names, so that the tree never grows beyond its text.
 */
import { emptyMap, type Scalar, type Value } from '../value/index.ts';

/** How a scalar is written; it decides where a character of its text stands in the file. */
export type ScalarStyle = 'plain' | 'single' | 'double' | 'literal' | 'folded';

interface Place {
  /** Offset of the first character. */
  readonly start: number;
  /** Offset after the last character. */
  readonly end: number;
}

/** A text, number, boolean or nothing. */
export interface YamlScalar extends Place {
  readonly kind: 'scalar';
  readonly value: Scalar;
  /** The scalar as text: `1.50` stays `1.50`. */
  readonly text: string;
  readonly style: ScalarStyle;
}

/** A list. */
interface YamlList extends Place {
  readonly kind: 'list';
  readonly items: readonly YamlNode[];
}

/** A key with its value. */
export interface YamlEntry {
  readonly key: string;
  readonly keyPlace: Place;
  readonly value: YamlNode;
}

/** A map. */
export interface YamlMap extends Place {
  readonly kind: 'map';
  readonly entries: ReadonlyMap<string, YamlEntry>;
}

/** Any node. */
export type YamlNode = YamlScalar | YamlList | YamlMap;

/** Tells whether there is nothing: no node, or a null. */
export function isNothing(node: YamlNode | undefined): node is undefined {
  return node === undefined || (node.kind === 'scalar' && node.value === null);
}

/** Returns the value of `key` in `map`, or undefined when there is none or it is null. */
export function child(map: YamlMap, key: string): YamlNode | undefined {
  const node = map.entries.get(key)?.value;
  return isNothing(node) ? undefined : node;
}

/** Returns the text of `node` when it is a scalar with a value. */
export function textOf(node: YamlNode | undefined): string | undefined {
  if (node === undefined || node.kind !== 'scalar' || node.value === null) return undefined;
  return typeof node.value === 'string' ? node.value : node.text;
}

/** Returns the boolean that `node` holds or spells, or undefined. */
export function booleanOf(node: YamlNode | undefined): boolean | undefined {
  const text = textOf(node);
  return text === 'true' ? true : text === 'false' ? false : undefined;
}

/** Returns the number that `node` holds or spells, or undefined. */
export function numberOf(node: YamlNode | undefined): number | undefined {
  const text = textOf(node)?.trim();
  if (text === undefined || text === '') return undefined;
  const number = Number(text);
  return Number.isNaN(number) ? undefined : number;
}

/** Returns `node` as a value of the language. */
export function toValue(node: YamlNode): Value {
  switch (node.kind) {
    case 'scalar':
      return node.value;
    case 'list':
      return node.items.map(toValue);
    case 'map': {
      const map = emptyMap();
      for (const [key, entry] of node.entries) map[key] = toValue(entry.value);
      return map;
    }
  }
}
