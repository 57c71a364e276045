/**
 * Parses a template: text, prints and tags, nested as they are opened and closed. Every node keeps
 * its place in the text, because every error names line and column.
 */
import { didYouMean } from '../suggest.ts';
import { Stop, wrongSyntax } from '../stop.ts';
import { type Piece, readPieces } from './lexer.ts';
import { ExpressionParser, reservedNames } from './parse-expression.ts';
import { type Expression, type FilterStep, type Statement, syntaxDepthMax } from './syntax.ts';

const sourceMax = 4_000_000;

const removedTags: ReadonlySet<string> = new Set([
  'autoescape',
  'extends',
  'embed',
  'flush',
  'import',
  'include',
  'parallel',
  'cache',
  'from',
]);

const closings: Readonly<Record<string, string>> = {
  if: 'endif',
  for: 'endfor',
  macro: 'endmacro',
  block: 'endblock',
  filter: 'endfilter',
};

const knownTags: readonly string[] = [...Object.keys(closings), 'set', 'verbatim', 'raw'];

const innerTags: Readonly<Record<string, string>> = {
  else: 'if',
  elseif: 'if',
  endif: 'if',
  endfor: 'for',
  endmacro: 'macro',
  endblock: 'block',
  endfilter: 'filter',
};

/** A print or a tag. */
type Tag = Exclude<Piece, { kind: 'text' }>;

/** Where a list of statements ended: the closing tag and its parser, behind its name. */
interface Ending {
  readonly name: string;
  readonly parser: ExpressionParser;
}

class TemplateParser {
  private readonly source: string;
  private readonly pieces: readonly Piece[];
  private index = 0;
  private nesting = 0;

  constructor(source: string) {
    this.source = source;
    this.pieces = readPieces(source);
  }

  parseAll(): readonly Statement[] {
    const { body } = this.parseBody([], null);
    return body;
  }

  /** Parses statements up to one of the tags `until`, which is taken. */
  private parseBody(
    until: readonly string[],
    opening: Tag | null,
  ): { readonly body: Statement[]; readonly ending: Ending } {
    this.nesting += 1;
    if (this.nesting > syntaxDepthMax) {
      throw new Stop('expression.depth-limit-reached', 'tags are nested too deeply', {
        at: opening?.at ?? 0,
        help: 'move inner parts into macros',
      });
    }
    const body: Statement[] = [];
    for (;;) {
      const piece = this.pieces[this.index];
      if (piece === undefined) {
        if (opening === null)
          return { body, ending: { name: '', parser: new ExpressionParser([]) } };
        const name = opening.tokens[0]?.text ?? '';
        throw wrongSyntax(
          `\`${name}\` is not closed`,
          opening.at,
          `close it with \`{% ${closings[name] ?? 'end'} %}\``,
        );
      }
      this.index += 1;
      if (piece.kind === 'text') body.push(piece);
      else if (piece.kind === 'print') body.push(this.parsePrint(piece));
      else {
        const parser = new ExpressionParser(piece.tokens);
        const name = parser.expectName('the name of a tag');
        if (until.includes(name)) {
          this.nesting -= 1;
          return { body, ending: { name, parser } };
        }
        const statement = this.parseTag(name, piece, parser);
        if (statement !== null) body.push(statement);
      }
    }
  }

  private parsePrint(piece: Tag): Statement {
    const parser = new ExpressionParser(piece.tokens);
    const expression = parser.parse();
    parser.expectEnd();
    const source = this.source.slice(piece.at, piece.end);
    return { kind: 'print', expression, source, at: piece.at };
  }

  private parseTag(name: string, tag: Tag, parser: ExpressionParser): Statement | null {
    switch (name) {
      case 'if':
        return this.parseIf(tag, parser);
      case 'for':
        return this.parseFor(tag, parser);
      case 'set':
        return this.parseSet(tag, parser);
      case 'macro':
        return this.parseMacro(tag, parser);
      case 'block':
        return this.parseBlock(tag, parser);
      case 'filter':
        return this.parseFilterTag(tag, parser);
      case 'raw':
        throw wrongSyntax(
          '`raw` is not closed on its line',
          tag.at,
          'write `{% endraw %}` on the same line, or use `verbatim` for several lines',
        );
      default:
        throw unknownTag(name, tag.at);
    }
  }

