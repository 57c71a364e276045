/**
 * The key that signs for a ledger must be the one that signed for it before: another one, put in its
 * place by mistake or on purpose, would sign a second history under the same roof.
 *
 * INVARIANT: nothing is signed by a key that the newest checkpoint does not know.
 */
import { Failure } from '../../core/failure/index.ts';
import {
  formatVerifierKey,
  type Hasher,
  openCheckpoint,
  type RotationClaim,
} from '../../core/ledger/index.ts';
import type { LedgerSigner } from '../../ports/signer.ts';

/** Signs only with a key that fits the ledger. */
export interface FittingSigner extends LedgerSigner {
  /** Throws `store.key-unfit` when the key is not the one of the ledger; to ask before writing. */
  assertFits(): Promise<void>;
}

/** Returns `signer` as one that refuses where `newestNote`, the newest checkpoint, was signed by another key. */
export function fittingSigner(
  hasher: Hasher,
  signer: LedgerSigner,
  newestNote: string | undefined,
  rotations: () => Promise<readonly RotationClaim[]> = () => Promise.resolve([]),
): FittingSigner {
  let fits: Promise<void> | undefined;
  const look = async (): Promise<void> => {
    const log = [formatVerifierKey(hasher, signer.name, signer.publicKey)];
    if (newestNote === undefined) return;
    // A crash after a change of the key leaves a checkpoint of the key before.
    const trusted = { log, rotations: await rotations() };
    const opened = await openCheckpoint({ hasher, verifier: signer }, newestNote, trusted);
    if (!('reason' in opened)) return;
    throw new Failure(
      'store.key-unfit',
      `the key of the ledger, \`${signer.name}\`, did not sign its newest checkpoint, so it signs no other`,
      {
        help: 'put the `ledger.key` back that belongs to this data folder; `sluice ledger verify` tells whether the ledger was changed',
      },
    );
  };
  const assertFits = (): Promise<void> => (fits ??= look());
  return {
    get name() {
      return signer.name;
    },
    get publicKey() {
      return signer.publicKey;
    },
    verify: (publicKey, message, signature) => signer.verify(publicKey, message, signature),
    async sign(message) {
      await assertFits();
      return signer.sign(message);
    },
    assertFits,
  };
}
