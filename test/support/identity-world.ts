/** Identity over a store in memory and a clock that a test moves. */
import { createMemoryStore } from '../../src/adapters/memory/memory-store.ts';
import { createWebauthnPasskeys } from '../../src/adapters/webauthn/webauthn-passkeys.ts';
import { createSystemRandom } from '../../src/adapters/system/system-random.ts';
import { createSystemSealer } from '../../src/adapters/system/system-sealer.ts';
import { createCommitter } from '../../src/runtime/committer/index.ts';
import {
  createIdentity,
  type Identity,
  type IdentityParts,
  usualSessionRules,
} from '../../src/runtime/identity/index.ts';
import { createVirtualClock, type VirtualClock } from './virtual-clock.ts';

/** Identity, and what a test does to its world. */
export interface IdentityWorld {
  readonly identity: Identity;
  readonly clock: VirtualClock;
  /** Returns the types of all entries, in order. */
  types(): Promise<readonly string[]>;
  /** Returns the text of all entries. */
  entries(): Promise<string>;
}

/** Returns identity over a store in memory. */
export function createIdentityWorld(parts: Partial<IdentityParts> = {}): IdentityWorld {
  const store = createMemoryStore(createSystemSealer());
  const clock = createVirtualClock();
  const random = createSystemRandom();
  const plain = {
    encrypt: (text: string) => `sealed:${Buffer.from(text).toString('base64')}`,
    decrypt: (text: string) => Buffer.from(text.slice('sealed:'.length), 'base64').toString(),
    digest: (text: string) => text,
    keyedDigest: (text: string) => text,
  };
  const identity = createIdentity({
    store,
    committer: createCommitter(store),
    clock,
    random,
    cipher: plain,
    digests: plain,
    url: () => 'https://sluice.example',
    passkeys: createWebauthnPasskeys(),
    providers: [],
    sessionRules: usualSessionRules,
    ...parts,
  });
  const all = async () => store.entries('main', 'identity', 0);
  return {
    identity,
    clock,
    types: async () => (await all()).map((one) => one.type),
    entries: async () => JSON.stringify(await all()),
  };
}
