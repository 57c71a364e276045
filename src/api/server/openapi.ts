/**
 * The OpenAPI document, from the routes themselves: what is served is what is described. Schemas that are
 * used more than once are components, under the names they have in the contract.
 */
import { z } from 'zod';
import {
  bulkSchema,
  diagnosticSchema,
  executionSchema,
  fileAttributesSchema,
  flowSchema,
  graphSchema,
  keyEntrySchema,
  logSchema,
  metricSchema,
  namespaceSchema,
  problemSchema,
  stateSchema,
  taskRunSchema,
  triggerSchema,
  violationSchema,
} from '../contract/index.ts';
import type { BodyForm, Route } from './route.ts';

type Json = Readonly<Record<string, unknown>>;

/** Returns `schema` as JSON Schema; what a transform makes of it does not matter to who sends it. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, {
    io,
    target: 'draft-2020-12',
    unrepresentable: 'any',
  });
  return rest;
}

function parametersOf(schema: z.ZodType, place: 'path' | 'query'): readonly Json[] {
  const { properties = {}, required = [] } = schemaOf(schema, 'input') as {
    properties?: Record<string, Json>;
    required?: readonly string[];
  };
  return Object.entries(properties).map(([name, property]) => {
    const { description, ...rest } = property;
    return {
      name,
      in: place,
      required: place === 'path' || required.includes(name),
      ...(typeof description === 'string' && { description }),
      schema: rest,
    };
  });
}

const formSchema = {
  type: 'object',
  description: 'One part for each input; files as files',
  additionalProperties: true,
};

function bodyOf(body: BodyForm): Json | undefined {
  switch (body.kind) {
    case 'none':
      return undefined;
    case 'json':
      return {
        required: body.isOptional !== true,
        content: { 'application/json': { schema: schemaOf(body.schema, 'input') } },
      };
    case 'yaml':
      return {
        required: body.isOptional !== true,
        content: { 'application/x-yaml': { schema: { type: 'string' } } },
      };
    case 'text':
      return {
        required: true,
        content: {
          'application/json': { schema: {} },
          'text/plain': { schema: { type: 'string' } },
        },
      };
    case 'form':
      return {
        required: false,
        content: {
          'multipart/form-data': { schema: formSchema },
          'application/json': { schema: formSchema },
        },
      };
  }
}

function answersOf(route: Route, nameOf: (schema: z.ZodType) => Json): Json {
  const answers = Object.entries(route.answers).map(([status, form]) => {
    const type = form.mediaType ?? 'application/json';
    const schema = form.schema === undefined ? { type: 'string' } : nameOf(form.schema);
    const hasContent = form.schema !== undefined || form.mediaType !== undefined;
    return [
      status,
      { description: form.description, ...(hasContent && { content: { [type]: { schema } } }) },
    ] as const;
  });
  const problem = {
    description: 'What went wrong',
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  };
  return { ...Object.fromEntries(answers), default: problem };
}

/** Schemas that have a name of their own in the document. */
const components: Readonly<Record<string, z.ZodType>> = {
  Problem: problemSchema,
  Execution: executionSchema,
  TaskRun: taskRunSchema,
  State: stateSchema,
  Flow: flowSchema,
  FlowGraph: graphSchema,
  LogEntry: logSchema,
  MetricEntry: metricSchema,
  Trigger: triggerSchema,
  Violation: violationSchema,
  KeyEntry: keyEntrySchema,
  FileAttributes: fileAttributesSchema,
  Namespace: namespaceSchema,
  BulkResult: bulkSchema,
  Diagnostic: diagnosticSchema,
};

/** Returns `node` with every part that is a component named instead of repeated. */
function named(node: unknown, names: ReadonlyMap<string, string>, isRoot = false): unknown {
  if (Array.isArray(node)) return node.map((one: unknown) => named(one, names));
  if (node === null || typeof node !== 'object') return node;
  const name = isRoot ? undefined : names.get(JSON.stringify(node));
  if (name !== undefined) return { $ref: `#/components/schemas/${name}` };
  return Object.fromEntries(Object.entries(node).map(([key, one]) => [key, named(one, names)]));
}

/** Returns the OpenAPI document of `routes`. */
export function openApiOf(routes: readonly Route[], version: string): Json {
  const shapes = Object.entries(components).map(
    ([name, schema]) => [name, schemaOf(schema, 'output')] as const,
  );
  const names = new Map(shapes.map(([name, shape]) => [JSON.stringify(shape), name]));
  const nameOf = (schema: z.ZodType): Json => named(schemaOf(schema, 'output'), names) as Json;
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of routes) {
    const body = bodyOf(route.body);
    const operation: Json = {
      operationId: route.id,
      tags: [route.tag],
      summary: route.summary,
      parameters: [...parametersOf(route.params, 'path'), ...parametersOf(route.query, 'query')],
      ...(body !== undefined && { requestBody: body }),
      responses: answersOf(route, nameOf),
      ...(route.access.kind === 'open' && { security: [] }),
      ...(route.access.kind === 'asked' && {
        'x-action': route.access.action,
        'x-resource': route.access.resource,
      }),
    };
    (paths[route.path] ??= {})[route.method.toLowerCase()] = operation;
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Sluice',
      version,
      description:
        'Flows, executions and the ledger. Paths and shapes of Kestra where it has them.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    security: [{ basic: [] }, { token: [] }, { session: [] }],
    tags: [...new Set(routes.map((route) => route.tag))].map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: {
        basic: { type: 'http', scheme: 'basic' },
        token: { type: 'http', scheme: 'bearer' },
        session: { type: 'apiKey', in: 'cookie', name: '__Host-sluice-session' },
      },
      schemas: Object.fromEntries(
        shapes.map(([name, shape]) => [name, named(shape, names, true)] as const),
      ),
    },
  };
}
