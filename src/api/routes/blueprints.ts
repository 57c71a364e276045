/**
 * Blueprints over the API, in Kestra's shapes: those that come with the product, from the folder
 * `blueprints`; listed, shown, drawn, and filled with arguments to the source of a flow.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { Failure } from '../../core/failure/index.ts';
import { type Blueprint, fillBlueprint, graphOf, readBlueprint } from '../../core/flow/index.ts';
import type { Value } from '../../core/value/index.ts';
import { graphSchema, pageOf, pageQuery, textsSchema } from '../contract/index.ts';
import { answer, type Route } from '../server/index.ts';
import { anywhere, route, tenant, tenantParams } from './define-route.ts';
import { graphAnswer } from './flow-answer.ts';
import { flowOf } from './flows.ts';
import { pageFrom, sorted } from './listing.ts';

const folder = new URL('../../../blueprints/', import.meta.url);
let known: readonly Blueprint[] | undefined;

/** Returns the blueprints that come with the product, in order of their ids. */
function blueprints(): readonly Blueprint[] {
  known ??= readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .toSorted()
    .flatMap((name) => {
      const source = readFileSync(new URL(name, folder), 'utf8');
      return readBlueprint(name.replace(/\.yaml$/, ''), source) ?? [];
    });
  return known;
}

function blueprint(id: string): Blueprint {
  const found = blueprints().find((one) => one.id === id);
  if (found !== undefined) return found;
  throw new Failure('blueprint.not-found', `there is no blueprint \`${id}\``);
}

function filled(one: Blueprint, given: Readonly<Record<string, Value>> = {}): string {
  const made = fillBlueprint(one, given);
  if (made.isFilled) return made.source;
  throw new Failure('input.invalid', made.problem);
}

const kind = z.enum(['flow', 'flows']);
const kindParams = z.strictObject({ ...tenantParams.shape, kind });
const id = z.string().regex(/^[a-z0-9-]{1,100}$/, 'is no id of a blueprint');
const oneParams = z.strictObject({ tenant, kind, id });

const cardSchema = z
  .object({
    id: z.string(),
    title: z.string(),
    description: z.string(),
    tags: z.array(z.string()),
    includedTasks: z.array(z.string()),
    kind: z.string(),
    template: z.object({
      templateArguments: z.array(z.record(z.string(), z.unknown())),
    }),
  })
  .describe('A flow to copy');

/** Returns the types of tasks that a source names. */
function typesIn(source: string): readonly string[] {
  const types = [...source.matchAll(/^\s*(?:- )?type: ([a-z][\w.]+\.[A-Z]\w+)\s*$/gm)];
  return [...new Set(types.map(([, type = '']) => type))].toSorted();
}

function cardOf({ source, arguments: asked, ...one }: Blueprint) {
  return {
    id: one.id,
    title: one.title,
    description: one.description,
    tags: [...one.tags],
    includedTasks: [...typesIn(source)],
    kind: 'flow',
    template: {
      templateArguments: asked.map(({ isRequired, ...rest }) => ({
        ...rest,
        required: isRequired,
      })),
    },
  };
}

const access = anywhere('view', 'Blueprint');

