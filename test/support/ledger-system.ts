/** A ledger as the runtime has it, in memory: a store, keys in files, and hands to change things. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createMemoryStore } from '../../src/adapters/memory/memory-store.ts';
import { createKeyFileSigner } from '../../src/adapters/system/key-file-signer.ts';
import { createSystemSealer, systemHasher } from '../../src/adapters/system/system-sealer.ts';
import type { LedgerKeys } from '../../src/ports/signer.ts';
import type { Store } from '../../src/ports/store.ts';
import type { LedgerParts } from '../../src/runtime/sealer/index.ts';
import { entryOf, writeOf } from './store-records.ts';

/** A ledger with its folder. */
export interface LedgerSystem {
  readonly folder: string;
  readonly parts: LedgerParts & { readonly keys: LedgerKeys };
  readonly store: Store;
  /** Adds entries. */
  readonly add: (count: number) => Promise<void>;
}

/** Returns a folder that goes with the test. */
export function testFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-ledger-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Returns an empty ledger; `keyFile` names its key below a folder of the test. */
export function ledgerSystem(keyFile = 'ledger.key', prefix?: string): LedgerSystem {
  const folder = testFolder();
  const store = createMemoryStore(createSystemSealer());
  const keys = createKeyFileSigner(join(folder, keyFile), prefix === undefined ? {} : { prefix });
  let at = 1_700_000_000_000;
  return {
    folder,
    store,
    parts: { store, hasher: systemHasher, signer: keys, keys, clock: { now: () => (at += 1000) } },
    async add(count) {
      const payloadOf = (index: number): string => `{"n":${index}}`;
      await store.commit(
        Array.from({ length: count }, (_, index) =>
          writeOf({
            entries: [entryOf({ payload: payloadOf(index), stream: `execution:e${index % 3}` })],
          }),
        ),
      );
    },
  };
}
