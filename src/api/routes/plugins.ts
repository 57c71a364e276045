/** Task and trigger types with their schemas, from the generated catalogue, as Kestra's editors ask for them. */
import { z } from 'zod';
import type { TenantView } from '../../app/application.ts';
import { Failure } from '../../core/failure/index.ts';
import { inputTypes, type TypeEntry } from '../../core/flow/index.ts';
import { answer, type Route } from '../server/index.ts';
import { anywhere, flag, route } from './define-route.ts';

const anything = z.record(z.string(), z.unknown());
const documented = z.object({ markdown: z.string(), schema: anything });
const typeName = z.string().regex(/^[A-Za-z][\w.-]{0,200}$/, 'is no type');

function entryOf(view: TenantView, type: string): TypeEntry {
  const found = view.catalogue.find(type);
  if (found !== undefined) return found.entry;
  throw new Failure('task.type-missing', `there is no type \`${type}\``, {});
}

function documentationOf(entry: TypeEntry): { markdown: string; schema: Record<string, unknown> } {
  const description = entry.description === undefined ? '' : `\n\n${entry.description}`;
  return {
    markdown: `# ${entry.type}\n\n${entry.summary}${description}\n`,
    schema: {
      properties: entry.schema,
      outputs: entry.output ?? { type: 'object', properties: {} },
      definitions: {},
    },
  };
}

function groupOf(type: string): string {
  return type.split('.').slice(0, -1).join('.');
}

function groups(view: TenantView) {
  const byGroup = Map.groupBy(view.catalogue.all(), (entry) => groupOf(entry.type));
  const named = (entries: readonly TypeEntry[], kinds: readonly string[]) =>
    entries
      .filter((one) => kinds.includes(one.kind))
      .map((one) => ({ cls: one.type, deprecated: false }));
  return [...byGroup].map(([group, entries]) => ({
    name: group,
    title: group,
    group,
    subGroup: group,
    version: '1',
    tasks: named(entries, ['runnable', 'flowable']),
    triggers: named(entries, ['trigger']),
    conditions: named(entries, ['condition']),
    aliases: entries.flatMap((one) => one.aliases),
  }));
}

const plugins = z.array(anything);

/** The routes of types. */
export const pluginRoutes: readonly Route[] = [
  route({
    id: 'listPlugins',
    method: 'GET',
    path: '/api/v1/plugins',
    tag: 'Plugins',
    summary: 'Lists the types by group.',
    access: anywhere('view', 'Flow'),
    answers: { 200: { description: 'Groups of types', schema: plugins } },
    handle: async ({ view }) => answer(groups(view)),
  }),
  route({
    id: 'getPluginBySubgroups',
    method: 'GET',
    path: '/api/v1/plugins/groups/subgroups',
    tag: 'Plugins',
    summary: 'Lists the types by group; the same.',
    access: anywhere('view', 'Flow'),
    query: z.strictObject({ includeDeprecated: flag.optional() }),
    answers: { 200: { description: 'Groups of types', schema: plugins } },
    handle: async ({ view }) => answer(groups(view)),
  }),
  route({
    id: 'getPluginIcons',
    method: 'GET',
    path: '/api/v1/plugins/icons',
    tag: 'Plugins',
    summary: 'Returns the icons of types; there are none.',
    access: anywhere('view', 'Flow'),
    answers: { 200: { description: 'No icons', schema: anything } },
    handle: async () => answer({}),
  }),
  route({
    id: 'getAllInputTypes',
    method: 'GET',
    path: '/api/v1/plugins/inputs',
    tag: 'Plugins',
    summary: 'Lists the types of inputs.',
    access: anywhere('view', 'Flow'),
    answers: {
      200: {
        description: 'The types',
        schema: z.array(z.object({ type: z.string(), cls: z.string() })),
      },
    },
    handle: async () => answer(inputTypes.map((type) => ({ type, cls: type }))),
  }),
  route({
    id: 'getSchemasFromType',
    method: 'GET',
    path: '/api/v1/plugins/schemas/{type}',
    tag: 'Plugins',
    summary: 'Returns the JSON Schema of flows (`flow`), or of one type.',
    access: anywhere('view', 'Flow'),
    params: z.strictObject({ type: typeName }),
    query: z.strictObject({ arrayOf: flag.optional() }),
    answers: { 200: { description: 'The schema', schema: anything } },
    handle: async ({ view, params }) => {
      if (/^(flow|FLOW)$/.test(params.type)) return answer(view.flowSchema());
      return answer(entryOf(view, params.type).schema);
    },
  }),
  route({
    id: 'getPluginDocumentation',
    method: 'GET',
    path: '/api/v1/plugins/{cls}',
    tag: 'Plugins',
    summary: 'Returns what a type is for, its properties and its outputs.',
    access: anywhere('view', 'Flow'),
    params: z.strictObject({ cls: typeName }),
    query: z.strictObject({ all: flag.optional() }),
    answers: { 200: { description: 'The documentation', schema: documented } },
    handle: async ({ view, params }) => answer(documentationOf(entryOf(view, params.cls))),
  }),
];
