/**
 * The fixed shapes of the language: what stands in a flow beside the properties of task types. Each
 * is a schema, so that one checker finds unknown keys, wrong types and missing properties everywhere.
 */
import type { Shape } from './reading.ts';
import type { PropertySchema } from './type-catalogue.ts';

const text: PropertySchema = { type: 'string' };
const template: PropertySchema = { type: 'string', dynamic: true };
const flag: PropertySchema = { type: 'boolean' };
const duration: PropertySchema = { type: 'string', format: 'duration' };
const list: PropertySchema = { type: 'array' };
const anything: PropertySchema = {};
const texts: PropertySchema = { type: 'array', items: text };

/** Levels of logs. */
const logLevels = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR'] as const;

/** States in which an execution can be. */
export const executionStates = [
  'CREATED',
  'SUBMITTED',
  'RUNNING',
  'PAUSED',
  'RESTARTED',
  'KILLING',
  'SUCCESS',
  'WARNING',
  'FAILED',
  'KILLED',
  'CANCELLED',
  'CANCELED',
  'QUEUED',
  'RETRYING',
  'RETRIED',
  'SKIPPED',
  'BREAKPOINT',
  'RESUBMITTED',
] as const;

function shape(
  properties: Readonly<Record<string, PropertySchema>>,
  required: readonly string[] = [],
  more: Partial<Shape> = {},
): Shape {
  return { type: 'object', properties, required, additionalProperties: false, ...more };
}

/** The document itself. */
export const flowShape = shape(
  {
    id: text,
    namespace: text,
    revision: { type: 'integer' },
    description: text,
    labels: anything,
    inputs: list,
    variables: { type: 'object' },
    tasks: list,
    errors: list,
    finally: list,
    afterExecution: list,
    listeners: list,
    triggers: list,
    pluginDefaults: list,
    concurrency: anything,
    outputs: list,
    retry: anything,
    sla: list,
    checks: list,
    disabled: flag,
    deleted: flag,
    governance: anything,
    tenantId: text,
  },
  ['id', 'namespace', 'tasks'],
  { deprecated: { taskDefaults: 'pluginDefaults' } },
);

const unknownRule: PropertySchema = { enum: ['retry', 'fail', 'ask'] };

const amount: PropertySchema = {
  type: 'integer',
  minimum: 0,
  maximum: Number.MAX_SAFE_INTEGER,
  dynamic: true,
};

/** What a run spends. */
const spends = shape({
  money: amount,
  currency: template,
  messages: amount,
  tokens: amount,
  'price-changes': amount,
  changePermille: amount,
  subject: template,
});

/** What every task may say, whatever its type. */
export const taskProperties: Readonly<Record<string, PropertySchema>> = {
  id: text,
  type: text,
  description: text,
  retry: anything,
  timeout: { ...duration, dynamic: true },
  disabled: flag,
  runIf: { type: ['string', 'boolean'], dynamic: true },
  allowFailure: flag,
  allowWarning: flag,
  logLevel: { enum: logLevels },
  logToFile: flag,
  taskCache: shape({ enabled: flag, ttl: duration }, ['enabled']),
  governance: shape({ onUnknown: unknownRule, spends }),
};

/** What every trigger may say, whatever its type. */
export const triggerProperties: Readonly<Record<string, PropertySchema>> = {
  id: text,
  type: text,
  description: text,
  disabled: flag,
  conditions: list,
  labels: anything,
  inputs: { type: 'object' },
  stopAfter: { type: 'array', items: { enum: executionStates } },
  logLevel: { enum: logLevels },
  when: { type: ['string', 'boolean'], dynamic: true },
  allowConcurrent: flag,
  failOnTriggerError: flag,
};

const retryCommon = {
  type: { enum: ['constant', 'exponential', 'random'] },
  maxAttempts: { type: 'integer', minimum: 1 },
  maxDuration: duration,
  warningOnRetry: flag,
  behavior: { enum: ['RETRY_FAILED_TASK', 'CREATE_NEW_EXECUTION'] },
};

const retryRenames = { deprecated: { maxAttempt: 'maxAttempts' } };

/** Retries by their type. */
export const retryShapes: Readonly<Record<string, Shape>> = {
  constant: shape({ ...retryCommon, interval: duration }, ['type', 'interval'], retryRenames),
  exponential: shape(
    {
      ...retryCommon,
      interval: duration,
      maxInterval: duration,
      delayFactor: { type: 'number', exclusiveMinimum: 0 },
    },
    ['type', 'interval', 'maxInterval'],
    retryRenames,
  ),
  random: shape(
    { ...retryCommon, minInterval: duration, maxInterval: duration },
    ['type', 'minInterval', 'maxInterval'],
    retryRenames,
  ),
};

/** A retry without a known type. */
export const retryShape = shape({ type: retryCommon.type }, ['type'], {
  additionalProperties: true,
});

