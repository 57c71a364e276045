/**
 * Reads tasks: resolves the type, merges plugin defaults, tells apart what every task may say, the
 * blocks of tasks inside, and the properties of the type, and checks each.
 */
import {
  type Block,
  blockOwners,
  durationsOf,
  type Flowable,
  flowableOf,
  foreignProperties,
} from './block-grammar.ts';
import { checkSchema, hasTemplate, type SchemaProblem } from './check-schema.ts';
import { suggestType } from './create-type-catalogue.ts';
import { findCycle, shownCycle } from './find-cycle.ts';
import type { InputDefinition, Task } from './flow.ts';
import { parseDuration } from './duration.ts';
import { readInputDefinitions } from './parse-inputs.ts';
import { readId, readRetry } from './parse-parts.ts';
import { readJson } from './read-json.ts';
import type { PluginDefault } from './plugin-defaults.ts';
import {
  addTemplates,
  enterpriseProperties,
  itemsOf,
  type Reading,
  reportEnterprise,
  reportProblems,
} from './reading.ts';
import { taskProperties } from './shapes.ts';
import { didYouMean } from './suggest.ts';
import type { BlockOrder, TaskSite } from './task-site.ts';
import type { PropertySchema, TypeEntry } from './type-catalogue.ts';
import { emptyMap, type ValueMap } from '../value/index.ts';
import {
  booleanOf,
  child,
  isNothing,
  textOf,
  toValue,
  type YamlEntry,
  type YamlMap,
  type YamlNode,
} from './yaml-tree.ts';

/** Where a list of tasks stands. */
export interface BlockPlace {
  readonly parent: TaskSite | undefined;
  readonly block: string;
  readonly phase: number;
  readonly order: BlockOrder;
  /** The index of the first task. */
  readonly firstIndex?: number;
  readonly isRunnableOnly?: boolean;
}

/** Reads a list of tasks. */
export function readTasks(
  reading: Reading,
  node: YamlNode | undefined,
  path: string,
  place: BlockPlace,
): Task[] {
  if (isNothing(node)) return [];
  if (node.kind !== 'list') reading.hidesTasks = true;
  const tasks: Task[] = [];
  for (const [index, item] of itemsOf(reading, node, path).entries()) {
    const at = `${path}[${index}]`;
    const task = readTask(reading, item, at, place, (place.firstIndex ?? 0) + index, []);
    if (task !== undefined) tasks.push(task);
  }
  return tasks;
}

function reportEmpty(reading: Reading, node: YamlNode, path: string): void {
  reading.list.report('flow.tasks-empty', node, path, `\`${path}\` holds no task`);
}

/** Reads the tasks of a Dag: each stands under `task`, beside the ids it waits for. */
function readDagTasks(
  reading: Reading,
  node: YamlNode,
  path: string,
  place: BlockPlace,
  dependsOn: Record<string, readonly string[]>,
): Task[] {
  const tasks: Task[] = [];
  const waits: {
    id: string;
    on: { id: string; node: YamlNode; path: string }[];
    node: YamlNode;
  }[] = [];
  for (const [index, item] of itemsOf(reading, node, path).entries()) {
    const at = `${path}[${index}]`;
    const inner = item.kind === 'map' ? child(item, 'task') : undefined;
    if (item.kind !== 'map' || inner === undefined) {
      reading.hidesTasks = true;
      const message = 'an item of a Dag has no `task`';
      const help = 'write `- task:` with the task below it, and `dependsOn:` beside `task`';
      reading.list.report('flow.property-missing', item, `${at}.task`, message, { help });
      continue;
    }
    for (const [key, entry] of item.entries) {
      if (key === 'task' || key === 'dependsOn') continue;
      const message = `\`${key}\` is not a property of an item of a Dag`;
      const help = didYouMean(key, ['task', 'dependsOn'], 'it has `task` and `dependsOn`');
      reading.list.report('flow.property-unknown', entry.keyPlace, `${at}.${key}`, message, {
        help,
      });
    }
    const on = itemsOf(reading, item.entries.get('dependsOn')?.value, `${at}.dependsOn`).flatMap(
      (one, position) => {
        const id = textOf(one);
        return id === undefined ? [] : [{ id, node: one, path: `${at}.dependsOn[${position}]` }];
      },
    );
    const ids = on.map((one) => one.id);
    const task = readTask(reading, inner, `${at}.task`, place, index, ids);
    if (task === undefined) continue;
    tasks.push(task);
    waits.push({ id: task.id, on, node: inner });
    dependsOn[task.id] = ids;
  }
  checkDependencies(reading, waits, path);
  return tasks;
}

