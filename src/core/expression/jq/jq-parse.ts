/**
 * Parses jq programs; weakest first `|`, `,`, `//`, assignments, `or`, `and`, comparisons, `+ -`,
 * `* / %`. The result is a tree that `jq-run.ts` walks; nothing of a program is ever executed as
 * code.
 */
import { type JqToken, jqTokens } from './jq-lexer.ts';
import { type JqDefinition, type JqNode, type JqTarget, wrongProgram } from './jq-syntax.ts';

const nestingMax = 150;

interface Level {
  readonly operators: readonly string[];
  readonly isName: boolean;
  readonly isRight: boolean;
  readonly isSingle: boolean;
}

function level(operators: string, options: Partial<Level> = {}): Level {
  return {
    operators: operators.split(' '),
    isName: false,
    isRight: false,
    isSingle: false,
    ...options,
  };
}

const levels: readonly Level[] = [
  level('//', { isRight: true }),
  level('= |= += -= *= /= %= //=', { isSingle: true }),
  level('or', { isName: true }),
  level('and', { isName: true }),
  level('== != < <= > >=', { isSingle: true }),
  level('+ -'),
  level('* / %'),
];

const keywords: ReadonlySet<string> = new Set([
  'def',
  'if',
  'then',
  'elif',
  'else',
  'end',
  'as',
  'reduce',
  'foreach',
  'try',
  'catch',
  'label',
  'and',
  'or',
  'import',
  'include',
  '__loc__',
]);

const identity: JqNode = { kind: 'identity' };

class JqParser {
  private readonly tokens: readonly JqToken[];
  private index = 0;
  private nesting: number;

  constructor(tokens: readonly JqToken[], nesting: number) {
    this.tokens = tokens;
    this.nesting = nesting;
  }

  parseAll(): JqNode {
    if (this.tokens.length === 0) return identity;
    const node = this.parsePipe();
    if (this.index < this.tokens.length) throw this.unexpected();
    return node;
  }

  private get next(): JqToken | undefined {
    return this.tokens[this.index];
  }

  private unexpected(): Error {
    const token = this.next;
    return wrongProgram(token === undefined ? 'it ends too early' : `unexpected \`${token.text}\``);
  }

  private isNext(kind: JqToken['kind'], text: string): boolean {
    return this.next?.kind === kind && this.next.text === text;
  }

  private accept(kind: JqToken['kind'], text: string): boolean {
    if (!this.isNext(kind, text)) return false;
    this.index += 1;
    return true;
  }

  private expect(kind: JqToken['kind'], text: string): void {
    if (!this.accept(kind, text)) throw this.unexpected();
  }

  private take(kind: JqToken['kind']): string {
    const token = this.next;
    if (token?.kind !== kind) throw this.unexpected();
    this.index += 1;
    return token.text;
  }

  /** Runs `parse` one level deeper. */
  private deeper<T>(parse: () => T): T {
    this.nesting += 1;
    if (this.nesting > nestingMax) throw wrongProgram('it is nested too deeply');
    const result = parse();
    this.nesting -= 1;
    return result;
  }

  private parsePipe(): JqNode {
    return this.deeper(() => {
      if (this.isNext('name', 'def')) {
        const definition = this.parseDefinition();
        return { kind: 'define', definition, body: this.parsePipe() };
      }
      if (this.accept('name', 'label')) {
        const name = this.take('variable');
        this.expect('symbol', '|');
        return { kind: 'label', name, body: this.parsePipe() };
      }
      const left = this.parseComma();
      return this.accept('symbol', '|') ? { kind: 'pipe', left, right: this.parsePipe() } : left;
    });
  }

  private parseComma(): JqNode {
    let left = this.parseLevel(0);
    let count = 0;
    while (this.accept('symbol', ',')) {
      count += 1;
      if (count > nestingMax) throw wrongProgram('it is nested too deeply');
      left = { kind: 'comma', left, right: this.parseLevel(0) };
    }
    return left;
  }

  private operatorAt(depth: number): string | null {
    const found = levels[depth];
    const token = this.next;
    if (found === undefined || token === undefined) return null;
    if (token.kind !== (found.isName ? 'name' : 'symbol')) return null;
    return found.operators.includes(token.text) ? token.text : null;
  }

  private parseLevel(depth: number): JqNode {
    const found = levels[depth];
    if (found === undefined) return this.parsePostfix();
    let left = this.parseLevel(depth + 1);
    let count = 0;
    for (
      let operator = this.operatorAt(depth);
      operator !== null;
      operator = this.operatorAt(depth)
    ) {
      this.index += 1;
      count += 1;
      if (count > nestingMax) throw wrongProgram('it is nested too deeply');
      const right = this.deeper(() => this.parseLevel(found.isRight ? depth : depth + 1));
      left = operation(depth, operator, left, right);
      if (found.isSingle && this.operatorAt(depth) !== null) throw this.unexpected();
    }
    return left;
  }

