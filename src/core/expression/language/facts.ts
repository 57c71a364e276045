/**
 * What can be said of a template without running it: the paths that it reads, whether it copes with
 * their absence, and the functions that it calls. Flow validation compares them with the flow.
 */
import type { TemplateReference } from '../contract.ts';
import { LineTable } from '../stop.ts';
import type { Expression, Statement } from './syntax.ts';
import { childrenOf } from './walk-expression.ts';

/** The facts of a template. */
export interface TemplateFacts {
  readonly references: readonly TemplateReference[];
  readonly functions: readonly string[];
}

/** Paths that a condition makes sure of; each as its names joined by a character that no key holds. */
type Guards = readonly string[];

/** The most guards kept along a chain of branches. */
const guardsMax = 100;

const separator = '\u0000';

interface Chain {
  readonly path: readonly string[];
  /** Keys that are calculated, which may read further names. */
  readonly keys: readonly Expression[];
}

/** Returns the path that `node` spells, as far as it is written out; undefined when it starts with no name. */
function chainOf(node: Expression): Chain | undefined {
  if (node.kind === 'name') return { path: [node.name], keys: [] };
  if (node.kind !== 'attribute' && node.kind !== 'subscript') return undefined;
  const before = chainOf(node.object);
  if (before === undefined) return undefined;
  const isOpen = before.keys.length === 0;
  if (node.kind === 'attribute') {
    return isOpen ? { path: [...before.path, node.name], keys: [] } : before;
  }
  const { key } = node;
  const isWritten =
    key.kind === 'literal' && (typeof key.value === 'string' || typeof key.value === 'number');
  if (isWritten && isOpen) return { path: [...before.path, String(key.value)], keys: [] };
  return { path: before.path, keys: [...before.keys, key] };
}

function rootOf(node: Expression): Expression {
  let root = node;
  while (root.kind === 'attribute' || root.kind === 'subscript') root = root.object;
  return root;
}

/** Returns the paths that are there whenever `condition` is true, or whenever it is false. */
function guardsOf(condition: Expression, whenTrue: boolean): Guards {
  if (condition.kind === 'unary' && condition.operator === 'not') {
    return guardsOf(condition.operand, !whenTrue);
  }
  if (condition.kind === 'binary' && condition.operator === (whenTrue ? 'and' : 'or')) {
    return [...guardsOf(condition.left, whenTrue), ...guardsOf(condition.right, whenTrue)];
  }
  if (condition.kind === 'test' && condition.name === 'defined') {
    const chain = chainOf(condition.input);
    if (chain !== undefined && condition.isNegated !== whenTrue) {
      return [chain.path.join(separator)];
    }
  }
  return [];
}

class FactCollector {
  private readonly lines: LineTable;
  readonly references: TemplateReference[] = [];
  readonly functions = new Set<string>();
  private readonly macros = new Set<string>();
  private scopes: Set<string>[] = [new Set()];

  constructor(source: string, macros: Iterable<string>) {
    this.lines = new LineTable(source);
    for (const name of macros) this.macros.add(name);
  }

  visitBody(body: readonly Statement[], guards: Guards): void {
    for (const statement of body) this.visitStatement(statement, guards);
  }

  private inScope(names: readonly string[], visit: () => void): void {
    this.scopes.push(new Set(names));
    visit();
    this.scopes.pop();
  }

  private visitStatement(statement: Statement, guards: Guards): void {
    switch (statement.kind) {
      case 'text':
        return;
      case 'print':
        return this.visit(statement.expression, guards, false);
      case 'set':
        this.visit(statement.value, guards, false);
        this.scopes.at(-1)?.add(statement.name);
        return;
      case 'if':
        return this.visitIf(statement, guards);
      case 'for':
        this.visit(statement.items, guards, false);
        this.inScope([statement.variable, 'loop'], () => this.visitBody(statement.body, guards));
        return this.visitBody(statement.otherwise ?? [], guards);
      case 'macro':
        return this.visitMacro(statement);
      case 'block':
        return this.visitBody(statement.body, guards);
      case 'filter':
        for (const { args } of statement.steps) {
          for (const arg of args.positional) this.visit(arg, guards, false);
          for (const [, arg] of args.named) this.visit(arg, guards, false);
        }
        return this.visitBody(statement.body, guards);
    }
  }

