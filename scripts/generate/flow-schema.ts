/**
 * Writes the JSON Schema of flow files for editors: completion, hover texts and first checks while
 * typing. It is draft 7, which editors' YAML support knows best, and wider than the parser: whatever is
 * rendered may also be a template. What is valid is decided by `sluice validate`, not here.
 */
import { flowableOf } from '../../src/core/flow/block-grammar.ts';
import type { PropertySchema } from '../../src/core/flow/index.ts';
import { inputTypes } from '../../src/core/flow/index.ts';
import type { AnyTaskDefinition } from '../../src/ports/task.ts';
import { jsonSchemaOf } from './catalogue-entry.ts';
import { type GeneratedFile, jsonText } from './generated-file.ts';

type Schema = PropertySchema;

const template: Schema = { type: 'string', pattern: '\\{\\{|\\{%' };
const text: Schema = { type: 'string' };
const duration: Schema = { type: 'string', description: 'An ISO 8601 duration or a template' };
const map: Schema = { type: 'object' };

function list(items: Schema, description?: string): Schema {
  return { type: 'array', items, ...(description === undefined ? {} : { description }) };
}

function ref(name: string): Schema {
  return { $ref: `#/definitions/${name}` };
}

function describe(schema: Schema, description: string): Schema {
  return '$ref' in schema ? { allOf: [schema], description } : { ...schema, description };
}

const tasks = list(ref('task'));

const labels: Schema = {
  description: 'A map, or a list of `{key, value}`',
  anyOf: [
    { type: 'object', additionalProperties: { type: ['string', 'number', 'boolean'] } },
    list({
      type: 'object',
      required: ['key', 'value'],
      properties: { key: text, value: { type: ['string', 'number', 'boolean'] } },
    }),
  ],
};

const retry: Schema = {
  type: 'object',
  required: ['type'],
  properties: {
    type: { enum: ['constant', 'exponential', 'random'] },
    interval: duration,
    maxInterval: duration,
    minInterval: duration,
    delayFactor: { type: 'number' },
    maxAttempts: { type: 'integer', minimum: 1 },
    maxAttempt: { type: 'integer', minimum: 1 },
    maxDuration: duration,
    warningOnRetry: { type: 'boolean' },
    behavior: { enum: ['RETRY_FAILED_TASK', 'CREATE_NEW_EXECUTION'] },
  },
  additionalProperties: false,
};

const onUnknown: Schema = {
  enum: ['retry', 'fail', 'ask'],
  description:
    'What follows when a process ended and nobody knows whether the effect of the task took place; default: ask',
};

const amount = (what: string): Schema => ({
  description: `${what}; a whole number from 0 or a template`,
  anyOf: [{ type: 'integer', minimum: 0 }, template],
});

const spends: Schema = {
  type: 'object',
  description: 'What a run spends: set aside from the budgets that cover it before it begins',
  properties: {
    money: amount('Money in minor units of its currency'),
    currency: { ...text, description: 'The currency of the money: three capital letters' },
    messages: amount('How many messages go out'),
    tokens: amount('How many tokens of a model are used'),
    'price-changes': amount('How many prices change'),
    changePermille: amount('The size of the change in per mille, without sign, for policies'),
    subject: { ...text, description: 'Whom it concerns: `customer:812`, often a template' },
  },
  additionalProperties: false,
};

const commonTaskProperties: Readonly<Record<string, Schema>> = {
  id: {
    type: 'string',
    pattern: '^[a-zA-Z0-9][a-zA-Z0-9_-]*$',
    description: 'Unique in the flow; expressions read its outputs by it',
  },
  description: { ...text, description: 'Markdown' },
  retry: describe(ref('retry'), 'How failed attempts are repeated'),
  timeout: describe(duration, 'How long one attempt may take'),
  disabled: { type: 'boolean', description: 'Leaves the task out' },
  runIf: describe(
    { type: ['string', 'boolean'] },
    'The task is skipped unless this renders to true',
  ),
  when: describe({ type: ['string', 'boolean'] }, 'The newer spelling of `runIf`'),
  allowFailure: { type: 'boolean', description: 'A final failure becomes a warning' },
  allowWarning: { type: 'boolean', description: 'A warning becomes a success' },
  logLevel: {
    enum: ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR'],
    description: 'Lowest stored level',
  },
  logToFile: { type: 'boolean', description: 'Keeps the logs as a file' },
  taskCache: {
    type: 'object',
    description: 'Reuses the outputs of an equal earlier run',
    properties: { enabled: { type: 'boolean' }, ttl: duration },
    required: ['enabled'],
    additionalProperties: false,
  },
  governance: {
    type: 'object',
    description: 'What the task says of itself to governance; all of it optional',
    properties: { onUnknown, spends },
    additionalProperties: false,
  },
  workerGroup: { type: 'object', description: 'Which workers may run it' },
};

