/**
 * Comments that must be there: the opening lines of every file, which together tell the system, and a
 * sentence for every export; and the one mark for open work, of which there are few.
 */
import { isGenerated, isTest, type SourceFile, type Violation } from './source-file.ts';

const headerLinesMax = 6;
/** A file longer than this needs more than one sentence to be placed. */
const shortFileLinesMax = 150;
const openWorkMax = 10;

function headerOf(text: string): string | undefined {
  return /^(?:#![^\n]*\n)?\s*(\/\*[\s\S]*?\*\/|(?:\/\/[^\n]*\n)+)/.exec(text)?.[1];
}

function linesOf(comment: string): readonly string[] {
  return comment
    .split('\n')
    .map((line) => line.replace(/^\s*(\/\*+|\*\/|\*|\/\/)/, '').replace(/\*\/\s*$/, ''))
    .filter((line) => line.trim() !== '');
}

/** Returns files that do not open with a comment that places them. */
export function headerViolations(files: readonly SourceFile[]): readonly Violation[] {
  return files.flatMap(({ path, text }) => {
    if (isGenerated(path)) return [];
    const header = headerOf(text);
    if (header === undefined) {
      return [
        { path, line: 1, message: 'open with two to six lines: what it is, what it must keep' },
      ];
    }
    const count = linesOf(header).length;
    if (count > headerLinesMax) {
      const message = `opens with ${count} lines; keep ${headerLinesMax} and move the rest to docs/internals`;
      return [{ path, line: 1, message }];
    }
    if (count < 2 && !isTest(path) && text.split('\n').length > shortFileLinesMax) {
      const message = 'opens with one line; say also what it must keep, or why it is there';
      return [{ path, line: 1, message }];
    }
    return [];
  });
}

/** Returns exports without a comment of their own. */
export function exportViolations(files: readonly SourceFile[]): readonly Violation[] {
  return files.flatMap(({ path, text, exports }) => {
    if (isGenerated(path) || isTest(path)) return [];
    const header = headerOf(text);
    return exports.flatMap(({ name, offset, line }) => {
      const before = text.slice(0, offset).trimEnd();
      const comment = /\/\*\*(?:(?!\*\/)[\s\S])*\*\/$/.exec(before)?.[0];
      const isHeader = comment !== undefined && before.trim() === header;
      if (comment !== undefined && !isHeader) return [];
      return [
        {
          path,
          line,
          message: `\`${name}\` has no comment; write one sentence above it: "Returns …"`,
        },
      ];
    });
  });
}

/** Returns too many open-work marks, and other spellings of them. */
export function openWorkViolations(files: readonly SourceFile[]): readonly Violation[] {
  const marks = files.flatMap(({ path, comments }) =>
    [...comments.matchAll(/\b(TODO|FIXME|XXX|HACK)\b(:?)/g)].map((match) => ({
      path,
      line: comments.slice(0, match.index).split('\n').length,
      word: `${match[1]}${match[2]}`,
    })),
  );
  const misspelt = marks
    .filter(({ word }) => word !== 'TODO:')
    .map(({ path, line, word }) => ({
      path,
      line,
      message: `\`${word}\`; open work is marked \`TODO:\` with the condition that makes it due`,
    }));
  if (marks.length <= openWorkMax) return misspelt;
  const places = marks.map(({ path, line }) => `${path}:${line}`).join(', ');
  return [
    ...misspelt,
    {
      path: 'the repository',
      message: `holds ${marks.length} marks of open work, at most ${openWorkMax} are allowed; do some of ${places}`,
    },
  ];
}

/** Returns files that are larger than usual, for a second look; nothing fails by size. */
export function largeFiles(files: readonly SourceFile[]): readonly string[] {
  return files
    .filter(({ path }) => !isGenerated(path))
    .map(({ path, text }) => ({ path, count: text.split('\n').length - 1 }))
    .filter(({ path, count }) => count > (isTest(path) ? 800 : 500))
    .map(({ path, count }) => `${path}: ${count} lines`);
}
