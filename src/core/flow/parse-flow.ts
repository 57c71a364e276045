/**
 * The language: YAML text to a flow, or to what is wrong with it. Problems of the YAML itself are
 * reported alone, since nothing behind them can be trusted; all others together, in one run.
 *
 * INVARIANT: a flow is returned exactly when no diagnostic is an error, and it is frozen.
 */
import { emptyMap, isTime, Double, type ValueMap } from '../value/index.ts';
import { type Compile, checkTemplates } from './check-templates.ts';
import { createTypeCatalogue } from './create-type-catalogue.ts';
import type { Diagnostic } from './diagnostic.ts';
import { DiagnosticList } from './diagnostic-list.ts';
import type { Check, Flow, Governance, InputDefinition, ServiceLevel, Task } from './flow.ts';
import { readInputDefinitions, readOutputDefinitions } from './parse-inputs.ts';
import { durationOf, readId, readLabels, readRetry, reportDuplicates } from './parse-parts.ts';
import { readTasks } from './parse-task.ts';
import { readConditions, readTriggers } from './parse-triggers.ts';
import { PluginDefaults } from './plugin-defaults.ts';
import { readYaml } from './read-yaml.ts';
import { addTemplates, checkShape, itemsOf, type Reading } from './reading.ts';
import {
  concurrencyShape,
  flowShape,
  governanceShape,
  listenerShape,
  pluginDefaultShape,
  preflightShape,
  serviceLevelShape,
  serviceLevelShapes,
  taskProperties,
  triggerProperties,
} from './shapes.ts';
import { didYouMean } from './suggest.ts';
import { triggerTypes } from './trigger-types.ts';
import type { TypeCatalogue } from './type-catalogue.ts';
import {
  booleanOf,
  child,
  isNothing,
  numberOf,
  textOf,
  toValue,
  type YamlMap,
  type YamlNode,
} from './yaml-tree.ts';

/** What parsing needs beside the text. */
export interface ParseOptions {
  /** The name of the file, for diagnostics. */
  readonly file: string;
  readonly catalogue: TypeCatalogue;
  /** Refuse what only this system accepts. */
  readonly strict?: boolean;
  /** Compiles templates; without it they are not checked. */
  readonly compile?: Compile;
}

/** The flow when there is no error, and everything worth saying. */
export interface ParsedFlow {
  readonly flow?: Flow;
  readonly diagnostics: Diagnostic[];
}

const languageTypes = createTypeCatalogue(triggerTypes);

function withLanguageTypes(catalogue: TypeCatalogue): TypeCatalogue {
  return {
    find: (type) => catalogue.find(type) ?? languageTypes.find(type),
    all: () => [...catalogue.all(), ...languageTypes.all()],
  };
}

/** Ids that clash with addresses of the interface. */
const reservedIds = new Set([
  'pause',
  'resume',
  'force-run',
  'change-status',
  'kill',
  'executions',
  'search',
  'source',
  'disable',
  'enable',
]);

const namespaceLengthMax = 150;

/** Returns the flow that `source` describes, and what is wrong or doubtful in it. */
export function parseFlow(source: string, options: ParseOptions): ParsedFlow {
  const list = new DiagnosticList(options.file, source);
  const root = readYaml(source, list);
  if (root === undefined) return { diagnostics: list.sorted() };
  const reading: Reading = {
    list,
    isStrict: options.strict === true,
    catalogue: withLanguageTypes(options.catalogue),
    defaults: new PluginDefaults(),
    templates: [],
    sites: [],
    own: { namespace: textOf(child(root, 'namespace')), id: textOf(child(root, 'id')) },
    hidesTasks: false,
  };
  const flow = readFlow(reading, root, source);
  if (flow !== undefined && options.compile !== undefined) {
    checkTemplates(reading, declaredIn(reading, flow, source), options.compile);
  }
  const diagnostics = list.sorted();
  return flow === undefined || list.hasErrors
    ? { diagnostics }
    : { flow: freeze(flow), diagnostics };
}

