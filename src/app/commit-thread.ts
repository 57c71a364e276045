/** The thread in which large commits of the SQLite store happen, with the sealer that entries are sealed with. */
import { parentPort, workerData } from 'node:worker_threads';
import { serveCommits, type ThreadSettings } from '../adapters/sqlite/serve-store.ts';
import { createSystemSealer } from '../adapters/system/system-sealer.ts';
import { assert } from '../core/failure/index.ts';

assert(parentPort !== null, 'the committing thread was started as a program');
serveCommits(parentPort, workerData as ThreadSettings, createSystemSealer());
