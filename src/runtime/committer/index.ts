/** The front door of runtime/committer: group commit, and work on one thing at a time. */
export { type Committer, createCommitter } from './committer.ts';
export { inTurn } from './in-turn.ts';
export { isStoreTrouble, isStoreTroubleCode } from './store-trouble.ts';