  private parseDefinition(): JqDefinition {
    this.expect('name', 'def');
    const name = this.take('name');
    const parameters: string[] = [];
    if (this.accept('symbol', '(')) {
      do {
        const token = this.next;
        if (token?.kind !== 'name' && token?.kind !== 'variable') throw this.unexpected();
        this.index += 1;
        parameters.push(token.kind === 'variable' ? `$${token.text}` : token.text);
      } while (this.accept('symbol', ';'));
      this.expect('symbol', ')');
    }
    this.expect('symbol', ':');
    const body = this.parsePipe();
    this.expect('symbol', ';');
    return { name, parameters, body };
  }

  private parseTarget(): JqTarget {
    return this.deeper(() => {
      if (this.accept('symbol', '[')) {
        const targets: JqTarget[] = [];
        do targets.push(this.parseTarget());
        while (this.accept('symbol', ','));
        this.expect('symbol', ']');
        return { kind: 'list', targets };
      }
      if (this.accept('symbol', '{')) {
        const entries: { key: JqNode; target: JqTarget | null; name: string | null }[] = [];
        do entries.push(this.parseTargetEntry());
        while (this.accept('symbol', ','));
        this.expect('symbol', '}');
        return { kind: 'map', entries };
      }
      return { kind: 'variable', name: this.take('variable') };
    });
  }

  private parseTargetEntry(): { key: JqNode; target: JqTarget | null; name: string | null } {
    const token = this.next;
    if (token?.kind === 'variable') {
      this.index += 1;
      const target = this.accept('symbol', ':') ? this.parseTarget() : null;
      return { key: { kind: 'literal', value: token.text }, target, name: token.text };
    }
    const key = this.parseKey();
    this.expect('symbol', ':');
    return { key, target: this.parseTarget(), name: null };
  }

  private parseKey(): JqNode {
    const token = this.next;
    if (token?.kind === 'name') {
      this.index += 1;
      return { kind: 'literal', value: token.text };
    }
    if (token?.kind === 'text') return this.parseText(null);
    if (this.accept('symbol', '(')) {
      const inner = this.parsePipe();
      this.expect('symbol', ')');
      return inner;
    }
    throw this.unexpected();
  }

  private parsePostfix(): JqNode {
    if (this.accept('symbol', '-')) {
      return this.deeper(() => ({ kind: 'negate', operand: this.parsePostfix() }));
    }
    const source = this.parseSuffixed();
    if (!this.accept('name', 'as')) return source;
    const target = this.parseTarget();
    this.expect('symbol', '|');
    return { kind: 'bind', source, target, body: this.parsePipe() };
  }

  private parseSuffixed(): JqNode {
    let node = this.parseTerm();
    let count = 0;
    for (let more = this.parseSuffix(node); more !== null; more = this.parseSuffix(node)) {
      node = more;
      count += 1;
      if (count > nestingMax) throw wrongProgram('it is nested too deeply');
    }
    return node;
  }

  private parseSuffix(node: JqNode): JqNode | null {
    const token = this.next;
    if (token?.kind === 'field') {
      this.index += 1;
      return { kind: 'index', of: node, key: { kind: 'literal', value: token.text } };
    }
    if (this.accept('symbol', '?')) return { kind: 'try', body: node, handler: null };
    if (this.accept('symbol', '[')) return this.parseBrackets(node);
    const following = this.tokens[this.index + 1];
    if (!this.isNext('symbol', '.')) return null;
    if (following?.kind === 'text') {
      this.index += 1;
      return { kind: 'index', of: node, key: this.parseText(null) };
    }
    if (following?.kind === 'symbol' && following.text === '[') {
      this.index += 2;
      return this.parseBrackets(node);
    }
    return null;
  }

  private parseBrackets(of: JqNode): JqNode {
    if (this.accept('symbol', ']')) return { kind: 'iterate', of };
    if (this.accept('symbol', ':')) {
      const to = this.parsePipe();
      this.expect('symbol', ']');
      return { kind: 'slice', of, from: null, to };
    }
    const key = this.parsePipe();
    if (!this.accept('symbol', ':')) {
      this.expect('symbol', ']');
      return { kind: 'index', of, key };
    }
    const to = this.isNext('symbol', ']') ? null : this.parsePipe();
    this.expect('symbol', ']');
    return { kind: 'slice', of, from: key, to };
  }

  private parseTerm(): JqNode {
    const token = this.next;
    if (token === undefined) throw this.unexpected();
    switch (token.kind) {
      case 'number':
        this.index += 1;
        return { kind: 'literal', value: token.value };
      case 'text':
        return this.parseText(null);
      case 'format':
        this.index += 1;
        if (this.next?.kind === 'text') return this.parseText(token.text);
        return { kind: 'format', name: token.text };
      case 'variable':
        this.index += 1;
        return { kind: 'variable', name: token.text };
      case 'field':
        return identity;
      case 'name':
        return this.parseNamed(token.text);
      case 'symbol':
        return this.parseSymbol(token.text);
    }
  }

