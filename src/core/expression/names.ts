/** The names that the language itself has: for validation, completion and the reference. */
import { valueTests } from './evaluation/value-tests.ts';
import { filters } from './filters/filters.ts';
import { functions } from './functions/functions.ts';

/** What may be written where a name of the language stands. */
export interface LanguageNames {
  /** Functions that need no host, with their parameters. */
  readonly functions: ReadonlyMap<string, readonly string[]>;
  /** Filters, with their parameters. */
  readonly filters: ReadonlyMap<string, readonly string[]>;
  readonly tests: readonly string[];
  readonly tags: readonly string[];
}

function parametersOf(
  entries: ReadonlyMap<string, { readonly parameters: readonly string[] }>,
): ReadonlyMap<string, readonly string[]> {
  return new Map([...entries].map(([name, { parameters }]) => [name, parameters]));
}

/** The names of the language. Functions that need the world are those of the host. */
export const languageNames: LanguageNames = {
  functions: new Map([...parametersOf(functions), ['block', ['name']]]),
  filters: parametersOf(filters),
  tests: [...valueTests.keys(), 'defined'],
  tags: ['if', 'for', 'set', 'macro', 'block', 'filter', 'verbatim', 'raw'],
};
