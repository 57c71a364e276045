/**
 * The properties of a schema as rows to read: maps with known entries are followed by their entries,
 * named by their path, so that a page says what stands inside `options.auth`.
 */
import type { PropertySchema } from './type-catalogue.ts';

/** A property and where it stands. */
export interface ListedProperty {
  /** Dotted; the entries of list items follow `[]`. */
  readonly path: string;
  readonly schema: PropertySchema;
  readonly isRequired: boolean;
}

const depthMax = 3;

/** Returns the known entries inside `schema`, and what stands between its name and theirs. */
function inside(schema: PropertySchema): { readonly of: PropertySchema; readonly by: string }[] {
  if (schema.properties !== undefined) return [{ of: schema, by: '.' }];
  if (schema.items !== undefined) {
    return inside(schema.items).map(({ of, by }) => ({ of, by: `[]${by}` }));
  }
  return [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].flatMap(inside).slice(0, 1);
}

/** Returns the properties of `schema`, each followed by what stands inside it. */
export function listProperties(
  schema: PropertySchema,
  prefix = '',
  depth = 1,
): readonly ListedProperty[] {
  const required = new Set(schema.required);
  return Object.entries(schema.properties ?? {}).flatMap(([name, one]) => {
    const path = `${prefix}${name}`;
    const inner =
      depth >= depthMax
        ? []
        : inside(one).flatMap(({ of, by }) => listProperties(of, `${path}${by}`, depth + 1));
    return [{ path, schema: one, isRequired: required.has(name) }, ...inner];
  });
}
