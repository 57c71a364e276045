/**
 * What a process that stays does for its tenants: schedules, dates that come, timers that others have left,
 * and telling people that something waits for them. A process that runs one flow does none of it but the
 * last, when it ends.
 */
import type { Clock } from '../ports/clock.ts';
import type { NoticeBook } from '../runtime/approvals/index.ts';
import { awaitTimers, type RunLoop } from '../runtime/run-loop/index.ts';
import type { Scheduler } from '../runtime/scheduler/index.ts';

/** What caring for tenants needs. */
export interface TenantCareParts {
  readonly clock: Clock;
  /** The loops that there are. */
  readonly loops: ReadonlyMap<string, RunLoop>;
  readonly loopOf: (tenant: string) => RunLoop;
  /** What is to be told to people, of the tenants that have a loop. */
  readonly books: ReadonlyMap<string, NoticeBook>;
}

/** Hears of what went wrong where nobody waits for an answer. */
export type Complain = (about: string, error: unknown) => void;

/** What a process does for its tenants. */
export interface TenantCare {
  /** Begins; from then on tenants are looked after. */
  begin(complain: Complain): Promise<void>;
  /** Looks after a tenant; nothing unless it has begun. */
  lookAfter(tenant: string): Promise<void>;
  /** Hears that flows of a tenant were saved or deleted. */
  flowsChanged(tenant: string): void;
  /** Starts nothing more by itself. */
  stopStarting(): Promise<void>;
  /** Ends all of it. */
  end(): Promise<void>;
  /** Tells people what was not told yet, for a moment; what is left is told by the next process. */
  sendLastNotices(): Promise<void>;
}

/** How often a process that stays looks for timers of others. */
const timersEveryMs = 30_000;

/** How long a process that ends goes on telling people that something waits for them. */
const lastNoticesMs = 3_000;

async function schedulerStarter(complain: Complain): Promise<(loop: RunLoop) => Scheduler> {
  // Loaded here: who runs one flow has no use for it.
  const { startScheduler } = await import('../runtime/scheduler/index.ts');
  const { pollingTriggers } = await import('../triggers/index.ts');
  return (loop) =>
    startScheduler(
      loop,
      (place, error) => {
        const name =
          place === undefined ? '' : `${place.namespace}/${place.flowId}/${place.trigger.id}`;
        complain(`${loop.parts.tenant}: ${name}`, error);
      },
      pollingTriggers,
    );
}

/** Returns what looks after tenants. */
export function createTenantCare({ clock, loops, loopOf, books }: TenantCareParts): TenantCare {
  const schedulers = new Map<string, Scheduler>();
  const dateWatches = new Map<string, () => Promise<void>>();
  const ends: (() => void)[] = [];
  let startFor: ((loop: RunLoop) => Scheduler) | undefined;
  let complain: Complain = () => undefined;
  let isOver = false;

  /** Sees to timers that another process has set and left: an idle loop does not hear of them. */
  const lookForTimers = (): (() => void) => {
    let stop = (): void => undefined;
    const wait = (): void => {
      stop = clock.wakeAt(clock.now() + timersEveryMs, () => {
        Promise.all([...loops.values()].map((loop) => awaitTimers(loop)))
          .catch((error: unknown) => complain('timers', error))
          .finally(() => {
            if (!isOver) wait();
          });
      });
    };
    wait();
    return () => stop();
  };

  const care: TenantCare = {
    async begin(to) {
      complain = to;
      startFor = await schedulerStarter(to);
      ends.push(lookForTimers());
    },
    async lookAfter(tenant) {
      if (startFor === undefined || schedulers.has(tenant)) return;
      const loop = loopOf(tenant);
      schedulers.set(tenant, startFor(loop));
      const endNotices = books.get(tenant)?.start((error) => complain('approvals', error));
      if (endNotices !== undefined) ends.push(endNotices);
      const { watchTenantDates } = await import('./tenant-due-dates.ts');
      const tell = (error: unknown): void => complain(`${tenant}: dates`, error);
      dateWatches.set(tenant, watchTenantDates(loop, tell));
    },
    flowsChanged: (tenant) => schedulers.get(tenant)?.flowsChanged(),
    async stopStarting() {
      for (const scheduler of schedulers.values()) scheduler.stop();
      await Promise.all([...dateWatches.values()].map((stop) => stop()));
      dateWatches.clear();
    },
    async end() {
      isOver = true;
      await care.stopStarting();
      for (const end of ends) end();
    },
    async sendLastNotices() {
      if (books.size === 0) return;
      const sent = Promise.all([...books.values()].map((book) => book.sendDue())).catch(
        (error: unknown) => complain('approvals', error),
      );
      await new Promise<void>((resolve) => {
        const takeBack = clock.wakeAt(clock.now() + lastNoticesMs, resolve);
        void sent.then(() => {
          takeBack();
          resolve();
        });
      });
    },
  };
  return care;
}
