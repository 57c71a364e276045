/**
 * Runs jq programs. A part of a program gives any number of results, one call of `emit` each; where the
 * place of a result in the input matters (assignments, `del`, `path`), each result carries its path.
 *
 * INVARIANT: each step is counted, so that no program runs without end.
 */
import { emptyMap, isList, isMap, type Value } from '../../value/index.ts';
import { Stop } from '../stop.ts';
import { didYouMean } from '../suggest.ts';
import { jqFunctions } from './jq-functions.ts';
import { parseJq } from './jq-parse.ts';
import { deletePaths, PathChanges, readKey } from './jq-paths.ts';
import { type JqDefinition, type JqNode, type JqTarget, wrongProgram } from './jq-syntax.ts';
import { type PartRunner, specials } from './jq-specials.ts';
import { type Emit, type Environment, plainSpot, type Spot, stepInto } from './jq-spots.ts';
import { formatBy, jqText } from './jq-text.ts';
import { JqError, jqInput, jqOperate, jqOrder, jqTruth, jqWrong } from './jq-values.ts';

interface BothSides {
  readonly left: JqNode;
  readonly right: JqNode;
}

/** Leaves what a `label`, `first` or `limit` encloses. */
class Leave {
  readonly target: object;
  constructor(target: object) {
    this.target = target;
  }
}

const stepsMax = 5_000_000;

class JqRunner implements PartRunner {
  private readonly tick: () => void;
  private steps = 0;

  constructor(tick: () => void) {
    this.tick = tick;
  }

  run(node: JqNode, env: Environment, input: Spot, emit: Emit): void {
    this.count();
    switch (node.kind) {
      case 'identity':
        return emit(input);
      case 'recurse-all':
        return this.recurse(input, emit);
      case 'literal':
        return emit(plainSpot(node.value));
      case 'format':
        return emit(plainSpot(formatBy(node.name, input.value)));
      case 'variable':
        return emit(plainSpot(this.variable(node.name, env)));
      case 'index':
        return this.each(node.of, env, input, (of) =>
          this.values(node.key, env, input.value, (key) => emit(stepInto(of, key))),
        );
      case 'slice':
        return this.slice(node, env, input, emit);
      case 'iterate':
        return this.each(node.of, env, input, (of) => this.iterate(of, emit));
      case 'pipe':
        return this.each(node.left, env, input, (left) => this.run(node.right, env, left, emit));
      case 'comma':
        this.run(node.left, env, input, emit);
        return this.run(node.right, env, input, emit);
      case 'alternative':
        return this.alternative(node, env, input, emit);
      case 'and':
      case 'or':
        return this.logical(node, node.kind === 'or', env, input.value, emit);
      case 'operator':
        return this.values(node.right, env, input.value, (right) =>
          this.values(node.left, env, input.value, (left) =>
            emit(plainSpot(this.bounded(jqOperate(node.operator, left, right)))),
          ),
        );
      case 'negate':
        return this.values(node.operand, env, input.value, (value) =>
          emit(plainSpot(jqOperate('-', 0, value))),
        );
      case 'list':
        return emit(plainSpot(node.inner === null ? [] : this.all(node.inner, env, input.value)));
      case 'map':
        return this.map(node.entries, 0, [], env, input.value, emit);
      case 'text':
        return this.text(node, 0, '', env, input.value, emit);
      default:
        return this.runStructure(node, env, input, emit);
    }
  }

