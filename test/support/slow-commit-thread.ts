/** A committing thread on a disk whose flushes take a while. */
import { parentPort, workerData } from 'node:worker_threads';
import { serveCommits, type ThreadSettings } from '../../src/adapters/sqlite/serve-store.ts';
import { createSystemSealer } from '../../src/adapters/system/system-sealer.ts';
import { slowDriver } from './slow-driver.ts';

if (parentPort === null) throw new Error('this is the module of a thread');
serveCommits(parentPort, workerData as ThreadSettings, createSystemSealer(), slowDriver);
