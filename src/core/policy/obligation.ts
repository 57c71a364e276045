/**
 * What a forbid asks for instead of refusing for good, read from its annotations:
 * `@obligation("approval") @approvers("role:pricing-manager") @quorum("2") @deadline("PT4H")`.
 *
 * INVARIANT: an annotation that cannot be read makes the policy invalid; it is never an obligation that
 * is easier to meet.
 */

/** What can be asked for. */
export const obligationKinds = ['approval', 'mask', 'step-up', 'reason'] as const;

/** What is asked for. */
export type ObligationKind = (typeof obligationKinds)[number];

/** Who may approve: holders of a role, members of a group, or one person. */
export interface ApproverRule {
  readonly kind: 'role' | 'group' | 'user';
  readonly name: string;
}

/** People must say yes to exactly this effect. */
export interface ApprovalObligation {
  readonly kind: 'approval';
  /** Id of the policy that asks for it. */
  readonly policy: string;
  readonly reason: string;
  /** Any of these may decide. */
  readonly approvers: readonly ApproverRule[];
  /** How many different people must say yes. */
  readonly quorum: number;
  /** After it the approval is refused (or escalated); null: it waits. */
  readonly deadlineMs: number | null;
  /** Who decides after the deadline; absent: the deadline refuses. */
  readonly escalatesTo?: readonly ApproverRule[];
}

/** Data of these classes must be masked first. */
export interface MaskObligation {
  readonly kind: 'mask';
  readonly policy: string;
  readonly reason: string;
  readonly classes: readonly string[];
}

/** The principal must prove again who it is, with a second factor. */
export interface StepUpObligation {
  readonly kind: 'step-up';
  readonly policy: string;
  readonly reason: string;
}

/** The principal must write why. */
export interface ReasonObligation {
  readonly kind: 'reason';
  readonly policy: string;
  readonly reason: string;
}

/** What must be met before a yes. */
export type Obligation = ApprovalObligation | MaskObligation | StepUpObligation | ReasonObligation;

/** An obligation that was met, as whoever asks again hands it over; the asker has checked what it binds to. */
export interface MetObligation {
  readonly policy: string;
  /** `exception`: all of it, because something is exempt from the control of the policy. */
  readonly kind: ObligationKind | 'exception';
  /** The approval, the exception, the session or the entry that met it. */
  readonly by: string;
  /** With `mask`: the classes that are gone. */
  readonly classes?: readonly string[];
}
