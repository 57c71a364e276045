/**
 * Filters over lists and maps, and those that work on text alike. They take marks part by part
 * where the result keeps the parts, and the whole otherwise.
 */
import {
  emptyMap,
  isList,
  isMap,
  type Marks,
  marksAt,
  marksOf,
  type Value,
} from '../../value/index.ts';
import { wrongArgument, wrongType } from '../stop.ts';
import { sortOrder } from '../values/comparisons.ts';
import { kindOf } from '../values/truth.ts';
import { ValueSet } from '../values/value-set.ts';
import { joinedText } from '../values/value-text.ts';
import { keyText } from '../evaluation/access.ts';
import { type Filter, filter, optionalText, wholeArgument } from './filter.ts';

/** Returns a filter over lists, which gives null for null. */
function listFilter(
  parameters: readonly string[],
  required: number,
  run: (list: readonly Value[], args: readonly (Value | undefined)[]) => Value,
): Filter {
  return filter(parameters, required, (input, args) => {
    if (input === null) return null;
    if (isList(input)) return run(input, args);
    throw wrongType(`the filter needs a list and was given ${kindOf(input)}`);
  });
}

/** The marks of what depends on nothing but the shape. */
function shapeMarks(marks: Marks): Marks {
  return marksOf(marks.own);
}

function edgeOf(input: Value, isFirst: boolean): Value {
  if (input === null) return null;
  if (typeof input === 'string') return isFirst ? input.charAt(0) : input.slice(-1);
  if (isList(input)) return (isFirst ? input[0] : input.at(-1)) ?? null;
  throw wrongType(`the filter needs a list or text and was given ${kindOf(input)}`);
}

function edgeMarks(isFirst: boolean): (marks: Marks, value: Value) => Marks {
  return (marks, value) => {
    if (!isList(value)) return marks;
    return marksAt(marks, isFirst ? 0 : Math.max(0, value.length - 1));
  };
}

function lengthOf(input: Value): number {
  if (input === null) return 0;
  if (typeof input === 'string' || isList(input)) return input.length;
  return isMap(input) ? Object.keys(input).length : 0;
}

function merge(input: Value, items: Value): Value {
  if (isMap(input)) {
    const map = Object.assign(emptyMap(), input);
    if (isMap(items)) return Object.assign(map, items);
    if (isList(items)) {
      for (const item of items) map[keyText(item)] = item;
      return map;
    }
  }
  if (isList(input)) {
    if (isList(items)) return [...input, ...items];
    if (isMap(items)) return [...input, ...Object.values(items)];
  }
  throw wrongType(`\`merge\` cannot join ${kindOf(input)} and ${kindOf(items)}`);
}

function slice(input: Value, from: Value | undefined, to: Value | undefined): Value {
  if (input === null) return null;
  if (typeof input !== 'string' && !isList(input)) {
    throw wrongType(`\`slice\` needs a list or text and was given ${kindOf(input)}`);
  }
  const start = from === undefined || from === null ? 0 : wholeArgument(from, 'fromIndex');
  const end = to === undefined || to === null ? input.length : wholeArgument(to, 'toIndex');
  if (start < 0 || end > input.length || start > end) {
    throw wrongArgument(
      `the slice from ${start} to ${end} is outside of 0 to ${input.length}`,
      'check the length first',
    );
  }
  return input.slice(start, end);
}

function chunk(list: readonly Value[], size: number): Value {
  if (size < 1) throw wrongArgument('`size` has to be at least 1');
  const chunks: Value[] = [];
  for (let at = 0; at < list.length; at += size) chunks.push(list.slice(at, at + size));
  return chunks;
}

/** Returns a list in which each value is kept the first time it comes. */
function distinct(list: readonly Value[]): Value[] {
  const seen = new ValueSet();
  return list.filter((one) => seen.add(one));
}

/** The filters over lists and maps, by name. */
export const listFilters: readonly (readonly [string, Filter])[] = [
  ['first', filter([], 0, (input) => edgeOf(input, true), edgeMarks(true))],
  ['last', filter([], 0, (input) => edgeOf(input, false), edgeMarks(false))],
  ['length', filter([], 0, (input) => lengthOf(input), shapeMarks)],
  [
    'join',
    filter(['separator'], 0, (input, [separator], frame) => {
      if (input === null) return null;
      if (!isList(input)) {
        throw wrongType(`\`join\` needs a list and was given ${kindOf(input)}`);
      }
      const by = optionalText(separator, 'separator', '');
      const texts = input.map(joinedText);
      frame.grow(texts.reduce((sum, text) => sum + text.length + by.length, 0));
      return texts.join(by);
    }),
  ],
  ['merge', filter(['items'], 1, (input, [items = null]) => merge(input, items))],
  [
    'reverse',
    filter([], 0, (input) => {
      if (input === null) return null;
      if (typeof input === 'string') return Array.from(input).reverse().join('');
      if (isList(input)) return input.toReversed();
      throw wrongType(`\`reverse\` needs a list or text and was given ${kindOf(input)}`);
    }),
  ],
  ['sort', listFilter([], 0, (list) => list.toSorted(sortOrder))],
  ['rsort', listFilter([], 0, (list) => list.toSorted((a, b) => sortOrder(b, a)))],
  ['slice', filter(['fromIndex', 'toIndex'], 0, (input, [from, to]) => slice(input, from, to))],
  ['chunk', listFilter(['size'], 1, (list, [size]) => chunk(list, wholeArgument(size, 'size')))],
  [
    'keys',
    filter(
      [],
      0,
      (input) => {
        if (input === null) return null;
        if (isList(input)) return input.map((_, index) => index);
        if (isMap(input)) return Object.keys(input);
        throw wrongType(`\`keys\` needs a map or list and was given ${kindOf(input)}`);
      },
      shapeMarks,
    ),
  ],
  [
    'values',
    filter([], 0, (input) => {
      if (input === null) return null;
      if (isList(input)) return input;
      if (isMap(input)) return Object.values(input);
      throw wrongType(`\`values\` needs a map and was given ${kindOf(input)}`);
    }),
  ],
  ['flatten', listFilter([], 0, (list) => list.flatMap((one) => (isList(one) ? one : [one])))],
  ['distinct', listFilter([], 0, (list) => distinct(list))],
];
