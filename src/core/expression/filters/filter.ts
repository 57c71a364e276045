/** What a filter is: a name's parameters and what it makes of its input. */
import type { Marks, Value } from '../../value/index.ts';
import type { Frame } from '../evaluation/frame.ts';
import { wrongArgument, wrongType } from '../stop.ts';
import { asIndex } from '../values/numbers.ts';
import { kindOf } from '../values/truth.ts';

/** The arguments of a call in the order of its parameters; undefined where none was given. */
export type ArgumentValues = readonly (Value | undefined)[];

/** A filter. */
export interface Filter {
  readonly parameters: readonly string[];
  /** How many parameters must be given. */
  readonly required: number;
  run(input: Value, args: ArgumentValues, frame: Frame): Value;
  /** Returns the marks of the result, where less than everything of the input is in it. */
  readonly marks?: (input: Marks, value: Value) => Marks;
}

/** A function that needs nothing of the world. */
export interface BuiltIn {
  readonly parameters: readonly string[];
  readonly required: number;
  /** True when `run` finds the marks of its argument as they are and leaves those of its result. */
  readonly keepsTree?: boolean;
  run(args: ArgumentValues, frame: Frame): Value;
}

/** Returns a filter. */
export function filter(
  parameters: readonly string[],
  required: number,
  run: Filter['run'],
  marks?: NonNullable<Filter['marks']>,
): Filter {
  return marks === undefined ? { parameters, required, run } : { parameters, required, run, marks };
}

/** Returns a filter over text, which gives null for null. */
export function textFilter(
  parameters: readonly string[],
  required: number,
  run: (input: string, args: ArgumentValues, frame: Frame) => Value,
): Filter {
  return filter(parameters, required, (input, args, frame) => {
    if (input === null) return null;
    if (typeof input === 'string') return run(input, args, frame);
    throw wrongType(
      `the filter needs text and was given ${kindOf(input)}`,
      'convert the value with `| string`',
    );
  });
}

/** Returns an argument that has to be text. */
export function textArgument(value: Value | undefined, name: string): string {
  if (typeof value === 'string') return value;
  throw wrongArgument(`\`${name}\` has to be text, not ${kindOf(value)}`);
}

/** Returns an argument that has to be text, or `otherwise` when it is absent or null. */
export function optionalText<T>(value: Value | undefined, name: string, otherwise: T): string | T {
  return value === undefined || value === null ? otherwise : textArgument(value, name);
}

/** Returns an argument that has to be a whole number; text that spells one counts. */
export function wholeArgument(value: Value | undefined, name: string): number {
  const index = value === undefined ? undefined : asIndex(value);
  if (index !== undefined) return index;
  throw wrongArgument(`\`${name}\` has to be a whole number, not ${kindOf(value)}`);
}

/** Returns an argument that has to be a boolean, or `otherwise` when it is absent. */
export function optionalBoolean(
  value: Value | undefined,
  name: string,
  otherwise: boolean,
): boolean {
  if (value === undefined || value === null) return otherwise;
  if (typeof value === 'boolean') return value;
  if (value === 'true' || value === 'false') return value === 'true';
  throw wrongArgument(`\`${name}\` has to be a boolean, not ${kindOf(value)}`);
}
