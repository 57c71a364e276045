/** The desk of dashboards: what people save, and the one that comes with the product. */
import { Failure } from '../core/failure/index.ts';
import { builtInDashboard } from '../core/flow/index.ts';
import {
  findDashboard,
  listDashboards,
  readDashboard,
  removeDashboard,
  saveDashboard,
  type StoredDashboard,
} from '../runtime/dashboards/index.ts';
import type { RegisterDesk } from '../runtime/registers/index.ts';

/** Dashboards, as people save and read them. */
export interface DashboardDesk {
  list(): Promise<readonly StoredDashboard[]>;
  /** Throws `dashboard.not-found`. */
  find(id: string): Promise<StoredDashboard>;
  /** Throws `dashboard.invalid` with diagnostics, `dashboard.exists`. */
  add(source: string): Promise<StoredDashboard>;
  /** Throws `dashboard.invalid` with diagnostics, `dashboard.not-found`, `request.malformed` for the text of another one. */
  change(id: string, source: string): Promise<StoredDashboard>;
  /** Throws `dashboard.not-found`. */
  remove(id: string): Promise<void>;
}

/** Returns the desk of dashboards, for `actor`. */
export function createDashboardDesk(registers: RegisterDesk, actor: string): DashboardDesk {
  return {
    list: () => listDashboards(registers),
    find: (id) => findDashboard(registers, id),
    async add(source) {
      const dashboard = readDashboard(source);
      if (dashboard.id === builtInDashboard.id) {
        throw new Failure('dashboard.exists', `\`${builtInDashboard.id}\` comes with the product`);
      }
      return saveDashboard(registers, dashboard, 'new', actor);
    },
    async change(id, source) {
      const dashboard = readDashboard(source);
      if (dashboard.id !== id) {
        throw new Failure('request.malformed', 'the text is that of another dashboard', {
          help: 'the id of a dashboard never changes; save it as another one',
        });
      }
      return saveDashboard(registers, dashboard, 'changed', actor);
    },
    remove: (id) => removeDashboard(registers, id, actor),
  };
}
