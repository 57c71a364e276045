/** The front door of api/routes: every route there is. */
import { openApiOf, type Route } from '../server/index.ts';
import { allowanceRoutes } from './allowances.ts';
import { approvalRoutes } from './approvals.ts';
import type { BackupShelf } from '../../app/backup/list-backups.ts';
import { backupRoutes } from './backups.ts';
import { blueprintRoutes } from './blueprints.ts';
import { budgetRoutes } from './budgets.ts';
import type { Identity } from '../../runtime/identity/index.ts';
import { accountRoutes } from './accounts.ts';
import { bulkExecutionRoutes } from './bulk-executions.ts';
import { bulkFlowRoutes } from './bulk-flows.ts';
import { dashboardRoutes } from './dashboards.ts';
import { questionRoutes } from './questions.ts';
import { exceptionRoutes } from './exceptions.ts';
import { executionFileRoutes } from './execution-files.ts';
import { executionStateRoutes } from './execution-states.ts';
import { executionRoutes } from './executions.ts';
import { flowRegisterRoutes } from './flow-register.ts';
import { flowTestRoutes } from './flow-tests.ts';
import { flowContentRoutes } from './flow-content.ts';
import { flowExchangeRoutes } from './flow-exchange.ts';
import { flowRoutes } from './flows.ts';
import { type HealthParts, healthRoutes } from './health.ts';
import { keyValueRoutes } from './key-values.ts';
import { intakeRoutes } from './intakes.ts';
import { killSwitchRoutes } from './kill-switches.ts';
import { ledgerRoutes } from './ledger.ts';
import { loginRoutes } from './login.ts';
import { logRoutes } from './logs.ts';
import { ownRoutes } from './me.ts';
import { metricRoutes } from './metrics.ts';
import { namespaceRoutes } from './namespaces.ts';
import { pluginRoutes } from './plugins.ts';
import { policyRoutes } from './policies.ts';
import { subjectRoutes } from './subjects.ts';
import { triggerRoutes } from './triggers.ts';
import { webhookRoutes } from './webhooks.ts';
import { scimRoutes } from './scim.ts';
import { type SystemParts, systemRoutes } from './system.ts';
import { userRoutes } from './users.ts';

/** What routes need beside the view of whoever asks. */
export interface RouteParts {
  readonly health: HealthParts;
  readonly identity: Identity;
  readonly backups: BackupShelf;
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
    ...loginRoutes(parts.identity),
    ...ownRoutes(parts.identity),
    ...userRoutes(parts.identity),
    ...accountRoutes(parts.identity),
    ...scimRoutes(parts.identity),
    ...webhookRoutes,
    ...triggerRoutes,
    ...flowRoutes,
    ...flowContentRoutes,
    ...flowExchangeRoutes,
    ...bulkFlowRoutes,
    ...executionRoutes,
    ...executionStateRoutes,
    ...questionRoutes,
    ...bulkExecutionRoutes,
    ...executionFileRoutes,
    ...approvalRoutes,
    ...logRoutes,
    ...metricRoutes,
    ...blueprintRoutes,
    ...dashboardRoutes,
    ...keyValueRoutes,
    ...namespaceRoutes,
    ...pluginRoutes,
    ...ledgerRoutes,
    ...policyRoutes,
    ...subjectRoutes,
    ...backupRoutes(parts.backups),
    ...budgetRoutes,
    ...exceptionRoutes,
    ...intakeRoutes,
    ...flowRegisterRoutes,
    ...allowanceRoutes,
    ...flowTestRoutes,
    ...killSwitchRoutes,
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
    // Routes name parts of it when they are made; nothing of it is called before they answer.
    identity: {} as Identity,
    backups: { list: unanswered, make: unanswered },
    system: { tenants: unanswered, addTenant: unanswered },
  });
}
