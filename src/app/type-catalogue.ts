/** The catalogue of types that `npm run generate` wrote, and the registry of their code. */
import { readFileSync } from 'node:fs';
import { createTypeCatalogue, type TypeCatalogue, type TypeEntry } from '../core/flow/index.ts';
import type { AnyTaskDefinition } from '../ports/task.ts';
import type { TaskRegistry } from '../ports/task-registry.ts';
import { taskLoaders } from '../tasks/registry.generated.ts';

/** Returns the catalogue of all types. */
export function readTypeCatalogue(): TypeCatalogue {
  const file = new URL('../../generated/task-catalogue.json', import.meta.url);
  const parsed = JSON.parse(readFileSync(file, 'utf8')) as { types: TypeEntry[] } | TypeEntry[];
  return createTypeCatalogue(Array.isArray(parsed) ? parsed : parsed.types);
}

/** Returns the JSON Schema of flow files that `npm run generate` wrote. */
export function readFlowSchema(): unknown {
  const file = new URL('../../generated/flow.schema.json', import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** Returns the registry of all task types. */
export function createTaskRegistry(): TaskRegistry {
  const loaders: Readonly<Record<string, () => Promise<AnyTaskDefinition>>> = taskLoaders;
  const loaded = new Map<string, AnyTaskDefinition>();
  return {
    loaded: (type) => loaded.get(type),
    async load(type) {
      const known = loaded.get(type);
      if (known !== undefined) return known;
      const load = Object.hasOwn(loaders, type) ? loaders[type] : undefined;
      if (load === undefined) return undefined;
      const definition = await load();
      loaded.set(type, definition);
      return definition;
    },
  };
}