  private visitIf(statement: Statement & { kind: 'if' }, guards: Guards): void {
    let sofar = guards;
    for (const { condition, body } of statement.branches) {
      this.visit(condition, sofar, false);
      this.visitBody(body, [...sofar, ...guardsOf(condition, true)]);
      sofar = [...sofar, ...guardsOf(condition, false)].slice(-guardsMax);
    }
    this.visitBody(statement.otherwise ?? [], sofar);
  }

  /** A macro sees nothing but its arguments, so what it names otherwise is no name of the scope. */
  private visitMacro(statement: Statement & { kind: 'macro' }): void {
    const { references } = this;
    const kept = references.length;
    const names = statement.macro.parameters.map((parameter) => parameter.name);
    this.inScope(names, () => this.visitBody(statement.macro.body, []));
    references.length = kept;
  }

  /** Collects from `node`; `isGuarded` when its absence is coped with. */
  private visit(node: Expression, guards: Guards, isGuarded: boolean): void {
    switch (node.kind) {
      case 'name':
      case 'attribute':
      case 'subscript':
        return this.visitAccess(node, guards, isGuarded);
      case 'call':
        if (!this.macros.has(node.name)) this.functions.add(node.name);
        return this.visitChildren(node, guards, isGuarded);
      case 'filter':
        if (node.name === 'fileRead') this.functions.add('read');
        this.visit(node.input, guards, isGuarded || node.name === 'default');
        for (const child of childrenOf(node).slice(1)) this.visit(child, guards, isGuarded);
        return;
      case 'test':
        this.visit(node.input, guards, isGuarded || node.name === 'defined');
        for (const child of childrenOf(node).slice(1)) this.visit(child, guards, isGuarded);
        return;
      case 'binary':
        return this.visitBinary(node, guards, isGuarded);
      case 'conditional':
        this.visit(node.condition, guards, isGuarded);
        this.visit(node.whenTrue, [...guards, ...guardsOf(node.condition, true)], isGuarded);
        this.visit(node.whenFalse, [...guards, ...guardsOf(node.condition, false)], isGuarded);
        return;
      default:
        return this.visitChildren(node, guards, isGuarded);
    }
  }

  private visitChildren(node: Expression, guards: Guards, isGuarded: boolean): void {
    for (const child of childrenOf(node)) this.visit(child, guards, isGuarded);
  }

  private visitBinary(
    node: Expression & { kind: 'binary' },
    guards: Guards,
    isGuarded: boolean,
  ): void {
    const isOptional = node.operator === '??' || node.operator === '???';
    this.visit(node.left, guards, isGuarded || isOptional);
    const isLogical = node.operator === 'and' || node.operator === 'or';
    const more = isLogical ? guardsOf(node.left, node.operator === 'and') : [];
    this.visit(node.right, [...guards, ...more], isGuarded);
  }

  private visitAccess(
    node: Expression & { kind: 'name' | 'attribute' | 'subscript' },
    guards: Guards,
    isGuarded: boolean,
  ): void {
    const chain = chainOf(node);
    if (chain === undefined) return this.visitChildren(node, guards, isGuarded);
    for (const key of chain.keys) this.visit(key, guards, false);
    const [root = ''] = chain.path;
    if (this.scopes.some((scope) => scope.has(root))) return;
    const text = chain.path.join(separator);
    const isSure = guards.some(
      (guard) =>
        text === guard || text.startsWith(guard + separator) || guard.startsWith(text + separator),
    );
    this.references.push({
      path: chain.path,
      position: this.lines.positionOf(rootOf(node).at),
      isGuarded: isGuarded || isSure,
    });
  }
}

/** Returns what `statements` read and call. */
export function factsOf(source: string, statements: readonly Statement[]): TemplateFacts {
  const macros: string[] = [];
  const findMacros = (body: readonly Statement[]): void => {
    for (const statement of body) {
      if (statement.kind === 'macro') macros.push(statement.macro.name);
      if (statement.kind === 'if') {
        for (const branch of statement.branches) findMacros(branch.body);
        findMacros(statement.otherwise ?? []);
      } else if (statement.kind === 'for') {
        findMacros(statement.body);
        findMacros(statement.otherwise ?? []);
      } else if (statement.kind === 'block' || statement.kind === 'filter') {
        findMacros(statement.body);
      }
    }
  };
  findMacros(statements);
  const collector = new FactCollector(source, macros);
  collector.visitBody(statements, []);
  return { references: collector.references, functions: [...collector.functions] };
}
