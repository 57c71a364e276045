/** The reference store keeps the contract it is the oracle of. */
import { testFieldGroups } from '../../../test/contract/field-groups.contract.ts';
import { testRegisters } from '../../../test/contract/registers.contract.ts';
import { testStore } from '../../../test/contract/store.contract.ts';
import { createMemoryStore } from './memory-store.ts';
import { createSystemSealer } from '../system/system-sealer.ts';

const open = async () => createMemoryStore(createSystemSealer());
testStore('the store in memory', open);
testRegisters('the store in memory', open);
testFieldGroups('the store in memory', open);
