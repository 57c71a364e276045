/**
 * What the readers of the parts of a flow have in common: the diagnostics, the catalogue, the
 * templates seen so far, and the check of a fixed shape.
 */
import { checkSchema, hasTemplate, type SchemaProblem } from './check-schema.ts';
import type { DiagnosticList } from './diagnostic-list.ts';
import type { PluginDefaults } from './plugin-defaults.ts';
import type { TaskSite } from './task-site.ts';
import type { PropertySchema, TypeCatalogue } from './type-catalogue.ts';
import { type YamlEntry, type YamlMap, type YamlNode, type YamlScalar } from './yaml-tree.ts';

/** Where a template stands; it decides what the template may read. */
export interface TemplateUse {
  readonly node: YamlScalar;
  readonly path: string;
  /**
   * `task`: a property of the task `site`; `end`: read after all tasks; `inputs`: before any task;
   * `foreign`: evaluated elsewhere, so only its syntax is checked; `text`: a description, of which
   * even the syntax is only a warning.
   */
  readonly reader: 'task' | 'end' | 'inputs' | 'foreign' | 'text';
  readonly site?: TaskSite;
  /** True when the property is evaluated after the tasks inside `site`. */
  readonly isAfterChildren?: boolean;
  /** True when whoever renders the template adds names that the language does not know. */
  readonly hasOwnNames?: boolean;
}

/** The state of reading one file. */
export interface Reading {
  readonly list: DiagnosticList;
  readonly isStrict: boolean;
  readonly catalogue: TypeCatalogue;
  readonly defaults: PluginDefaults;
  readonly templates: TemplateUse[];
  readonly sites: TaskSite[];
  /** Namespace and id of the flow that is read. */
  readonly own: { readonly namespace: string | undefined; readonly id: string | undefined };
  /** True when a part could not be read, so that tasks may be missing from `sites`. */
  hidesTasks: boolean;
}

/** A fixed shape: a schema with other spellings of its keys. */
export interface Shape extends PropertySchema {
  /** Deprecated spelling to canonical key. */
  readonly deprecated?: Readonly<Record<string, string>>;
  /** Equally good spelling to canonical key: the two dialects of the language. */
  readonly dialects?: Readonly<Record<string, string>>;
}

/** Properties that only the enterprise edition knows: without effect here, refused under `strict`. */
export const enterpriseProperties: ReadonlySet<string> = new Set([
  'workerGroup',
  'workerSelector',
  'assets',
  'quotas',
  'policyRefs',
  'version',
]);

/** Adds the problems that a schema found. */
export function reportProblems(reading: Reading, problems: readonly SchemaProblem[]): void {
  for (const { code, at, path, message, help } of problems) {
    reading.list.report(code, at, path, message, help === undefined ? {} : { help });
  }
}

/** Reports a property of the enterprise edition. */
export function reportEnterprise(reading: Reading, entry: YamlEntry, path: string): void {
  const { key, keyPlace } = entry;
  if (reading.isStrict) {
    const message = `\`${key}\` belongs to the enterprise edition`;
    reading.list.report('flow.property-refused', keyPlace, `${path}.${key}`, message);
  } else {
    const message = `\`${key}\` has no effect`;
    reading.list.report('flow.property-ignored', keyPlace, `${path}.${key}`, message);
  }
}

/** Returns `map` with deprecated keys renamed, each reported; the canonical key wins over its old name. */
function renameKeys(
  reading: Reading,
  map: YamlMap,
  renames: Readonly<Record<string, string>>,
  path: string,
  isSilent: boolean,
): YamlMap {
  let entries: Map<string, YamlEntry> | undefined;
  for (const [key, entry] of map.entries) {
    const canonical = Object.hasOwn(renames, key) ? renames[key] : undefined;
    if (canonical === undefined) continue;
    entries ??= new Map(map.entries);
    entries.delete(key);
    if (!map.entries.has(canonical)) entries.set(canonical, { ...entry, key: canonical });
    if (isSilent) continue;
    const message = `\`${key}\` is deprecated; its name is \`${canonical}\``;
    const help = `write \`${canonical}\``;
    const inner = path === '' ? key : `${path}.${key}`;
    reading.list.report('flow.property-deprecated', entry.keyPlace, inner, message, { help });
  }
  return entries === undefined ? map : { ...map, entries };
}

/** Checks `node` against a fixed shape; returns it with canonical keys, or nothing when it is no map. */
export function checkShape(
  reading: Reading,
  node: YamlNode,
  shape: Shape,
  path: string,
  owner: string,
): YamlMap | undefined {
  if (node.kind !== 'map') {
    const message = `${owner} is not a map`;
    reading.list.report('flow.property-type-wrong', node, path, message, {
      help: 'write `key: value` pairs',
    });
    return undefined;
  }
  let map = renameKeys(reading, node, shape.deprecated ?? {}, path, false);
  map = renameKeys(reading, map, shape.dialects ?? {}, path, true);
  const properties = shape.properties ?? {};
  let checked = map;
  for (const [key, entry] of map.entries) {
    if (!enterpriseProperties.has(key) || Object.hasOwn(properties, key)) continue;
    reportEnterprise(reading, entry, path);
    const entries = new Map(checked.entries);
    entries.delete(key);
    checked = { ...checked, entries };
  }
  const problems: SchemaProblem[] = [];
  checkSchema(
    checked,
    shape,
    path,
    owner,
    { root: shape, allowsTemplates: false, owner },
    problems,
  );
  reportProblems(reading, problems);
  return checked;
}

/** Returns the items of a list, or nothing (reported) when `node` is something else. */
export function itemsOf(
  reading: Reading,
  node: YamlNode | undefined,
  path: string,
): readonly YamlNode[] {
  if (node === undefined || (node.kind === 'scalar' && node.value === null)) return [];
  if (node.kind === 'list') return node.items;
  const key = path.slice(path.lastIndexOf('.') + 1);
  reading.list.report('flow.property-type-wrong', node, path, `\`${key}\` is not a list`, {
    help: 'begin each item with a dash: `- …`',
  });
  return [];
}

/** Calls `visit` for every text in `node` that holds a template, keys of maps aside. */
export function visitTemplates(
  node: YamlNode,
  path: string,
  visit: (scalar: YamlScalar, path: string) => void,
): void {
  if (node.kind === 'scalar') {
    if (typeof node.value === 'string' && (hasTemplate(node.value) || node.value.includes('{#')))
      visit(node, path);
  } else if (node.kind === 'list') {
    for (const [index, item] of node.items.entries())
      visitTemplates(item, `${path}[${index}]`, visit);
  } else {
    for (const [key, entry] of node.entries) {
      visitTemplates(entry.value, path === '' ? key : `${path}.${key}`, visit);
    }
  }
}

/** Remembers every template in `node` for the check at the end. */
export function addTemplates(
  reading: Reading,
  node: YamlNode | undefined,
  path: string,
  use: Omit<TemplateUse, 'node' | 'path'>,
): void {
  if (node === undefined) return;
  visitTemplates(node, path, (scalar, at) =>
    reading.templates.push({ ...use, node: scalar, path: at }),
  );
}
