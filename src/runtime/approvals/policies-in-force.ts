/**
 * Which policies decide in a tenant, and the one decider that all doors of it share. As long as no set was
 * ever put in force, a built-in rule decides about runs: whoever could start an execution may have it run.
 * The engine of policies is not even loaded then.
 *
 * INVARIANT: once a set was in force, the built-in rule never decides again; sets that cannot be loaded
 * deny everything.
 */
import type { Store } from '../../ports/store.ts';
import type { WriteWatch } from '../committer/index.ts';
import type { Decider } from '../policy/index.ts';

/** Which policies decide in a tenant. */
export interface PoliciesInForce {
  /** What is in force; undefined when something was written since it was looked up. */
  known(): Decider | 'built-in' | undefined;
  /** Looks what is in force. */
  look(): Promise<Decider | 'built-in'>;
  /** Returns the decider of the tenant; it has nothing in force until it is refreshed. */
  decider(): Promise<Decider>;
  /** Lets go of what was loaded; deciding afterwards denies. */
  close(): Promise<void>;
}

/** Returns what knows which policies are in force; `load` makes the decider when it is first needed. */
export function createPoliciesInForce(
  { tenant, store, watch }: { tenant: string; store: Store; watch: WriteWatch },
  load: () => Promise<Decider>,
): PoliciesInForce {
  let found: Decider | 'built-in' | undefined;
  /** The number of the watch for which that holds. */
  let foundAt: number | undefined;
  let loading: Promise<Decider> | undefined;
  const known = (): Decider | 'built-in' | undefined => {
    const number = watch.known();
    return number !== undefined && number === foundAt ? found : undefined;
  };
  const decider = (): Promise<Decider> => {
    if (loading === undefined) {
      loading = load();
      // One that could not be made is made again for the next who asks.
      loading.catch(() => {
        loading = undefined;
      });
    }
    return loading;
  };
  return {
    known,
    decider,
    async look() {
      const number = await watch.look();
      if (number === foundAt && found !== undefined) return found;
      if (found === undefined || found === 'built-in') {
        const id = { tenant, kind: 'policy-active', id: 'active' };
        if ((await store.registerRecord(id)) === undefined) {
          found = 'built-in';
          foundAt = number;
          return found;
        }
      }
      const own = await decider();
      await own.refresh();
      found = own;
      foundAt = number;
      return own;
    },
    async close() {
      // One that could not be made needs no closing; whoever asked for it has heard why.
      const own = await loading?.catch(() => undefined);
      own?.close();
    },
  };
}
