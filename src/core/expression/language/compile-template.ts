/**
 * Turns the statements of a template into steps. Conditions and loops join their provenance into
 * everything that is written, set or left out because of them.
 */
import {
  emptyMap,
  flatten,
  isList,
  isMap,
  joinMarks,
  joinProvenance,
  type Marks,
  marksAt,
  marksOf,
  marksOfParts,
  plain,
  plainMarks,
  type Provenance,
  type Value,
} from '../../value/index.ts';
import { captureText } from '../evaluation/capture.ts';
import type { Evaluate, Frame, Step } from '../evaluation/frame.ts';
import { Locals } from '../evaluation/locals.ts';
import { mapEntries } from '../evaluation/methods.ts';
import { Program } from '../evaluation/program.ts';
import { filters, removedFilters } from '../filters/filters.ts';
import { functions } from '../functions/functions.ts';
import { wrongType } from '../stop.ts';
import { kindOf, truthOf } from '../values/truth.ts';
import { joinedText, printedText } from '../values/value-text.ts';
import { type CompiledMacro, ExpressionCompiler } from './compile-expression.ts';
import { factsOf } from './facts.ts';
import { parseTemplate } from './parse-template.ts';
import type { MacroNode, Statement } from './syntax.ts';

/** Calls `visit` with every statement, those inside others included. */
function visitStatements(body: readonly Statement[], visit: (statement: Statement) => void): void {
  for (const statement of body) {
    visit(statement);
    for (const inner of bodiesOf(statement)) visitStatements(inner, visit);
  }
}

function bodiesOf(statement: Statement): readonly (readonly Statement[])[] {
  switch (statement.kind) {
    case 'text':
    case 'print':
    case 'set':
      return [];
    case 'if': {
      const bodies = statement.branches.map((branch) => branch.body);
      return statement.otherwise === null ? bodies : [...bodies, statement.otherwise];
    }
    case 'for':
      return statement.otherwise === null
        ? [statement.body]
        : [statement.body, statement.otherwise];
    case 'macro':
      return [statement.macro.body];
    case 'block':
    case 'filter':
      return [statement.body];
  }
}

/** Returns the names that `bodies` may set outside of themselves. */
function assignedIn(bodies: readonly (readonly Statement[])[]): readonly string[] {
  const names = new Set<string>();
  for (const body of bodies) {
    visitStatements(body, (statement) => {
      if (statement.kind === 'set') names.add(statement.name);
    });
  }
  return [...names];
}

class TemplateCompiler {
  private readonly expressions: ExpressionCompiler;
  private readonly macros = new Map<string, CompiledMacro>();
  private readonly macroNodes = new Map<string, MacroNode>();
  readonly blocks = new Map<string, readonly Step[]>();

  constructor(statements: readonly Statement[]) {
    const locals = new Set<string>();
    visitStatements(statements, (statement) => {
      if (statement.kind === 'set') locals.add(statement.name);
      if (statement.kind === 'for') locals.add(statement.variable).add('loop');
      if (statement.kind !== 'macro') return;
      this.macroNodes.set(statement.macro.name, statement.macro);
      for (const { name } of statement.macro.parameters) locals.add(name);
    });
    this.expressions = new ExpressionCompiler({
      locals,
      macros: this.macros,
      filters,
      functions,
      removedFilters,
    });
    for (const node of this.macroNodes.values()) {
      this.macros.set(node.name, { parameters: [], steps: [] });
    }
    for (const node of this.macroNodes.values()) this.fillMacro(node);
  }

  private fillMacro(node: MacroNode): void {
    const macro = this.macros.get(node.name);
    if (macro === undefined) return;
    macro.parameters = node.parameters.map(({ name, fallback }) => ({
      name,
      fallback: fallback === null ? null : this.expressions.compile(fallback),
    }));
    macro.steps = this.compileBody(node.body, true);
  }

  /** Compiles statements; `isCaptured` inside macros and filter tags. */
  compileBody(body: readonly Statement[], isCaptured: boolean): readonly Step[] {
    return body
      .map((statement) => this.compileStatement(statement, isCaptured))
      .filter((step) => step !== null);
  }

  private compileStatement(statement: Statement, isCaptured: boolean): Step | null {
    switch (statement.kind) {
      case 'text':
        return writeText(statement.text);
      case 'print':
        return this.print(this.expressions.compile(statement.expression), isCaptured);
      case 'if':
        return this.choose(statement, isCaptured);
      case 'for':
        return this.repeat(statement, isCaptured);
      case 'set':
        return this.set(statement.name, this.expressions.compile(statement.value));
      case 'macro':
        return null;
      case 'block': {
        const steps = this.compileBody(statement.body, isCaptured);
        this.blocks.set(statement.name, steps);
        return (frame) => {
          for (const step of steps) step(frame);
        };
      }
      case 'filter':
        return this.filterTag(statement, isCaptured);
    }
  }

  private print(evaluate: Evaluate, isCaptured: boolean): Step {
    const textOf = isCaptured ? joinedText : printedText;
    return (frame) => {
      const value = evaluate(frame);
      if (frame.marks !== plainMarks) frame.host.printed?.(value, flatten(frame.marks));
      if (frame.parts !== null) {
        frame.parts.push({ value, marks: frame.marks });
        frame.marks = plainMarks;
        return;
      }
      const text = typeof value === 'string' ? value : textOf(value);
      if (frame.marks === plainMarks && frame.path === plain) frame.text += text;
      else frame.write(text, frame.takeProvenance());
      if (frame.text.length > frame.limits.outputCharactersMax) frame.grow(frame.text.length);
    };
  }

