/**
 * Pairs of a namespace, read and written as JSON. Whoever sends `If-Match` overwrites only the value that
 * he has seen.
 */
import { z } from 'zod';
import { Failure } from '../../core/failure/index.ts';
import { parseDuration, readJson } from '../../core/flow/index.ts';
import { toPlain, type Value, unmarked } from '../../core/value/index.ts';
import { keyEntrySchema, pageOf, pageQuery } from '../contract/index.ts';
import { answer, type Route, type RouteRequest } from '../server/index.ts';
import { asked, listed, namespace, route, tenant, tenantParams } from './define-route.ts';
import { isWithin, pageFrom, scanMax, sorted } from './listing.ts';
import type { KeyEntry } from '../../ports/key-values.ts';

const spaceParams = z.strictObject({ tenant, namespace });
const pairParams = z.strictObject({
  ...spaceParams.shape,
  key: z.string().regex(/^[a-zA-Z0-9][a-zA-Z0-9._-]{0,254}$/, 'is no key'),
});

function noKey(key: string): Failure {
  return new Failure('kv.not-found', `there is no key \`${key}\``);
}

function entryAnswer(entry: KeyEntry, space: string) {
  return {
    namespace: space,
    key: entry.key,
    type: entry.type,
    ...(entry.description !== undefined && { description: entry.description }),
    creationDate: entry.createdAt,
    updateDate: entry.updatedAt,
    ...(entry.expiresAt !== undefined && { expirationDate: entry.expiresAt }),
  };
}

async function entryOf(
  { view }: Pick<RouteRequest, 'view'>,
  space: string,
  key: string,
): Promise<KeyEntry> {
  const entry = (await view.keyValues(space).list(key)).find((one) => one.key === key);
  if (entry === undefined) throw noKey(key);
  return entry;
}

/** Returns the tag of a pair: another one after each change. */
function tagOf(entry: KeyEntry): string {
  return `"${Date.parse(entry.updatedAt).toString(36)}"`;
}

/** Returns what the body of a pair holds: JSON where it is some, text otherwise. */
function valueOf(text: string): Value {
  return readJson(text)?.value ?? text;
}