  private runStructure(node: JqNode, env: Environment, input: Spot, emit: Emit): void {
    switch (node.kind) {
      case 'if':
        return this.values(node.condition, env, input.value, (condition) =>
          this.run(jqTruth(condition) ? node.whenTrue : node.whenFalse, env, input, emit),
        );
      case 'try':
        return this.attempt(node, env, input, emit);
      case 'reduce':
        return this.reduce(node, env, input, emit);
      case 'foreach':
        return this.foreach(node, env, input, emit);
      case 'bind':
        return this.values(node.source, env, input.value, (value) =>
          this.bind(node.target, value, env, (bound) => this.run(node.body, bound, input, emit)),
        );
      case 'define': {
        const { definition } = node;
        return this.run(
          node.body,
          { kind: 'function', name: nameOf(definition), definition, outer: env },
          input,
          emit,
        );
      }
      case 'label': {
        const target = {};
        return leavable(target, () =>
          this.run(
            node.body,
            { kind: 'variable', name: `*${node.name}`, value: target as Value, outer: env },
            input,
            emit,
          ),
        );
      }
      case 'break':
        throw new Leave(this.variable(`*${node.name}`, env) as object);
      case 'assign':
        return this.assign(node, env, input, emit);
      case 'call':
        return this.call(node.name, node.args, env, input, emit);
      default:
        throw wrongProgram('a part of it is unknown');
    }
  }

  private count(): void {
    this.steps += 1;
    if (this.steps > stepsMax) {
      throw new Stop('expression.loop-limit-reached', 'the jq program runs too long', {
        help: 'work on less, or do it in a script task',
      });
    }
    this.tick();
  }

  /** Counts large results as the work that they are. */
  private bounded(value: Value): Value {
    if (typeof value === 'string' || isList(value)) this.steps += value.length >> 3;
    return value;
  }

  private each(node: JqNode, env: Environment, input: Spot, use: Emit): void {
    this.run(node, env, input, use);
  }

  /** Runs `node` without following paths and gives each result. */
  private values(node: JqNode, env: Environment, input: Value, use: (value: Value) => void): void {
    this.run(node, env, plainSpot(input), (spot) => use(spot.value));
  }

  private all(node: JqNode, env: Environment, input: Value): Value[] {
    const values: Value[] = [];
    this.values(node, env, input, (value) => values.push(value));
    return values;
  }

  private variable(name: string, env: Environment): Value {
    for (let at = env; at !== null; at = at.outer) {
      if (at.kind === 'variable' && at.name === name) return at.value;
    }
    if (name === 'ENV') return emptyMap();
    throw wrongProgram(`the variable \`$${name.replace('*', '')}\` is unknown`);
  }

  private iterate(of: Spot, emit: Emit): void {
    const { value, path } = of;
    if (isList(value)) {
      value.forEach((one, index) =>
        emit({ value: one, path: path === null ? null : [...path, index] }),
      );
    } else if (isMap(value)) {
      for (const key of Object.keys(value)) {
        emit({ value: value[key] as Value, path: path === null ? null : [...path, key] });
      }
    } else throw jqWrong(value, 'cannot be iterated over');
  }

  private recurse(input: Spot, emit: Emit): void {
    this.count();
    emit(input);
    if (isList(input.value) || isMap(input.value)) {
      this.iterate(input, (inner) => this.recurse(inner, emit));
    }
  }

  private slice(node: JqNode & { kind: 'slice' }, env: Environment, input: Spot, emit: Emit): void {
    const none: JqNode = { kind: 'literal', value: null };
    this.each(node.of, env, input, (of) =>
      this.values(node.to ?? none, env, input.value, (to) =>
        this.values(node.from ?? none, env, input.value, (from) => {
          const key = emptyMap();
          key['start'] = from;
          key['end'] = to;
          emit(stepInto(of, key));
        }),
      ),
    );
  }

  private alternative(node: BothSides, env: Environment, input: Spot, emit: Emit): void {
    const found: Spot[] = [];
    try {
      this.run(node.left, env, input, (spot) => {
        if (jqTruth(spot.value)) found.push(spot);
      });
    } catch (error) {
      if (!(error instanceof JqError)) throw error;
    }
    if (found.length === 0) this.run(node.right, env, input, emit);
    else for (const spot of found) emit(spot);
  }

  private logical(
    node: BothSides,
    decides: boolean,
    env: Environment,
    input: Value,
    emit: Emit,
  ): void {
    this.values(node.left, env, input, (left) => {
      if (jqTruth(left) === decides) return emit(plainSpot(decides));
      this.values(node.right, env, input, (right) => emit(plainSpot(jqTruth(right))));
    });
  }

