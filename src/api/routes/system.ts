/**
 * What the system is and how it is used: what clients must know, counts, tenants.
 */
import { z } from 'zod';
import { Failure } from '../../core/failure/index.ts';
import { answer, type Route } from '../server/index.ts';
import { asked, open, route, tenantParams } from './define-route.ts';

/** Words that stand where a tenant stands in addresses. */
const reservedNames = [
  'plugins',
  'backups',
  'configs',
  'setup',
  'tenants',
  'login',
  'logout',
  'step-up',
  'invitations',
  'scim',
];

const anything = z.record(z.string(), z.unknown());

/** What the routes of the system need. */
export interface SystemParts {
  readonly version: string;
  readonly tenants: () => Promise<readonly string[]>;
  readonly addTenant: (id: string, actor: string) => Promise<void>;
  readonly isSetUp: () => Promise<boolean>;
  /** Returns the OpenAPI document. */
  readonly openApi: () => unknown;
}

/** Returns the routes of the system. */
export function systemRoutes(parts: SystemParts): readonly Route[] {
  return [
    route({
      id: 'getOpenApi',
      method: 'GET',
      path: '/openapi.json',
      tag: 'System',
      summary: 'Returns the description of this API.',
      access: open,
      answers: { 200: { description: 'An OpenAPI document', schema: anything } },
      handle: async () => answer(parts.openApi()),
    }),
    route({
      id: 'getConfiguration',
      method: 'GET',
      path: '/api/v1/configs',
      tag: 'System',
      summary: 'Returns what clients have to know before they sign in.',
      access: open,
      answers: { 200: { description: 'What is there and what is not', schema: anything } },
      handle: async ({ url }) =>
        answer({
          uuid: 'sluice',
          version: parts.version,
          edition: 'OSS',
          url,
          isTaskRunEnabled: false,
          isAnonymousUsageEnabled: false,
          isUiAnonymousUsageEnabled: false,
          isTemplateEnabled: false,
          isCustomDashboardsEnabled: true,
          isAiEnabled: false,
          isBasicAuthInitialized: await parts.isSetUp(),
          systemNamespace: 'system',
          hiddenLabelsPrefixes: ['system.'],
          resourceToFilters: [],
        }),
    }),
    route({
      id: 'getUsages',
      method: 'GET',
      path: '/api/v1/{tenant}/usages/all',
      tag: 'System',
      summary: 'Counts flows and executions.',
      access: asked('view', 'Installation'),
      params: tenantParams,
      answers: { 200: { description: 'The counts', schema: anything } },
      handle: async ({ view }) => {
        const flows = await view.flows();
        const counts = await view.executionCounts({});
        return answer({
          flows: {
            count: flows.length,
            namespacesCount: new Set(flows.map((one) => one.namespace)).size,
          },
          executions: { total: counts.reduce((sum, { count }) => sum + count, 0) },
        });
      },
    }),
    route({
      id: 'listTenants',
      method: 'GET',
      path: '/api/v1/tenants',
      tag: 'System',
      summary: 'Lists the tenants.',
      access: asked('configure', 'Installation'),
      answers: {
        200: { description: 'The tenants', schema: z.array(z.object({ id: z.string() })) },
      },
      handle: async () => answer((await parts.tenants()).map((id) => ({ id }))),
    }),
    route({
      id: 'createTenant',
      method: 'POST',
      path: '/api/v1/tenants',
      tag: 'System',
      summary: 'Adds a tenant: a world of flows and executions of its own.',
      access: asked('configure', 'Installation'),
      body: {
        kind: 'json',
        schema: z.strictObject({
          id: z.string().regex(/^[a-z][a-z0-9-]{1,50}$/, 'is no name of a tenant'),
        }),
      },
      answers: { 201: { description: 'The tenant', schema: z.object({ id: z.string() }) } },
      handle: async ({ principal, body }) => {
        if (reservedNames.includes(body.id)) {
          throw new Failure('request.malformed', `\`${body.id}\` is a word of the API`);
        }
        await parts.addTenant(body.id, principal.id);
        return answer({ id: body.id }, 201);
      },
    }),
  ];
}
