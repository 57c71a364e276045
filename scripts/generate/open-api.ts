/**
 * Writes the OpenAPI document, types of a client for it, and the reference page of the API: all from the
 * list of routes that the server serves.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { routeList } from '../../src/api/routes/index.ts';
import { openApiOf, type Route } from '../../src/api/server/index.ts';
import { type GeneratedFile, jsonText } from './generated-file.ts';
import { code, generatedNote } from './markdown.ts';

type Json = Readonly<Record<string, unknown>>;

function versionOf(root: string): string {
  return (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string })
    .version;
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'string',
  number: 'number',
  integer: 'number',
  boolean: 'boolean',
  null: 'null',
};

/** Returns the TypeScript type of a JSON Schema. */
function typeOf(schema: unknown): string {
  if (schema === null || typeof schema !== 'object') return 'unknown';
  const { $ref, anyOf, oneOf, allOf, type, items, properties, required, additionalProperties } =
    schema as Record<string, unknown>;
  const { enum: values, const: value } = schema as Record<string, unknown>;
  if (typeof $ref === 'string') return $ref.split('/').at(-1) ?? 'unknown';
  if (value !== undefined) return JSON.stringify(value);
  if (Array.isArray(values)) return values.map((one) => JSON.stringify(one)).join(' | ');
  const all = [anyOf, oneOf].find(Array.isArray) as readonly unknown[] | undefined;
  if (all !== undefined) return `(${all.map(typeOf).join(' | ')})`;
  if (Array.isArray(allOf)) return `(${allOf.map(typeOf).join(' & ')})`;
  if (type === 'array') return `readonly (${typeOf(items ?? {})})[]`;
  if (type === 'object') {
    return objectType(properties as Json | undefined, required, additionalProperties);
  }
  return typeof type === 'string' ? (typeNames[type] ?? 'unknown') : 'unknown';
}

function objectType(properties: Json | undefined, required: unknown, more: unknown): string {
  const needed = Array.isArray(required) ? (required as readonly string[]) : [];
  const members = Object.entries(properties ?? {}).map(
    ([name, one]) =>
      `readonly ${JSON.stringify(name)}${needed.includes(name) ? '' : '?'}: ${typeOf(one)}`,
  );
  const own = `{ ${members.join('; ')} }`;
  if (more === undefined || more === false) return own;
  const rest = typeof more === 'object' && more !== null ? typeOf(more) : 'unknown';
  if (members.length === 0) return `Readonly<Record<string, ${rest}>>`;
  return `${own} & Readonly<Record<string, unknown>>`;
}

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly parameters: readonly { name: string; in: string; required: boolean; schema: unknown }[];
  readonly requestBody?: { required: boolean; content: Record<string, { schema: unknown }> };
  readonly responses: Record<string, { content?: Record<string, { schema: unknown }> }>;
}

function operationType(path: string, method: string, operation: Operation): string {
  const { operationId, summary, parameters, requestBody, responses } = operation;
  const parts = parameters.map(
    (one) =>
      `readonly ${JSON.stringify(one.name)}${one.required ? '' : '?'}: ${typeOf(one.schema)}`,
  );
  const [, body] = Object.entries(requestBody?.content ?? {})[0] ?? [];
  if (requestBody !== undefined) {
    parts.push(`readonly body${requestBody.required ? '' : '?'}: ${typeOf(body?.schema)}`);
  }
  const given = Object.entries(responses).find(([status]) => status.startsWith('2'))?.[1];
  const schema = given?.content?.['application/json']?.schema;
  const gives =
    given?.content === undefined ? 'undefined' : schema === undefined ? 'string' : typeOf(schema);
  return [
    `  /** ${summary.replaceAll('*/', '')} */`,
    `  readonly ${operationId}: {`,
    `    readonly method: '${method.toUpperCase()}';`,
    `    readonly path: '${path}';`,
    `    readonly takes: { ${parts.join('; ')} };`,
    `    readonly gives: ${gives};`,
    '  };',
  ].join('\n');
}

/** Returns types of every operation: a client that is written with them compiles against the API. */
function clientTypes(document: Json): string {
  const paths = document['paths'] as Record<string, Record<string, Operation>>;
  const { schemas } = document['components'] as { schemas: Json };
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, one]) => operationType(path, method, one)),
  );
  return [
    '/** Types of every operation of the API. Generated from the routes by `npm run generate`; not edited. */',
    ...Object.entries(schemas).map(
      ([name, schema]) =>
        `/** ${name}, as the API answers it. */\nexport type ${name} = ${typeOf(schema)};`,
    ),
    '/** What each operation takes and gives. */',
    `export interface Operations {\n${operations.join('\n')}\n}`,
    '',
  ].join('\n');
}

function whoMay(route: Route): string {
  if (route.access.kind === 'open') return 'anybody';
  if (route.access.kind === 'own') return 'everybody about themselves';
  return `${code(route.access.action)} on ${route.access.resource}`;
}

function apiPage(routes: readonly Route[]): string {
  const tags = [...new Set(routes.map((route) => route.tag))];
  return [
    generatedNote('src/api/routes'),
    '# HTTP API\n',
    'Every route. What goes in and comes out in full is in `generated/openapi.json`, which a server gives under `/openapi.json`. What goes wrong is a problem document; its codes are in [errors.md](errors.md). How to sign in and what all routes share is in [the guide](../guide/server.md).\n',
    ...tags.map((tag) =>
      [
        `## ${tag}\n`,
        '| | | for whom | |',
        '|---|---|---|---|',
        ...routes
          .filter((route) => route.tag === tag)
          .map(
            (route) =>
              `| ${route.method} | ${code(route.path)} | ${whoMay(route)} | ${route.summary.replaceAll('|', '\\|')} |`,
          ),
        '',
      ].join('\n'),
    ),
  ].join('\n');
}

/** Returns everything that is derived from the routes. */
export function openApiFiles(root: string): readonly GeneratedFile[] {
  const version = versionOf(root);
  const routes = routeList(version);
  const document = openApiOf(routes, version);
  return [
    { path: 'generated/openapi.json', content: jsonText(document) },
    { path: 'generated/api-client.generated.ts', content: clientTypes(document) },
    { path: 'docs/reference/api.md', content: apiPage(routes) },
  ];
}
