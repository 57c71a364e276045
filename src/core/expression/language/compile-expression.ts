/**
 * Turns expressions into closures. Each closure returns a value and leaves its marks in the frame;
 * expressions that may be absent have a second form, which looks instead of demanding.
 *
 * INVARIANT: a result is never marked weaker than anything that was read to calculate or choose it.
 */
import {
  joinMarks,
  joinProvenance,
  marksAt,
  marksOf,
  plain,
  plainMarks,
  type Provenance,
  type Value,
} from '../../value/index.ts';
import { keyText, readAttribute, readSubscript } from '../evaluation/access.ts';
import { callHost } from '../evaluation/call-host.ts';
import { captureText } from '../evaluation/capture.ts';
import {
  type Evaluate,
  type Frame,
  type Look,
  mixedMarks,
  type Step,
  wholeMarks,
} from '../evaluation/frame.ts';
import { Locals } from '../evaluation/locals.ts';
import { callMethod } from '../evaluation/methods.ts';
import { valueTests } from '../evaluation/value-tests.ts';
import type { BuiltIn, Filter } from '../filters/filter.ts';
import { MissingName, Stop } from '../stop.ts';
import { didYouMean } from '../suggest.ts';
import { negate } from '../values/operators.ts';
import { operandOf } from '../values/numbers.ts';
import { isEmpty, truthOf } from '../values/truth.ts';
import { joinedText } from '../values/value-text.ts';
import { bindArguments } from './bind-arguments.ts';
import { both, calculations, grown, listFrom, logical, mapFrom } from './calculate.ts';
import type { Arguments, Expression } from './syntax.ts';
import { namesIn } from './walk-expression.ts';

/** A compiled macro; its steps are filled in once all macros are known, since macros may call each other. */
export interface CompiledMacro {
  parameters: readonly { readonly name: string; readonly fallback: Evaluate | null }[];
  steps: readonly Step[];
}

/** The names that the compiler can resolve. */
export interface Names {
  /** Names that the template sets; all others are names of the scope. */
  readonly locals: ReadonlySet<string>;
  readonly macros: ReadonlyMap<string, CompiledMacro>;
  readonly filters: ReadonlyMap<string, Filter>;
  readonly functions: ReadonlyMap<string, BuiltIn>;
  /** Filters that other dialects have and this language has not, with what to use instead. */
  readonly removedFilters: ReadonlyMap<string, string>;
}

const noScope = { value: () => undefined, marks: () => plainMarks, names: () => [] };

/** Compiles the expressions of one template. */
export class ExpressionCompiler {
  private readonly names: Names;

  constructor(names: Names) {
    this.names = names;
  }

  /** Returns the closure that calculates `node`, demanding every name in it. */
  compile(node: Expression): Evaluate {
    switch (node.kind) {
      case 'literal': {
        const { value } = node;
        return () => value;
      }
      case 'join':
        return this.join(node.parts);
      case 'name':
      case 'attribute':
      case 'subscript':
        return this.demand(node);
      case 'method':
        return this.method(node);
      case 'call':
        return this.call(node);
      case 'filter':
        return this.filterOf(node.name, node.args, node.at, node.input);
      case 'test':
        return this.test(node);
      case 'unary':
        return this.unary(node);
      case 'binary':
        return this.binary(node);
      case 'conditional':
        return this.conditional(node);
      case 'list':
        return listFrom(node.items.map((item) => this.compile(item)));
      case 'map':
        return mapFrom(
          node.entries.map(([key, value]) => [this.compile(key), this.compile(value)] as const),
        );
    }
  }

  /** Returns the closure that looks for `node` and gives undefined where a name in it is absent. */
  look(node: Expression): Look {
    switch (node.kind) {
      case 'name':
        return this.lookName(node.name);
      case 'attribute': {
        const object = this.look(node.object);
        const { name } = node;
        return (frame) => readNamed(frame, object(frame), name);
      }
      case 'subscript':
        return this.lookSubscript(node);
      case 'literal':
        return this.compile(node);
      default:
        return this.attempt(node);
    }
  }

