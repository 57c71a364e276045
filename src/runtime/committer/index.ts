/** The front door of runtime/committer: group commit. */
export { type Committer, createCommitter } from './committer.ts';