  private parseSymbol(symbol: string): JqNode {
    this.index += 1;
    if (symbol === '..') return { kind: 'recurse-all' };
    if (symbol === '.') {
      // `."key"` and `.[…]` are suffixes of the input itself.
      const { next } = this;
      if (next?.kind === 'text' || this.isNext('symbol', '[')) this.index -= 1;
      return identity;
    }
    if (symbol === '(') {
      const inner = this.parsePipe();
      this.expect('symbol', ')');
      return inner;
    }
    if (symbol === '[') {
      if (this.accept('symbol', ']')) return { kind: 'list', inner: null };
      const inner = this.parsePipe();
      this.expect('symbol', ']');
      return { kind: 'list', inner };
    }
    if (symbol === '{') return this.parseMap();
    this.index -= 1;
    throw this.unexpected();
  }

  private parseMap(): JqNode {
    const entries: (readonly [JqNode, JqNode])[] = [];
    while (!this.accept('symbol', '}')) {
      entries.push(this.parseEntry());
      if (!this.accept('symbol', ',') && !this.isNext('symbol', '}')) throw this.unexpected();
    }
    return { kind: 'map', entries };
  }

  private parseEntry(): readonly [JqNode, JqNode] {
    const token = this.next;
    if (token?.kind === 'variable') {
      this.index += 1;
      return [
        { kind: 'literal', value: token.text },
        { kind: 'variable', name: token.text },
      ];
    }
    const isComputed = this.isNext('symbol', '(');
    const key = this.parseKey();
    if (this.accept('symbol', ':')) return [key, this.parseEntryValue()];
    if (isComputed) throw this.unexpected();
    return [key, { kind: 'index', of: identity, key }];
  }

  /** The value of an entry ends at a comma, which is no operator there. */
  private parseEntryValue(): JqNode {
    return this.deeper(() => {
      let node = this.parseLevel(0);
      while (this.accept('symbol', '|'))
        node = { kind: 'pipe', left: node, right: this.parseLevel(0) };
      return node;
    });
  }

  private parseText(format: string | null): JqNode {
    const token = this.next;
    if (token?.kind !== 'text') throw this.unexpected();
    this.index += 1;
    const parts = token.parts
      .filter((part) => part !== '')
      .map((part) =>
        typeof part === 'string' ? part : new JqParser(part, this.nesting + 1).parseAll(),
      );
    const [only = ''] = parts;
    if (parts.length < 2 && typeof only === 'string') return { kind: 'literal', value: only };
    return { kind: 'text', format, parts };
  }

  private parseNamed(name: string): JqNode {
    this.index += 1;
    switch (name) {
      case 'if':
        return this.deeper(() => this.parseIf());
      case 'try':
        return this.parseTry();
      case 'reduce':
      case 'foreach':
        return this.parseFold(name);
      case 'def': {
        this.index -= 1;
        const definition = this.parseDefinition();
        return { kind: 'define', definition, body: this.parsePipe() };
      }
      case 'null':
        return { kind: 'literal', value: null };
      case 'true':
      case 'false':
        return { kind: 'literal', value: name === 'true' };
      case 'break':
        return { kind: 'break', name: this.take('variable') };
      default:
        if (keywords.has(name)) {
          this.index -= 1;
          throw this.unexpected();
        }
        return { kind: 'call', name, args: this.parseArguments() };
    }
  }

  private parseArguments(): readonly JqNode[] {
    const args: JqNode[] = [];
    if (!this.accept('symbol', '(')) return args;
    do args.push(this.parsePipe());
    while (this.accept('symbol', ';'));
    this.expect('symbol', ')');
    return args;
  }

  private parseIf(): JqNode {
    const condition = this.parsePipe();
    this.expect('name', 'then');
    const whenTrue = this.parsePipe();
    let whenFalse = identity;
    if (this.accept('name', 'elif')) {
      whenFalse = this.deeper(() => this.parseIf());
      return { kind: 'if', condition, whenTrue, whenFalse };
    }
    if (this.accept('name', 'else')) whenFalse = this.parsePipe();
    this.expect('name', 'end');
    return { kind: 'if', condition, whenTrue, whenFalse };
  }

  private parseTry(): JqNode {
    const body = this.deeper(() => this.parseSuffixed());
    const handler = this.accept('name', 'catch') ? this.deeper(() => this.parseSuffixed()) : null;
    return { kind: 'try', body, handler };
  }

  private parseFold(kind: 'reduce' | 'foreach'): JqNode {
    const source = this.parseSuffixed();
    this.expect('name', 'as');
    const target = this.parseTarget();
    this.expect('symbol', '(');
    const start = this.parsePipe();
    this.expect('symbol', ';');
    const update = this.parsePipe();
    const extract = kind === 'foreach' && this.accept('symbol', ';') ? this.parsePipe() : null;
    this.expect('symbol', ')');
    if (kind === 'reduce') return { kind, source, target, start, update };
    return { kind, source, target, start, update, extract };
  }
}

function operation(depth: number, operator: string, left: JqNode, right: JqNode): JqNode {
  if (depth === 0) return { kind: 'alternative', left, right };
  if (depth === 1) return { kind: 'assign', operator, left, right };
  if (operator === 'and' || operator === 'or') return { kind: operator, left, right };
  return { kind: 'operator', operator, left, right };
}

/** Returns the parsed form of a program. */
export function parseJq(source: string): JqNode {
  return new JqParser(jqTokens(source), 0).parseAll();
}
