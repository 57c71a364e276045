/**
 * Rendered text in the shape a property wants: templates give text, a task's schema says number,
 * boolean, list or map. Only text is turned; what is no readable text of the type stays as it is and is
 * refused by the schema with its own words.
 */
import type { PropertySchema } from '../../core/flow/index.ts';
import { Double, emptyMap, isList, isMap, type Value } from '../../core/value/index.ts';

function typesOf(schema: PropertySchema): readonly string[] {
  if (typeof schema.type === 'string') return [schema.type];
  if (schema.type !== undefined) return schema.type;
  return [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].flatMap(typesOf);
}

/** A number or boolean of the YAML text is text where a property wants nothing but text. */
function scalarFor(value: number | boolean | Double, types: readonly string[]): Value {
  const plain = value instanceof Double ? value.value : value;
  if (types.length === 0) return value;
  return types.every((type) => type === 'string') ? String(plain) : plain;
}

function branches(schema: PropertySchema): readonly PropertySchema[] {
  return [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
}

function fromText(text: string, types: readonly string[]): Value {
  const trimmed = text.trim();
  if (
    (types.includes('number') || types.includes('integer')) &&
    trimmed !== '' &&
    Number.isFinite(Number(trimmed))
  ) {
    return Number(trimmed);
  }
  if (types.includes('boolean') && /^(true|false)$/i.test(trimmed)) {
    return trimmed.toLowerCase() === 'true';
  }
  const first = trimmed[0];
  if ((types.includes('array') && first === '[') || (types.includes('object') && first === '{')) {
    try {
      return JSON.parse(trimmed) as Value;
    } catch {
      return text;
    }
  }
  return text;
}

function partSchema(schema: PropertySchema, key: string): PropertySchema | undefined {
  const own = schema.properties;
  if (own !== undefined && Object.hasOwn(own, key)) return own[key];
  for (const branch of branches(schema)) {
    const found = partSchema(branch, key);
    if (found !== undefined) return found;
  }
  return typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined;
}

function itemSchema(schema: PropertySchema): PropertySchema | undefined {
  if (schema.items !== undefined) return schema.items;
  for (const branch of branches(schema)) {
    const found = itemSchema(branch);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Returns `value` in the shape that `schema` asks for, as far as text can be read so. */
export function coerceRendered(value: Value, schema: PropertySchema | undefined): Value {
  if (schema === undefined) return value;
  if (typeof value === 'string') {
    const types = typesOf(schema);
    if (types.length === 0 || types.includes('string')) return value;
    const read = fromText(value, types);
    return typeof read === 'string' ? read : coerceRendered(read, schema);
  }
  if (typeof value === 'number' || typeof value === 'boolean' || value instanceof Double) {
    return scalarFor(value, typesOf(schema));
  }
  if (isList(value)) {
    const items = itemSchema(schema);
    return items === undefined ? value : value.map((one) => coerceRendered(one, items));
  }
  if (!isMap(value)) return value;
  const coerced = emptyMap();
  for (const [key, one] of Object.entries(value))
    coerced[key] = coerceRendered(one, partSchema(schema, key));
  return coerced;
}
