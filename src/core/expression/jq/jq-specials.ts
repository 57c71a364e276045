/**
 * jq's functions that run their arguments themselves, or give any number of results. They decide
 * when and how often an argument runs, so they cannot be plain functions.
 */
import { emptyMap, isList, isMap, type Value } from '../../value/index.ts';
import { isNumeric, toNumber } from '../values/numbers.ts';
import { jqFunctions } from './jq-functions.ts';
import { deletePaths } from './jq-paths.ts';
import { type Emit, type Environment, plainSpot, type Spot, stepInto } from './jq-spots.ts';
import type { JqNode } from './jq-syntax.ts';
import { jqCaptures, jqMatches, jqReplace, jqScan, jqSplit, jqText } from './jq-text.ts';
import { JqError, jqOperate, jqTruth, jqType, jqWrong } from './jq-values.ts';

/** What these functions ask of whoever runs the program. */
export interface PartRunner {
  /** Runs a part and gives each result. */
  run(node: JqNode, env: Environment, input: Spot, emit: Emit): void;
  /** Returns all results of a part. */
  results(node: JqNode, env: Environment, input: Value): Value[];
  /** Tells whether the first result of a part is true. */
  isTrue(node: JqNode, env: Environment, input: Value): boolean;
  /** Returns the paths that a part gives. */
  pathsOf(node: JqNode, env: Environment, input: Value): readonly (readonly Value[])[];
  /** Calculates all combinations of the values of some arguments. */
  withValues(
    args: readonly JqNode[],
    at: number,
    made: readonly Value[],
    env: Environment,
    input: Value,
    use: (values: readonly Value[]) => void,
  ): void;
  /** Sorts elements by what `key` makes of them, equal ones in their order. */
  keyed(key: JqNode, env: Environment, input: Value): readonly { key: Value; value: Value }[];
  /** Groups elements by what `key` makes of them. */
  grouped(key: JqNode, env: Environment, input: Value): readonly (readonly Value[])[];
  /** Gives the first `count` results of a part. */
  limit(node: JqNode, env: Environment, input: Spot, count: number, emit: Emit): void;
  /** Gives the input and what `node` makes of it, again and again. */
  repeatedly(
    node: JqNode,
    env: Environment,
    input: Spot,
    emit: Emit,
    goesOn: (value: Value) => boolean,
  ): void;
}

/** A function of jq that runs its arguments itself. */
export type Special = (
  runner: PartRunner,
  args: readonly JqNode[],
  env: Environment,
  input: Spot,
  emit: Emit,
) => void;

const identity: JqNode = { kind: 'identity' };

function argument(args: readonly JqNode[], at: number): JqNode {
  return args[at] ?? identity;
}

/** Keeps the input when it is of one of some types. */
function ofType(...types: readonly string[]): Special {
  return (_, __, ___, input, emit) => {
    if (types.includes(jqType(input.value))) emit(input);
  };
}

/** Gives each element of the list that `make` returns. */
function several(make: (input: Value, values: readonly Value[]) => readonly Value[]): Special {
  return (runner, args, env, input, emit) =>
    runner.withValues(args, 0, [], env, input.value, (values) => {
      for (const value of make(input.value, values)) emit(plainSpot(value));
    });
}

function mapValues(isOptional: boolean): Special {
  return (runner, args, env, input, emit) => {
    const source = input.value;
    if (isList(source)) {
      return emit(
        plainSpot(
          source.flatMap((one) =>
            runner.results(argument(args, 0), env, one).slice(0, isOptional ? 1 : undefined),
          ),
        ),
      );
    }
    if (!isMap(source)) throw jqWrong(source, 'cannot be iterated over');
    const map = emptyMap();
    const list: Value[] = [];
    for (const key of Object.keys(source)) {
      const made = runner.results(argument(args, 0), env, source[key] as Value);
      list.push(...made);
      if (made[0] !== undefined) map[key] = made[0];
    }
    emit(plainSpot(isOptional ? map : list));
  };
}