const commonTaskReferences = Object.fromEntries(
  Object.keys(commonTaskProperties).map((name) => [name, ref(`taskProperties/properties/${name}`)]),
);

const dagTasks: Schema = list({
  type: 'object',
  required: ['task'],
  properties: { task: ref('task'), dependsOn: list(text) },
  additionalProperties: false,
});

/** Returns the blocks of tasks that the grammar gives to `type`, as properties. */
function blockProperties(type: string): Readonly<Record<string, Schema>> {
  const grammar = flowableOf(type);
  if (grammar === undefined) return {};
  const forms = {
    task: ref('task'),
    tasks,
    either: { anyOf: [ref('task'), tasks] },
    cases: { type: 'object', additionalProperties: tasks },
  } as const;
  const blocks = grammar.blocks.map(({ name, form, order }) => [
    name,
    order === 'dag' ? dagTasks : forms[form],
  ]);
  const form = grammar.form === undefined ? [] : [[grammar.form, list(ref('input'))]];
  return Object.fromEntries([...blocks, ...form]) as Readonly<Record<string, Schema>>;
}

const input: Schema = {
  type: 'object',
  required: ['id', 'type'],
  properties: {
    id: text,
    type: { enum: [...inputTypes, 'ENUM', 'BOOL'] },
    description: text,
    displayName: text,
    required: { type: 'boolean' },
    defaults: {},
    prefill: {},
    dependsOn: {
      type: 'object',
      properties: { inputs: list(text), condition: text },
      additionalProperties: false,
    },
    validator: text,
    min: { type: ['number', 'string'] },
    max: { type: ['number', 'string'] },
    after: text,
    before: text,
    values: list({ type: ['string', 'number', 'boolean'] }),
    options: list({ type: ['string', 'number', 'boolean'] }),
    expression: text,
    itemType: { enum: inputTypes },
    allowCustomValue: { type: 'boolean' },
    autoSelectFirst: { type: 'boolean' },
    isRadio: { type: 'boolean' },
    allowedFileExtensions: list(text),
    accept: {},
    extension: text,
  },
  additionalProperties: false,
};

const output: Schema = {
  type: 'object',
  required: ['id', 'type', 'value'],
  properties: {
    id: text,
    type: { enum: inputTypes },
    itemType: { enum: inputTypes },
    value: {},
    description: text,
    displayName: text,
    required: { type: 'boolean' },
  },
  additionalProperties: false,
};

const governance: Schema = {
  type: 'object',
  description: 'What the flow says of itself to governance; all of it optional',
  properties: {
    owner: { ...text, description: 'A person or group' },
    purpose: text,
    riskTier: { enum: ['minimal', 'limited', 'high', 'prohibited'] },
    stage: {
      enum: ['design', 'development', 'testing', 'deployment', 'monitoring', 'retirement'],
    },
    data: {
      type: 'object',
      properties: { classes: list(text), subjects: text, legalBasis: text, retention: duration },
      additionalProperties: false,
    },
    models: list(text, 'The only models the flow may call'),
    controls: list(text),
    kpis: list(map),
    onUnknown: describe(onUnknown, 'For every task that says nothing else'),
  },
  additionalProperties: false,
};

const flowProperties: Readonly<Record<string, Schema>> = {
  id: { type: 'string', pattern: '^[a-zA-Z0-9][a-zA-Z0-9._-]*$', maxLength: 100 },
  namespace: { type: 'string', pattern: '^[a-z0-9][a-z0-9._-]*$', maxLength: 150 },
  revision: {
    type: 'integer',
    description: 'Counted by the system; a value written here is ignored',
  },
  description: { ...text, description: 'Markdown' },
  labels,
  inputs: list(ref('input'), 'What the flow asks for when it starts'),
  variables: { type: 'object', description: 'Rendered when used' },
  tasks: { ...tasks, minItems: 1, description: 'What the flow does, in order' },
  errors: { ...tasks, description: 'Runs when a task has failed for good' },
  finally: { ...tasks, description: 'Runs after the tasks, whatever happened' },
  afterExecution: { ...tasks, description: 'Runs after the execution has its final state' },
  listeners: list(
    { type: 'object', required: ['tasks'], properties: { conditions: list(map), tasks } },
    'Deprecated; use `afterExecution`',
  ),
  triggers: list({
    type: 'object',
    required: ['id', 'type'],
    properties: { id: text, type: text },
  }),
  pluginDefaults: list(
    { type: 'object', required: ['type', 'values'], properties: { type: text, values: map } },
    'Property values for every task of a type',
  ),
  taskDefaults: list(map, 'The older spelling of `pluginDefaults`'),
  concurrency: {
    type: 'object',
    required: ['limit'],
    properties: {
      limit: { type: 'integer', minimum: 1 },
      behavior: { enum: ['QUEUE', 'CANCEL', 'FAIL'] },
    },
    additionalProperties: false,
  },
  outputs: list(ref('output'), 'What the flow gives when it ends'),
  retry: describe(ref('retry'), 'For every task without a retry of its own'),
  sla: list(map, 'Promises about time or state'),
  checks: list(map, 'Conditions on the inputs before an execution is created'),
  disabled: { type: 'boolean', description: 'The flow cannot start' },
  governance: ref('governance'),
};

