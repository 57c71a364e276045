/** Membership: elements of lists, keys of maps, parts of texts. */
import { Double, isList, isMap, type Value } from '../../value/index.ts';
import { wrongType } from '../stop.ts';
import { isEqual } from './comparisons.ts';
import { isNumeric } from './numbers.ts';
import { kindOf } from './truth.ts';
import { ValueSet } from './value-set.ts';

function containsAll(container: readonly Value[], wanted: readonly Value[]): boolean {
  const known = new ValueSet(container);
  return wanted.every((one) => known.has(one));
}

/** Tells whether `container` contains `wanted`: an element, all elements of a list, a key, a part of a text. */
export function containsValue(container: Value, wanted: Value): boolean {
  if (container === null) return false;
  if (typeof container === 'string') {
    if (wanted === null) return false;
    if (isNumeric(wanted) || typeof wanted === 'string' || typeof wanted === 'boolean') {
      const needle = wanted instanceof Double ? String(wanted.value) : String(wanted);
      return container.includes(needle);
    }
    throw wrongType(`text cannot contain ${kindOf(wanted)}`);
  }
  if (isList(container)) {
    return isList(wanted)
      ? containsAll(container, wanted)
      : container.some((element) => isEqual(element, wanted));
  }
  if (isMap(container)) {
    if (typeof wanted === 'string') return Object.hasOwn(container, wanted);
    return isNumeric(wanted) && Object.hasOwn(container, String(wanted));
  }
  throw wrongType(`${kindOf(container)} cannot contain anything`, 'use a list, a map or text');
}