  private set(name: string, evaluate: Evaluate): Step {
    return (frame) => {
      const value = evaluate(frame);
      frame.locals ??= new Locals(null);
      frame.locals.assign(name, value, joinMarks(frame.marks, frame.path));
      frame.marks = plainMarks;
    };
  }

  private choose(statement: Statement & { kind: 'if' }, isCaptured: boolean): Step {
    const branches = statement.branches.map(({ condition, body }) => ({
      condition: this.expressions.compile(condition),
      at: condition.at,
      steps: this.compileBody(body, isCaptured),
    }));
    const otherwise = this.compileBody(statement.otherwise ?? [], isCaptured);
    const assigned = assignedIn(bodiesOf(statement));
    return (frame) => {
      let by: Provenance = plain;
      let steps = otherwise;
      for (const branch of branches) {
        const value = branch.condition(frame);
        frame.at = branch.at;
        const isTrue = truthOf(value);
        if (frame.marks !== plainMarks) by = joinProvenance(by, frame.takeProvenance());
        if (!isTrue) continue;
        steps = branch.steps;
        break;
      }
      if (by === plain) {
        for (const step of steps) step(frame);
      } else runUnder(frame, by, steps, assigned);
    };
  }

  private repeat(statement: Statement & { kind: 'for' }, isCaptured: boolean): Step {
    const { variable } = statement;
    const items = this.expressions.compile(statement.items);
    const { at } = statement.items;
    const steps = this.compileBody(statement.body, isCaptured);
    const otherwise = this.compileBody(statement.otherwise ?? [], isCaptured);
    const assigned = assignedIn(bodiesOf(statement));
    return (frame) => {
      const value = items(frame);
      frame.at = at;
      const { marks } = frame;
      frame.marks = plainMarks;
      const { list, marksOfItem } = iteration(value, marks);
      const run = (): void => {
        if (list.length > 0) runRounds(frame, variable, list, marksOfItem, steps);
        else for (const step of otherwise) step(frame);
      };
      const { own } = marks;
      if (own === plain) run();
      else runUnder(frame, own, [run], assigned);
    };
  }

  private filterTag(statement: Statement & { kind: 'filter' }, isCaptured: boolean): Step {
    const steps = this.compileBody(statement.body, true);
    let evaluate: Evaluate = (frame) => captureText(frame, steps);
    for (const { name, args, at } of statement.steps) {
      evaluate = this.expressions.filterOf(name, args, at, evaluate);
    }
    return this.print(evaluate, isCaptured);
  }
}

function writeText(text: string): Step {
  return (frame) => {
    if (frame.parts !== null) frame.parts.push({ value: text, marks: plainMarks });
    else if (frame.path === plain) frame.text += text;
    else frame.write(text, plain);
  };
}

/** Runs steps that depend on something with the provenance `by`. */
function runUnder(
  frame: Frame,
  by: Provenance,
  steps: readonly Step[],
  assigned: readonly string[],
): void {
  const { path } = frame;
  frame.path = joinProvenance(path, by);
  // What is not written because of the condition tells of it as much as what is.
  frame.color(by);
  for (const step of steps) step(frame);
  frame.path = path;
  if (assigned.length === 0) return;
  frame.locals ??= new Locals(null);
  for (const name of assigned) frame.locals.mark(name, by);
}

interface Iteration {
  readonly list: readonly Value[];
  readonly marksOfItem: (index: number) => Marks;
}

/** Returns what a loop runs over, and the marks of each item. */
function iteration(value: Value, marks: Marks): Iteration {
  if (value === null) return { list: [], marksOfItem: () => plainMarks };
  if (isList(value)) {
    return {
      list: value,
      marksOfItem: marks === plainMarks ? () => plainMarks : (index) => marksAt(marks, index),
    };
  }
  if (!isMap(value)) {
    throw wrongType(`\`for\` cannot run over ${kindOf(value)}`, 'use a list, a map or a range');
  }
  const keys = Object.keys(value);
  return {
    list: mapEntries(value),
    marksOfItem: (index) =>
      marks === plainMarks
        ? plainMarks
        : marksOfParts([['value', marksAt(marks, keys[index] ?? '')]], marks.own),
  };
}

function runRounds(
  frame: Frame,
  variable: string,
  list: readonly Value[],
  marksOfItem: (index: number) => Marks,
  steps: readonly Step[],
): void {
  const outer = frame.locals;
  const locals = new Locals(outer);
  const loopMarks = marksOf(frame.path);
  frame.locals = locals;
  for (let index = 0; index < list.length; index += 1) {
    frame.countLoop();
    locals.declare(variable, list[index] as Value, marksOfItem(index));
    locals.declare('loop', loopState(index, list.length), loopMarks);
    for (const step of steps) step(frame);
  }
  frame.locals = outer;
}

function loopState(index: number, length: number): Value {
  const state = emptyMap();
  state['index'] = index;
  state['length'] = length;
  state['first'] = index === 0;
  state['last'] = index === length - 1;
  state['revindex'] = length - index - 1;
  return state;
}

/** Returns the program of a template; throws a `Stop` when the text is none. */
export function compileProgram(source: string): Program {
  const statements = parseTemplate(source);
  const compiler = new TemplateCompiler(statements);
  const steps = compiler.compileBody(statements, false);
  const isLiteral = statements.every((statement) => statement.kind === 'text');
  return new Program(source, factsOf(source, statements), steps, compiler.blocks, isLiteral);
}