function checkDependencies(
  reading: Reading,
  waits: readonly {
    id: string;
    on: { id: string; node: YamlNode; path: string }[];
    node: YamlNode;
  }[],
  path: string,
): void {
  const byId = new Map(waits.map((one) => [one.id, one]));
  for (const { on } of waits) {
    for (const one of on) {
      if (byId.has(one.id) || reading.hidesTasks) continue;
      const message = `\`${one.id}\` is not a task of this Dag`;
      const help = () => didYouMean(one.id, byId.keys(), 'name a task of this Dag');
      reading.list.report('flow.dependency-unknown', one.node, one.path, message, { help });
    }
  }
  const cycle = findCycle(waits.map(({ id, on }) => [id, on.map((one) => one.id)] as const));
  const first = cycle?.[0];
  if (cycle === undefined || first === undefined) return;
  const message = `tasks wait for each other: ${shownCycle(cycle)}`;
  const at = byId.get(first)?.node ?? { start: 0, end: 0 };
  reading.list.report('flow.cycle-found', at, path, message);
}

/** Finds the entry of a written type; an unknown or misplaced one is reported. */
export function resolveType(
  reading: Reading,
  map: YamlMap,
  path: string,
  kinds: readonly TypeEntry['kind'][],
): TypeEntry | undefined {
  const node = child(map, 'type');
  const written = textOf(node);
  if (node === undefined || written === undefined) {
    const noun = kinds.includes('trigger')
      ? 'trigger'
      : kinds.includes('condition')
        ? 'condition'
        : 'task';
    const start = { start: map.start, end: map.start };
    reading.list.report(
      'flow.property-missing',
      node ?? start,
      `${path}.type`,
      `a ${noun} has no \`type\``,
      {
        help:
          noun === 'task'
            ? 'add a type such as `type: core.log.Log`'
            : `add the type of the ${noun}`,
      },
    );
    return undefined;
  }
  const found = reading.catalogue.find(written);
  if (found === undefined) {
    const help = (): string => {
      const near = suggestType(written, reading.catalogue, kinds);
      return near === undefined
        ? 'list the types with `sluice task list`'
        : `did you mean \`${near}\`?`;
    };
    const shown = written.length > 120 ? `${written.slice(0, 120)}…` : written;
    const message = `the type \`${shown}\` is not known`;
    reading.list.report('flow.type-unknown', node, `${path}.type`, message, { help });
    return undefined;
  }
  const { entry, isAlias } = found;
  if (!kinds.includes(entry.kind)) {
    const noun =
      entry.kind === 'trigger' || entry.kind === 'condition' ? `a ${entry.kind}` : 'a task';
    const message = `\`${entry.type}\` is ${noun} and cannot stand here`;
    reading.list.report('flow.type-misplaced', node, `${path}.type`, message);
    return undefined;
  }
  if (isAlias) {
    const message = `the type \`${written}\` is an older spelling of \`${entry.type}\``;
    const help = `write \`type: ${entry.type}\``;
    reading.list.report('flow.type-deprecated', node, `${path}.type`, message, { help });
  }
  return entry;
}

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

const commonNames = Object.keys(taskProperties).concat('when');

