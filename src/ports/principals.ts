/** Who stands behind a handle at present: for decisions about what somebody started a while ago. */
import type { Principal } from '../core/policy/index.ts';

/** Knows who may act. */
export interface Principals {
  /**
   * Returns who acts under `handle`, with the roles they hold by now; undefined for a handle that nobody
   * has, or has any more. They did not prove who they are just now, and the answer says so.
   */
  find(tenant: string, handle: string): Promise<Principal | undefined>;
}
