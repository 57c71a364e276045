/**
 * Reads SQL text just far enough to know what is a string, a comment, a name or a word, where
 * statements end, and which strings name files. Nothing is looked for with patterns over raw SQL, so
 * that `::` casts, comments and text inside strings are never mistaken.
 */

/** What a piece of SQL text is. */
export type PieceKind =
  | 'space'
  | 'comment'
  | 'string'
  | 'word'
  | 'quoted-name'
  | 'number'
  | 'parameter'
  | 'sign';

/** A piece of SQL text; the pieces together are the text. */
export interface Piece {
  readonly kind: PieceKind;
  readonly text: string;
}

/** What a string or parameter is used for: a file that is read or written, or anything else. */
export type PieceRole = 'file-read' | 'file-written' | 'value';

/** A piece that means something, with what it is used for. */
export interface PlacedPiece extends Piece {
  readonly role: PieceRole;
}

const patterns: readonly (readonly [PieceKind, RegExp])[] = [
  ['space', /\s+/y],
  ['comment', /--[^\n]*/y],
  ['string', /[eE]'[^'\\]*(?:(?:\\[^]|'')[^'\\]*)*'/y],
  ['string', /'[^']*(?:''[^']*)*'/y],
  ['string', /\$([A-Za-z_]\w*)?\$[^]*?\$\1\$/y],
  ['quoted-name', /"[^"]*(?:""[^"]*)*"/y],
  ['word', /[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/y],
  ['number', /\d[\w.]*|\.\d+\w*/y],
  ['sign', /::|:=/y],
  ['parameter', /[:$][A-Za-z_]\w*/y],
  ['sign', /[^]/y],
];

/** Returns where the comment that starts at `start` with a slash and a star ends; they nest. */
function blockCommentEnd(sql: string, start: number): number {
  let depth = 0;
  for (let at = start; at < sql.length; at += 1) {
    const pair = sql.slice(at, at + 2);
    if (pair === '/*') depth += 1;
    else if (pair === '*/') depth -= 1;
    else continue;
    at += 1;
    if (depth === 0) return at + 1;
  }
  return sql.length;
}

function pieceAt(sql: string, start: number): Piece {
  if (sql.startsWith('/*', start)) {
    return { kind: 'comment', text: sql.slice(start, blockCommentEnd(sql, start)) };
  }
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = start;
    const text = pattern.exec(sql)?.[0];
    if (text !== undefined) return { kind, text };
  }
  return { kind: 'sign', text: sql.charAt(start) };
}

/** Returns the pieces of `sql`. A colon with a name after it is a parameter only where a value may stand. */
export function readPieces(sql: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let before: Piece | undefined;
  for (let at = 0; at < sql.length; ) {
    let piece = pieceAt(sql, at);
    const isColon = piece.kind === 'parameter' && piece.text.startsWith(':');
    if (isColon && endsValue(before, pieces.at(-1))) {
      piece = { kind: 'sign', text: ':' };
    }
    pieces.push(piece);
    if (isMeaningful(piece)) before = piece;
    at += piece.text.length;
  }
  return pieces;
}

/** Tells whether a value has just ended, so that a colon separates: `{'a':b}`, `list[i:n]`, `total:sum(x)`. */
function endsValue(before: Piece | undefined, last: Piece | undefined): boolean {
  if (before === undefined) return false;
  if (before.kind === 'word') return before === last;
  if (before.kind === 'sign') return before.text === ')' || before.text === ']';
  return before.kind !== 'parameter';
}

function isMeaningful(piece: Piece): boolean {
  return piece.kind !== 'space' && piece.kind !== 'comment';
}

/** Returns the text that the SQL string `literal` stands for. */
export function textOfString(literal: string): string {
  if (literal.startsWith("'")) return literal.slice(1, -1).replaceAll("''", "'");
  const dollar = /^\$\w*\$/.exec(literal)?.[0];
  if (dollar !== undefined) return literal.slice(dollar.length, -dollar.length);
  const escapes: Record<string, string> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f' };
  return literal
    .slice(2, -1)
    .replace(/''|\\([^])/g, (pair, one?: string) => (one ? (escapes[one] ?? one) : pair.slice(1)));
}

/** Returns `text` as an SQL string. */
export function stringOfText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

const fileFunction = /^(read_\w+|parquet_\w+|\w+_scan|sniff_csv|glob)$/;

/** Functions in whose arguments the word `FROM` does not name a table. */
const fromFunction = /^(extract|substring|trim|overlay|position)$/;

interface Bracket {
  readonly text: string;
  /** True when what stands first in it, or anything of a list that stands first, names a file. */
  readonly holdsFile: boolean;
  readonly hidesFrom: boolean;
}

function opened(text: string, before: Piece | undefined, around: Bracket | undefined): Bracket {
  const name = before?.kind === 'word' ? before.text.toLowerCase() : '';
  if (text === '(') {
    return { text, holdsFile: fileFunction.test(name), hidesFrom: fromFunction.test(name) };
  }
  const isFirst = around?.holdsFile === true && around.text === '(' && before?.text === '(';
  return { text, holdsFile: text === '[' && isFirst, hidesFrom: false };
}

/** One statement, as far as it is understood. */
export interface Statement {
  readonly pieces: readonly PlacedPiece[];
  /** Its words in upper case, from the first one on; strings, names and signs left out. */
  readonly words: readonly string[];
}

/** What is known of a statement before the piece that is looked at. */
interface Surroundings {
  readonly before: Piece | undefined;
  readonly bracket: Bracket | undefined;
  readonly firstWord: string;
  /** The two words before, the nearer one last. */
  readonly lastWords: readonly string[];
  readonly isReadOnlyAttach: boolean;
}

function roleOf(piece: Piece, around: Surroundings): PieceRole {
  if (piece.kind !== 'string' && piece.kind !== 'parameter') return 'value';
  const { before, bracket } = around;
  if (bracket?.holdsFile === true) {
    if (before?.text === bracket.text) return 'file-read';
    return bracket.text === '[' && before?.text === ',' ? 'file-read' : 'value';
  }
  return before?.kind === 'word' ? roleAfterWord(piece, around) : 'value';
}

function roleAfterWord(
  piece: Piece,
  { bracket, firstWord, lastWords, isReadOnlyAttach }: Surroundings,
): PieceRole {
  const word = lastWords.at(-1) ?? '';
  if (firstWord === 'ATTACH' && /^(ATTACH|DATABASE|EXISTS)$/.test(word)) {
    return isReadOnlyAttach ? 'file-read' : 'file-written';
  }
  if (word === 'TO') return /^(COPY|EXPORT)$/.test(firstWord) ? 'file-written' : 'value';
  if (word === 'DATABASE') {
    if (firstWord === 'EXPORT') return 'file-written';
    return firstWord === 'IMPORT' ? 'file-read' : 'value';
  }
  const namesTable = /^(FROM|JOIN|PIVOT|UNPIVOT|DESCRIBE|SUMMARIZE|TABLE)$/.test(word);
  if (!namesTable || bracket?.hidesFrom === true) return 'value';
  if (word === 'FROM' && lastWords[0] === 'DISTINCT') return 'value';
  // A table may be named by a string, too; only what looks like a path is a file.
  return piece.kind === 'parameter' || /[./*]/.test(piece.text) ? 'file-read' : 'value';
}

function placeRoles(pieces: readonly Piece[]): Statement {
  const words = pieces.filter(({ kind }) => kind === 'word').map(({ text }) => text.toUpperCase());
  const [firstWord = ''] = words;
  const isReadOnlyAttach = firstWord === 'ATTACH' && words.includes('READ_ONLY');
  const placed: PlacedPiece[] = [];
  const brackets: Bracket[] = [];
  let before: Piece | undefined;
  let lastWords: readonly string[] = [];
  for (const piece of pieces) {
    const bracket = brackets.at(-1);
    const around = { before, bracket, firstWord, lastWords, isReadOnlyAttach };
    placed.push({ ...piece, role: roleOf(piece, around) });
    if (!isMeaningful(piece)) continue;
    if (/^[([{]$/.test(piece.text)) brackets.push(opened(piece.text, before, bracket));
    else if (/^[)\]}]$/.test(piece.text)) brackets.pop();
    else if (piece.kind === 'word') lastWords = [...lastWords.slice(-1), piece.text.toUpperCase()];
    before = piece;
  }
  return { pieces: placed, words };
}

/** Returns the statements of `sql`; empty ones are left out. */
export function readStatements(sql: string): readonly Statement[] {
  const groups: Piece[][] = [[]];
  for (const piece of readPieces(sql)) {
    if (piece.kind === 'sign' && piece.text === ';') groups.push([]);
    else groups.at(-1)?.push(piece);
  }
  return groups.filter((group) => group.some(isMeaningful)).map(placeRoles);
}
