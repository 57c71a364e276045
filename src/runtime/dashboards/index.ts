/** The front door of runtime/dashboards: dashboards that are kept. */
export {
  findDashboard,
  listDashboards,
  removeDashboard,
  saveDashboard,
  type StoredDashboard,
} from './dashboard-records.ts';
export { readDashboard } from './read-dashboard.ts';
