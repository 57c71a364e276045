/**
 * Reads the properties that belong to a type: other spellings become canonical, plugin defaults are
 * merged in, and each property is checked against the schema of the type.
 */
import { emptyMap, type ValueMap } from '../value/index.ts';
import { blockOwners } from './block-grammar.ts';
import { checkSchema, type SchemaProblem } from './check-schema.ts';
import type { PluginDefault } from './plugin-defaults.ts';
import { type Reading, reportProblems } from './reading.ts';
import { didYouMean } from './suggest.ts';
import type { PropertySchema, TypeEntry } from './type-catalogue.ts';
import { isNothing, toValue, type YamlEntry, type YamlMap } from './yaml-tree.ts';

/** Returns `map` with the canonical names of the type's properties; other spellings are reported. */
export function canonicalProperties(
  reading: Reading,
  map: YamlMap,
  entry: TypeEntry,
  deprecated: Readonly<Record<string, string>>,
  path: string,
): YamlMap {
  let entries: Map<string, YamlEntry> | undefined;
  const own = entry.schema.properties ?? {};
  for (const [key, one] of map.entries) {
    if (Object.hasOwn(own, key)) continue;
    const canonical = Object.hasOwn(entry.propertyAliases, key)
      ? entry.propertyAliases[key]
      : Object.hasOwn(deprecated, key)
        ? deprecated[key]
        : undefined;
    if (canonical === undefined) continue;
    const at = `${path}.${key}`;
    const isLenient = entry.lenientAliases.includes(key);
    if (isLenient && reading.isStrict) {
      const message = `\`${key}\` is not a property of \`${entry.type}\``;
      const help = `write \`${canonical}\``;
      reading.list.report('flow.property-unknown', one.keyPlace, at, message, { help });
    } else if (isLenient) {
      const message = `\`${key}\` of \`${entry.type}\` is taken for \`${canonical}\`, which other engines do not do`;
      const help = `write \`${canonical}\`; under \`strict\` this is an error`;
      reading.list.report('flow.property-not-portable', one.keyPlace, at, message, { help });
    } else {
      const message = `\`${key}\` of \`${entry.type}\` is deprecated; its name is \`${canonical}\``;
      const help = `write \`${canonical}\``;
      reading.list.report('flow.property-deprecated', one.keyPlace, at, message, { help });
    }
    entries ??= new Map(map.entries);
    entries.delete(key);
    if (!map.entries.has(canonical)) entries.set(canonical, { ...one, key: canonical });
  }
  return entries === undefined ? map : { ...map, entries };
}

/** Returns the values of a default as the type `entry` takes them. */
function defaultValues(
  reading: Reading,
  one: PluginDefault,
  entry: TypeEntry,
  common: Readonly<Record<string, unknown>>,
): YamlMap {
  const canonical = canonicalProperties(reading, one.values, entry, {}, 'pluginDefaults');
  if (one.isExact) return canonical;
  const known = entry.schema.properties ?? {};
  const entries = new Map<string, YamlEntry>();
  for (const [key, value] of canonical.entries) {
    // A default for a package names properties that only some of its types have.
    if (Object.hasOwn(known, key) || Object.hasOwn(common, key)) entries.set(key, value);
  }
  return { ...canonical, entries };
}

/** Returns `map` with the plugin defaults for its type and for the plugins inside it. */
export function withDefaults(
  reading: Reading,
  map: YamlMap,
  entry: TypeEntry,
  common: Readonly<Record<string, unknown>>,
  isOwn: (key: string) => boolean,
): YamlMap {
  if (reading.defaults.isEmpty) return map;
  const merged = reading.defaults.merge(map, entry.type, (one) =>
    defaultValues(reading, one, entry, common),
  );
  const entries = new Map<string, YamlEntry>();
  for (const [key, one] of merged.entries) {
    const value = isOwn(key) ? reading.defaults.applyInside(one.value) : one.value;
    entries.set(key, { ...one, value });
  }
  return { ...merged, entries };
}

/** Checks the properties of the type itself and returns them as values. */
export function readProperties(
  reading: Reading,
  map: YamlMap,
  entry: TypeEntry,
  path: string,
  isElsewhere: (key: string) => boolean,
  otherNames: readonly string[],
): ValueMap {
  const own = entry.schema.properties ?? {};
  const owner = `\`${entry.type}\``;
  const use = { root: entry.schema, allowsTemplates: true, owner };
  const problems: SchemaProblem[] = [];
  const values = emptyMap();
  for (const [key, one] of map.entries) {
    const schema = Object.hasOwn(own, key) ? own[key] : undefined;
    if (schema === undefined && isElsewhere(key)) continue;
    const at = `${path}.${key}`;
    if (entry.ignoredProperties.includes(key)) {
      const message = `\`${key}\` of ${owner} has no effect`;
      reading.list.report('flow.property-ignored', one.keyPlace, at, message);
    } else if (schema !== undefined) {
      checkSchema(one.value, schema, at, key, use, problems);
      if (schema['deprecated'] === true) reportDeprecated(reading, one, at, schema, owner);
      if (!isNothing(one.value)) values[key] = toValue(one.value);
    } else if (entry.schema.additionalProperties === true) {
      if (!isNothing(one.value)) values[key] = toValue(one.value);
    } else if (entry.propertyAliases[key] === undefined) {
      reportUnknown(reading, key, one, at, entry, otherNames);
    }
  }
  for (const required of entry.schema.required ?? []) {
    const schema = own[required];
    if (schema?.default !== undefined || !isNothing(map.entries.get(required)?.value)) continue;
    if (isElsewhere(required) && schema === undefined) continue;
    const message = `${owner} has no \`${required}\``;
    const said = schema?.description;
    const help = said === undefined ? `add \`${required}\`` : `add \`${required}\`: ${said}`;
    const start = { start: map.start, end: map.start };
    problems.push({
      code: 'flow.property-missing',
      at: start,
      path: `${path}.${required}`,
      message,
      help,
    });
  }
  reportProblems(reading, problems);
  return values;
}

function reportDeprecated(
  reading: Reading,
  { key, keyPlace }: YamlEntry,
  at: string,
  schema: PropertySchema,
  owner: string,
): void {
  const message = `\`${key}\` of ${owner} is deprecated`;
  const { description } = schema;
  const help = description === undefined ? {} : { help: description.replace(/\.$/, '') };
  reading.list.report('flow.property-deprecated', keyPlace, at, message, help);
}

function reportUnknown(
  reading: Reading,
  key: string,
  one: YamlEntry,
  at: string,
  entry: TypeEntry,
  otherNames: readonly string[],
): void {
  const owners = blockOwners.get(key);
  if (owners !== undefined && one.value.kind === 'list') {
    reading.hidesTasks = true;
    const message = `\`${entry.type}\` has no block \`${key}\``;
    const short = owners.slice(0, 4).map((type) => type.slice(type.lastIndexOf('.') + 1));
    const help = `blocks \`${key}\` belong to types such as ${short.join(', ')}`;
    reading.list.report('flow.block-misplaced', one.keyPlace, at, message, { help });
    return;
  }
  const names = [...Object.keys(entry.schema.properties ?? {}), ...otherNames];
  const message = `\`${key}\` is not a property of \`${entry.type}\``;
  const own = Object.keys(entry.schema.properties ?? {}).slice(0, 12);
  const help = didYouMean(
    key,
    names,
    own.length === 0
      ? 'the type has no properties of its own'
      : `the type has ${own.map((name) => `\`${name}\``).join(', ')}`,
  );
  reading.list.report('flow.property-unknown', one.keyPlace, at, message, { help });
}
