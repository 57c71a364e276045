/** Telling followers what has become durable, for live displays. */

/** Something that happened and is durable. */
export interface Notice {
  readonly executionId: string;
  readonly namespace: string;
  readonly flowId: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly kind: 'execution-state' | 'task-run-state' | 'log';
  /** The state it went to; for a log line its level. */
  readonly state: string;
  readonly taskRunId?: string;
  readonly taskId?: string;
  readonly parentTaskRunId?: string;
  /** Loop value as text. */
  readonly value?: string;
  readonly iteration?: number;
  /** The log line, or why it failed. */
  readonly message?: string;
}

/** Called with each notice. */
export type Follower = (notice: Notice) => void;

/** Those who follow. */
export interface Followers {
  readonly count: number;
  add(follower: Follower): () => void;
  tell(notices: readonly Notice[]): void;
}

/** Returns an empty set of followers. */
export function createFollowers(): Followers {
  const followers = new Set<Follower>();
  return {
    get count() {
      return followers.size;
    },
    add(follower) {
      followers.add(follower);
      return () => followers.delete(follower);
    },
    tell(notices) {
      for (const notice of notices) for (const follower of followers) follower(notice);
    },
  };
}