/** Reads one task. */
function readTask(
  reading: Reading,
  node: YamlNode,
  path: string,
  place: BlockPlace,
  index: number,
  dependsOn: readonly string[],
): Task | undefined {
  if (node.kind !== 'map') {
    reading.hidesTasks = true;
    reading.list.report('flow.property-type-wrong', node, path, 'a task is not a map', {
      help: 'a task is a map with `id` and `type`: `- id: hello` and below it `type: core.log.Log`',
    });
    return undefined;
  }
  const id = readId(reading, node, path, 'task');
  if (id === undefined) {
    const start = { start: node.start, end: node.start };
    reading.list.report('flow.property-missing', start, `${path}.id`, 'a task has no `id`', {
      help: 'add `id: some-name`',
    });
  }
  const entry = resolveType(reading, node, path, ['runnable', 'flowable']);
  if (entry === undefined) {
    reading.hidesTasks = true;
    if (id !== undefined)
      addSite(reading, node, path, place, index, dependsOn, id, 'unknown', undefined);
    return undefined;
  }
  const grammar = flowableOf(entry.type);
  const renamed = canonicalProperties(reading, node, entry, grammar?.deprecated ?? {}, path);
  const blockNames = new Set(grammar?.blocks.map((block) => block.name));
  const own = entry.schema.properties ?? {};
  const isOwn = (key: string): boolean =>
    !Object.hasOwn(taskProperties, key) && !blockNames.has(key);
  const map = withDefaults(reading, renamed, entry, taskProperties, isOwn);
  const site = addSite(reading, map, path, place, index, dependsOn, id ?? '', entry.type, grammar);
  checkPlacement(reading, map, path, place, entry);
  checkCommon(reading, map, path, entry);
  const isElsewhere = (key: string): boolean =>
    blockNames.has(key) ||
    key === grammar?.form ||
    key === 'when' ||
    Object.hasOwn(taskProperties, key) ||
    enterpriseProperties.has(key);
  const known = [
    ...commonNames,
    ...blockNames,
    ...(grammar?.form === undefined ? [] : [grammar.form]),
  ];
  const properties = readProperties(reading, map, entry, path, isElsewhere, known);
  checkDurations(reading, map, path, entry);
  if (entry.type === 'core.flow.ForEach') checkLoopValues(reading, map, path);
  collectTemplates(reading, map, path, entry, site, grammar, blockNames);
  checkSubflow(reading, map, path, entry);
  const inner = readBlocks(reading, map, path, site, grammar);
  const form =
    grammar?.form === undefined || Object.hasOwn(own, grammar.form)
      ? undefined
      : readForm(reading, map, path, grammar.form);
  return {
    id: id ?? '',
    type: entry.type,
    ...readCommon(reading, map, path),
    properties,
    blocks: inner.blocks,
    ...(inner.dependsOn === undefined ? {} : { dependsOn: inner.dependsOn }),
    ...(form === undefined ? {} : { form }),
    path,
    span: reading.list.span(node),
  };
}

function readForm(
  reading: Reading,
  map: YamlMap,
  path: string,
  form: string,
): InputDefinition[] | undefined {
  const node = child(map, form);
  return node === undefined ? undefined : readInputDefinitions(reading, node, `${path}.${form}`);
}

function addSite(
  reading: Reading,
  map: YamlMap,
  path: string,
  place: BlockPlace,
  index: number,
  dependsOn: readonly string[],
  id: string,
  type: string,
  grammar: Flowable | undefined,
): TaskSite {
  const site: TaskSite = {
    id,
    type,
    parent: place.parent,
    block: place.block,
    phase: place.phase,
    order: place.order,
    index,
    depth: (place.parent?.depth ?? 0) + 1,
    isFlowable: grammar !== undefined,
    isDisabled: booleanOf(child(map, 'disabled')) === true,
    isLoop: grammar?.isLoop === true,
    hidesChildren: grammar?.hidesChildren === true,
    dependsOn,
    at: child(map, 'id') ?? map,
    path,
  };
  if (id !== '') reading.sites.push(site);
  return site;
}

function checkPlacement(
  reading: Reading,
  map: YamlMap,
  path: string,
  place: BlockPlace,
  entry: TypeEntry,
): void {
  if (place.isRunnableOnly !== true) return;
  if (entry.kind === 'runnable' && entry.type !== 'core.flow.Subflow') return;
  const message = `\`${entry.type}\` cannot stand in a WorkingDirectory`;
  reading.list.report(
    'flow.child-not-runnable',
    child(map, 'type') ?? map,
    `${path}.type`,
    message,
  );
}

function checkCommon(reading: Reading, map: YamlMap, path: string, entry: TypeEntry): void {
  const own = entry.schema.properties ?? {};
  const use = { root: {}, allowsTemplates: false, owner: 'a task' };
  const problems: SchemaProblem[] = [];
  for (const [key, one] of map.entries) {
    if (Object.hasOwn(own, key)) continue;
    const schema = Object.hasOwn(taskProperties, key)
      ? taskProperties[key]
      : key === 'when'
        ? taskProperties['runIf']
        : undefined;
    if (schema !== undefined) checkSchema(one.value, schema, `${path}.${key}`, key, use, problems);
    else if (enterpriseProperties.has(key)) reportEnterprise(reading, one, path);
  }
  reportProblems(reading, problems);
}

type Common = Pick<
  Task,
  | 'description'
  | 'retry'
  | 'timeout'
  | 'isDisabled'
  | 'runIf'
  | 'allowFailure'
  | 'allowWarning'
  | 'logLevel'
  | 'logToFile'
  | 'cache'
>;

