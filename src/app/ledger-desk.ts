/** Answers what people ask about the ledger of a data folder. */
import { Failure } from '../core/failure/index.ts';
import { formatVerifierKey } from '../core/ledger/index.ts';
import type { SealedEntry } from '../ports/store.ts';
import {
  type LedgerParts,
  makeCheckpoint,
  proveEntry,
  verifyStore,
} from '../runtime/sealer/index.ts';
import type { LedgerDesk } from './application.ts';

const pageSize = 1_000;

/** Returns the desk over the ledger of `parts`. */
export function createLedgerDesk(parts: LedgerParts, tenant: string): LedgerDesk {
  const { store, hasher, signer } = parts;
  const entry = async (seq: number): Promise<SealedEntry> => {
    const [found] = await store.sealedEntries(seq - 1, 1);
    if (found?.seq === seq) return found;
    throw new Failure('ledger.entry-not-found', `the ledger has no entry \`${seq}\``);
  };
  return {
    verify: (request) => verifyStore(parts, request),
    async checkpoint() {
      const { size, note } = await makeCheckpoint(parts);
      const verifierKey = formatVerifierKey(hasher, signer.name, signer.publicKey);
      return { size, note, verifierKey };
    },
    prove: (seq) => proveEntry(parts, seq),
    entry,
    search: (query) => store.searchEntries({ ...query, tenant }),
    async *read(from, to) {
      for (let last = from - 1; last < to; ) {
        const page = await store.sealedEntries(last, Math.min(pageSize, to - last));
        for (const one of page) {
          if (one.seq > to) return;
          yield one;
        }
        if (page.length === 0) return;
        last = page.at(-1)!.seq;
      }
    },
  };
}
