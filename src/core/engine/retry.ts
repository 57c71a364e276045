/**
 * When a failed attempt is repeated. The delay of the exponential kind doubles (times `delayFactor`)
 * from one attempt to the next, as its documentation says, not as one implementation once did.
 */
import type { Flow, Retry, UnknownRule } from '../flow/index.ts';
import { enclosing, type TaskRun } from './execution.ts';

/** Returns the policy that holds for `run`: its own, that of the nearest flowable around it, or the flow's. */
export function retryPolicy(flow: Flow, run: TaskRun): Retry | undefined {
  if (run.task.retry !== undefined) return run.task.retry;
  for (const outer of enclosing(run)) if (outer.task.retry !== undefined) return outer.task.retry;
  return flow.retry;
}

/**
 * Returns what follows when nobody knows whether the effect of `run` took place: as it says itself, the
 * nearest flowable around it, or the flow; asking somebody when none does.
 */
export function unknownRule(flow: Flow, run: TaskRun): UnknownRule {
  for (const one of [run, ...enclosing(run)]) {
    const rule = one.task.governance?.onUnknown;
    if (rule !== undefined) return rule;
  }
  return flow.governance?.onUnknown ?? 'ask';
}

/** Returns the milliseconds to wait before attempt number `attempt` (2 is the first repetition). */
export function delayBefore(policy: Retry, attempt: number, chance: number): number {
  if (policy.type === 'constant') return policy.intervalMs;
  const most = policy.intervalMaxMs ?? Number.POSITIVE_INFINITY;
  if (policy.type === 'random') {
    return Math.round(policy.intervalMs + chance * Math.max(0, most - policy.intervalMs));
  }
  return Math.min(most, policy.intervalMs * (policy.delayFactor ?? 2) ** (attempt - 2));
}

/** Returns when the next attempt starts, or undefined when there is none. */
export function nextAttemptAt(
  policy: Retry | undefined,
  attemptsMade: number,
  firstStartedAt: number,
  now: number,
  chance: number,
): number | undefined {
  if (policy === undefined) return undefined;
  if (policy.attemptsMax !== undefined && attemptsMade >= policy.attemptsMax) return undefined;
  const at = now + delayBefore(policy, attemptsMade + 1, chance);
  if (policy.durationMaxMs !== undefined && at > firstStartedAt + policy.durationMaxMs) {
    return undefined;
  }
  return at;
}
