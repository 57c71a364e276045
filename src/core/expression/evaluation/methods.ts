/**
 * The methods that templates may call on values, as public flows do: `text.toUpperCase()`,
 * `list.size()`. A closed table; nothing of JavaScript can be reached through it.
 */
import { emptyMap, entryOf, isList, isMap, isTime, type Value } from '../../value/index.ts';
import { Stop, wrongArgument, wrongType } from '../stop.ts';
import { didYouMean } from '../suggest.ts';
import { isEqual } from '../values/comparisons.ts';
import { containsValue } from '../values/membership.ts';
import { asIndex } from '../values/numbers.ts';
import { kindOf } from '../values/truth.ts';
import { plainText } from '../values/value-text.ts';
import { replaceAllPattern, splitByPattern } from '../patterns/use-pattern.ts';

type Method<T extends Value> = (self: T, args: readonly Value[]) => Value;

/** A method and how many arguments it takes. */
interface Entry<T extends Value> {
  readonly least: number;
  readonly most: number;
  readonly run: Method<T>;
}

type Table<T extends Value> = Readonly<Record<string, Entry<T>>>;

function method<T extends Value>(least: number, run: Method<T>, most = least): Entry<T> {
  return { least, most, run };
}

function textOf(value: Value | undefined): string {
  if (typeof value === 'string') return value;
  throw wrongType(`text is expected where ${kindOf(value)} is given`);
}

function indexOf(value: Value | undefined, most: number): number {
  const index = typeof value === 'string' ? undefined : asIndex(value);
  if (index === undefined || index < 0 || index > most) {
    throw wrongArgument(`an index from 0 to ${most} is expected`);
  }
  return index;
}

function table<T extends Value>(entries: Record<string, Entry<T>>): Table<T> {
  return Object.assign(Object.create(null) as Record<string, Entry<T>>, entries);
}

const anyMethods = table<Value>({
  equals: method(1, (self, [other = null]) => isEqual(self, other)),
  toString: method(0, (self) => plainText(self)),
});

const textMethods = table<string>({
  length: method(0, (self) => self.length),
  isEmpty: method(0, (self) => self === ''),
  isBlank: method(0, (self) => self.trim() === ''),
  contains: method(1, (self, [part]) => self.includes(textOf(part))),
  startsWith: method(1, (self, [part]) => self.startsWith(textOf(part))),
  endsWith: method(1, (self, [part]) => self.endsWith(textOf(part))),
  indexOf: method(1, (self, [part]) => self.indexOf(textOf(part))),
  lastIndexOf: method(1, (self, [part]) => self.lastIndexOf(textOf(part))),
  toUpperCase: method(0, (self) => self.toUpperCase()),
  toLowerCase: method(0, (self) => self.toLowerCase()),
  trim: method(0, (self) => self.trim()),
  strip: method(0, (self) => self.trim()),
  equalsIgnoreCase: method(
    1,
    (self, [other]) => typeof other === 'string' && self.toLowerCase() === other.toLowerCase(),
  ),
  replace: method(2, (self, [from, to]) => self.split(textOf(from)).join(textOf(to))),
  replaceAll: method(2, (self, [from, to]) => replaceAllPattern(self, textOf(from), textOf(to))),
  split: method(
    1,
    (self, [by, limit]) =>
      splitByPattern(self, textOf(by), limit === undefined ? 0 : indexOf(limit, 100_000)),
    2,
  ),
  substring: method(
    1,
    (self, [from, to]) => {
      const end = to === undefined ? self.length : indexOf(to, self.length);
      return self.slice(indexOf(from, end), end);
    },
    2,
  ),
  charAt: method(1, (self, [at]) => self.charAt(indexOf(at, self.length - 1))),
  concat: method(1, (self, [other]) => self + textOf(other)),
});

