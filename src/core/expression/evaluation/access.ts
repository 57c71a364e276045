/** Reading parts of values: entries of maps, elements of lists, a few properties. */
import { isList, isMap, type Value } from '../../value/index.ts';
import { asIndex } from '../values/numbers.ts';
import { plainText } from '../values/value-text.ts';
import { propertyOf } from './methods.ts';

/** Returns what stands in `container` under `name`, or undefined. */
export function readAttribute(container: Value, name: string): Value | undefined {
  if (container === null) return undefined;
  if (isMap(container)) return Object.hasOwn(container, name) ? container[name] : undefined;
  if (isList(container)) {
    const index = asIndex(name);
    if (index !== undefined) return index < 0 ? undefined : container[index];
  }
  return propertyOf(container, name);
}

/** Returns what stands in `container` under a calculated key, or undefined. */
export function readSubscript(container: Value, key: Value): Value | undefined {
  if (typeof key === 'string') return readAttribute(container, key);
  if (isList(container)) {
    const index = asIndex(key);
    return index === undefined || index < 0 ? undefined : container[index];
  }
  return isMap(container) ? readAttribute(container, keyText(key)) : undefined;
}

/** Returns a key as the text under which maps keep it. */
export function keyText(key: Value): string {
  return plainText(key);
}
