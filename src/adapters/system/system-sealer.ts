/**
 * Seals with SHA-256 of Node and salts from the operating system. Salts are fetched in bulk, because a
 * call for each costs more than the three hashes of an entry.
 */
import { hash, randomFillSync } from 'node:crypto';
import {
  commitGroup,
  type Commitment,
  encodeHeader,
  type Hasher,
  leafHash,
  payloadGroup,
  saltSize,
} from '../../core/ledger/index.ts';
import type { Sealer } from '../../ports/sealer.ts';

/** SHA-256 of Node; by way of text, which takes half the time of asking for a buffer. */
export const systemHasher: Hasher = {
  sha256: (bytes) => Buffer.from(hash('sha256', bytes, 'latin1'), 'latin1'),
};

const poolSize = 512 * saltSize;

/** Returns a sealer with salts from the operating system. */
export function createSystemSealer(): Sealer {
  const pool = new Uint8Array(poolSize);
  let used = pool.length;
  const nextSalt = (): Uint8Array => {
    if (used === pool.length) {
      randomFillSync(pool);
      used = 0;
    }
    const salt = pool.slice(used, used + saltSize);
    // What was given away is not kept where a later fault could show it.
    pool.fill(0, used, used + saltSize);
    used += saltSize;
    return salt;
  };
  return {
    hasher: systemHasher,
    seal({ seq, tenant, at, stream, type, actor, payload, groups }) {
      const salt = nextSalt();
      const commitment = commitGroup(systemHasher, payloadGroup, salt, Buffer.from(payload));
      const commitments: Commitment[] = [{ group: payloadGroup, hash: commitment }];
      if (groups === undefined) {
        const fields = { seq, tenant, at, stream, type, actor, subjects: [], commitments };
        const header = encodeHeader(fields);
        return { header, salt, leaf: leafHash(systemHasher, header) };
      }
      const groupSalts = groups.map((one) => {
        const own = nextSalt();
        const hash = commitGroup(systemHasher, one.name, own, Buffer.from(one.payload));
        commitments.push({ group: one.name, hash });
        return own;
      });
      const named = groups.flatMap(({ classes }) => classes.map(({ subject }) => subject));
      const subjects = [...new Set(named)].filter((one) => one !== null).toSorted();
      const fields = { seq, tenant, at, stream, type, actor, subjects, commitments };
      const header = encodeHeader(fields);
      return { header, salt, groupSalts, leaf: leafHash(systemHasher, header) };
    },
  };
}