const rangeMax = 1_000_000;

function range(from: Value, to: Value, by: Value): readonly Value[] {
  if (!isNumeric(from) || !isNumeric(to) || !isNumeric(by))
    throw new JqError('a range needs numbers');
  const start = toNumber(from);
  const step = toNumber(by);
  const count = step === 0 ? 0 : Math.max(0, Math.ceil((toNumber(to) - start) / step));
  if (count > rangeMax) throw new JqError('the range is too long');
  return Array.from({ length: count }, (_, at) => jqOperate('+', from, jqOperate('*', by, at)));
}

function replaceBy(isGlobal: boolean): Special {
  return (runner, args, env, input, emit) => {
    const regex = runner.results(argument(args, 0), env, input.value)[0] ?? null;
    const given =
      args[2] === undefined ? null : (runner.results(args[2], env, input.value)[0] ?? null);
    const flags = `${given === null ? '' : jqText(given)}${isGlobal ? 'g' : ''}`;
    emit(
      plainSpot(
        jqReplace(input.value, regex, flags, (groups) => {
          const text = runner.results(argument(args, 1), env, groups)[0] ?? '';
          if (typeof text !== 'string') throw jqWrong(text, 'cannot replace text');
          return text;
        }),
      ),
    );
  };
}

function best(sign: 1 | -1): Special {
  return (runner, args, env, input, emit) => {
    const sorted = runner.keyed(argument(args, 0), env, input.value);
    if (sign === 1) return emit(plainSpot(sorted.at(-1)?.value ?? null));
    emit(plainSpot(sorted[0]?.value ?? null));
  };
}

function walk(
  runner: PartRunner,
  node: JqNode,
  env: Environment,
  value: Value,
  depth: number,
): Value {
  if (depth > 200) throw new JqError('the value is nested too deeply');
  let inner: Value = value;
  if (isList(value)) inner = value.map((one) => walk(runner, node, env, one, depth + 1));
  else if (isMap(value)) {
    const map = emptyMap();
    for (const key of Object.keys(value))
      map[key] = walk(runner, node, env, value[key] as Value, depth + 1);
    inner = map;
  }
  return runner.results(node, env, inner)[0] ?? null;
}

function allPaths(
  value: Value,
  path: readonly Value[],
  emit: (path: readonly Value[], value: Value) => void,
): void {
  const visit = (key: Value, inner: Value): void => {
    emit([...path, key], inner);
    allPaths(inner, [...path, key], emit);
  };
  if (isList(value)) value.forEach((one, index) => visit(index, one));
  else if (isMap(value)) for (const key of Object.keys(value)) visit(key, value[key] as Value);
}

