/** What deciding and keeping policies needs of the world. */
import type { Digests } from '../../ports/cipher.ts';
import type { Clock } from '../../ports/clock.ts';
import type { PolicyEngine } from '../../ports/policy-engine.ts';
import type { Store } from '../../ports/store.ts';
import type { Committer } from '../committer/index.ts';

/** What deciding and keeping policies needs of the world. */
export interface PolicyParts {
  readonly tenant: string;
  readonly store: Store;
  readonly committer: Committer;
  readonly engine: PolicyEngine;
  readonly digests: Digests;
  readonly clock: Clock;
}

/** The stream of everything that happens to policies. */
export const policyStream = 'policy';
