/**
 * A small catalogue of types for tests of the language, independent of the task definitions: the
 * flowables and a few runnable types with every kind of property the checker knows.
 */
import {
  createTypeCatalogue,
  type PropertySchema,
  type TypeCatalogue,
  type TypeEntry,
} from '../../src/core/flow/index.ts';

const text: PropertySchema = { type: 'string' };
const flag: PropertySchema = { type: 'boolean' };
const texts: PropertySchema = { type: 'array', items: text };
const duration: PropertySchema = { type: 'string', format: 'duration' };
const anything: PropertySchema = {};

function entry(
  kind: TypeEntry['kind'],
  type: string,
  properties: Readonly<Record<string, PropertySchema>>,
  required: readonly string[] = [],
  more: Partial<TypeEntry> = {},
): TypeEntry {
  return {
    type,
    kind,
    summary: `Stands for ${type}.`,
    aliases: [],
    propertyAliases: {},
    lenientAliases: [],
    ignoredProperties: [],
    schema: { type: 'object', properties, required, additionalProperties: false },
    rendering: {},
    ...more,
  };
}

const levels: PropertySchema = { enum: ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR'] };
const files: PropertySchema = {
  anyOf: [{ type: 'object', additionalProperties: { type: ['string', 'null'] } }, text],
};
const runner: PropertySchema = {
  anyOf: [
    {
      type: 'object',
      properties: { type: { const: 'core.runner.Process' } },
      required: ['type'],
      additionalProperties: false,
    },
    {
      type: 'object',
      properties: { type: { const: 'scripts.runner.docker.Docker' }, user: text, shmSize: text },
      required: ['type'],
      additionalProperties: false,
    },
  ],
};
const scripts = {
  env: { type: 'object', additionalProperties: text },
  inputFiles: files,
  outputFiles: texts,
  beforeCommands: texts,
  containerImage: text,
  failFast: flag,
  taskRunner: runner,
};
const subflow = {
  namespace: text,
  flowId: text,
  revision: { type: 'integer', minimum: 1 },
  inputs: { type: 'object' },
  labels: anything,
  wait: { type: 'boolean', default: true },
  transmitFailed: flag,
  outputs: { type: 'object' },
};
const values: PropertySchema = { anyOf: [text, { type: 'array' }] };

const entries: readonly TypeEntry[] = [
  entry('flowable', 'core.flow.Sequential', {}),
  entry('flowable', 'core.flow.Parallel', { concurrent: { type: 'integer', minimum: 0 } }),
  entry('flowable', 'core.flow.Dag', { concurrent: { type: 'integer', minimum: 0 } }),
  entry('flowable', 'core.flow.AllowFailure', {}),
  entry('flowable', 'core.flow.If', { condition: text }, ['condition']),
  entry('flowable', 'core.flow.Switch', { value: text }, ['value']),
  entry(
    'flowable',
    'core.flow.ForEach',
    { values, concurrencyLimit: { type: 'integer', minimum: 0 } },
    ['values'],
  ),
  entry('flowable', 'core.flow.EachSequential', { value: values }, ['value']),
  entry('flowable', 'core.flow.EachParallel', { value: values, concurrent: { type: 'integer' } }, [
    'value',
  ]),
  entry(
    'flowable',
    'core.flow.ForEachItem',
    { items: text, batch: { type: 'object' }, ...subflow },
    ['items', 'namespace', 'flowId'],
  ),
  entry(
    'flowable',
    'core.flow.LoopUntil',
    {
      condition: text,
      failOnMaxReached: flag,
      checkFrequency: {
        type: 'object',
        additionalProperties: false,
        properties: {
          maxIterations: { type: 'integer' },
          maxDuration: duration,
          interval: duration,
        },
      },
    },
    ['condition'],
    { aliases: ['core.flow.WaitFor'] },
  ),
  entry(
    'flowable',
    'core.flow.Loop',
    { values: anything, concurrencyLimit: { type: 'integer' }, outputs: { type: 'array' } },
    ['values'],
  ),
  entry('flowable', 'core.flow.Pause', {
    pauseDuration: duration,
    timeout: duration,
    behavior: { enum: ['RESUME', 'WARN', 'FAIL', 'CANCEL'] },
  }),
  entry('flowable', 'core.flow.WorkingDirectory', {
    inputFiles: files,
    outputFiles: texts,
    cache: { type: 'object' },
  }),
  entry('runnable', 'core.flow.Subflow', subflow, ['namespace', 'flowId', 'wait']),
  entry('runnable', 'core.flow.Sleep', { duration }, ['duration']),
  entry('runnable', 'core.log.Log', { message: { anyOf: [text, texts] }, level: levels }, [
    'message',
  ]),
  entry('runnable', 'core.debug.Return', { format: text }),
  entry('runnable', 'core.output.OutputValues', { values: { type: 'object' } }),
  entry('runnable', 'core.execution.Fail', { condition: text, errorMessage: text }, [], {
    propertyAliases: { message: 'errorMessage' },
    lenientAliases: ['message'],
  }),
  entry('runnable', 'core.execution.SetVariables', { variables: { type: 'object' } }, [
    'variables',
  ]),
  entry(
    'runnable',
    'core.http.Request',
    {
      uri: text,
      method: { enum: ['GET', 'POST', 'PUT', 'DELETE'] },
      headers: { type: 'object', additionalProperties: text },
      body: anything,
      options: {
        type: 'object',
        additionalProperties: false,
        properties: { connectTimeout: duration, allowFailed: flag },
      },
    },
    ['uri'],
  ),
  entry(
    'runnable',
    'scripts.shell.Commands',
    { commands: { ...texts, minItems: 1 }, ...scripts },
    ['commands'],
    { ignoredProperties: ['docker'] },
  ),
  entry('runnable', 'scripts.python.Script', { script: text, dependencies: texts, ...scripts }, [
    'script',
  ]),
  entry(
    'runnable',
    'jdbc.duckdb.Query',
    {
      sql: text,
      fetchType: { enum: ['NONE', 'FETCH', 'FETCH_ONE', 'STORE'] },
      fetchOne: flag,
      parameters: { type: 'object' },
      timeZoneId: { type: 'string', format: 'timezone' },
    },
    ['sql'],
    { rendering: { sql: 'raw' } },
  ),
  entry(
    'runnable',
    'email.MailSend',
    {
      from: text,
      to: text,
      cc: text,
      subject: text,
      htmlTextContent: text,
      plainTextContent: text,
      host: text,
      port: { type: 'integer', minimum: 1, maximum: 65_535 },
    },
    [],
    {
      propertyAliases: { html: 'htmlTextContent', text: 'plainTextContent' },
      lenientAliases: ['html', 'text'],
    },
  ),
  entry(
    'runnable',
    'ai.agent.AIAgent',
    {
      prompt: text,
      systemMessage: text,
      tools: {
        type: 'array',
        items: {
          type: 'object',
          properties: { type: { const: 'ai.tool.CodeExecution' }, apiKey: text },
          required: ['type'],
          additionalProperties: false,
        },
      },
    },
    ['prompt'],
  ),
];

/** The catalogue. */
export const sampleCatalogue: TypeCatalogue = createTypeCatalogue(entries);