/** The routes of blueprints. */
export const blueprintRoutes: readonly Route[] = [
  route({
    id: 'searchBlueprints',
    method: 'GET',
    path: '/api/v1/{tenant}/blueprints/community/{kind}',
    tag: 'Blueprints',
    summary: 'Lists the blueprints that come with the product.',
    access,
    params: kindParams,
    query: z.strictObject({
      ...pageQuery,
      q: z.string().optional(),
      tags: textsSchema.optional(),
    }),
    answers: { 200: { description: 'A page of blueprints', schema: pageOf(cardSchema) } },
    handle: async ({ query }) => {
      const text = (query.q ?? '').toLowerCase();
      const found = blueprints()
        .map(cardOf)
        .filter(
          (one) =>
            `${one.id} ${one.title} ${one.description}`.toLowerCase().includes(text) &&
            (query.tags ?? []).every((tag) => one.tags.includes(tag)),
        );
      const rows = sorted(found, query.sort, (row, name) => new Map(Object.entries(row)).get(name));
      return answer(pageFrom(rows, query));
    },
  }),
  route({
    id: 'listBlueprintTags',
    method: 'GET',
    path: '/api/v1/{tenant}/blueprints/community/{kind}/tags',
    tag: 'Blueprints',
    summary: 'Lists the tags of blueprints.',
    access,
    params: kindParams,
    answers: {
      200: {
        description: 'Tags in order',
        schema: z.array(z.object({ id: z.string(), name: z.string() })),
      },
    },
    handle: async () =>
      answer(
        [...new Set(blueprints().flatMap(({ tags }) => tags))]
          .toSorted()
          .map((name) => ({ id: name, name })),
      ),
  }),
  route({
    id: 'getBlueprint',
    method: 'GET',
    path: '/api/v1/{tenant}/blueprints/community/{kind}/{id}',
    tag: 'Blueprints',
    summary: 'Returns a blueprint.',
    access,
    params: oneParams,
    answers: {
      200: { description: 'It', schema: cardSchema.extend({ source: z.string() }) },
    },
    handle: async ({ params }) => {
      const one = blueprint(params.id);
      return answer({ ...cardOf(one), source: one.source });
    },
  }),
  route({
    id: 'getBlueprintSource',
    method: 'GET',
    path: '/api/v1/{tenant}/blueprints/community/{kind}/{id}/source',
    tag: 'Blueprints',
    summary: 'Returns the text of a blueprint.',
    access,
    params: oneParams,
    answers: { 200: { description: 'YAML', mediaType: 'application/yaml' } },
    handle: async ({ params }) => ({
      status: 200,
      mediaType: 'application/yaml',
      body: blueprint(params.id).source,
    }),
  }),
  route({
    id: 'getBlueprintGraph',
    method: 'GET',
    path: '/api/v1/{tenant}/blueprints/community/{kind}/{id}/graph',
    tag: 'Blueprints',
    summary: 'Returns the graph of a blueprint with its usual arguments.',
    access,
    params: oneParams,
    answers: { 200: { description: 'The graph', schema: graphSchema } },
    handle: async ({ view, params }) => {
      const flow = flowOf(view, filled(blueprint(params.id)), params.id);
      return answer(graphAnswer(graphOf(flow), flow));
    },
  }),
  route({
    id: 'useBlueprintTemplate',
    method: 'POST',
    path: '/api/v1/{tenant}/blueprints/flows/{id}/use-template',
    tag: 'Blueprints',
    summary: 'Returns the source of a flow: a blueprint with arguments. Saves nothing.',
    access,
    params: z.strictObject({ tenant, id }),
    body: {
      kind: 'json',
      schema: z.strictObject({
        templateArgumentsInputs: z.record(z.string().max(100), z.unknown()).default({}),
      }),
    },
    answers: {
      200: {
        description: 'The source of the flow',
        schema: z.object({ generatedFlowSource: z.string() }),
      },
    },
    handle: async ({ params, body }) => {
      const given = body.templateArgumentsInputs as Record<string, Value>;
      return answer({ generatedFlowSource: filled(blueprint(params.id), given) });
    },
  }),
  route({
    id: 'searchInternalBlueprints',
    method: 'GET',
    path: '/api/v1/{tenant}/blueprints/custom',
    tag: 'Blueprints',
    summary: 'Lists blueprints of one’s own; there are none.',
    access,
    params: tenantParams,
    query: z.strictObject({
      ...pageQuery,
      q: z.string().optional(),
      tags: textsSchema.optional(),
    }),
    answers: { 200: { description: 'An empty page', schema: pageOf(cardSchema) } },
    handle: async () => answer({ results: [], total: 0 }),
  }),
];
