/**
 * Reads tasks: resolves the type, merges plugin defaults, tells apart what every task may say, the
 * blocks of tasks inside, and the properties of the type, and checks each.
 */
import { type Block, type Flowable, flowableOf, foreignProperties } from './block-grammar.ts';
import {
  checkDependencies,
  checkDurations,
  checkLoopValues,
  checkSubflow,
  checkSwitch,
} from './check-flowables.ts';
import { checkSchema, type SchemaProblem } from './check-schema.ts';
import { parseDuration } from './duration.ts';
import { checkSpends, readTaskGovernance } from './task-governance.ts';
import type { InputDefinition, Task } from './flow.ts';
import { readInputDefinitions } from './parse-inputs.ts';
import { readId, readRetry } from './parse-parts.ts';
import { canonicalProperties, readProperties, withDefaults } from './read-properties.ts';
import {
  addTemplates,
  enterpriseProperties,
  itemsOf,
  type Reading,
  reportEnterprise,
  reportProblems,
} from './reading.ts';
import { resolveType } from './resolve-type.ts';
import { taskProperties } from './shapes.ts';
import { didYouMean } from './suggest.ts';
import type { BlockOrder, TaskSite } from './task-site.ts';
import type { TypeEntry } from './type-catalogue.ts';
import { booleanOf, child, isNothing, textOf, type YamlMap, type YamlNode } from './yaml-tree.ts';

/** Where a list of tasks stands. */
interface BlockPlace {
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
  checkSpends(reading, map, path, entry);
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
      : readForm(reading, map, path, grammar.form, site);
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
  site: TaskSite,
): InputDefinition[] | undefined {
  const node = child(map, form);
  return node === undefined
    ? undefined
    : readInputDefinitions(reading, node, `${path}.${form}`, site);
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
  | 'governance'
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
  const governance = child(map, 'governance');
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
    ...(governance?.kind === 'map' ? { governance: readTaskGovernance(governance) } : {}),
  };
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
