/** Telling people that something waits for them. A notice leads to a page; it never decides anything. */

/** What people are told about. */
export interface ApprovalNotice {
  readonly tenant: string;
  readonly event:
    | 'opened'
    | 'reminder'
    | 'escalated'
    | 'expired'
    | 'granted'
    | 'rejected'
    | 'returned'
    | 'voided'
    | 'glass-broken';
  readonly approval: string;
  /** What is asked, without anything of a value. */
  readonly title: string;
  /** Who may decide: `role:approver`, `user:…`. */
  readonly deciders: readonly string[];
  /** Epoch milliseconds; null when it waits for ever. */
  readonly deadlineAt: number | null;
}

/** Tells people. What cannot be told is the teller's trouble: nothing waits for it. */
export interface ApprovalNotices {
  send(notice: ApprovalNotice): void;
}
