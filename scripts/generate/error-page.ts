/** Writes the page of failure codes from the catalogue: the same facts that the API and the command line show. */
import { type CatalogueEntry, catalogue } from '../../src/core/failure/index.ts';
import type { GeneratedFile } from './generated-file.ts';
import { code, generatedNote } from './markdown.ts';

function section([name, entry]: readonly [string, CatalogueEntry]): string {
  const retry = entry.isRetryable ? 'trying again may help' : 'trying again does not help';
  return [
    `## ${code(name)}\n`,
    `${entry.title}. HTTP status ${entry.status}, exit code ${entry.exitCode}; ${retry}.\n`,
    `Help: ${entry.help}.\n`,
  ].join('\n');
}

/** Returns `docs/reference/errors.md`. */
export function errorPage(): GeneratedFile {
  const entries = Object.entries(catalogue).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return {
    path: 'docs/reference/errors.md',
    content: [
      generatedNote('src/core/failure/catalogue.ts'),
      '# Failure codes\n',
      "What can go wrong outside a flow's text. What is wrong *in* a flow file is a diagnostic with line and column.\n",
      ...entries.map(section),
    ].join('\n'),
  };
}
