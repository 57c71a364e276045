/**
 * Parses expressions: operators by precedence, weakest first
 * `or`, `and`, `is`/`contains`/`in`, comparisons, `+ -`, `* / %`, `|`, `~`, `..`/`??`, unary, access.
 * `? :` stands outside of them all and nests to the right.
 */
import { emptyMap, type Value } from '../../value/index.ts';
import { Stop, wrongSyntax } from '../stop.ts';
import type { Token } from './lexer.ts';
import { type Arguments, type BinaryOperator, type Expression, syntaxDepthMax } from './syntax.ts';

const precedences: Readonly<Record<string, number>> = Object.assign(emptyMap(), {
  or: 10,
  and: 15,
  is: 20,
  contains: 20,
  in: 20,
  isIn: 20,
  not: 20,
  '==': 30,
  equals: 30,
  '!=': 30,
  '<': 30,
  '>': 30,
  '<=': 30,
  '>=': 30,
  '+': 40,
  '-': 40,
  '*': 60,
  '/': 60,
  '%': 60,
  '|': 100,
  '~': 110,
  '..': 120,
  '??': 120,
  '???': 120,
}) as Readonly<Record<string, number>>;

const unaryPrecedence = 500;

const spellings: Readonly<Record<string, BinaryOperator>> = { equals: '==', isIn: 'in' };

/** Names that are operators or literals and so cannot be names of variables. */
export const reservedNames: ReadonlySet<string> = new Set([
  'or',
  'and',
  'not',
  'is',
  'contains',
  'in',
  'equals',
  'true',
  'false',
  'null',
  'none',
]);

const literals: Readonly<Record<string, Value>> = Object.assign(emptyMap(), {
  true: true,
  false: false,
  null: null,
  none: null,
  TRUE: true,
  FALSE: false,
  NULL: null,
  NONE: null,
});

function tooDeep(at: number): Stop {
  return new Stop('expression.depth-limit-reached', 'the expression is nested too deeply', {
    at,
    help: 'name parts of it with `set`',
  });
}

/** Parses the tokens of one print or tag. */
export class ExpressionParser {
  private readonly tokens: readonly Token[];
  private index = 0;
  private nesting: number;

  constructor(tokens: readonly Token[], nesting = 0) {
    this.tokens = tokens;
    this.nesting = nesting;
  }

  /** The next token. */
  get next(): Token {
    return this.tokens[this.index] ?? (this.tokens.at(-1) as Token);
  }

  /** Takes the next token. */
  take(): Token {
    const token = this.next;
    if (token.kind !== 'end') this.index += 1;
    return token;
  }

  isSymbol(text: string): boolean {
    return this.next.kind === 'symbol' && this.next.text === text;
  }

  isName(text: string): boolean {
    return this.next.kind === 'name' && this.next.text === text;
  }

  /** Takes the symbol `text` if it comes next. */
  accept(text: string): boolean {
    if (!this.isSymbol(text)) return false;
    this.index += 1;
    return true;
  }

  expect(text: string): void {
    if (!this.accept(text)) throw this.unexpected(`\`${text}\` is expected`);
  }

  /** Takes the name that has to come next. */
  expectName(what: string): string {
    const token = this.next;
    if (token.kind !== 'name') throw this.unexpected(`${what} is expected`);
    this.index += 1;
    return token.text;
  }

  expectEnd(): void {
    if (this.next.kind !== 'end') throw this.unexpected('the end is expected');
  }

  private unexpected(wanted: string): Stop {
    const token = this.next;
    const found =
      token.kind === 'end'
        ? 'the end'
        : token.kind === 'string'
          ? 'a text'
          : `\`${token.text.slice(0, 40)}\``;
    return wrongSyntax(`${wanted} where ${found} stands`, token.at);
  }

  private node(
    at: number,
    children: readonly Expression[],
  ): { readonly at: number; readonly depth: number } {
    let depth = 1;
    for (const child of children) if (child.depth >= depth) depth = child.depth + 1;
    if (depth > syntaxDepthMax) throw tooDeep(at);
    return { at, depth };
  }