function readCommon(reading: Reading, map: YamlMap, path: string): Common {
  const description = textOf(child(map, 'description'));
  const retry = readRetry(reading, child(map, 'retry'), `${path}.retry`);
  const timeout = textOf(child(map, 'timeout'));
  const runIf = textOf(child(map, 'runIf') ?? child(map, 'when'));
  const logLevel = textOf(child(map, 'logLevel'));
  const cache = child(map, 'taskCache');
  const ttl = cache?.kind === 'map' ? textOf(child(cache, 'ttl')) : undefined;
  const ttlMs = ttl === undefined ? undefined : parseDuration(ttl);
  return {
    ...(description === undefined ? {} : { description }),
    ...(retry === undefined ? {} : { retry }),
    ...(timeout === undefined ? {} : { timeout }),
    isDisabled: booleanOf(child(map, 'disabled')) ?? false,
    ...(runIf === undefined ? {} : { runIf }),
    allowFailure: booleanOf(child(map, 'allowFailure')) ?? false,
    allowWarning: booleanOf(child(map, 'allowWarning')) ?? false,
    ...(logLevel === undefined ? {} : { logLevel }),
    logToFile: booleanOf(child(map, 'logToFile')) ?? false,
    ...(cache?.kind === 'map'
      ? {
          cache: {
            isEnabled: booleanOf(child(cache, 'enabled')) ?? false,
            ...(ttlMs === undefined ? {} : { ttlMs }),
          },
        }
      : {}),
  };
}

/** Checks durations that the language itself waits for, whatever the catalogue says of their form. */
function checkDurations(reading: Reading, map: YamlMap, path: string, entry: TypeEntry): void {
  for (const steps of durationsOf(entry.type)) {
    let node: YamlNode | undefined = map;
    for (const step of steps) node = node?.kind === 'map' ? child(node, step) : undefined;
    const text = textOf(node);
    if (node === undefined || text === undefined || hasTemplate(text)) continue;
    if (parseDuration(text) !== undefined) continue;
    const key = steps.at(-1) ?? '';
    const message = `\`${text.slice(0, 40)}\` in \`${key}\` is not a duration`;
    reading.list.report('flow.duration-invalid', node, `${path}.${steps.join('.')}`, message);
  }
}

/** Checks the values of a ForEach, as far as they are written out. */
function checkLoopValues(reading: Reading, map: YamlMap, path: string): void {
  const node = child(map, 'values');
  const at = `${path}.values`;
  if (node?.kind === 'list') {
    for (const [index, item] of node.items.entries()) {
      const value = item.kind === 'scalar' ? item.value : item.kind;
      const isAllowed =
        item.kind === 'map' ||
        (item.kind === 'scalar' && (typeof value === 'string' || Number.isSafeInteger(value)));
      if (isAllowed) continue;
      const message = 'a value of a ForEach is neither a text, a whole number nor a map';
      const help = 'put it in quotes, or give the values as JSON text';
      reading.list.report('flow.property-value-wrong', item, `${at}[${index}]`, message, { help });
    }
    return;
  }
  const text = textOf(node);
  if (node === undefined || text === undefined || hasTemplate(text)) return;
  const read = readJson(text);
  if (read !== undefined && Array.isArray(read.value)) return;
  const help = 'write a list, or a text such as `["a", "b"]`';
  reading.list.report('flow.json-invalid', node, at, '`values` is not a JSON list', { help });
}

/** Types whose description people read while the task waits, so that it is rendered. */
const renderedDescriptions = new Set([
  'core.flow.Pause',
  'core.flow.Approval',
  'ee.flow.HumanTask',
]);

function collectTemplates(
  reading: Reading,
  map: YamlMap,
  path: string,
  entry: TypeEntry,
  site: TaskSite,
  grammar: Flowable | undefined,
  blockNames: ReadonlySet<string>,
): void {
  const foreign = foreignProperties(entry.type);
  for (const [key, one] of map.entries) {
    if (key === 'id' || key === 'type' || blockNames.has(key) || key === grammar?.form) continue;
    const at = `${path}.${key}`;
    if (key === 'description') {
      if (renderedDescriptions.has(entry.type))
        addTemplates(reading, one.value, at, { reader: 'text', site });
      continue;
    }
    if (foreign.includes(key)) {
      addTemplates(reading, one.value, at, { reader: 'foreign', site });
      continue;
    }
    // What a worker renders itself may read names of its own, such as the fields of a record.
    const hasOwnNames = grammar === undefined && entry.rendering[key] === 'raw';
    const isAfterChildren = grammar?.afterChildren.includes(key) === true;
    addTemplates(reading, one.value, at, { reader: 'task', site, isAfterChildren, hasOwnNames });
  }
}

