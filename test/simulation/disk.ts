/** What survives a crash: the store as it is on the disk. In memory, or a SQLite file that can be torn. */
import { createMemoryStore } from '../../src/adapters/memory/memory-store.ts';
import { systemHasher } from '../../src/adapters/system/system-sealer.ts';
import { commitGroup, encodeHeader, leafHash, payloadGroup } from '../../src/core/ledger/index.ts';
import type { Sealer } from '../../src/ports/sealer.ts';
import type { Store } from '../../src/ports/store.ts';
import { createSeeded } from './seeded.ts';

/** What survives a crash. */
export interface Disk {
  /** Returns the store as the present process has it open. */
  store(): Store;
  /** Cuts the power. What was committed must be there afterwards. */
  crash(tornAt: number | undefined): Promise<void>;
  /** Whether the last commit can be torn by a crash that comes before its answer. */
  readonly canTear: boolean;
  remove(): Promise<void>;
}

/** Returns a sealer whose salts follow from a seed. */
export function createSeededSealer(seed: string): Sealer {
  const chance = createSeeded(`salts ${seed}`);
  return {
    hasher: systemHasher,
    seal({ seq, tenant, at, stream, type, actor, payload }) {
      const salt = chance.bytes(32);
      const commitment = commitGroup(systemHasher, payloadGroup, salt, Buffer.from(payload));
      const commitments = [{ group: payloadGroup, hash: commitment }];
      const header = encodeHeader({
        seq,
        tenant,
        at,
        stream,
        type,
        actor,
        subjects: [],
        commitments,
      });
      return { header, salt, leaf: leafHash(systemHasher, header) };
    },
  };
}

/** Returns a disk in memory; `wrap` may put something defective in front of it. */
export function createMemoryDisk(wrap: (store: Store) => Store = (store) => store): Disk {
  const store = wrap(createMemoryStore(createSeededSealer('memory')));
  return {
    store: () => store,
    crash: async () => undefined,
    canTear: false,
    remove: async () => undefined,
  };
}