/** An entry of `pluginDefaults`. */
export const pluginDefaultShape = shape({ type: text, forced: flag, values: { type: 'object' } }, [
  'type',
  'values',
]);

/** The limit of concurrent executions. */
export const concurrencyShape = shape(
  {
    limit: { type: 'integer', exclusiveMinimum: 0 },
    behavior: { enum: ['QUEUE', 'CANCEL', 'FAIL'] },
  },
  ['limit'],
);

const levelCommon = {
  id: text,
  type: { enum: ['MAX_DURATION', 'EXECUTION_ASSERTION'] },
  behavior: { enum: ['FAIL', 'CANCEL', 'NONE'] },
  labels: anything,
};

/** Service levels by their type. */
export const serviceLevelShapes: Readonly<Record<string, Shape>> = {
  MAX_DURATION: shape({ ...levelCommon, duration }, ['id', 'type', 'behavior', 'duration']),
  EXECUTION_ASSERTION: shape({ ...levelCommon, assert: template }, [
    'id',
    'type',
    'behavior',
    'assert',
  ]),
};

/** A service level without a known type. */
export const serviceLevelShape = shape(levelCommon, ['id', 'type', 'behavior'], {
  additionalProperties: true,
});

/** A check before an execution is created. */
export const preflightShape = shape(
  {
    condition: { type: ['string', 'boolean'], dynamic: true },
    message: template,
    style: { enum: ['ERROR', 'SUCCESS', 'WARNING', 'INFO'] },
    behavior: { enum: ['BLOCK_EXECUTION', 'FAIL_EXECUTION', 'CREATE_EXECUTION'] },
  },
  ['condition', 'message'],
  { dialects: { when: 'condition' } },
);

/** A listener. */
export const listenerShape = shape({ conditions: list, tasks: list, description: text }, ['tasks']);

/** What the flow says of itself to governance. */
export const governanceShape = shape({
  owner: text,
  purpose: text,
  riskTier: { enum: ['minimal', 'limited', 'high', 'prohibited'] },
  stage: {
    enum: ['design', 'development', 'testing', 'deployment', 'monitoring', 'retirement'],
  },
  data: shape({ classes: texts, subjects: text, legalBasis: text, retention: duration }),
  models: texts,
  controls: texts,
  kpis: { type: 'array', items: { type: 'object', required: ['id'], properties: { id: text } } },
  onUnknown: unknownRule,
});

/** An output of the flow. */
export const outputShape = shape(
  {
    id: text,
    type: text,
    value: anything,
    description: text,
    displayName: text,
    required: flag,
    itemType: text,
  },
  ['id', 'type', 'value'],
);

const inputCommon = {
  id: text,
  type: text,
  description: text,
  displayName: text,
  required: flag,
  defaults: anything,
  prefill: anything,
  dependsOn: shape({ inputs: texts, condition: { type: ['string', 'boolean'], dynamic: true } }, [
    'inputs',
  ]),
  governance: shape({ classes: texts, subject: text }, ['classes']),
};

const choices = {
  values: { type: 'array', items: text },
  expression: template,
  allowCustomValue: flag,
  autoSelectFirst: flag,
};

const inputRenames = { deprecated: { name: 'id', options: 'values' } };

function input(
  extra: Readonly<Record<string, PropertySchema>>,
  required: readonly string[] = [],
): Shape {
  return shape({ ...inputCommon, ...extra }, ['id', 'type', ...required], inputRenames);
}

/** Inputs by their canonical type. */
export const inputShapes: Readonly<Record<string, Shape>> = {
  STRING: input({ validator: { type: 'string', format: 'regex' } }),
  EMAIL: input({}),
  SELECT: input({ ...choices, isRadio: flag }),
  MULTISELECT: input({ ...choices, itemType: text }),
  INT: input({ min: { type: 'integer' }, max: { type: 'integer' } }),
  FLOAT: input({ min: { type: 'number' }, max: { type: 'number' } }),
  BOOLEAN: input({}),
  DATETIME: input({
    after: { type: 'string', format: 'date-time' },
    before: { type: 'string', format: 'date-time' },
  }),
  DATE: input({
    after: { type: 'string', format: 'date' },
    before: { type: 'string', format: 'date' },
  }),
  TIME: input({
    after: { type: 'string', format: 'time' },
    before: { type: 'string', format: 'time' },
  }),
  DURATION: input({ min: duration, max: duration }),
  FILE: input({
    extension: text,
    allowedFileExtensions: texts,
    accept: { anyOf: [text, texts] },
  }),
  JSON: input({}),
  YAML: input({}),
  URI: input({}),
  SECRET: input({ validator: { type: 'string', format: 'regex' } }),
  ARRAY: input({ itemType: text }, ['itemType']),
};

/** An input without a known type. */
export const inputShape = shape(inputCommon, ['id', 'type'], {
  ...inputRenames,
  additionalProperties: true,
});
