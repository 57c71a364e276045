/** What opening, deciding and using approvals needs of the world. */
import type { Cipher, Digests } from '../../ports/cipher.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Principals } from '../../ports/principals.ts';
import type { NewEntry, Store } from '../../ports/store.ts';
import { encodeValue, type Value } from '../../core/value/index.ts';
import type { Committer, WriteWatch } from '../committer/index.ts';
import type { KnownFlows } from '../flow-register/index.ts';
import type { NoticeBook } from './notice-book.ts';
import type { PoliciesInForce } from './policies-in-force.ts';

/** What opening, deciding and using approvals needs of the world. */
export interface ApprovalParts {
  readonly tenant: string;
  readonly store: Store;
  readonly committer: Committer;
  readonly clock: Clock;
  readonly cipher: Cipher & Digests;
  readonly principals: Principals;
  readonly policies: PoliciesInForce;
  readonly flows: KnownFlows;
  /** Moves with every write that a decision may rest on. */
  readonly watch: WriteWatch;
  /** Absent where nobody is told. */
  readonly notices?: NoticeBook;
}

/** Returns an entry of the stream of an approval. */
export function approvalEntry(
  { tenant, clock }: Pick<ApprovalParts, 'tenant' | 'clock'>,
  approval: string,
  type: string,
  actor: string,
  payload: object,
): NewEntry {
  return {
    tenant,
    at: clock.now(),
    stream: `approval:${approval}`,
    type,
    actor,
    payload: encodeValue(payload as Value),
  };
}
