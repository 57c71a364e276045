/**
 * Builds the catalogue of types from its entries: finds a type by its short name, by the name with
 * the `io.kestra.plugin.` prefix, by a declared alias, or by the packages that older releases used.
 */
import { suggest } from './suggest.ts';
import type { TypeCatalogue, TypeEntry } from './type-catalogue.ts';

const prefix = 'io.kestra.plugin.';

/** Packages of older releases and where their types are; the type's own name is unchanged. */
const oldPackages: readonly (readonly [old: string, canonical: string])[] = [
  ['io.kestra.core.tasks.flows.', 'core.flow.'],
  ['io.kestra.core.tasks.log.', 'core.log.'],
  ['io.kestra.core.tasks.debugs.', 'core.debug.'],
  ['io.kestra.core.tasks.executions.', 'core.execution.'],
  ['io.kestra.core.tasks.states.', 'core.state.'],
  ['io.kestra.core.tasks.storages.', 'core.storage.'],
  ['io.kestra.core.tasks.templating.', 'core.templating.'],
  ['io.kestra.core.tasks.trigger.', 'core.trigger.'],
  ['io.kestra.core.tasks.outputs.', 'core.output.'],
  ['io.kestra.core.models.triggers.types.', 'core.trigger.'],
  ['io.kestra.core.models.conditions.types.', 'core.condition.'],
  ['io.kestra.plugin.fs.http.', 'core.http.'],
  ['io.kestra.plugin.notifications.mail.', 'email.'],
];

/** Returns `type` without the prefix that all types may carry. */
export function shortType(type: string): string {
  return type.startsWith(prefix) ? type.slice(prefix.length) : type;
}

/** Returns the short form of `type` with packages of older releases replaced. */
function currentType(type: string): string {
  for (const [old, canonical] of oldPackages) {
    if (type.startsWith(old)) return canonical + type.slice(old.length);
  }
  return shortType(type);
}

/** Returns a catalogue of `entries`; the first of two entries of one name wins. */
export function createTypeCatalogue(entries: readonly TypeEntry[]): TypeCatalogue {
  const byType = new Map<string, TypeEntry>();
  const byAlias = new Map<string, TypeEntry>();
  for (const entry of entries) if (!byType.has(entry.type)) byType.set(entry.type, entry);
  for (const entry of entries) {
    for (const alias of entry.aliases) {
      const short = shortType(alias);
      if (!byAlias.has(short)) byAlias.set(short, entry);
    }
  }
  const all = [...byType.values()];
  return {
    find(type) {
      const short = shortType(type);
      const entry = byType.get(short);
      if (entry !== undefined) return { entry, isAlias: false };
      const current = currentType(type);
      const other = byAlias.get(short) ?? byType.get(current) ?? byAlias.get(current);
      return other === undefined ? undefined : { entry: other, isAlias: true };
    },
    all: () => all,
  };
}

/** Returns the type of `catalogue` that a person most likely meant by `type`. */
export function suggestType(
  type: string,
  catalogue: TypeCatalogue,
  kinds: readonly TypeEntry['kind'][],
): string | undefined {
  const wanted = currentType(type);
  const names = catalogue
    .all()
    .filter((entry) => kinds.includes(entry.kind))
    .map((entry) => entry.type);
  const last = wanted.slice(wanted.lastIndexOf('.') + 1).toLowerCase();
  const sameName = names.find((name) => name.toLowerCase().endsWith(`.${last}`));
  return suggest(wanted, names) ?? sameName;
}