/** The special functions by name and number of arguments. */
export const specials: Readonly<Record<string, Special>> = Object.assign(Object.create(null), {
  'empty/0': () => undefined,
  'error/0': (_, __, ___, input) => {
    throw new JqError(input.value);
  },
  'error/1': (runner, args, env, input) =>
    runner.withValues(args, 0, [], env, input.value, ([message = null]) => {
      throw new JqError(message);
    }),
  'select/1': (runner, args, env, input, emit) => {
    for (const value of runner.results(argument(args, 0), env, input.value)) {
      if (jqTruth(value)) emit(input);
    }
  },
  'map/1': mapValues(false),
  'map_values/1': mapValues(true),
  'recurse/0': (runner, _, env, input, emit) =>
    runner.run({ kind: 'recurse-all' }, env, input, emit),
  'recurse/1': (runner, args, env, input, emit) =>
    runner.repeatedly(argument(args, 0), env, input, emit, () => true),
  'recurse/2': (runner, args, env, input, emit) =>
    runner.repeatedly(argument(args, 0), env, input, emit, (value) =>
      runner.isTrue(argument(args, 1), env, value),
    ),
  'while/2': (runner, args, env, input, emit) =>
    runner.repeatedly(argument(args, 1), env, input, emit, (value) =>
      runner.isTrue(argument(args, 0), env, value),
    ),
  'repeat/1': (runner, args, env, input, emit) =>
    runner.repeatedly(argument(args, 0), env, input, emit, () => true),
  'until/2': (runner, args, env, input, emit) => {
    let value: Value = input.value;
    while (!runner.isTrue(argument(args, 0), env, value)) {
      const next = runner.results(argument(args, 1), env, value)[0];
      if (next === undefined) return;
      value = next;
    }
    emit(plainSpot(value));
  },
  'first/0': (runner, _, env, input, emit) =>
    runner.run(
      { kind: 'index', of: identity, key: { kind: 'literal', value: 0 } },
      env,
      input,
      emit,
    ),
  'last/0': (runner, _, env, input, emit) =>
    runner.run(
      { kind: 'index', of: identity, key: { kind: 'literal', value: -1 } },
      env,
      input,
      emit,
    ),
  'first/1': (runner, args, env, input, emit) =>
    runner.limit(argument(args, 0), env, input, 1, emit),
  'last/1': (runner, args, env, input, emit) => {
    let last: Spot | undefined;
    runner.run(argument(args, 0), env, input, (spot) => {
      last = spot;
    });
    if (last !== undefined) emit(last);
  },
  'limit/2': (runner, args, env, input, emit) => {
    for (const count of runner.results(argument(args, 0), env, input.value)) {
      if (!isNumeric(count)) throw jqWrong(count, 'is no number');
      runner.limit(argument(args, 1), env, input, toNumber(count), emit);
    }
  },
  'nth/1': (runner, args, env, input, emit) =>
    runner.run({ kind: 'index', of: identity, key: argument(args, 0) }, env, input, emit),
  'nth/2': (runner, args, env, input, emit) => {
    const at = runner.results(argument(args, 0), env, input.value)[0] ?? null;
    const found = runner.results(argument(args, 1), env, input.value);
    const value = isNumeric(at) ? found[toNumber(at)] : undefined;
    if (value !== undefined) emit(plainSpot(value));
  },
  'isempty/1': (runner, args, env, input, emit) => {
    let isEmpty = true;
    runner.limit(argument(args, 0), env, input, 1, () => {
      isEmpty = false;
    });
    emit(plainSpot(isEmpty));
  },
  'range/1': several((_, [to = null]) => range(0, to, 1)),
  'range/2': several((_, [from = null, to = null]) => range(from, to, 1)),
  'range/3': several((_, [from = null, to = null, by = null]) => range(from, to, by)),
  'values/0': (_, __, ___, input, emit) => {
    if (input.value !== null) emit(input);
  },
  'nulls/0': ofType('null'),
  'booleans/0': ofType('boolean'),
  'numbers/0': ofType('number'),
  'strings/0': ofType('string'),
  'arrays/0': ofType('array'),
  'objects/0': ofType('object'),
  'iterables/0': ofType('array', 'object'),
  'scalars/0': ofType('null', 'boolean', 'number', 'string'),
  'any/1': (runner, args, env, input, emit) =>
    emit(
      plainSpot(elements(input.value).some((one) => runner.isTrue(argument(args, 0), env, one))),
    ),
  'all/1': (runner, args, env, input, emit) =>
    emit(
      plainSpot(elements(input.value).every((one) => runner.isTrue(argument(args, 0), env, one))),
    ),
  'any/2': (runner, args, env, input, emit) =>
    emit(
      plainSpot(
        runner
          .results(argument(args, 0), env, input.value)
          .some((one) => runner.isTrue(argument(args, 1), env, one)),
      ),
    ),
  'all/2': (runner, args, env, input, emit) =>
    emit(
      plainSpot(
        runner
          .results(argument(args, 0), env, input.value)
          .every((one) => runner.isTrue(argument(args, 1), env, one)),
      ),
    ),
  'add/1': (runner, args, env, input, emit) =>
    emit(
      plainSpot(
        runner
          .results(argument(args, 0), env, input.value)
          .reduce<Value>((sum, one) => jqOperate('+', sum, one), null),
      ),
    ),
  'sort_by/1': (runner, args, env, input, emit) =>
    emit(plainSpot(runner.keyed(argument(args, 0), env, input.value).map((pair) => pair.value))),
  'group_by/1': (runner, args, env, input, emit) =>
    emit(plainSpot(runner.grouped(argument(args, 0), env, input.value))),
  'unique_by/1': (runner, args, env, input, emit) =>
    emit(
      plainSpot(
        runner.grouped(argument(args, 0), env, input.value).map((group) => group[0] ?? null),
      ),
    ),
  'min_by/1': best(-1),
  'max_by/1': best(1),
  'with_entries/1': (runner, args, env, input, emit) => {
    const entries = jqFunctions['to_entries/0']?.(input.value, []) ?? null;
    const made = elements(entries).flatMap((one) => runner.results(argument(args, 0), env, one));
    emit(plainSpot(jqFunctions['from_entries/0']?.(made, []) ?? null));
  },
  'path/1': (runner, args, env, input, emit) => {
    for (const path of runner.pathsOf(argument(args, 0), env, input.value)) emit(plainSpot(path));
  },
  'paths/0': (_, __, ___, input, emit) =>
    allPaths(input.value, [], (path) => emit(plainSpot(path))),
  'paths/1': (runner, args, env, input, emit) =>
    allPaths(input.value, [], (path, value) => {
      if (runner.isTrue(argument(args, 0), env, value)) emit(plainSpot(path));
    }),
  'leaf_paths/0': (_, __, ___, input, emit) =>
    allPaths(input.value, [], (path, value) => {
      if (!isList(value) && !isMap(value)) emit(plainSpot(path));
    }),
  'del/1': (runner, args, env, input, emit) =>
    emit(plainSpot(deletePaths(input.value, runner.pathsOf(argument(args, 0), env, input.value)))),
  'getpath/1': (runner, args, env, input, emit) =>
    runner.withValues(args, 0, [], env, input.value, ([path = null]) => {
      if (!isList(path)) throw jqWrong(path, 'is no path');
      let spot: Spot = input;
      for (const key of path) spot = stepInto(spot, key);
      emit(spot);
    }),
  'walk/1': (runner, args, env, input, emit) =>
    emit(plainSpot(walk(runner, argument(args, 0), env, input.value, 0))),
  'match/1': several((input, [regex = null]) => jqMatches(input, regex, null)),
  'match/2': several((input, [regex = null, flags = null]) => jqMatches(input, regex, flags)),
  'capture/1': several((input, [regex = null]) => jqCaptures(input, regex, null)),
  'capture/2': several((input, [regex = null, flags = null]) => jqCaptures(input, regex, flags)),
  'scan/1': several((input, [regex = null]) => jqScan(input, regex, null)),
  'scan/2': several((input, [regex = null, flags = null]) => jqScan(input, regex, flags)),
  'splits/1': several((input, [regex = null]) => jqSplit(input, regex, null)),
  'splits/2': several((input, [regex = null, flags = null]) => jqSplit(input, regex, flags)),
  'sub/2': replaceBy(false),
  'sub/3': replaceBy(false),
  'gsub/2': replaceBy(true),
  'gsub/3': replaceBy(true),
  'debug/0': (_, __, ___, input, emit) => emit(input),
} satisfies Record<string, Special>) as Record<string, Special>;

function elements(value: Value): readonly Value[] {
  if (isList(value)) return value;
  if (isMap(value)) return Object.values(value);
  throw jqWrong(value, 'cannot be iterated over');
}