  private lookName(name: string): Look {
    if (!this.names.locals.has(name)) return (frame) => readScope(frame, name);
    return (frame) => {
      const local = frame.locals?.find(name);
      if (local === undefined) return readScope(frame, name);
      if (local.value !== undefined) {
        frame.marks = local.marks;
        return local.value;
      }
      const value = readScope(frame, name);
      frame.marks = joinMarks(frame.marks, local.marks.own);
      return value;
    };
  }

  private lookSubscript(node: Expression & { kind: 'subscript' }): Look {
    const object = this.look(node.object);
    if (node.key.kind === 'literal') {
      const key = node.key.value;
      if (typeof key === 'string') return (frame) => readNamed(frame, object(frame), key);
    }
    const key = this.compile(node.key);
    return (frame) => {
      const container = object(frame);
      if (container === undefined) return undefined;
      const marks = frame.marks;
      frame.marks = plainMarks;
      const at = key(frame);
      if (marks !== plainMarks || frame.marks !== plainMarks) {
        const chosen = frame.takeProvenance();
        frame.marks = joinMarks(marksAt(marks, keyText(at)), chosen);
      }
      return readSubscript(container, at);
    };
  }

  /** Calculates `node` and gives undefined if that fails for want of a name. */
  private attempt(node: Expression): Look {
    const evaluate = this.compile(node);
    const mentioned = namesIn(node).map((name) => this.lookName(name));
    return (frame) => {
      try {
        return evaluate(frame);
      } catch (error) {
        if (!(error instanceof MissingName)) throw error;
        // What was read on the way is lost with the failure, so all that is mentioned counts.
        let all: Provenance = plain;
        for (const look of mentioned) {
          frame.marks = plainMarks;
          look(frame);
          all = joinProvenance(all, frame.takeProvenance());
        }
        frame.marks = marksOf(all);
        return undefined;
      }
    };
  }

  private demand(node: Expression & { kind: 'name' | 'attribute' | 'subscript' }): Evaluate {
    const { at } = node;
    if (node.kind === 'name') {
      const look = this.lookName(node.name);
      const { name } = node;
      return (frame) => {
        const value = look(frame);
        if (value === undefined) throw missing(frame, name, at, false);
        return value;
      };
    }
    if (node.kind === 'attribute' || isTextLiteral(node.key)) {
      const object = this.compile(node.object);
      const name = node.kind === 'attribute' ? node.name : literalText(node.key);
      return (frame) => {
        const container = object(frame);
        const value = readNamed(frame, container, name);
        if (value === undefined) throw missing(frame, name, at, container === null);
        return value;
      };
    }
    const object = this.compile(node.object);
    const key = this.compile(node.key);
    return (frame) => {
      const container = object(frame);
      const marks = frame.marks;
      frame.marks = plainMarks;
      const chosen = key(frame);
      if (marks !== plainMarks || frame.marks !== plainMarks) {
        const by = frame.takeProvenance();
        frame.marks = joinMarks(marksAt(marks, keyText(chosen)), by);
      }
      const value = readSubscript(container, chosen);
      if (value === undefined) throw missing(frame, keyText(chosen), at, container === null);
      return value;
    };
  }

  private join(parts: readonly Expression[]): Evaluate {
    const evaluates = parts.map((part) => this.compile(part));
    return (frame) => {
      let text = '';
      let all: Provenance = plain;
      for (const evaluate of evaluates) {
        const value = evaluate(frame);
        text += typeof value === 'string' ? value : joinedText(value);
        if (frame.marks !== plainMarks) all = joinProvenance(all, frame.takeProvenance());
      }
      if (all !== plain) frame.marks = marksOf(all);
      frame.grow(text.length);
      return text;
    };
  }