function checkSubflow(reading: Reading, map: YamlMap, path: string, entry: TypeEntry): void {
  if (entry.type !== 'core.flow.Subflow' && entry.type !== 'core.flow.ForEachItem') return;
  const namespace = textOf(child(map, 'namespace'));
  const node = child(map, 'flowId');
  const flowId = textOf(node);
  if (node === undefined || namespace === undefined || flowId === undefined) return;
  const { own } = reading;
  if (namespace !== own.namespace || flowId !== own.id) return;
  if (hasTemplate(namespace) || hasTemplate(flowId)) return;
  const message = `\`${namespace}.${flowId}\` starts itself`;
  reading.list.report('flow.subflow-recursive', node, `${path}.flowId`, message);
}

interface InnerTasks {
  readonly blocks: Readonly<Record<string, readonly Task[]>>;
  readonly dependsOn?: Readonly<Record<string, readonly string[]>>;
}

function readBlocks(
  reading: Reading,
  map: YamlMap,
  path: string,
  site: TaskSite,
  grammar: Flowable | undefined,
): InnerTasks {
  const blocks = Object.create(null) as Record<string, readonly Task[]>;
  if (grammar === undefined) return { blocks };
  let dependsOn: Record<string, readonly string[]> | undefined;
  for (const block of grammar.blocks) {
    const node = child(map, block.name);
    const at = `${path}.${block.name}`;
    if (node === undefined) {
      if (block.isRequired) reportMissingBlock(reading, map, at, block, site.type);
      continue;
    }
    if (block.isDeprecated) {
      const message = `tasks inside \`${site.type}\` are deprecated`;
      reading.list.report(
        'flow.property-deprecated',
        map.entries.get(block.name)?.keyPlace ?? node,
        at,
        message,
        {
          help: 'put them behind it',
        },
      );
    }
    const place: BlockPlace = {
      parent: site,
      block: block.name,
      phase: block.phase,
      order: block.order,
      isRunnableOnly: grammar.isRunnableOnly && block.phase === 0,
    };
    if (block.form === 'cases') {
      readCases(reading, node, at, place, blocks);
      continue;
    }
    const asOne = node.kind === 'map' && (block.form === 'task' || block.form === 'either');
    const listed: YamlNode = asOne ? { ...node, kind: 'list', items: [node] } : node;
    if (block.order === 'dag') {
      dependsOn = Object.create(null) as Record<string, readonly string[]>;
      blocks[block.name] = readDagTasks(reading, listed, at, place, dependsOn);
    } else if (block.form === 'task' && node.kind === 'list') {
      const message = `\`${block.name}\` is a list, but has to be one task`;
      reading.list.report('flow.property-type-wrong', node, at, message, {
        help: 'write one task without a dash',
      });
    } else if (asOne) {
      const task = readTask(reading, node, at, place, 0, []);
      if (task !== undefined) blocks[block.name] = [task];
    } else {
      const tasks = readTasks(reading, listed, at, place);
      if (tasks.length > 0) blocks[block.name] = tasks;
    }
    if (block.isRequired && listed.kind === 'list' && listed.items.length === 0)
      reportEmpty(reading, node, at);
  }
  if (site.type === 'core.flow.Switch') checkSwitch(reading, map, path);
  return { blocks, ...(dependsOn === undefined ? {} : { dependsOn }) };
}

function reportMissingBlock(
  reading: Reading,
  map: YamlMap,
  path: string,
  block: Block,
  type: string,
): void {
  const start = { start: map.start, end: map.start };
  const message = `\`${type}\` has no \`${block.name}\``;
  const help = `add \`${block.name}\` with at least one task`;
  reading.list.report('flow.property-missing', start, path, message, { help });
}

function readCases(
  reading: Reading,
  node: YamlNode,
  path: string,
  place: BlockPlace,
  blocks: Record<string, readonly Task[]>,
): void {
  if (node.kind !== 'map') {
    reading.hidesTasks = true;
    reading.list.report('flow.property-type-wrong', node, path, '`cases` is not a map', {
      help: 'write each case as a key with its tasks below: `yes:` and then `- id: …`',
    });
    return;
  }
  for (const [key, entry] of node.entries) {
    const at = `${path}.${key}`;
    const block = `cases.${key}`;
    blocks[block] = readTasks(reading, entry.value, at, { ...place, block });
  }
}

function checkSwitch(reading: Reading, map: YamlMap, path: string): void {
  const cases = child(map, 'cases');
  const defaults = child(map, 'defaults');
  const hasCase = cases?.kind === 'map' && cases.entries.size > 0;
  const hasDefault = defaults?.kind === 'list' && defaults.items.length > 0;
  if (hasCase || hasDefault) return;
  const start = { start: map.start, end: map.start };
  reading.list.report(
    'flow.switch-empty',
    start,
    path,
    'a Switch has neither `cases` nor `defaults`',
  );
}