function readFlow(reading: Reading, root: YamlMap, source: string): Flow | undefined {
  const map = checkShape(reading, root, flowShape, '', 'the flow');
  if (map === undefined) return undefined;
  const id = readId(reading, map, '', 'dotted') ?? '';
  checkNames(reading, map, id);
  readPluginDefaults(reading, child(map, 'pluginDefaults'));
  const description = textOf(child(map, 'description'));
  const retry = readRetry(reading, child(map, 'retry'), 'retry');
  const concurrency = readConcurrency(reading, child(map, 'concurrency'));
  const governance = readGovernance(reading, child(map, 'governance'));
  const variables = child(map, 'variables');
  addTemplates(reading, variables, 'variables', { reader: 'foreign' });
  const flow: Flow = {
    id,
    namespace: reading.own.namespace ?? '',
    ...(description === undefined ? {} : { description }),
    labels: readLabels(reading, child(map, 'labels'), 'labels'),
    inputs: readInputDefinitions(reading, child(map, 'inputs'), 'inputs'),
    variables: variables?.kind === 'map' ? (toValue(variables) as ValueMap) : emptyMap(),
    ...readAllTasks(reading, map),
    triggers: readTriggers(reading, child(map, 'triggers')),
    ...(concurrency === undefined ? {} : { concurrency }),
    outputs: readOutputDefinitions(reading, child(map, 'outputs')),
    ...(retry === undefined ? {} : { retry }),
    serviceLevels: readServiceLevels(reading, child(map, 'sla')),
    checks: readChecks(reading, child(map, 'checks')),
    isDisabled: booleanOf(child(map, 'disabled')) ?? false,
    ...(governance === undefined ? {} : { governance }),
    source,
  };
  reportDuplicates(reading, reading.sites, 'tasks');
  return flow;
}

function checkNames(reading: Reading, map: YamlMap, id: string): void {
  const node = child(map, 'id');
  if (node !== undefined && reservedIds.has(id)) {
    const message = `the id \`${id}\` clashes with an address of the interface`;
    reading.list.report('flow.id-reserved', node, 'id', message);
  }
  const place = child(map, 'namespace');
  const namespace = textOf(place);
  if (place === undefined || namespace === undefined) return;
  if (!/^[a-z0-9][a-z0-9._-]*$/.test(namespace)) {
    const message = `\`${namespace.slice(0, 60)}\` is not a namespace`;
    reading.list.report('flow.namespace-invalid', place, 'namespace', message);
  } else if (namespace.length > namespaceLengthMax) {
    const message = `the namespace is longer than ${namespaceLengthMax} characters`;
    reading.list.report('flow.namespace-invalid', place, 'namespace', message, {
      help: 'shorten it',
    });
  }
}

type TaskParts = Pick<Flow, 'tasks' | 'errors' | 'finally' | 'afterExecution' | 'listeners'>;

function readAllTasks(reading: Reading, map: YamlMap): TaskParts {
  const place = (block: string, phase: number) =>
    ({ parent: undefined, block, phase, order: 'sequence' }) as const;
  const node = child(map, 'tasks');
  if (node?.kind === 'list' && node.items.length === 0)
    reading.list.report('flow.tasks-empty', node, 'tasks', '`tasks` holds no task');
  return {
    tasks: readTasks(reading, node, 'tasks', place('tasks', 0)),
    errors: readTasks(reading, child(map, 'errors'), 'errors', place('errors', 1)),
    finally: readTasks(reading, child(map, 'finally'), 'finally', place('finally', 2)),
    afterExecution: readTasks(
      reading,
      child(map, 'afterExecution'),
      'afterExecution',
      place('afterExecution', 3),
    ),
    listeners: readListeners(reading, map),
  };
}