  /** Parses a whole expression, `? :` included. */
  parse(): Expression {
    this.nesting += 1;
    if (this.nesting > syntaxDepthMax) throw tooDeep(this.next.at);
    const condition = this.parseOperators(0);
    let result = condition;
    if (this.isSymbol('?')) {
      const { at } = this.take();
      const whenTrue = this.parse();
      this.expect(':');
      const whenFalse = this.parse();
      result = {
        kind: 'conditional',
        condition,
        whenTrue,
        whenFalse,
        ...this.node(at, [condition, whenTrue, whenFalse]),
      };
    }
    this.nesting -= 1;
    return result;
  }

  private parseOperators(weakest: number): Expression {
    this.nesting += 1;
    if (this.nesting > syntaxDepthMax) throw tooDeep(this.next.at);
    let left = this.parseUnary();
    for (;;) {
      const token = this.next;
      if (token.kind !== 'symbol' && token.kind !== 'name') break;
      const precedence = precedences[token.text];
      if (precedence === undefined || precedence < weakest) break;
      const following = this.tokens[this.index + 1];
      if (token.text === 'not' && !(following?.kind === 'name' && following.text === 'in')) break;
      left = this.parseOperator(left, token, precedence);
    }
    this.nesting -= 1;
    return left;
  }

  private parseOperator(left: Expression, token: Token, precedence: number): Expression {
    this.take();
    const { at } = token;
    if (token.text === '|') return this.parseFilter(left);
    if (token.text === 'is') return this.parseTest(left, at);
    let operator = (spellings[token.text] ?? token.text) as BinaryOperator;
    if (token.text === 'not') {
      this.take();
      operator = 'not in';
    }
    const right = this.parseOperators(precedence + 1);
    if (token.text === '~') {
      const parts = left.kind === 'join' && left.isOpen ? left.parts : [left];
      const all = [...parts, right];
      return { kind: 'join', parts: all, isOpen: true, ...this.node(at, all) };
    }
    return { kind: 'binary', operator, left, right, ...this.node(at, [left, right]) };
  }

  /** Parses the name and arguments of a filter that is applied to `input`. */
  parseFilter(input: Expression): Expression {
    const { at } = this.next;
    const name = this.expectName('the name of a filter');
    const args = this.parseOptionalArguments();
    return { kind: 'filter', input, name, args, ...this.node(at, [input, ...allOf(args)]) };
  }

  /** Parses the arguments after a name, if there are any. */
  parseOptionalArguments(): Arguments {
    return this.isSymbol('(') ? this.parseArguments() : { positional: [], named: [] };
  }

  private parseTest(input: Expression, at: number): Expression {
    const isNegated = this.isName('not');
    if (isNegated) this.take();
    const name = this.expectName('the name of a test');
    const args = this.parseOptionalArguments();
    return {
      kind: 'test',
      input,
      name,
      args,
      isNegated,
      ...this.node(at, [input, ...allOf(args)]),
    };
  }

  private parseUnary(): Expression {
    const token = this.next;
    const operator =
      token.kind === 'name' && token.text === 'not'
        ? 'not'
        : token.kind === 'symbol' && (token.text === '-' || token.text === '+')
          ? token.text
          : null;
    if (operator === null) return this.parseAccess(this.parsePrimary());
    this.take();
    const operand = this.parseOperators(unaryPrecedence);
    return {
      kind: 'unary',
      operator: operator as 'not' | '-' | '+',
      operand,
      ...this.node(token.at, [operand]),
    };
  }

  private parsePrimary(): Expression {
    const token = this.next;
    switch (token.kind) {
      case 'number':
        this.take();
        return { kind: 'literal', value: token.value, at: token.at, depth: 1 };
      case 'string':
        this.take();
        return this.stringNode(token);
      case 'name':
        this.take();
        return this.nameNode(token);
      case 'symbol':
        return this.parseBracketed(token);
      case 'end':
        throw this.unexpected('an expression is expected');
    }
  }

