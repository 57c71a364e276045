/**
 * An approval as data: what people are asked, who may decide in which order, what they said. It binds to
 * one effect by its digest; what was shown of it stands in the event that opened it.
 */
import type { ApproverRule } from '../policy/index.ts';

/** What one policy, or the task itself, asks for: so many of these people. */
export interface ApprovalRequirement {
  /** Id of the policy; null where the flow asks. */
  readonly policy: string | null;
  readonly reason: string;
  /** Any of these may decide. */
  readonly approvers: readonly ApproverRule[];
  /** How many different people must say yes. */
  readonly quorum: number;
}

/** Who decides in which order, and what happens when nobody does. */
export interface ApprovalTerms {
  /** One after the other; everything that a stage requires is met before the next begins. */
  readonly stages: readonly (readonly ApprovalRequirement[])[];
  /** Null: it waits. */
  readonly deadlineMs: number | null;
  readonly onDeadline: 'reject' | 'escalate';
  /** Who may decide as well once it is escalated. */
  readonly escalatesTo: readonly ApproverRule[];
}

/** What somebody says. */
export type VoteVerdict = 'approve' | 'reject' | 'send-back';

/** What somebody said, and in what right. */
export interface ApprovalVote {
  readonly by: string;
  /** Everybody who answers for it: who said it, for whom they act, who delegated. */
  readonly persons: readonly string[];
  readonly verdict: VoteVerdict;
  readonly reason: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly stage: number;
  /** The titles in which they may: `role:approver`. */
  readonly titles: readonly string[];
  /** The delegation they used. */
  readonly delegation: string | null;
}

/** How an approval stands. `granted` was not used yet; `used` was. */
export type ApprovalState =
  | 'open'
  | 'granted'
  | 'used'
  | 'rejected'
  | 'returned'
  | 'withdrawn'
  | 'expired'
  | 'voided';

/** Somebody went on without an approval; a second person examines it afterwards. */
export interface BrokenGlass {
  readonly by: string;
  readonly persons: readonly string[];
  readonly reason: string;
  readonly at: number;
  /** Until when a second person must have examined it. */
  readonly reviewDueAt: number;
  /** Whether it was noted that nobody did until then. */
  readonly isOverdue: boolean;
  readonly review: {
    readonly by: string;
    readonly at: number;
    readonly isAccepted: boolean;
    readonly note: string;
  } | null;
}

/** An approval. */
export interface Approval {
  readonly id: string;
  /** The change that people make and that it is about; absent for the run of a task. */
  readonly change?: string;
  readonly executionId: string;
  readonly taskRunId: string;
  readonly taskId: string;
  readonly taskType: string;
  readonly namespace: string;
  readonly flowId: string;
  readonly revision: number;
  /** What is asked, without anything of a value. */
  readonly title: string;
  /** Keyed digest of everything that it binds to. */
  readonly digest: string;
  /** The digests of the parts by name: what changed is told by them. */
  readonly parts: Readonly<Record<string, string>>;
  /** False where plain resuming lets the run go on as well. */
  readonly isBinding: boolean;
  readonly terms: ApprovalTerms;
  /** Which stage decides at present. */
  readonly stage: number;
  readonly isEscalated: boolean;
  /** Who had the execution started. */
  readonly requester: string;
  /** Everybody in the chain: none of them decides. */
  readonly involved: readonly string[];
  readonly state: ApprovalState;
  readonly votes: readonly ApprovalVote[];
  readonly claimedBy: string | null;
  /** When the claim lapses, so that whoever forgets it holds nobody up. */
  readonly claimedUntil: number | null;
  /** Digest of the values of the form that came with the first yes; null before, or where it has none. */
  readonly form: string | null;
  readonly openedAt: number;
  readonly deadlineAt: number | null;
  /** When whoever decides was reminded; null before. */
  readonly remindedAt: number | null;
  readonly closedAt: number | null;
  /** Why it is closed, where nobody granted it. */
  readonly closedBecause: string | null;
  /** Arguments that somebody vouched for in place of agreeing to the whole, by name. */
  readonly endorsed: readonly string[];
  /** Arguments that somebody vouched for before, in the approval that this one replaces. */
  readonly vouched: readonly string[];
  readonly brokenGlass: BrokenGlass | null;
  /** The key of the effect it was used for. */
  readonly usedFor: string | null;
  /** The version of the policies that asked for it. */
  readonly version: string;
  readonly riskTier: string | null;
  readonly stageOfLife: string | null;
}