  private parseIf(tag: Tag, parser: ExpressionParser): Statement {
    const branches: { condition: Expression; body: readonly Statement[] }[] = [];
    let condition = parser.parse();
    parser.expectEnd();
    for (;;) {
      const { body, ending } = this.parseBody(['elseif', 'else', 'endif'], tag);
      branches.push({ condition, body });
      if (ending.name === 'elseif') {
        condition = ending.parser.parse();
        ending.parser.expectEnd();
        continue;
      }
      ending.parser.expectEnd();
      const otherwise = ending.name === 'else' ? this.parseRest('endif', tag) : null;
      return { kind: 'if', branches, otherwise, at: tag.at };
    }
  }

  private parseRest(closing: string, tag: Tag): readonly Statement[] {
    const { body, ending } = this.parseBody([closing], tag);
    ending.parser.expectEnd();
    return body;
  }

  private parseFor(tag: Tag, parser: ExpressionParser): Statement {
    const variable = variableName(parser);
    const { at } = parser.next;
    if (parser.expectName('`in`') !== 'in') throw wrongSyntax('`in` is expected', at);
    const items = parser.parse();
    parser.expectEnd();
    const { body, ending } = this.parseBody(['else', 'endfor'], tag);
    ending.parser.expectEnd();
    const otherwise = ending.name === 'else' ? this.parseRest('endfor', tag) : null;
    return { kind: 'for', variable, items, body, otherwise, at: tag.at };
  }

  private parseSet(tag: Tag, parser: ExpressionParser): Statement {
    const name = variableName(parser);
    parser.expect('=');
    const value = parser.parse();
    parser.expectEnd();
    return { kind: 'set', name, value, at: tag.at };
  }

  private parseMacro(tag: Tag, parser: ExpressionParser): Statement {
    const name = variableName(parser);
    parser.expect('(');
    const parameters: { name: string; fallback: Expression | null }[] = [];
    if (!parser.accept(')')) {
      do {
        const parameter = variableName(parser);
        parameters.push({ name: parameter, fallback: parser.accept('=') ? parser.parse() : null });
      } while (parser.accept(','));
      parser.expect(')');
    }
    parser.expectEnd();
    const { body, ending } = this.parseBody(['endmacro'], tag);
    acceptRepeatedName(ending.parser);
    return { kind: 'macro', macro: { name, parameters, body }, at: tag.at };
  }

  private parseBlock(tag: Tag, parser: ExpressionParser): Statement {
    const token = parser.take();
    if (token.kind !== 'name' && token.kind !== 'string') {
      throw wrongSyntax('the name of a block is expected', token.at);
    }
    parser.expectEnd();
    const { body, ending } = this.parseBody(['endblock'], tag);
    acceptRepeatedName(ending.parser);
    return { kind: 'block', name: token.text, body, at: tag.at };
  }

  private parseFilterTag(tag: Tag, parser: ExpressionParser): Statement {
    const steps: FilterStep[] = [];
    do {
      const { at } = parser.next;
      const name = parser.expectName('the name of a filter');
      steps.push({ name, args: parser.parseOptionalArguments(), at });
    } while (parser.accept('|'));
    parser.expectEnd();
    return { kind: 'filter', steps, body: this.parseRest('endfilter', tag), at: tag.at };
  }
}

function variableName(parser: ExpressionParser): string {
  const { at } = parser.next;
  const name = parser.expectName('a name');
  if (reservedNames.has(name))
    throw wrongSyntax(`\`${name}\` cannot be the name of a variable`, at);
  return name;
}

function acceptRepeatedName(parser: ExpressionParser): void {
  if (parser.next.kind !== 'end') parser.take();
  parser.expectEnd();
}

function unknownTag(name: string, at: number): Stop {
  if (removedTags.has(name)) {
    return wrongSyntax(
      `the tag \`${name}\` is not part of the language`,
      at,
      'a template stands alone; use `macro`, `block` or the function `render`',
    );
  }
  const opening = innerTags[name];
  if (opening !== undefined) {
    return wrongSyntax(
      `\`${name}\` stands without \`${opening}\``,
      at,
      'remove it or open the tag',
    );
  }
  return wrongSyntax(
    `the tag \`${name}\` is unknown`,
    at,
    didYouMean(name, knownTags, `the tags are ${knownTags.join(', ')}`),
  );
}

/** Returns the statements of a template; throws a `Stop` when it is none. */
export function parseTemplate(source: string): readonly Statement[] {
  if (source.length > sourceMax) {
    throw wrongSyntax(
      'the template is too long',
      0,
      `a template has at most ${sourceMax} characters`,
    );
  }
  return new TemplateParser(source).parseAll();
}