  private map(
    entries: readonly (readonly [JqNode, JqNode])[],
    at: number,
    made: readonly (readonly [string, Value])[],
    env: Environment,
    input: Value,
    emit: Emit,
  ): void {
    const entry = entries[at];
    if (entry === undefined) {
      const map = emptyMap();
      for (const [key, value] of made) map[key] = value;
      return emit(plainSpot(map));
    }
    this.values(entry[0], env, input, (key) => {
      if (typeof key !== 'string') throw jqWrong(key, 'cannot be the key of an object');
      this.values(entry[1], env, input, (value) =>
        this.map(entries, at + 1, [...made, [key, value]], env, input, emit),
      );
    });
  }

  private text(
    node: JqNode & { kind: 'text' },
    at: number,
    made: string,
    env: Environment,
    input: Value,
    emit: Emit,
  ): void {
    const part = node.parts[at];
    if (part === undefined) return emit(plainSpot(made));
    if (typeof part === 'string') return this.text(node, at + 1, made + part, env, input, emit);
    this.values(part, env, input, (value) => {
      const text = node.format === null ? jqText(value) : formatBy(node.format, value);
      this.text(node, at + 1, made + text, env, input, emit);
    });
  }

  private attempt(node: JqNode & { kind: 'try' }, env: Environment, input: Spot, emit: Emit): void {
    try {
      this.run(node.body, env, input, (spot) => {
        try {
          emit(spot);
        } catch (error) {
          // What goes wrong behind the body is not the body's.
          throw error instanceof JqError ? new Passing(error) : error;
        }
      });
    } catch (error) {
      if (error instanceof Passing) throw error.error;
      if (!(error instanceof JqError)) throw error;
      if (error.value !== null && node.handler !== null) {
        this.run(node.handler, env, plainSpot(error.value), emit);
      }
    }
  }

  private reduce(
    node: JqNode & { kind: 'reduce' },
    env: Environment,
    input: Spot,
    emit: Emit,
  ): void {
    this.values(node.start, env, input.value, (start) => {
      let state: Value = start;
      this.values(node.source, env, input.value, (value) =>
        this.bind(node.target, value, env, (bound) => {
          let last: Value = null;
          this.values(node.update, bound, state, (updated) => {
            last = updated;
          });
          state = last;
        }),
      );
      emit(plainSpot(state));
    });
  }

  private foreach(
    node: JqNode & { kind: 'foreach' },
    env: Environment,
    input: Spot,
    emit: Emit,
  ): void {
    this.values(node.start, env, input.value, (start) => {
      let state: Value = start;
      this.values(node.source, env, input.value, (value) =>
        this.bind(node.target, value, env, (bound) =>
          this.values(node.update, bound, state, (updated) => {
            state = updated;
            if (node.extract === null) emit(plainSpot(updated));
            else this.run(node.extract, bound, plainSpot(updated), emit);
          }),
        ),
      );
    });
  }

  private bind(
    target: JqTarget,
    value: Value,
    env: Environment,
    use: (env: Environment) => void,
  ): void {
    if (target.kind === 'variable') {
      return use({ kind: 'variable', name: target.name, value, outer: env });
    }
    if (target.kind === 'list') {
      const next = (at: number, bound: Environment): void => {
        const inner = target.targets[at];
        if (inner === undefined) return use(bound);
        this.bind(inner, readKey(value, at), bound, (more) => next(at + 1, more));
      };
      return next(0, env);
    }
    const next = (at: number, bound: Environment): void => {
      const entry = target.entries[at];
      if (entry === undefined) return use(bound);
      this.values(entry.key, bound, value, (key) => {
        const held = readKey(value, key);
        const named: Environment =
          entry.name === null
            ? bound
            : { kind: 'variable', name: entry.name, value: held, outer: bound };
        if (entry.target === null) next(at + 1, named);
        else this.bind(entry.target, held, named, (more) => next(at + 1, more));
      });
    };
    next(0, env);
  }

