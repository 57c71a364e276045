/**
 * Joins the code of pages into one script each: modules in the order in which they need each other, each in
 * a function of its own, types stripped and nothing else changed, so that an auditor reads in the page what
 * stands in the sources.
 */
import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join, posix } from 'node:path';
import type { GeneratedFile } from './generated-file.ts';

const importForm = /^import\s+(type\s+)?([^;]*?)\s+from\s+'(\.[^']+)';$/gm;
const exportForm = /^export (?=(?:async )?(?:function\*?|class|const|let) )/gm;

interface Module {
  readonly path: string;
  readonly code: string;
  readonly needs: readonly string[];
}

function nameOf(path: string): string {
  return `module_${path.replace(/\.ts$/, '').replaceAll(/[^a-z0-9]+/g, '_')}`;
}

/** Returns the names that an import of values brings, as they are written: `{ a, b as c }`. */
function importedNames(clause: string): readonly string[] {
  return clause
    .replaceAll(/[{}]/g, '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && !name.startsWith('type '));
}

function readModule(root: string, path: string): Module {
  const source = readFileSync(join(root, path), 'utf8');
  const needs: string[] = [];
  const linked = source.replaceAll(
    importForm,
    (_, type: string | undefined, clause: string, specifier: string) => {
      const names = type === undefined ? importedNames(clause) : [];
      if (names.length === 0) return '';
      const target = posix.join(posix.dirname(path), specifier);
      needs.push(target);
      const bound = names.map((name) => name.replace(/\s+as\s+/, ': ')).join(', ');
      return `const { ${bound} } = ${nameOf(target)};`;
    },
  );
  const stripped = stripTypeScriptTypes(linked, { mode: 'strip' });
  const names = [
    ...stripped.matchAll(/^export (?:async )?(?:function\*?|class|const|let) (\w+)/gm),
  ];
  const code = stripped
    .replaceAll(exportForm, '')
    .replaceAll(/[ \t]+$/gm, '')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim();
  if (/^(?:import|export)\b/m.test(code))
    throw new Error(`${path} cannot be joined into one script`);
  const exported = names.map((match) => match[1]).join(', ');
  const wrapped = `// ${path}\nconst ${nameOf(path)} = (() => {\n${code}\nreturn { ${exported} };\n})();\n`;
  return { path, code: wrapped, needs };
}

function pageScript(root: string, folder: string): string {
  const ordered: Module[] = [];
  const seen = new Set<string>();
  const visit = (path: string): void => {
    if (seen.has(path)) return;
    seen.add(path);
    const read = readModule(root, path);
    for (const need of read.needs) visit(need);
    ordered.push(read);
  };
  visit(`${folder}/page.ts`);
  return `'use strict';\n${ordered.map(({ code }) => code).join('\n')}`;
}

/** Returns the scripts of the pages, their styles, and the frame of the one that is a file. */
export function pageFiles(root: string): readonly GeneratedFile[] {
  const ledger = 'console/ledger-page';
  const identity = 'console/identity-pages';
  const copy = (folder: string, name: string): string =>
    readFileSync(join(root, folder, name), 'utf8');
  return [
    { path: 'generated/ledger-page.js', content: pageScript(root, ledger) },
    { path: 'generated/ledger-page.css', content: copy(ledger, 'page.css') },
    { path: 'generated/ledger-page.html', content: copy(ledger, 'page.html') },
    { path: 'generated/identity-pages.js', content: pageScript(root, identity) },
    { path: 'generated/identity-pages.css', content: copy(identity, 'page.css') },
  ];
}
