/** The front door of api/routes: every route there is. */
import type { Route } from '../server/index.ts';
import { executionRoutes } from './executions.ts';
import { flowRoutes } from './flows.ts';
import { healthRoutes, type HealthParts } from './health.ts';
import { identityRoutes } from './identity.ts';
import type { FirstAdministrator } from '../../runtime/identity/index.ts';

/** What routes need beside the view of whoever asks. */
export interface RouteParts {
  readonly health: HealthParts;
  readonly identity: FirstAdministrator;
}

/** Returns every route. */
export function allRoutes(parts: RouteParts): readonly Route[] {
  return [
    ...healthRoutes(parts.health),
    ...identityRoutes(parts.identity),
    ...flowRoutes,
    ...executionRoutes,
  ];
}
