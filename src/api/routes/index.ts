/** The front door of api/routes: every route there is. */
import { openApiOf, type Route } from '../server/index.ts';
import type { FirstAdministrator } from '../../runtime/identity/index.ts';
import { approvalRoutes } from './approvals.ts';
import { bulkExecutionRoutes } from './bulk-executions.ts';
import { executionFileRoutes } from './execution-files.ts';
import { executionRoutes } from './executions.ts';
import { flowRoutes } from './flows.ts';
import { type HealthParts, healthRoutes } from './health.ts';
import { identityRoutes } from './identity.ts';
import { keyValueRoutes } from './key-values.ts';
import { ledgerRoutes } from './ledger.ts';
import { logRoutes } from './logs.ts';
import { namespaceRoutes } from './namespaces.ts';
import { pluginRoutes } from './plugins.ts';
import { triggerRoutes } from './triggers.ts';
import { type SystemParts, systemRoutes } from './system.ts';

/** What routes need beside the view of whoever asks. */
export interface RouteParts {
  readonly health: HealthParts;
  readonly identity: FirstAdministrator;
  readonly system: Omit<SystemParts, 'openApi' | 'isSetUp' | 'version'>;
}

/** Returns every route. */
export function allRoutes(parts: RouteParts): readonly Route[] {
  const { version } = parts.health;
  let document: unknown;
  const routes: readonly Route[] = [
    ...healthRoutes(parts.health),
    ...systemRoutes({
      ...parts.system,
      version,
      isSetUp: () => parts.identity.isSetUp(),
      openApi: () => (document ??= openApiOf(routes, version)),
    }),
    ...identityRoutes(parts.identity),
    ...triggerRoutes,
    ...flowRoutes,
    ...executionRoutes,
    ...bulkExecutionRoutes,
    ...executionFileRoutes,
    ...approvalRoutes,
    ...logRoutes,
    ...keyValueRoutes,
    ...namespaceRoutes,
    ...pluginRoutes,
    ...ledgerRoutes,
  ];
  return routes;
}

/** Returns every route as data: for what describes the API and for tests of all routes. Nothing of it answers. */
export function routeList(version: string): readonly Route[] {
  const unanswered = (): never => {
    throw new Error('bug: a list of routes answers nothing');
  };
  return allRoutes({
    health: { version, troubles: unanswered, metrics: unanswered },
    identity: {
      authenticate: unanswered,
      setupSecret: unanswered,
      setUp: unanswered,
      isSetUp: unanswered,
      issueToken: unanswered,
      tokens: unanswered,
      revokeToken: unanswered,
    },
    system: { tenants: unanswered, addTenant: unanswered },
  });
}
