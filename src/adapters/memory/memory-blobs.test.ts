/** The bytes in memory keep the contract of blobs. */
import { testBlobs } from '../../../test/contract/blobs.contract.ts';
import { createMemoryBlobs } from './memory-blobs.ts';

testBlobs('the bytes in memory', async () => createMemoryBlobs());
