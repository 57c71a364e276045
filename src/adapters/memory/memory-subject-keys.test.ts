/** The keys of subjects in memory keep the contract. */
import { testSubjectKeys } from '../../../test/contract/subject-keys.contract.ts';
import { createMemorySubjectKeys } from './memory-subject-keys.ts';

testSubjectKeys('keys in memory', createMemorySubjectKeys);