  private method(node: Expression & { kind: 'method' }): Evaluate {
    const { name, at } = node;
    const object = this.compile(node.object);
    const args = this.evaluateAll(node.args);
    return (frame) => {
      const self = object(frame);
      const marks = wholeMarks(frame.marks);
      frame.marks = plainMarks;
      const values = args(frame);
      frame.marks = mixedMarks(marks, frame.marks);
      frame.at = at;
      frame.tick();
      if (typeof self === 'string' || Array.isArray(self)) frame.weigh(self.length);
      return grown(frame, callMethod(self, name, values));
    };
  }

  /** Calculates several expressions; the marks are those of the only marked one, else the join of all. */
  private evaluateAll(nodes: readonly Expression[]): (frame: Frame) => Value[];
  private evaluateAll(
    nodes: readonly (Expression | undefined)[],
  ): (frame: Frame) => (Value | undefined)[];
  private evaluateAll(
    nodes: readonly (Expression | undefined)[],
  ): (frame: Frame) => (Value | undefined)[] {
    const evaluates = nodes.map((node) => (node === undefined ? null : this.compile(node)));
    return (frame) => {
      let all = plainMarks;
      const values: (Value | undefined)[] = [];
      for (const evaluate of evaluates) {
        values.push(evaluate === null ? undefined : evaluate(frame));
        if (frame.marks === plainMarks) continue;
        all = all === plainMarks ? frame.marks : mixedMarks(all, frame.marks);
        frame.marks = plainMarks;
      }
      frame.marks = all;
      return values;
    };
  }

  private call(node: Expression & { kind: 'call' }): Evaluate {
    const { name, args, at } = node;
    if (name === 'block') return this.blockCall(args, at);
    if (name === 'parent') {
      throw new Stop('expression.failed', '`parent` needs a template that extends another', {
        at,
        help: 'a template stands alone; use `block` or a macro',
      });
    }
    const builtIn = this.names.functions.get(name);
    if (builtIn !== undefined) return this.builtInCall(node, builtIn);
    const macro = this.names.macros.get(name);
    if (macro !== undefined) return this.macroCall(node, macro);
    const positional = args.positional.map((arg) => this.compile(arg));
    const named = args.named.map(([key, arg]) => [key, this.compile(arg)] as const);
    const known = [...this.names.functions.keys(), ...this.names.macros.keys()];
    return (frame) => callHost(frame, name, positional, named, at, known);
  }

  private builtInCall(node: Expression & { kind: 'call' }, builtIn: BuiltIn): Evaluate {
    const { name, at } = node;
    const bound = bindArguments(
      `the function \`${name}\``,
      builtIn.parameters,
      builtIn.required,
      node.args,
      at,
    );
    const args = this.evaluateAll(bound);
    return (frame) => {
      const values = args(frame);
      if (builtIn.keepsTree !== true) frame.marks = wholeMarks(frame.marks);
      frame.at = at;
      frame.tick();
      return grown(frame, builtIn.run(values, frame));
    };
  }

  private blockCall(args: Arguments, at: number): Evaluate {
    const [bound] = bindArguments('the function `block`', ['name'], 1, args, at);
    const name = this.compile(bound as Expression);
    return (frame) => {
      const wanted = name(frame);
      const chosen = frame.takeProvenance();
      const steps = typeof wanted === 'string' ? frame.program.blocks.get(wanted) : undefined;
      if (steps === undefined) {
        throw new Stop('expression.argument-wrong', 'the template has no such block', {
          at,
          help: didYouMean(keyText(wanted), frame.program.blocks.keys(), 'define it with `block`'),
        });
      }
      const text = captureText(frame, steps);
      frame.marks = joinMarks(frame.marks, chosen);
      return text;
    };
  }

