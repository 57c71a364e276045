/**
 * Which policies decide in a tenant. As long as no set was ever put in force, a built-in rule decides: whoever
 * could start an execution may have it run. The engine of policies is not even loaded then.
 *
 * INVARIANT: once a set was in force, the built-in rule never decides again; sets that cannot be loaded
 * deny everything.
 */
import type { Clock } from '../../ports/clock.ts';
import type { Store } from '../../ports/store.ts';
import type { Decider } from '../policy/index.ts';

/** Which policies decide in a tenant. */
export interface PoliciesInForce {
  /** What was in force when it was looked last; undefined when that is too long ago. */
  known(): Decider | 'built-in' | undefined;
  /** Looks what is in force. */
  look(): Promise<Decider | 'built-in'>;
  /** Has it looked anew at the next question: a set was put in force here. */
  changed(): void;
}

/** How long something is taken to be in force without looking again; another process may change it. */
const freshMs = 250;

/** Returns what knows which policies are in force; `load` makes the decider when it is first needed. */
export function createPoliciesInForce(
  { tenant, store, clock }: { tenant: string; store: Store; clock: Clock },
  load: () => Promise<Decider>,
): PoliciesInForce {
  let found: Decider | 'built-in' | undefined;
  let lookedAt = Number.NEGATIVE_INFINITY;
  let loading: Promise<Decider> | undefined;
  const isFresh = (): boolean => {
    const age = clock.now() - lookedAt;
    return age >= 0 && age < freshMs;
  };
  return {
    known: () => (isFresh() ? found : undefined),
    async look() {
      if (isFresh() && found !== undefined) return found;
      if (found === undefined || found === 'built-in') {
        const id = { tenant, kind: 'policy-active', id: 'active' };
        if ((await store.registerRecord(id)) === undefined) {
          found = 'built-in';
          lookedAt = clock.now();
          return found;
        }
      }
      loading ??= load();
      const decider = await loading;
      await decider.refresh();
      found = decider;
      lookedAt = clock.now();
      return decider;
    },
    changed() {
      lookedAt = Number.NEGATIVE_INFINITY;
    },
  };
}
