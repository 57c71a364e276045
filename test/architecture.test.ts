/**
 * The rules of the architecture, applied to the repository: which folder imports which, what names and
 * comments look like, what belongs together. Each message names the missing piece and where it goes.
 * The rules themselves are tried on planted violations in test/architecture.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { expect, test } from 'vitest';
import { type Lock, missingPlatforms } from '../scripts/complete-lock.ts';
import { catalogue } from '../src/core/failure/index.ts';
import {
  exportViolations,
  headerViolations,
  largeFiles,
  openWorkViolations,
} from './architecture/comment-rules.ts';
import {
  capabilityViolations,
  compatibilityViolations,
  dependencyViolations,
  glossaryRows,
  glossaryViolations,
  internalsViolations,
  linkViolations,
  unraisedCodes,
} from './architecture/completeness-rules.ts';
import { doorViolations, importCycles, importViolations } from './architecture/import-table.ts';
import {
  adapterViolations,
  caseViolations,
  taskViolations,
  wordViolations,
} from './architecture/naming-rules.ts';
import { readSources, type Violation, violationText } from './architecture/source-file.ts';
import { capabilities } from './scenarios/capabilities.ts';
import { compatibility } from './scenarios/compatibility.ts';

const root = join(import.meta.dirname, '..');
const files = readSources(root, ['src', 'console', 'test', 'bench', 'scripts']);
const source = files.filter(({ path }) => /^(src|console)\//.test(path));

function read(path: string): string | undefined {
  return existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : undefined;
}

function expectNone(violations: readonly Violation[]): void {
  expect(violations.map(violationText)).toEqual([]);
}

test('the source is really read', () => {
  expect(files.length).toBeGreaterThan(20);
  expect(files.flatMap((file) => file.imports).length).toBeGreaterThan(20);
  expect(files.flatMap((file) => file.exports).length).toBeGreaterThan(50);
});

test('every import stands in the table', () => {
  expectNone(importViolations(files));
});

test('imports write their ending and pass through the front door', () => {
  expectNone(doorViolations(files));
});

test('no file imports itself through others', () => {
  expectNone(importCycles(source));
});

test('names say something and are in kebab case', () => {
  expectNone([...wordViolations(files), ...caseViolations(files)]);
});

test('files of adapters are named after the port they serve', () => {
  expectNone(adapterViolations(files));
});

test('task types stand where their name says, with a test beside them', () => {
  expectNone(taskViolations(files));
});

test('every file opens with what it is', () => {
  expectNone(headerViolations(files));
});

test('every export has a sentence', () => {
  expectNone(exportViolations(files));
});

test('open work is marked in one way and is little', () => {
  expectNone(openWorkViolations(files));
});

test('every folder of the core has its page', () => {
  const folder = join(root, 'docs/internals');
  expectNone(internalsViolations(files, existsSync(folder) ? readdirSync(folder) : []));
});

test('every word of the glossary is an exported type', () => {
  expectNone(glossaryViolations(files, glossaryRows(read('docs/glossary.md') ?? '')));
});

// Before the parts are wired together nothing can raise what only the whole knows.
test.runIf(existsSync(join(root, 'src/app/create-application.ts')))(
  'every failure code is raised somewhere',
  () => {
    expect(unraisedCodes(files, Object.keys(catalogue)).toSorted()).toEqual([]);
  },
);

test('every failure code has its page entry', () => {
  const page = read('docs/reference/errors.md') ?? '';
  const entries = [...page.matchAll(/^## `([^`]+)`$/gm)].map((match) => match[1]);
  expect(entries).toEqual(Object.keys(catalogue).toSorted());
});

test('links between documents lead somewhere', () => {
  const documents = ['.', 'docs', 'test/pins'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: folder === 'docs', encoding: 'utf8' })
      .filter((name) => name.endsWith('.md'))
      .map((name) => posix.join(folder, name.replaceAll('\\', '/'))),
  );
  expect(documents.length).toBeGreaterThan(20);
  expectNone(
    documents.flatMap((path) =>
      linkViolations(path, read(path) ?? '', (link) => existsSync(join(root, link))),
    ),
  );
});

test('what is said to be compatible is proven', () => {
  expectNone(compatibilityViolations(compatibility, read));
});

test('what is said to be there is proven', () => {
  expectNone(capabilityViolations(capabilities, read));
});

test('every dependency has its reason, and the lock names every platform', () => {
  const { dependencies = {}, devDependencies = {} } = JSON.parse(read('package.json') ?? '{}') as {
    dependencies?: Record<string, string>;
    devDependencies?: Record<string, string>;
  };
  const names = Object.keys({ ...dependencies, ...devDependencies });
  expectNone(dependencyViolations(names, read('docs/decisions/dependencies.md') ?? ''));
  const missing = missingPlatforms(JSON.parse(read('package-lock.json') ?? '{}') as Lock);
  expect(Object.keys(missing), 'run `node scripts/complete-lock.ts`').toEqual([]);
});

test('large files are reported, not refused', () => {
  const large = largeFiles(files);
  if (large.length > 0) console.info(`look again at:\n${large.join('\n')}`);
  expect(large.every((line) => line.endsWith(' lines'))).toBe(true);
});