/** Returns `schema` with every part that is rendered accepting a template, and its references moved to `place`. */
function rendered(schema: unknown, place: string, acceptsTemplates: boolean): unknown {
  if (Array.isArray(schema)) return schema.map((one) => rendered(one, place, acceptsTemplates));
  if (schema === null || typeof schema !== 'object') return schema;
  const { description, ...parts } = schema as Record<string, unknown>;
  const changed: Record<string, unknown> = {};
  for (const [key, part] of Object.entries(parts)) {
    if (key === '$ref' && typeof part === 'string') changed[key] = place + part.slice(1);
    else if (key === 'properties' || key === '$defs' || key === 'definitions') {
      changed[key] = Object.fromEntries(
        Object.entries(part as object).map(([name, one]) => [
          name,
          rendered(one, place, acceptsTemplates),
        ]),
      );
    } else if (['items', 'additionalProperties', 'anyOf', 'oneOf', 'allOf'].includes(key)) {
      changed[key] = rendered(part, place, acceptsTemplates);
    } else changed[key] = part;
  }
  const said = description === undefined ? {} : { description };
  const isClosed = 'type' in parts || 'enum' in parts || 'const' in parts;
  const takesAnyText =
    [parts['type']].flat().includes('string') &&
    !['enum', 'const', 'pattern', 'format', 'minLength', 'maxLength'].some((key) => key in parts);
  if (!acceptsTemplates || !isClosed || takesAnyText) return { ...changed, ...said };
  return { anyOf: [changed, template], ...said };
}

function typeDefinition(definition: AnyTaskDefinition, place: string): Schema {
  const schema = jsonSchemaOf(definition.input, 'input', 'draft-7');
  const own: Record<string, unknown> = {};
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    own[name] = rendered(property, place, definition.rendering?.[name] !== 'raw');
  }
  for (const [alias, name] of Object.entries(definition.propertyAliases ?? {})) {
    own[alias] ??= { description: `Another spelling of \`${name}\``, deprecated: true };
  }
  for (const name of definition.ignoredProperties ?? []) {
    own[name] ??= { description: 'Accepted, without effect', deprecated: true };
  }
  const aliased = new Set(Object.values(definition.propertyAliases ?? {}));
  return {
    description: definition.summary,
    type: 'object',
    properties: {
      ...commonTaskReferences,
      ...blockProperties(definition.type),
      ...(own as Record<string, Schema>),
      type: {},
    },
    required: [
      'id',
      'type',
      ...(schema.required ?? []).filter((name) => !aliased.has(name)),
      ...(flowableOf(definition.type)?.blocks ?? [])
        .filter((block) => block.isRequired)
        .map((block) => block.name),
    ],
    additionalProperties: schema.additionalProperties ?? false,
    ...(schema['definitions'] === undefined
      ? {}
      : { definitions: rendered(schema['definitions'], place, true) as Schema }),
  };
}

const longPrefix = 'io.kestra.plugin.';

function typeNames(definition: AnyTaskDefinition): readonly string[] {
  return [definition.type, longPrefix + definition.type, ...(definition.aliases ?? [])];
}

/** Returns `generated/flow.schema.json` for the task types `definitions`. */
export function flowSchemaFile(definitions: readonly AnyTaskDefinition[]): GeneratedFile {
  const types: Record<string, Schema> = {};
  for (const definition of definitions) {
    types[definition.type] = typeDefinition(definition, `#/definitions/${definition.type}`);
  }
  const schema = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Sluice flow',
    type: 'object',
    required: ['id', 'namespace', 'tasks'],
    properties: flowProperties,
    additionalProperties: false,
    definitions: {
      task: {
        type: 'object',
        required: ['id', 'type'],
        properties: { type: { enum: definitions.flatMap(typeNames) } },
        allOf: definitions.map((definition) => ({
          if: { properties: { type: { enum: typeNames(definition) } }, required: ['type'] },
          then: ref(definition.type),
        })),
      },
      taskProperties: { properties: commonTaskProperties },
      input,
      output,
      retry,
      governance,
      ...types,
    },
  };
  return { path: 'generated/flow.schema.json', content: jsonText(schema) };
}