function readListeners(reading: Reading, map: YamlMap): Flow['listeners'] {
  const entry = map.entries.get('listeners');
  if (entry === undefined || isNothing(entry.value)) return [];
  const message = '`listeners` is deprecated; `afterExecution` and Flow triggers replace it';
  const help = 'write `afterExecution`';
  reading.list.report('flow.property-deprecated', entry.keyPlace, 'listeners', message, { help });
  const listeners: { conditions: ValueMap[]; tasks: Task[] }[] = [];
  let firstIndex = 0;
  for (const [index, item] of itemsOf(reading, entry.value, 'listeners').entries()) {
    const path = `listeners[${index}]`;
    const listener = checkShape(reading, item, listenerShape, path, 'a listener');
    if (listener === undefined) continue;
    const tasks = child(listener, 'tasks');
    if (tasks?.kind === 'list' && tasks.items.length === 0)
      reading.list.report('flow.tasks-empty', tasks, `${path}.tasks`, 'a listener holds no task');
    listeners.push({
      conditions: readConditions(reading, child(listener, 'conditions'), `${path}.conditions`),
      tasks: readTasks(reading, tasks, `${path}.tasks`, {
        parent: undefined,
        block: 'listeners',
        phase: 4,
        order: 'sequence',
        firstIndex,
      }),
    });
    firstIndex += tasks?.kind === 'list' ? tasks.items.length : 0;
  }
  return listeners;
}

function readPluginDefaults(reading: Reading, node: YamlNode | undefined): void {
  for (const [index, item] of itemsOf(reading, node, 'pluginDefaults').entries()) {
    const path = `pluginDefaults[${index}]`;
    const map = checkShape(reading, item, pluginDefaultShape, path, 'a plugin default');
    const type = map === undefined ? undefined : textOf(child(map, 'type'));
    const values = map === undefined ? undefined : child(map, 'values');
    if (map === undefined || type === undefined || values?.kind !== 'map') continue;
    for (const [key, entry] of values.entries) {
      if (!isNothing(entry.value)) continue;
      const message = `the default \`${key}\` is null`;
      const help = 'give a value, or remove the key';
      const at = `${path}.values.${key}`;
      reading.list.report('flow.plugin-default-invalid', entry.keyPlace, at, message, { help });
    }
    const found = reading.catalogue.find(type);
    if (found === undefined) reportUnusedDefault(reading, map, type, path);
    else checkDefaultKeys(reading, values, found.entry.type, path);
    reading.defaults.add({
      type: found?.entry.type ?? type,
      isExact: found !== undefined,
      isForced: booleanOf(child(map, 'forced')) ?? false,
      values,
    });
  }
}

function reportUnusedDefault(reading: Reading, map: YamlMap, type: string, path: string): void {
  const isPackage = reading.catalogue
    .all()
    .some(
      (entry) => entry.type.startsWith(type) || `io.kestra.plugin.${entry.type}`.startsWith(type),
    );
  if (isPackage) return;
  const message = `\`${type}\` is neither a type nor the beginning of one`;
  reading.list.report(
    'flow.plugin-default-invalid',
    child(map, 'type') ?? map,
    `${path}.type`,
    message,
    {
      severity: 'warning',
      help: 'mend the type; the default applies to nothing',
    },
  );
}

function checkDefaultKeys(reading: Reading, values: YamlMap, type: string, path: string): void {
  const entry = reading.catalogue.find(type)?.entry;
  if (entry === undefined) return;
  const common = entry.kind === 'trigger' ? triggerProperties : taskProperties;
  const known = new Set([
    ...Object.keys(entry.schema.properties ?? {}),
    ...Object.keys(entry.propertyAliases),
    ...entry.ignoredProperties,
    ...Object.keys(common),
  ]);
  if (entry.schema.additionalProperties === true) return;
  for (const [key, one] of values.entries) {
    if (known.has(key)) continue;
    const message = `\`${key}\` is not a property of \`${type}\``;
    const help = didYouMean(key, known, 'remove it');
    const at = `${path}.values.${key}`;
    reading.list.report('flow.property-unknown', one.keyPlace, at, message, { help });
  }
}