  private stringNode(token: Token & { kind: 'string' }): Expression {
    const { at } = token;
    if (token.parts === null) return { kind: 'literal', value: token.text, at, depth: 1 };
    const parts = token.parts
      .filter((part) => part !== '')
      .map((part): Expression => {
        if (typeof part === 'string') return { kind: 'literal', value: part, at, depth: 1 };
        const inner = new ExpressionParser(part, this.nesting);
        const expression = inner.parse();
        inner.expectEnd();
        return expression;
      });
    return { kind: 'join', parts, isOpen: false, ...this.node(at, parts) };
  }

  private nameNode(token: Token & { kind: 'name' }): Expression {
    const { at, text } = token;
    if (Object.hasOwn(literals, text)) {
      return { kind: 'literal', value: literals[text] as Value, at, depth: 1 };
    }
    if (reservedNames.has(text)) throw wrongSyntax(`unexpected \`${text}\``, at);
    if (!this.isSymbol('(')) return { kind: 'name', name: text, at, depth: 1 };
    const args = this.parseArguments();
    return { kind: 'call', name: text, args, ...this.node(at, allOf(args)) };
  }

  private parseBracketed(token: Token): Expression {
    if (this.accept('(')) {
      const inner = this.parse();
      this.expect(')');
      return inner.kind === 'join' ? { ...inner, isOpen: false } : inner;
    }
    if (this.accept('[')) {
      const items = this.parseItems(']', () => this.parse());
      return { kind: 'list', items, ...this.node(token.at, items) };
    }
    if (this.accept('{')) return this.parseMap(token.at);
    throw this.unexpected('an expression is expected');
  }

  private parseMap(at: number): Expression {
    const entries = this.parseItems('}', () => {
      const key = this.parseOperators(0);
      this.expect(':');
      return [key, this.parse()] as const;
    });
    if (this.isSymbol('[') || this.isSymbol('.')) {
      throw wrongSyntax(
        'a map that is written out cannot be read from directly',
        this.next.at,
        'name the map with `set` first',
      );
    }
    return { kind: 'map', entries, ...this.node(at, entries.flat()) };
  }

  /** Parses items between commas up to `closing`; holes and trailing commas are errors. */
  private parseItems<T>(closing: string, item: () => T): T[] {
    const items: T[] = [];
    if (this.accept(closing)) return items;
    do items.push(item());
    while (this.accept(','));
    this.expect(closing);
    return items;
  }

  private parseArguments(): Arguments {
    this.expect('(');
    const positional: Expression[] = [];
    const named: [string, Expression][] = [];
    this.parseItems(')', () => {
      const following = this.tokens[this.index + 1];
      if (this.next.kind === 'name' && following?.kind === 'symbol' && following.text === '=') {
        const name = this.expectName('a name');
        this.expect('=');
        named.push([name, this.parse()]);
        return;
      }
      if (named.length > 0) throw this.unexpected('an argument with a name is expected');
      positional.push(this.parse());
    });
    return { positional, named };
  }

  /** Parses what may follow an expression: `.name`, `[key]`, `.method(…)`. */
  private parseAccess(start: Expression): Expression {
    let object = start;
    for (;;) {
      const { at } = this.next;
      if (this.accept('.')) object = this.parseAttribute(object);
      else if (this.accept('[')) {
        const key = this.parse();
        this.expect(']');
        object = { kind: 'subscript', object, key, ...this.node(at, [object, key]) };
      } else return object;
    }
  }

  private parseAttribute(object: Expression): Expression {
    const token = this.take();
    const { at } = token;
    if (token.kind !== 'name' && token.kind !== 'number') {
      throw wrongSyntax('a name is expected after `.`', token.at);
    }
    const name = token.text;
    if (token.kind === 'name' && this.isSymbol('(')) {
      const { positional, named } = this.parseArguments();
      if (named.length > 0) throw wrongSyntax(`\`${name}\` takes no named arguments`, at);
      return {
        kind: 'method',
        object,
        name,
        args: positional,
        ...this.node(at, [object, ...positional]),
      };
    }
    return { kind: 'attribute', object, name, ...this.node(at, [object]) };
  }
}

function allOf(args: Arguments): Expression[] {
  return [...args.positional, ...args.named.map(([, value]) => value)];
}
