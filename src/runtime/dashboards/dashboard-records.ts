/** Dashboards as records of a register: saved and removed; each change is an entry. */
import { Failure } from '../../core/failure/index.ts';
import type { Dashboard } from '../../core/flow/index.ts';
import type { RegisterDesk } from '../registers/index.ts';

const kind = 'dashboard';
/** The most dashboards of a tenant. */
const dashboardsMax = 1_000;

/** A dashboard that is kept. */
export interface StoredDashboard {
  readonly id: string;
  readonly title: string;
  readonly source: string;
  readonly savedBy: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly savedAt: number;
}

function notFound(id: string): Failure {
  return new Failure('dashboard.not-found', `there is no dashboard \`${id}\``);
}

/**
 * Keeps a dashboard; one of the same text stays as it is. Throws `dashboard.exists` where one is there and
 * `isMeant` is `new`, `dashboard.not-found` where none is and it is `changed`.
 */
export function saveDashboard(
  desk: RegisterDesk,
  { id, title, source }: Dashboard,
  isMeant: 'new' | 'changed',
  actor: string,
): Promise<StoredDashboard> {
  return desk.do(async (work) => {
    const before = await work.read<StoredDashboard>(kind, id);
    if (before === undefined && isMeant === 'changed') throw notFound(id);
    if (before !== undefined && isMeant === 'new') {
      throw new Failure('dashboard.exists', `there is a dashboard \`${id}\` already`);
    }
    if (before?.source === source) return () => before;
    if (before === undefined && (await work.list(kind)).length >= dashboardsMax) {
      throw new Failure('input.invalid', `there are ${dashboardsMax} dashboards already`);
    }
    const createdAt = before?.createdAt ?? work.at;
    const saved = { id, title, source, savedBy: actor, createdAt, savedAt: work.at };
    await work.put(kind, id, saved);
    const payload = { id, title, source };
    work.enter({ stream: `dashboard:${id}`, type: 'dashboard-saved', actor, payload });
    return () => saved;
  });
}

/** Removes a dashboard; throws `dashboard.not-found`. */
export function removeDashboard(desk: RegisterDesk, id: string, actor: string): Promise<void> {
  return desk.do(async (work) => {
    if ((await work.read(kind, id)) === undefined) throw notFound(id);
    work.remove(kind, id);
    work.enter({ stream: `dashboard:${id}`, type: 'dashboard-removed', actor, payload: { id } });
    return () => undefined;
  });
}

/** Returns a dashboard; throws `dashboard.not-found`. */
export async function findDashboard(desk: RegisterDesk, id: string): Promise<StoredDashboard> {
  const found = await desk.read<StoredDashboard>(kind, id);
  if (found === undefined) throw notFound(id);
  return found;
}

/** Returns every dashboard, in order of their ids. */
export async function listDashboards(desk: RegisterDesk): Promise<readonly StoredDashboard[]> {
  return (await desk.list<StoredDashboard>(kind)).map(({ content }) => content);
}
