/**
 * Names of files, folders and exports: no word that says nothing, adapters named after the port they
 * serve, task types at the path that their name says.
 */
import { posix } from 'node:path';
import { taskPath } from '../../scripts/task-path.ts';
import {
  importedPath,
  isGenerated,
  isTest,
  type SourceFile,
  type Violation,
} from './source-file.ts';

const emptyWords = new Set(
  [
    'util utils helper helpers common misc shared manager managers service services processor',
    'processors data info base impl new old v2',
  ].flatMap((line) => line.split(' ')),
);

/** Names of folders that gather what has no place of its own. */
const emptyFolders = new Set(['lib', 'libs', 'types']);

/** Pairs of words that mean something together although one of them means nothing alone. */
const termsOfArt: readonly (readonly [string, string])[] = [
  ['data', 'class'], // what kind of sensitive data a value holds
  ['data', 'classes'],
  ['data', 'folder'], // where everything of one installation is kept
  ['data', 'quality'],
  ['service', 'level'], // the language's `sla`
  ['service', 'account'],
  ['new', 'entry'], // an entry of the ledger before it has a place in it
  ['new', 'task'], // the command that starts a task type
  ['new', 'execution'], // the language's CREATE_NEW_EXECUTION
];

/** Returns the words of `name`, whatever case it is written in. */
export function wordsOf(name: string): readonly string[] {
  return name
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== '')
    .map((word) => word.toLowerCase());
}

/** Returns the first word of `name` that says nothing. */
export function emptyWord(name: string): string | undefined {
  const words = wordsOf(name);
  return words.find((word, index) => {
    if (!emptyWords.has(word)) return false;
    return !termsOfArt.some(
      ([first, second]) =>
        (first === word && second === words[index + 1]) ||
        (second === word && first === words[index - 1]),
    );
  });
}

/** Returns files, folders and exports of `files` whose name holds a word that says nothing. */
export function wordViolations(files: readonly SourceFile[]): readonly Violation[] {
  const violations: Violation[] = [];
  const advice = 'name it after what it does or holds';
  for (const file of files) {
    for (const part of file.path.split('/').slice(1)) {
      const word = emptyFolders.has(part) ? part : emptyWord(part.replace(/\.tsx?$/, ''));
      if (word !== undefined) {
        violations.push({ path: file.path, message: `\`${word}\` in \`${part}\`; ${advice}` });
      }
    }
    for (const { name, line } of file.exports) {
      const word = emptyWord(name);
      if (word !== undefined) {
        violations.push({
          path: file.path,
          line,
          message: `\`${word}\` in \`${name}\`; ${advice}`,
        });
      }
    }
  }
  return violations;
}

/** Returns names of files that are not in kebab case. */
export function caseViolations(files: readonly SourceFile[]): readonly Violation[] {
  return files
    .filter(({ path }) => !/^[a-z0-9-]+(\.[a-z]+)*\.tsx?$/.test(posix.basename(path)))
    .map(({ path }) => ({ path, message: 'write the name in kebab case' }));
}

/**
 * Returns files of adapters that are named after no port. A file may have another name when only files
 * of its own adapter import it and the adapter's front door does not hand it out: then it is a part.
 */
export function adapterViolations(files: readonly SourceFile[]): readonly Violation[] {
  const ports = files
    .filter(({ path }) => /^src\/ports\/[^/]+\.ts$/.test(path) && !isTest(path))
    .map(({ path }) => posix.basename(path, '.ts'));
  const adapterOf = (path: string): string | undefined =>
    /^src\/adapters\/([^/]+)\//.exec(path)?.[1];
  const importers = new Map<string, string[]>();
  for (const file of files) {
    if (isTest(file.path) || file.path.startsWith('test/')) continue;
    for (const { specifier } of file.imports) {
      const path = importedPath(file, specifier);
      importers.set(path, [...(importers.get(path) ?? []), file.path]);
    }
  }
  return files.flatMap(({ path }) => {
    const adapter = adapterOf(path);
    const name = posix.basename(path, '.ts');
    if (adapter === undefined || isTest(path) || name === 'index') return [];
    if (ports.some((port) => name === port || name.endsWith(`-${port}`))) return [];
    const users = importers.get(path) ?? [];
    const isPart = users.every(
      (user) => adapterOf(user) === adapter && posix.basename(user) !== 'index.ts',
    );
    if (isPart && users.length > 0) return [];
    const message = `names no port; call it \`${adapter}-<port>.ts\` with one of ${ports.join(', ')}, or let only files of ${adapter} import it`;
    return [{ path, message }];
  });
}

/** Returns the type that a file of a task type defines, or undefined when it defines none. */
export function definedType(file: SourceFile): string | undefined {
  if (!file.path.startsWith('src/tasks/') || isTest(file.path) || isGenerated(file.path)) {
    return undefined;
  }
  const call = /\bdefine(?:Task|Flowable)\b[^(]*\(\s*\{/.exec(file.code);
  if (call === null) return undefined;
  return /\btype:\s*'([^']+)'/.exec(file.text.slice(call.index))?.[1] ?? '';
}

/** Returns task types that stand at another path than their name says, or have no test beside them. */
export function taskViolations(files: readonly SourceFile[]): readonly Violation[] {
  const paths = new Set(files.map((file) => file.path));
  return files.flatMap((file) => {
    const type = definedType(file);
    if (type === undefined) return [];
    const violations: Violation[] = [];
    const right = `src/tasks/${taskPath(type)}`;
    if (file.path !== right) {
      violations.push({ path: file.path, message: `defines \`${type}\`; move it to \`${right}\`` });
    }
    const test = file.path.replace(/\.ts$/, '.test.ts');
    if (!paths.has(test)) {
      violations.push({
        path: file.path,
        message: `has no test; write \`${test}\` with a call to \`taskContract\``,
      });
    }
    return violations;
  });
}
