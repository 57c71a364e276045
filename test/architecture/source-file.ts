/**
 * Source files as the rules read them: text, text with comments and strings blanked out, imports and
 * exports. A small scanner instead of a parser, because the rules need only words, and need them fast.
 * INVARIANT: blanking keeps every offset and every line break.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

/** One import of a file. */
export interface ImportedModule {
  readonly specifier: string;
  readonly kind: 'static' | 'type' | 'dynamic' | 're-export';
  readonly line: number;
}

/** One exported declaration of a file. */
export interface ExportedName {
  readonly name: string;
  readonly kind: 'function' | 'const' | 'let' | 'class' | 'interface' | 'type';
  /** Where the declaration starts. */
  readonly offset: number;
  readonly line: number;
}

/** A source file. */
export interface SourceFile {
  /** From the root of the repository, with `/`. */
  readonly path: string;
  readonly text: string;
  /** The text with comments and the content of strings blanked out. */
  readonly code: string;
  /** The text with everything but comments blanked out. */
  readonly comments: string;
  readonly imports: readonly ImportedModule[];
  readonly exports: readonly ExportedName[];
}

/** A broken rule: where, what, and what to do. */
export interface Violation {
  readonly path: string;
  readonly line?: number;
  readonly message: string;
}

/** Returns `violation` as one line of text. */
export function violationText({ path, line, message }: Violation): string {
  return `${path}${line === undefined ? '' : `:${line}`}: ${message}`;
}

const blank = (text: string): string => text.replace(/[^\n]/g, ' ');

/** Tells whether a `/` after `before` begins a regular expression rather than a division. */
function beginsPattern(before: string): boolean {
  const trimmed = before.trimEnd();
  if (trimmed === '') return true;
  if (/[([{,;=:?!&|+\-*%<>~^]$/.test(trimmed)) return true;
  return /(?:^|[^\w$.])(?:return|typeof|case|of|in|do|else|void|await|yield|throw)$/.test(trimmed);
}

/** Returns the end of the quoted text, pattern or template part that starts at `start`. */
function endOfQuoted(text: string, start: number, close: string): number {
  let inClass = false;
  for (let at = start + 1; at < text.length; at += 1) {
    const sign = text[at];
    if (sign === '\\') at += 1;
    else if (close === '/' && sign === '[') inClass = true;
    else if (close === '/' && sign === ']') inClass = false;
    else if (sign === close && !inClass) return at;
    else if (sign === '\n' && close !== '`') return at;
    else if (close === '`' && sign === '$' && text[at + 1] === '{') return at;
  }
  return text.length;
}

/** Returns `text` twice: its code with the content of strings and patterns blanked out, and its comments alone. */
export function separate(text: string): Pick<SourceFile, 'code' | 'comments'> {
  let code = '';
  let comments = '';
  let at = 0;
  /** For each open `${`, how many braces inside it are open. */
  const templates: number[] = [];
  const takeQuoted = (close: string): void => {
    const end = endOfQuoted(text, at, close);
    code += (text[at] ?? '') + blank(text.slice(at + 1, end));
    at = end;
    if (close === '`' && text[end] === '$') {
      templates.push(0);
      code += '${';
      at += 2;
    } else if (at < text.length) {
      code += text[at];
      at += 1;
    }
  };
  while (at < text.length) {
    const sign = text[at] ?? '';
    const two = text.slice(at, at + 2);
    if (two === '//' || two === '/*') {
      const close = two === '//' ? '\n' : '*/';
      const found = text.indexOf(close, at + 2);
      const end = found === -1 ? text.length : found + (two === '//' ? 0 : 2);
      comments += blank(text.slice(comments.length, at)) + text.slice(at, end);
      code += blank(text.slice(at, end));
      at = end;
    } else if (sign === "'" || sign === '"' || sign === '`') takeQuoted(sign);
    else if (sign === '/' && beginsPattern(code.slice(-200))) takeQuoted('/');
    else if (sign === '}' && templates.at(-1) === 0) {
      templates.pop();
      takeQuoted('`');
    } else {
      if (templates.length > 0 && (sign === '{' || sign === '}')) {
        templates.push((templates.pop() ?? 0) + (sign === '{' ? 1 : -1));
      }
      code += sign;
      at += 1;
    }
  }
  return { code, comments: comments + blank(text.slice(comments.length)) };
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

const importForms = [
  { pattern: /\bimport\s+(?:type\s+)?[\w$*{][^'"`;()=]*?\bfrom\s*(?=['"])/g, kind: 'static' },
  { pattern: /\bexport\s+(?:type\s+)?[*{][^'"`;()=]*?\bfrom\s*(?=['"])/g, kind: 're-export' },
  { pattern: /\bimport\s*(?=['"])/g, kind: 'static' },
  { pattern: /\bimport\s*\(\s*(?=['"])/g, kind: 'dynamic' },
] as const;

function importsOf(text: string, code: string): readonly ImportedModule[] {
  const found: ImportedModule[] = [];
  for (const { pattern, kind } of importForms) {
    for (const match of code.matchAll(pattern)) {
      const quote = match.index + match[0].length;
      const end = text.indexOf(text[quote] ?? '', quote + 1);
      const isType = /^import\s+type\b/.test(match[0]);
      found.push({
        specifier: text.slice(quote + 1, end),
        kind: isType ? 'type' : kind,
        line: lineAt(text, match.index),
      });
    }
  }
  return found;
}

const exportForm =
  /^export\s+(?:declare\s+)?(?:async\s+)?(?:abstract\s+)?(function|const|let|class|interface|type)\b\*?\s+([\w$]+)/gm;

function exportsOf(text: string, code: string): readonly ExportedName[] {
  const found: ExportedName[] = [];
  for (const match of code.matchAll(exportForm)) {
    const before = found.at(-1);
    // Overloads of one function share the comment of the first.
    if (before?.name === match[2] && match[1] === 'function') continue;
    found.push({
      name: match[2] ?? '',
      kind: match[1] as ExportedName['kind'],
      offset: match.index,
      line: lineAt(text, match.index),
    });
  }
  return found;
}

/** Returns the source file at `path` with the content `text`. */
export function sourceFile(path: string, text: string): SourceFile {
  const { code, comments } = separate(text);
  return {
    path,
    text,
    code,
    comments,
    imports: importsOf(text, code),
    exports: exportsOf(text, code),
  };
}

/** Returns the TypeScript files below `folders` of `root`, in order of path. */
export function readSources(root: string, folders: readonly string[]): readonly SourceFile[] {
  return folders
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) =>
        posix.join(folder, name.replaceAll('\\', '/')),
      ),
    )
    .filter((path) => /\.tsx?$/.test(path))
    .toSorted()
    .map((path) => sourceFile(path, readFileSync(join(root, path), 'utf8')));
}

/** Returns the path that a relative import of `file` means. */
export function importedPath(file: SourceFile, specifier: string): string {
  return posix.join(posix.dirname(file.path), specifier);
}

/** Tells whether `path` belongs to the tests: a test beside code, or a suite. */
export function isTest(path: string): boolean {
  return /\.(test|contract|sim)\.tsx?$/.test(path);
}

/** Tells whether `path` is written by a generator. */
export function isGenerated(path: string): boolean {
  return path.endsWith('.generated.ts');
}
