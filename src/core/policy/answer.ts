/**
 * What policy answers: yes, no, or yes once its obligations are met, with the policies that determined it
 * and reasons a person can read.
 *
 * INVARIANT: an answer never holds the text of an error of the policy engine; trouble is a denial.
 */
import type { MetObligation, Obligation } from './obligation.ts';

/** Yes, no, or yes once every obligation is met. */
export type Verdict = 'allow' | 'deny' | 'obliged';

/** A policy that determined an answer. */
export interface DeterminingPolicy {
  readonly id: string;
  readonly effect: 'permit' | 'forbid';
  /** For people; the policy's `@reason`, else its title. */
  readonly reason: string;
}

/** Why an answer is a denial although no policy forbids it. */
export type DenialCause =
  | 'nothing-permits'
  | 'no-policies'
  | 'other-tenant'
  | 'action-unknown'
  | 'question-invalid'
  | 'evaluation-failed';

/** What policy answers. */
export interface Answer {
  readonly verdict: Verdict;
  readonly policies: readonly DeterminingPolicy[];
  /** What must be met; empty unless the verdict is `obliged`. */
  readonly obligations: readonly Obligation[];
  /** Set when no policy determined the denial. */
  readonly cause?: DenialCause;
  /** What the answer would be if the policies in observe mode were enforced; absent when it is the same. */
  readonly observed?: {
    readonly verdict: Verdict;
    readonly policies: readonly DeterminingPolicy[];
  };
  /** The version of the policies that answered. */
  readonly version: string;
}

/** What is kept of an answer beside the event of what it allowed. */
export interface DecisionNote {
  readonly verdict: Verdict;
  /** Ids of the determining policies. */
  readonly policies: readonly string[];
  readonly version: string;
  /** Digest of the canonical question. */
  readonly digest: string;
}

function covers(met: MetObligation, obligation: Obligation): boolean {
  if (met.policy !== obligation.policy || met.kind !== obligation.kind) return false;
  if (met.kind !== 'mask' || obligation.kind !== 'mask') return true;
  return obligation.classes.every((one) => met.classes?.includes(one) === true);
}

/** Returns `answer` with the obligations of `met` done: the rest stays, and none left means yes. */
export function settle(answer: Answer, met: readonly MetObligation[]): Answer {
  if (answer.verdict !== 'obliged') return answer;
  const obligations = answer.obligations.filter((one) => !met.some((done) => covers(done, one)));
  return { ...answer, verdict: obligations.length === 0 ? 'allow' : 'obliged', obligations };
}