function readConcurrency(reading: Reading, node: YamlNode | undefined): Flow['concurrency'] {
  if (isNothing(node)) return undefined;
  const map = checkShape(reading, node, concurrencyShape, 'concurrency', '`concurrency`');
  const limit = map === undefined ? undefined : numberOf(child(map, 'limit'));
  if (map === undefined || limit === undefined) return undefined;
  const behavior = textOf(child(map, 'behavior')) ?? 'QUEUE';
  return { limit, behavior: behavior as 'QUEUE' | 'CANCEL' | 'FAIL' };
}

function readServiceLevels(reading: Reading, node: YamlNode | undefined): ServiceLevel[] {
  const levels: ServiceLevel[] = [];
  const places: { id: string; at: YamlNode; path: string }[] = [];
  for (const [index, item] of itemsOf(reading, node, 'sla').entries()) {
    const path = `sla[${index}]`;
    const type = item.kind === 'map' ? textOf(child(item, 'type')) : undefined;
    const known = type !== undefined && Object.hasOwn(serviceLevelShapes, type);
    const shape = known ? serviceLevelShapes[type] : undefined;
    const map = checkShape(reading, item, shape ?? serviceLevelShape, path, 'a service level');
    if (map === undefined) continue;
    const id = readId(reading, map, path, 'dotted');
    const assert = textOf(child(map, 'assert'));
    addTemplates(reading, child(map, 'assert'), `${path}.assert`, { reader: 'end' });
    const durationMs = durationOf(map, 'duration');
    const labels = readLabels(reading, child(map, 'labels'), `${path}.labels`);
    if (id === undefined || !known) continue;
    places.push({ id, at: item, path });
    levels.push({
      id,
      type: type as ServiceLevel['type'],
      behavior: (textOf(child(map, 'behavior')) ?? 'NONE') as ServiceLevel['behavior'],
      ...(durationMs === undefined ? {} : { durationMs }),
      ...(assert === undefined ? {} : { assert }),
      labels,
    });
  }
  reportDuplicates(reading, places, 'service levels');
  return levels;
}

function readChecks(reading: Reading, node: YamlNode | undefined): Check[] {
  const checks: Check[] = [];
  for (const [index, item] of itemsOf(reading, node, 'checks').entries()) {
    const path = `checks[${index}]`;
    const map = checkShape(reading, item, preflightShape, path, 'a check');
    if (map === undefined) continue;
    addTemplates(reading, map, path, { reader: 'inputs' });
    const condition = textOf(child(map, 'condition'));
    if (condition === undefined) continue;
    checks.push({
      condition,
      message: textOf(child(map, 'message')) ?? '',
      style: (textOf(child(map, 'style')) ?? 'INFO') as Check['style'],
      behavior: (textOf(child(map, 'behavior')) ?? 'BLOCK_EXECUTION') as Check['behavior'],
    });
  }
  return checks;
}

function readGovernance(reading: Reading, node: YamlNode | undefined): Governance | undefined {
  if (isNothing(node)) return undefined;
  const map = checkShape(reading, node, governanceShape, 'governance', '`governance`');
  if (map === undefined) return undefined;
  // The shape has checked every part, so that the value is what the type says.
  return toValue(map) as unknown as Governance;
}

function declaredIn(reading: Reading, flow: Flow, source: string) {
  const inputs = new Set(flow.inputs.map((one) => one.id));
  const addForms = (tasks: readonly Task[]): void => {
    for (const task of tasks) {
      for (const one of (task.form ?? []) satisfies readonly InputDefinition[]) inputs.add(one.id);
      for (const inner of Object.values(task.blocks)) addForms(inner);
    }
  };
  addForms(flow.tasks);
  addForms(flow.errors);
  addForms(flow.finally);
  return {
    source,
    inputs,
    variables: new Set(Object.keys(flow.variables)),
    hasOpenVariables: reading.sites.some((site) => site.type === 'core.execution.SetVariables'),
  };
}

/** Freezes plain lists and maps at every depth; dates and decimals cannot change anyway. */
function freeze<T>(value: T): T {
  if (value === null || typeof value !== 'object' || Object.isFrozen(value)) return value;
  if (value instanceof Double || isTime(value)) return value;
  Object.freeze(value);
  for (const part of Object.values(value)) freeze(part);
  return value;
}
