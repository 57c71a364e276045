/**
 * Plugin defaults: values that a flow gives to all tasks, triggers and plugins of a type or package.
 * They are merged while the flow is read, so that nothing behind the reader knows of them.
 *
 * Of several that match, the first in the list is the stronger; of forced ones the last.
 */
import { shortType } from './create-type-catalogue.ts';
import type { YamlEntry, YamlMap, YamlNode } from './yaml-tree.ts';

/** One default as written. */
export interface PluginDefault {
  /** A canonical type, or a prefix of types. */
  readonly type: string;
  /** True when `type` names a type; only then unknown values are errors. */
  readonly isExact: boolean;
  readonly isForced: boolean;
  readonly values: YamlMap;
}

/** The values that one type gets. */
interface MatchedDefaults {
  /** Below what the task says, strongest first. */
  readonly under: readonly PluginDefault[];
  /** Above what the task says, strongest last. */
  readonly over: readonly PluginDefault[];
}

/** Returns `under` with everything that `over` says, maps merged at every depth. */
function mergeMaps(under: YamlMap, over: YamlMap): YamlMap {
  const entries = new Map<string, YamlEntry>(under.entries);
  for (const [key, entry] of over.entries) {
    const below = entries.get(key)?.value;
    const value =
      below?.kind === 'map' && entry.value.kind === 'map'
        ? mergeMaps(below, entry.value)
        : entry.value;
    entries.set(key, { ...entry, value });
  }
  return { ...over, entries };
}

/** The plugin defaults of one flow. */
export class PluginDefaults {
  readonly #all: PluginDefault[] = [];
  readonly #matches = new Map<string, MatchedDefaults>();

  add(one: PluginDefault): void {
    this.#all.push(one);
  }

  get isEmpty(): boolean {
    return this.#all.length === 0;
  }

  /** Returns what applies to the canonical type `type`. */
  matching(type: string): MatchedDefaults {
    const known = this.#matches.get(type);
    if (known !== undefined) return known;
    const found = this.#all.filter((one) =>
      one.isExact
        ? one.type === type
        : type.startsWith(one.type) || `io.kestra.plugin.${type}`.startsWith(one.type),
    );
    const matched = {
      under: found.filter((one) => !one.isForced),
      over: found.filter((one) => one.isForced),
    };
    this.#matches.set(type, matched);
    return matched;
  }

  /** Returns `node` with the defaults of every plugin inside it (task runners, providers) merged in. */
  applyInside(node: YamlNode): YamlNode {
    if (this.isEmpty || node.kind === 'scalar') return node;
    if (node.kind === 'list')
      return { ...node, items: node.items.map((item) => this.applyInside(item)) };
    const entries = new Map<string, YamlEntry>();
    for (const [key, entry] of node.entries) {
      entries.set(key, { ...entry, value: this.applyInside(entry.value) });
    }
    const map: YamlMap = { ...node, entries };
    const type = entries.get('type')?.value;
    if (type?.kind !== 'scalar' || typeof type.value !== 'string') return map;
    return this.merge(map, shortType(type.value), (one) => one.values);
  }

  /** Returns `map` with what `valuesOf` gives for each matching default merged below and above it. */
  merge(map: YamlMap, type: string, valuesOf: (one: PluginDefault) => YamlMap): YamlMap {
    const { under, over } = this.matching(type);
    let merged = map;
    for (const one of under)
      merged = { ...mergeMaps(valuesOf(one), merged), start: map.start, end: map.end };
    for (const one of over)
      merged = { ...mergeMaps(merged, valuesOf(one)), start: map.start, end: map.end };
    return merged;
  }
}