  private macroCall(node: Expression & { kind: 'call' }, macro: CompiledMacro): Evaluate {
    const parameters = macro.parameters.map((parameter) => parameter.name);
    const bound = bindArguments(`the macro \`${node.name}\``, parameters, 0, node.args, node.at);
    const args = bound.map((arg) => (arg === undefined ? null : this.compile(arg)));
    return (frame) => {
      const locals = new Locals(null);
      const given = args.map((arg) => {
        if (arg === null) return null;
        const value = arg(frame);
        const { marks } = frame;
        frame.marks = plainMarks;
        return { value, marks };
      });
      const { scope, locals: outer } = frame;
      frame.scope = noScope;
      frame.locals = locals;
      try {
        macro.parameters.forEach(({ name, fallback }, index) => {
          const argument = given[index] ?? null;
          const value = argument === null ? (fallback?.(frame) ?? null) : argument.value;
          locals.declare(name, value, argument?.marks ?? frame.marks);
          frame.marks = plainMarks;
        });
        return captureText(frame, macro.steps);
      } finally {
        frame.scope = scope;
        frame.locals = outer;
      }
    };
  }

  /** Returns the closure that applies the filter `name` to `input`. */
  filterOf(name: string, args: Arguments, at: number, input: Expression | Evaluate): Evaluate {
    const found = this.names.filters.get(name);
    if (found === undefined) throw this.unknownFilter(name, at);
    const bound = bindArguments(
      `the filter \`${name}\``,
      found.parameters,
      found.required,
      args,
      at,
    );
    if (name === 'default' && typeof input !== 'function') {
      return this.orElse(this.look(input), this.compile(bound[0] as Expression), isEmpty);
    }
    const subject = typeof input === 'function' ? input : this.compile(input);
    return this.applied(found, subject, bound, at);
  }

  private applied(
    found: Filter,
    subject: Evaluate,
    bound: readonly (Expression | undefined)[],
    at: number,
  ): Evaluate {
    const { marks: narrow } = found;
    const hasArguments = bound.some((arg) => arg !== undefined);
    const args = this.evaluateAll(bound);
    const none: readonly undefined[] = bound.map(() => undefined);
    return (frame) => {
      const value = subject(frame);
      const marks = frame.marks;
      let values: readonly (Value | undefined)[] = none;
      if (hasArguments) {
        frame.marks = plainMarks;
        values = args(frame);
      }
      if (marks !== plainMarks) {
        const kept = narrow === undefined ? wholeMarks(marks) : narrow(marks, value);
        frame.marks = hasArguments ? joinMarks(kept, frame.takeProvenance()) : kept;
      }
      frame.at = at;
      frame.tick();
      if (typeof value === 'string' || Array.isArray(value)) frame.weigh(value.length);
      return grown(frame, found.run(value, values, frame));
    };
  }

  private unknownFilter(name: string, at: number): Stop {
    const instead = this.names.removedFilters.get(name);
    if (instead !== undefined) {
      return new Stop(
        'expression.filter-unknown',
        `the filter \`${name}\` is not part of the language`,
        {
          name,
          at,
          help: instead,
        },
      );
    }
    return new Stop('expression.filter-unknown', `the filter \`${name}\` is unknown`, {
      name,
      at,
      help: didYouMean(
        name,
        this.names.filters.keys(),
        'see the reference for the list of filters',
      ),
    });
  }

  private test(node: Expression & { kind: 'test' }): Evaluate {
    const { name, at, isNegated } = node;
    if (name === 'defined') {
      const look = this.look(node.input);
      return (frame) => {
        const value = look(frame);
        if (frame.marks !== plainMarks) frame.marks = marksOf(frame.marks.own);
        return (value !== undefined && value !== null) !== isNegated;
      };
    }
    const found = valueTests.get(name);
    if (found === undefined) {
      throw new Stop('expression.test-unknown', `the test \`${name}\` is unknown`, {
        name,
        at,
        help: didYouMean(
          name,
          [...valueTests.keys(), 'defined'],
          'see the reference for the list of tests',
        ),
      });
    }
    const bound = bindArguments(
      `the test \`${name}\``,
      found.parameters,
      found.parameters.length,
      node.args,
      at,
    );
    const input = this.compile(node.input);
    const args = this.evaluateAll(bound);
    return (frame) => {
      const value = input(frame);
      const marks = found.isOfShape ? marksOf(frame.marks.own) : wholeMarks(frame.marks);
      frame.marks = plainMarks;
      const values = args(frame);
      frame.marks = mixedMarks(marks, frame.marks);
      frame.at = at;
      return found.run(value, values) !== isNegated;
    };
  }

