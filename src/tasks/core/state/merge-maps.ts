/** Deep merging of maps. */
import { emptyMap, entryOf, isMap, type ValueMap } from '../../../core/value/index.ts';

/** Returns `below` with the entries of `above` over it; maps merge, everything else is replaced. */
export function mergeMaps(below: ValueMap, above: ValueMap): ValueMap {
  const merged = Object.assign(emptyMap(), below);
  for (const [key, value] of Object.entries(above)) {
    const before = entryOf(below, key);
    merged[key] = isMap(value) && isMap(before) ? mergeMaps(before, value) : value;
  }
  return merged;
}