/** The routes of pairs. */
export const keyValueRoutes: readonly Route[] = [
  route({
    id: 'listAllKeys',
    method: 'GET',
    path: '/api/v1/{tenant}/kv',
    tag: 'KV',
    summary: 'Lists the keys of all namespaces that hold a flow or an execution, without values.',
    access: listed('KeyValue'),
    params: tenantParams,
    query: z.strictObject({
      ...pageQuery,
      q: z.string().optional(),
      namespace: z.string().optional(),
    }),
    answers: { 200: { description: 'A page of keys', schema: pageOf(keyEntrySchema) } },
    async handle({ view, query }) {
      const text = (query.q ?? '').toLowerCase();
      const rows: ReturnType<typeof entryAnswer>[] = [];
      let isPartial = false;
      for (const space of await view.namespaces()) {
        if (query.namespace !== undefined && !isWithin(space, query.namespace)) continue;
        const found = (await view.keyValues(space).list())
          .filter((one) => one.key.toLowerCase().includes(text))
          .map((one) => entryAnswer(one, space));
        rows.push(...found.slice(0, scanMax - rows.length));
        isPartial = rows.length >= scanMax;
        if (isPartial) break;
      }
      const read = (row: (typeof rows)[number], name: string): unknown =>
        (row as Readonly<Record<string, unknown>>)[name];
      const page = pageFrom(sorted(rows, query.sort, read), query);
      return answer({ ...page, ...(isPartial && { isPartial }) });
    },
  }),
  route({
    id: 'listKeys',
    method: 'GET',
    path: '/api/v1/{tenant}/namespaces/{namespace}/kv',
    tag: 'KV',
    summary: 'Lists the keys of a namespace.',
    access: asked('view', 'KeyValue'),
    params: spaceParams,
    answers: { 200: { description: 'The keys in order', schema: z.array(keyEntrySchema) } },
    handle: async ({ view, params }) =>
      answer(
        (await view.keyValues(params.namespace).list()).map((one) =>
          entryAnswer(one, params.namespace),
        ),
      ),
  }),
  route({
    id: 'getKeyValue',
    method: 'GET',
    path: '/api/v1/{tenant}/namespaces/{namespace}/kv/{key}',
    tag: 'KV',
    summary: 'Returns the value of a key.',
    access: asked('view', 'KeyValue'),
    params: pairParams,
    answers: {
      200: {
        description: 'The value and its type',
        schema: z.object({ type: z.string(), value: z.unknown() }),
      },
    },
    handle: async (request) => {
      const { view, params } = request;
      const found = await view.keyValues(params.namespace).get(params.key);
      if (found === undefined) throw noKey(params.key);
      const entry = await entryOf(request, params.namespace, params.key);
      const body = { type: entry.type, value: toPlain(found.value) };
      return answer(body, 200, { etag: tagOf(entry) });
    },
  }),
  route({
    id: 'getKeyDetail',
    method: 'GET',
    path: '/api/v1/{tenant}/namespaces/{namespace}/kv/{key}/detail',
    tag: 'KV',
    summary: 'Returns what is known of a key without its value.',
    access: asked('view', 'KeyValue'),
    params: pairParams,
    answers: { 200: { description: 'The key', schema: keyEntrySchema } },
    handle: async (request) => {
      const { namespace: space, key } = request.params;
      const entry = await entryOf(request, space, key);
      return answer(entryAnswer(entry, space), 200, { etag: tagOf(entry) });
    },
  }),
  route({
    id: 'setKeyValue',
    method: 'PUT',
    path: '/api/v1/{tenant}/namespaces/{namespace}/kv/{key}',
    tag: 'KV',
    summary: 'Sets a key; the headers `ttl` and `description` go with it.',
    access: asked('edit', 'KeyValue'),
    params: pairParams,
    body: { kind: 'text' },
    answers: { 200: { description: 'It is set' } },
    handle: async (request) => {
      const { view, params, body, header } = request;
      const lifetime = header('ttl');
      const ttlMs = lifetime === undefined ? undefined : parseDuration(lifetime);
      if (lifetime !== undefined && ttlMs === undefined) {
        throw new Failure('request.malformed', 'the header `ttl` is no ISO duration');
      }
      const description = header('description');
      const wanted = header('if-match');
      if (wanted !== undefined && wanted !== '*') {
        const entry = await entryOf(request, params.namespace, params.key);
        if (tagOf(entry) !== wanted.replace(/^W\//, '')) {
          throw new Failure('request.precondition-failed', `the key \`${params.key}\` has changed`);
        }
      }
      await view.keyValues(params.namespace).set(params.key, unmarked(valueOf(body)), {
        ...(ttlMs !== undefined && { ttlMs }),
        ...(description !== undefined && { description }),
        overwrite: header('if-none-match') !== '*',
      });
      return { status: 200 };
    },
  }),
  route({
    id: 'deleteKeyValue',
    method: 'DELETE',
    path: '/api/v1/{tenant}/namespaces/{namespace}/kv/{key}',
    tag: 'KV',
    summary: 'Deletes a key; tells whether it was there.',
    access: asked('delete', 'KeyValue'),
    params: pairParams,
    answers: { 200: { description: 'Whether it was there', schema: z.boolean() } },
    handle: async ({ view, params }) =>
      answer(await view.keyValues(params.namespace).delete(params.key)),
  }),
  route({
    id: 'deleteKeyValues',
    method: 'DELETE',
    path: '/api/v1/{tenant}/namespaces/{namespace}/kv',
    tag: 'KV',
    summary: 'Deletes several keys; tells which were there.',
    access: asked('delete', 'KeyValue'),
    params: spaceParams,
    body: {
      kind: 'json',
      schema: z.strictObject({ keys: z.array(pairParams.shape.key).max(1_000) }),
    },
    answers: {
      200: {
        description: 'Those that were there',
        schema: z.object({ keys: z.array(z.string()) }),
      },
    },
    handle: async ({ view, params, body }) => {
      const keys: string[] = [];
      for (const key of body.keys) {
        if (await view.keyValues(params.namespace).delete(key)) keys.push(key);
      }
      return answer({ keys });
    },
  }),
];