  private paths(node: JqNode, env: Environment, input: Value): readonly (readonly Value[])[] {
    const paths: (readonly Value[])[] = [];
    this.run(node, env, { value: input, path: [] }, ({ path }) => {
      if (path === null) throw new JqError('the expression is no path into the input');
      paths.push(path);
    });
    return paths;
  }

  private assign(
    node: JqNode & { kind: 'assign' },
    env: Environment,
    input: Spot,
    emit: Emit,
  ): void {
    const { operator, left, right } = node;
    const { value } = input;
    if (operator === '|=') return emit(plainSpot(this.update(left, right, env, value)));
    this.values(right, env, value, (given) => {
      const changes = new PathChanges(value);
      for (const path of this.paths(left, env, value)) {
        changes.change(path, (old) => {
          if (operator === '=') return given;
          if (operator === '//=') return jqTruth(old) ? old : given;
          return jqOperate(operator.slice(0, -1), old, given);
        });
      }
      emit(plainSpot(changes.value));
    });
  }

  private update(left: JqNode, right: JqNode, env: Environment, value: Value): Value {
    const changes = new PathChanges(value);
    const emptied: (readonly Value[])[] = [];
    for (const path of this.paths(left, env, value)) {
      changes.change(path, (old) => {
        const made = this.firstOf(right, env, old);
        if (made === undefined) emptied.push(path);
        return made ?? old;
      });
    }
    return emptied.length === 0 ? changes.value : deletePaths(changes.value, emptied);
  }

  private firstOf(node: JqNode, env: Environment, input: Value): Value | undefined {
    let first: Value | undefined;
    const target = {};
    leavable(target, () =>
      this.values(node, env, input, (value) => {
        first = value;
        throw new Leave(target);
      }),
    );
    return first;
  }

  private call(
    name: string,
    args: readonly JqNode[],
    env: Environment,
    input: Spot,
    emit: Emit,
  ): void {
    const full = `${name}/${args.length}`;
    for (let at = env; at !== null; at = at.outer) {
      if (at.kind === 'variable' || at.name !== full) continue;
      if (at.kind === 'argument') return this.run(at.body, at.home, input, emit);
      return this.callDefined(at.definition, at, args, env, input, emit);
    }
    const special = specials[full];
    if (special !== undefined) return special(this, args, env, input, emit);
    const simple = jqFunctions[full];
    if (simple === undefined) {
      const known = [...Object.keys(specials), ...Object.keys(jqFunctions)];
      throw new Stop('expression.argument-wrong', `jq has no function \`${full}\` here`, {
        name,
        help: didYouMean(full, known, 'define it with `def`'),
      });
    }
    this.withValues(args, 0, [], env, input.value, (values) =>
      emit(plainSpot(this.bounded(simple(input.value, values)))),
    );
  }

  private callDefined(
    definition: JqDefinition,
    home: Environment,
    args: readonly JqNode[],
    env: Environment,
    input: Spot,
    emit: Emit,
  ): void {
    const next = (at: number, bound: Environment): void => {
      const parameter = definition.parameters[at];
      const body = args[at];
      if (parameter === undefined || body === undefined) {
        return this.run(definition.body, bound, input, emit);
      }
      if (!parameter.startsWith('$')) {
        return next(at + 1, {
          kind: 'argument',
          name: `${parameter}/0`,
          body,
          home: env,
          outer: bound,
        });
      }
      const name = parameter.slice(1);
      this.values(body, env, input.value, (value) => {
        const literal: JqNode = { kind: 'literal', value };
        const callable: Environment = {
          kind: 'argument',
          name: `${name}/0`,
          body: literal,
          home: null,
          outer: bound,
        };
        next(at + 1, { kind: 'variable', name, value, outer: callable });
      });
    };
    next(0, home);
  }