  private unary(node: Expression & { kind: 'unary' }): Evaluate {
    const operand = this.compile(node.operand);
    const { operator, at } = node;
    return (frame) => {
      const value = operand(frame);
      frame.marks = wholeMarks(frame.marks);
      frame.at = at;
      if (operator === 'not') return !truthOf(value);
      return operator === '-' ? negate(value) : operandOf(value, '+');
    };
  }

  private binary(node: Expression & { kind: 'binary' }): Evaluate {
    const { operator, at } = node;
    const left = this.compileLeft(node);
    switch (operator) {
      case '??':
        return this.orElse(this.look(node.left), this.compile(node.right), isNull);
      case '???':
        return this.orElse(this.look(node.left), this.compile(node.right), never);
      case 'and':
      case 'or':
        return logical(left, this.compile(node.right), operator === 'or', at);
      default:
        return both(left, this.compile(node.right), at, calculations[operator]);
    }
  }

  private compileLeft(node: Expression & { kind: 'binary' }): Evaluate {
    const isOptional = node.operator === '??' || node.operator === '???';
    return isOptional ? () => null : this.compile(node.left);
  }

  /** Takes the other value when the first is absent or `isRefused`. */
  private orElse(look: Look, otherwise: Evaluate, isRefused: (value: Value) => boolean): Evaluate {
    return (frame) => {
      const value = look(frame);
      if (value !== undefined && !isRefused(value)) return value;
      // That the first is not there is itself something that its marks speak of.
      const { own } = frame.marks;
      const { path } = frame;
      frame.marks = plainMarks;
      if (own !== plain) frame.path = joinProvenance(path, own);
      const other = otherwise(frame);
      frame.path = path;
      if (own !== plain) frame.marks = joinMarks(frame.marks, own);
      return other;
    };
  }

  private conditional(node: Expression & { kind: 'conditional' }): Evaluate {
    const condition = this.compile(node.condition);
    const whenTrue = this.compile(node.whenTrue);
    const whenFalse = this.compile(node.whenFalse);
    const { at } = node.condition;
    return (frame) => {
      const value = condition(frame);
      frame.at = at;
      const isTrue = truthOf(value);
      const by = frame.takeProvenance();
      const { path } = frame;
      if (by !== plain) frame.path = joinProvenance(path, by);
      const result = isTrue ? whenTrue(frame) : whenFalse(frame);
      if (by !== plain) frame.marks = joinMarks(frame.marks, by);
      frame.path = path;
      return result;
    };
  }
}

function isNull(value: Value): boolean {
  return value === null;
}

function never(): boolean {
  return false;
}

function isTextLiteral(node: Expression): boolean {
  return node.kind === 'literal' && typeof node.value === 'string';
}

function literalText(node: Expression): string {
  return node.kind === 'literal' && typeof node.value === 'string' ? node.value : '';
}

function readScope(frame: Frame, name: string): Value | undefined {
  const marks = frame.scope.marks(name);
  if (marks !== plainMarks) frame.marks = marks;
  return frame.scope.value(name);
}

function readNamed(frame: Frame, container: Value | undefined, name: string): Value | undefined {
  if (container === undefined) return undefined;
  if (frame.marks !== plainMarks) frame.marks = marksAt(frame.marks, name);
  return readAttribute(container, name);
}

function missing(frame: Frame, name: string, at: number, isNullBefore: boolean): MissingName {
  const { program } = frame;
  return new MissingName(name, program.expressionAt(at), program.lineAt(at), at, isNullBefore);
}
