/** The text of a dashboard as whoever sends it hears of it: the dashboard, or a failure with all that is wrong. */
import { Failure } from '../../core/failure/index.ts';
import { type Dashboard, parseDashboard } from '../../core/flow/index.ts';

/** Returns the dashboard of a text; throws `dashboard.invalid`. */
export function readDashboard(source: string): Dashboard {
  const { dashboard, diagnostics } = parseDashboard(source, 'dashboard');
  if (dashboard !== undefined) return dashboard;
  const count = diagnostics.filter(({ severity }) => severity === 'error').length;
  const what = `the dashboard has ${count} ${count === 1 ? 'error' : 'errors'}`;
  throw new Failure('dashboard.invalid', what, { details: { diagnostics } });
}