const listMethods = table<readonly Value[]>({
  size: method(0, (self) => self.length),
  length: method(0, (self) => self.length),
  isEmpty: method(0, (self) => self.length === 0),
  contains: method(1, (self, [one = null]) => self.some((element) => isEqual(element, one))),
  containsAll: method(1, (self, [all = null]) => isList(all) && containsValue(self, all)),
  get: method(1, (self, [at]) => self[indexOf(at, self.length - 1)] ?? null),
  indexOf: method(1, (self, [one = null]) => self.findIndex((element) => isEqual(element, one))),
  lastIndexOf: method(1, (self, [one = null]) =>
    self.findLastIndex((element) => isEqual(element, one)),
  ),
  subList: method(2, (self, [from, to]) => {
    const end = indexOf(to, self.length);
    return self.slice(indexOf(from, end), end);
  }),
  getFirst: method(0, (self) => self[0] ?? null),
  getLast: method(0, (self) => self.at(-1) ?? null),
});

type PlainMap = { [key: string]: Value };

const mapMethods = table<PlainMap>({
  size: method(0, (self) => Object.keys(self).length),
  isEmpty: method(0, (self) => Object.keys(self).length === 0),
  get: method(1, (self, [key = null]) => entryOf(self, plainText(key)) ?? null),
  getOrDefault: method(
    2,
    (self, [key = null, otherwise = null]) => entryOf(self, plainText(key)) ?? otherwise,
  ),
  containsKey: method(1, (self, [key = null]) => Object.hasOwn(self, plainText(key))),
  containsValue: method(1, (self, [one = null]) =>
    Object.values(self).some((element) => isEqual(element, one)),
  ),
  keySet: method(0, (self) => Object.keys(self)),
  values: method(0, (self) => Object.values(self)),
  entrySet: method(0, (self) => mapEntries(self)),
});

const timeMethods = table<Value>({
  getYear: method(0, (self) => timeField(self, 'year')),
  getMonthValue: method(0, (self) => timeField(self, 'month')),
  getDayOfMonth: method(0, (self) => timeField(self, 'day')),
  getHour: method(0, (self) => timeField(self, 'hour')),
  getMinute: method(0, (self) => timeField(self, 'minute')),
  getSecond: method(0, (self) => timeField(self, 'second')),
  toEpochMilli: method(0, (self) => {
    if (self instanceof Temporal.Instant || self instanceof Temporal.ZonedDateTime) {
      return self.epochMilliseconds;
    }
    throw wrongType('only a date with a zone has a place on the time line');
  }),
});

function timeField(
  self: Value,
  field: 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second',
): Value {
  const time = self instanceof Temporal.Instant ? self.toZonedDateTimeISO('UTC') : self;
  const value: unknown = Reflect.get(time as object, field);
  if (typeof value === 'number') return value;
  throw wrongType(`the date has no ${field}`);
}

const noMethods = table<never>({});

function tableOf(self: Value): Table<never> {
  if (typeof self === 'string') return textMethods as Table<never>;
  if (isList(self)) return listMethods as Table<never>;
  if (isTime(self)) return timeMethods as Table<never>;
  return isMap(self) ? (mapMethods as Table<never>) : noMethods;
}

/** Returns the entries of a map as maps with `key` and `value`. */
export function mapEntries(map: PlainMap): Value[] {
  return Object.keys(map).map((key) => {
    const entry = emptyMap();
    entry['key'] = key;
    entry['value'] = map[key] as Value;
    return entry;
  });
}

/** Calls the method `name` of `self`. */
export function callMethod(self: Value, name: string, args: readonly Value[]): Value {
  if (self === null) throw wrongType(`\`${name}\` cannot be called on null`);
  const own = tableOf(self);
  const found = own[name] ?? anyMethods[name];
  if (found === undefined) {
    throw new Stop('expression.function-unknown', `${kindOf(self)} has no method \`${name}\``, {
      name,
      help: didYouMean(name, Object.keys(own), 'use a filter instead'),
    });
  }
  if (args.length < found.least || args.length > found.most) {
    throw wrongArgument(`\`${name}\` takes ${found.least} arguments, not ${args.length}`);
  }
  return (found.run as Method<Value>)(self, args);
}

/** Returns a property that is read without parentheses (`list.size`), or undefined. */
export function propertyOf(self: Value, name: string): Value | undefined {
  if (typeof self === 'string' || isList(self)) {
    return name === 'size' || name === 'length' ? self.length : undefined;
  }
  if (!isTime(self)) return undefined;
  const getter = `get${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  const found = timeMethods[getter];
  return found === undefined ? undefined : found.run(self, []);
}
