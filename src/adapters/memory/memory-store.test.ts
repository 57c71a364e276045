/** The reference store keeps the contract it is the oracle of. */
import { testStore } from '../../../test/contract/store.contract.ts';
import { createMemoryStore } from './memory-store.ts';
import { createSystemSealer } from '../system/system-sealer.ts';

testStore('the store in memory', async () => createMemoryStore(createSystemSealer()));
