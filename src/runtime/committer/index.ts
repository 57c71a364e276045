/** The front door of runtime/committer: group commit, work on one thing at a time, and whether anything was written. */
export { type Committer, createCommitter } from './committer.ts';
export { inTurn } from './in-turn.ts';
export { isStoreTrouble, isStoreTroubleCode } from './store-trouble.ts';
export { createWriteWatch, type WriteWatch } from './write-watch.ts';
