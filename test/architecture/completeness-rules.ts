/**
 * Things that belong together: a folder of the core and its page, a word of the glossary and its type,
 * a failure code and the place that raises it, a claim of compatibility and its proof.
 */
import { posix } from 'node:path';
import type { CapabilityRow } from '../scenarios/capabilities.ts';
import type { CompatibilityRow } from '../scenarios/compatibility.ts';
import { isGenerated, isTest, type SourceFile, type Violation } from './source-file.ts';

/** Pages that are about the whole and not about one folder. */
const pagesOfTheWhole = ['README.md', 'performance.md', 'simulation.md'];

/** Returns folders of the core without a page in docs/internals, and pages without a folder. */
export function internalsViolations(
  files: readonly SourceFile[],
  pages: readonly string[],
): readonly Violation[] {
  const folders = new Set(
    files.flatMap(({ path }) => /^src\/core\/([^/]+)\//.exec(path)?.[1] ?? []),
  );
  const missing = [...folders]
    .filter((folder) => !pages.includes(`${folder}.md`))
    .map((folder) => ({
      path: `src/core/${folder}`,
      message: `has no page; write docs/internals/${folder}.md: the idea, the data, the alternatives refused`,
    }));
  const lost = pages
    .filter((page) => !pagesOfTheWhole.includes(page) && !folders.has(page.replace(/\.md$/, '')))
    .map((page) => ({
      path: `docs/internals/${page}`,
      message: 'describes no folder of src/core; name it after one',
    }));
  return [...missing, ...lost];
}

/** A row of the glossary: a word and the type that carries it; no type while the thing is to come. */
export interface GlossaryRow {
  readonly word: string;
  readonly type: string | undefined;
}

/** Returns the rows of the tables in the glossary. */
export function glossaryRows(page: string): readonly GlossaryRow[] {
  return [...page.matchAll(/^\| \*\*([^*|]+)\*\* \|[^|]*\|([^|\n]*)\|$/gm)].map((match) => ({
    word: match[1] ?? '',
    type: /`(\w+)`/.exec(match[2] ?? '')?.[1],
  }));
}

/** Returns words of the glossary whose type nobody exports. */
export function glossaryViolations(
  files: readonly SourceFile[],
  rows: readonly GlossaryRow[],
): readonly Violation[] {
  const path = 'docs/glossary.md';
  if (rows.length === 0) return [{ path, message: 'has no words' }];
  const exported = new Set(
    files
      .filter((file) => file.path.startsWith('src/'))
      .flatMap((file) => file.exports.map((one) => one.name)),
  );
  return rows.flatMap(({ word, type }) =>
    type === undefined || exported.has(type)
      ? []
      : [{ path, message: `\`${word}\` names the type \`${type}\`, which nothing in src exports` }],
  );
}

/** Returns failure codes that nothing raises. A task type that only lists a code does not raise it. */
export function unraisedCodes(
  files: readonly SourceFile[],
  codes: readonly string[],
): readonly string[] {
  const texts = files
    .filter(({ path }) => path.startsWith('src/') && !isTest(path) && !isGenerated(path))
    .filter(({ path }) => path !== 'src/core/failure/catalogue.ts')
    .map(({ text }) => text.replace(/\bfailures:\s*\[[^\]]*\]/g, ''))
    .join('\n');
  return codes.filter((code) => !texts.includes(`'${code}'`));
}

/** Returns rows of the table of compatibility that say too little, or whose proof is not there. */
export function compatibilityViolations(
  rows: readonly CompatibilityRow[],
  read: (path: string) => string | undefined,
): readonly Violation[] {
  const path = 'test/scenarios/compatibility.ts';
  const ids = new Set<string>();
  return rows.flatMap(({ id, status, reason, proof }) => {
    const violations: Violation[] = [];
    if (ids.has(id)) violations.push({ path, message: `\`${id}\` stands twice` });
    ids.add(id);
    if (status !== 'covered' && (reason ?? '') === '') {
      violations.push({ path, message: `\`${id}\` is ${status}; give the reason` });
    }
    if (status === 'covered') {
      const text = proof === undefined ? undefined : read(proof);
      if (text === undefined) {
        violations.push({ path, message: `\`${id}\` is covered; name the file that proves it` });
      } else if (!text.includes(`[${id}]`)) {
        violations.push({ path: proof ?? path, message: `cite \`[${id}]\` where it is proven` });
      }
    }
    return violations;
  });
}

/** Returns rows of the table of capabilities that say too little, or whose proofs are not there. */
export function capabilityViolations(
  rows: readonly CapabilityRow[],
  read: (path: string) => string | undefined,
): readonly Violation[] {
  const path = 'test/scenarios/capabilities.ts';
  const ids = new Set<string>();
  return rows.flatMap(({ id, status, missing, proofs = [] }) => {
    const told: string[] = [];
    if (ids.has(id)) told.push('stands twice');
    ids.add(id);
    if (status === 'covered' && missing !== undefined) told.push('is covered and misses something');
    if (status !== 'covered' && (missing ?? '') === '') told.push('does not say what is missing');
    if (status === 'not-yet' && proofs.length > 0) told.push('is proven and said not to be there');
    if (status !== 'not-yet' && proofs.length === 0) told.push('names no file that proves it');
    return [
      ...told.map((text) => ({ path, message: `\`${id}\` ${text}` })),
      ...proofs
        .filter((proof) => read(proof)?.includes(`[${id}]`) !== true)
        .map((proof) => ({ path: proof, message: `cite \`[${id}]\` where it is proven` })),
    ];
  });
}

/** Returns dependencies without a line that says why they are there, and lines about none. */
export function dependencyViolations(
  dependencies: readonly string[],
  page: string,
): readonly Violation[] {
  const path = 'docs/decisions/dependencies.md';
  const explained = [...page.matchAll(/^\| `([^`]+)` \|/gm)].map((match) => match[1] ?? '');
  return [
    ...dependencies
      .filter((name) => !explained.includes(name))
      .map((name) => ({ path, message: `add a line that says why \`${name}\` is there` })),
    ...explained
      .filter((name) => !dependencies.includes(name))
      .map((name) => ({ path, message: `\`${name}\` is no dependency; remove its line` })),
  ];
}

/** Returns links of the document at `path` to files that do not exist. */
export function linkViolations(
  path: string,
  text: string,
  exists: (path: string) => boolean,
): readonly Violation[] {
  return [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)]
    .map((match) => match[1] ?? '')
    .filter((link) => !/^[a-z]+:/.test(link))
    .filter((link) => !exists(posix.join(posix.dirname(path), link)))
    .map((link) => ({ path, message: `links to \`${link}\`, which does not exist` }));
}
