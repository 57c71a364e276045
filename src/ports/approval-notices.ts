/**
 * Telling people that something waits for them. A notice leads to a page; it never decides anything, and
 * holds nothing of a value.
 */

/** What people are told about. */
export interface ApprovalNotice {
  /** Equal for every attempt to tell the same, so that whoever hears it twice can know. */
  readonly id: string;
  readonly tenant: string;
  readonly event:
    | 'opened'
    | 'reminder'
    | 'escalated'
    | 'expired'
    | 'granted'
    | 'rejected'
    | 'returned'
    | 'withdrawn'
    | 'voided'
    | 'glass-broken'
    | 'glass-unexamined';
  readonly approval: string;
  /** What is asked, without anything of a value. */
  readonly title: string;
  /** Who may decide: `role:approver`, `user:…`. */
  readonly deciders: readonly string[];
  /** Epoch milliseconds; null when it waits for ever. */
  readonly deadlineAt: number | null;
  /** When it happened; epoch milliseconds. */
  readonly at: number;
}

/** One way in which people are told: `mail`, `webhook`. */
export interface NoticeWay {
  readonly name: string;
  /**
   * Tells them. Throws a `Failure` when it was not taken: one that is retryable is tried again later.
   */
  send(notice: ApprovalNotice): Promise<void>;
}