  /** Calculates all combinations of the values of some arguments. */
  withValues(
    args: readonly JqNode[],
    at: number,
    made: readonly Value[],
    env: Environment,
    input: Value,
    use: (values: readonly Value[]) => void,
  ): void {
    const arg = args[at];
    if (arg === undefined) return use(made);
    this.values(arg, env, input, (value) =>
      this.withValues(args, at + 1, [...made, value], env, input, use),
    );
  }

  /** Sorts elements by what `key` makes of them, equal ones in their order. */
  keyed(key: JqNode, env: Environment, input: Value): readonly { key: Value; value: Value }[] {
    if (!isList(input)) throw jqWrong(input, 'is no array');
    const pairs = input.map((value) => ({ key: this.all(key, env, value) as Value, value }));
    return pairs.toSorted((a, b) => jqOrder(a.key, b.key));
  }

  grouped(key: JqNode, env: Environment, input: Value): readonly (readonly Value[])[] {
    const groups: Value[][] = [];
    let last: Value | undefined;
    for (const pair of this.keyed(key, env, input)) {
      if (last === undefined || jqOrder(last, pair.key) !== 0) groups.push([]);
      groups.at(-1)?.push(pair.value);
      last = pair.key;
    }
    return groups;
  }

  /** Gives the first `count` results of a part. */
  limit(node: JqNode, env: Environment, input: Spot, count: number, emit: Emit): void {
    if (count <= 0) return;
    let left = count;
    const target = {};
    let last: Spot | undefined;
    leavable(target, () =>
      this.run(node, env, input, (spot) => {
        left -= 1;
        if (left > 0) return emit(spot);
        last = spot;
        throw new Leave(target);
      }),
    );
    // The last result is given outside, so that what follows does not run inside of the part.
    if (last !== undefined) emit(last);
  }

  /** Gives the input and what `node` makes of it, again and again. */
  repeatedly(
    node: JqNode,
    env: Environment,
    input: Spot,
    emit: Emit,
    goesOn: (value: Value) => boolean,
  ): void {
    const pending: Spot[] = [input];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      this.count();
      if (!goesOn(next.value)) continue;
      emit(next);
      const found: Spot[] = [];
      this.run(node, env, next, (spot) => found.push(spot));
      pending.push(...found.reverse());
    }
  }

  isTrue(node: JqNode, env: Environment, input: Value): boolean {
    const first = this.firstOf(node, env, input);
    return first !== undefined && jqTruth(first);
  }

  results(node: JqNode, env: Environment, input: Value): Value[] {
    return this.all(node, env, input);
  }

  pathsOf(node: JqNode, env: Environment, input: Value): readonly (readonly Value[])[] {
    return this.paths(node, env, input);
  }
}

/** An error on its way past a `try` that it does not belong to. */
class Passing {
  readonly error: JqError;
  constructor(error: JqError) {
    this.error = error;
  }
}

function leavable(target: object, run: () => void): void {
  try {
    run();
  } catch (error) {
    if (!(error instanceof Leave) || error.target !== target) throw error;
  }
}

function nameOf(definition: JqDefinition): string {
  return `${definition.name}/${definition.parameters.length}`;
}

const cacheMax = 200;
const programs = new Map<string, JqNode>();

function programOf(source: string): JqNode {
  const known = programs.get(source);
  if (known !== undefined) return known;
  const program = parseJq(source);
  if (programs.size >= cacheMax) programs.clear();
  programs.set(source, program);
  return program;
}

/** Returns all results of a jq program; `tick` is called at each step. */
export function runJq(source: string, input: Value, tick: () => void): Value[] {
  const results: Value[] = [];
  try {
    const runner = new JqRunner(tick);
    runner.run(programOf(source), null, plainSpot(jqInput(input)), (spot) =>
      results.push(spot.value),
    );
  } catch (error) {
    if (error instanceof JqError) {
      throw new Stop('expression.failed', `the jq program failed: ${jqText(error.value)}`, {
        help: 'use `?` or `//` where something may be absent',
      });
    }
    if (error instanceof Leave) throw wrongProgram('a `break` has no `label`');
    throw error;
  }
  return results;
}
