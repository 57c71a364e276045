/** What may stand behind `is`: tests of values. `defined` is not among them, the compiler knows it. */
import { isList, isMap, type Value } from '../../value/index.ts';
import { wrongType } from '../stop.ts';
import { isWhole, type Numeric, isNumeric, toNumber } from '../values/numbers.ts';
import { isEmpty, kindOf } from '../values/truth.ts';
import { isEqual } from '../values/comparisons.ts';
import { readsAsJson } from '../formats/read-json.ts';

/** A test of a value. */
export interface ValueTest {
  readonly parameters: readonly string[];
  /** True when the answer depends on nothing but the shape of the value. */
  readonly isOfShape: boolean;
  run(value: Value, args: readonly (Value | undefined)[]): boolean;
}

function parity(value: Value, name: string): boolean {
  if (!isNumeric(value)) throw wrongType(`\`is ${name}\` needs a number, not ${kindOf(value)}`);
  return isEven(value);
}

function isEven(value: Numeric): boolean {
  return isWhole(value) ? BigInt(value) % 2n === 0n : toNumber(value) % 2 === 0;
}

function test(
  run: ValueTest['run'],
  isOfShape = true,
  parameters: readonly string[] = [],
): ValueTest {
  return { parameters, isOfShape, run };
}

/** The tests by name. */
export const valueTests: ReadonlyMap<string, ValueTest> = new Map([
  ['empty', test((value) => isEmpty(value))],
  ['null', test((value) => value === null)],
  ['even', test((value) => parity(value, 'even'))],
  ['odd', test((value) => !parity(value, 'odd'))],
  ['iterable', test((value) => isList(value))],
  ['map', test((value) => isMap(value))],
  ['equalTo', test((value, [other = null]) => isEqual(value, other), false, ['obj'])],
  [
    'json',
    test((value) => {
      if (typeof value === 'string') return readsAsJson(value);
      throw wrongType(`\`is json\` needs text, not ${kindOf(value)}`, 'test text, or use `is map`');
    }, false),
  ],
]);
