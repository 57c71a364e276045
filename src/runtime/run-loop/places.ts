/**
 * How many tasks that lean on the machine run at once: each process and each connection costs memory
 * and file handles, whatever a flow's own limits say. One for all run loops of a process.
 */
import type { EffectTarget } from '../../ports/task.ts';

/** Places for tasks that lean on the machine. */
export interface Places {
  /** Takes a place for a task that touches `targets`; gives how to leave it, at once or when one is free. */
  take(targets: readonly EffectTarget[]): (() => void) | Promise<() => void>;
}

const limits: Partial<Record<EffectTarget, number>> = { process: 16, database: 8, network: 64 };

/** Returns places of which none is taken. */
export function createPlaces(): Places {
  const running = new Map<EffectTarget, number>();
  const waiting = new Map<EffectTarget, (() => void)[]>();
  const leaving = (target: EffectTarget) => (): void => {
    const next = waiting.get(target)?.shift();
    if (next === undefined) running.set(target, (running.get(target) ?? 1) - 1);
    else next();
  };
  return {
    take(targets) {
      const target = targets.find((one) => limits[one] !== undefined);
      if (target === undefined) return () => undefined;
      const count = running.get(target) ?? 0;
      if (count < (limits[target] ?? 0)) {
        running.set(target, count + 1);
        return leaving(target);
      }
      return new Promise((resolve) => {
        const queue = waiting.get(target) ?? [];
        queue.push(() => resolve(leaving(target)));
        waiting.set(target, queue);
      });
    },
  };
}
