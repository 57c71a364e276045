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

/** A forbid that enforces a control, from which something may be exempt. */
export interface ControlledForbid {
  readonly policy: string;
  readonly control: string;
}

/** What policy answers. */
export interface Answer {
  readonly verdict: Verdict;
  readonly policies: readonly DeterminingPolicy[];
  /** What must be met; empty unless the verdict is `obliged`. */
  readonly obligations: readonly Obligation[];
  /** Set when no policy determined the denial. */
  readonly cause?: DenialCause;
  /** Set where exceptions from controls could take forbids away: which, and what the others ask for. */
  readonly exemptible?: {
    readonly forbids: readonly ControlledForbid[];
    readonly obligations: readonly Obligation[];
  };
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
  /** Ids of the exceptions that it rests on. */
  readonly exceptions?: readonly string[];
  /** The data classes that were masked before. */
  readonly masked?: readonly string[];
}

function covers(met: MetObligation, obligation: Obligation): boolean {
  if (met.policy !== obligation.policy || met.kind !== obligation.kind) return false;
  if (met.kind !== 'mask' || obligation.kind !== 'mask') return true;
  return obligation.classes.every((one) => met.classes?.includes(one) === true);
}

/** Returns `answer` without the forbids that an exception of `met` takes away. */
function exempted(answer: Answer, met: readonly MetObligation[]): Answer {
  const { exemptible } = answer;
  const gone = new Set(met.flatMap(({ kind, policy }) => (kind === 'exception' ? policy : [])));
  if (exemptible === undefined || gone.size === 0) return answer;
  const forbids = exemptible.forbids.filter(({ policy }) => !gone.has(policy));
  const obligations = exemptible.obligations.filter(({ policy }) => !gone.has(policy));
  const isFinal = forbids.some(({ policy }) => !obligations.some((one) => one.policy === policy));
  const rest = { ...answer, exemptible: { forbids, obligations } };
  return isFinal ? rest : { ...rest, verdict: 'obliged', obligations };
}

/**
 * Returns `answer` with what `met` says done: an exception takes a forbid away with all that it asks for, a
 * met obligation is taken off the list. The rest stays, and none left means yes.
 */
export function settle(given: Answer, met: readonly MetObligation[]): Answer {
  const answer = exempted(given, met);
  if (answer.verdict !== 'obliged') return answer;
  const obligations = answer.obligations.filter((one) => !met.some((done) => covers(done, one)));
  return { ...answer, verdict: obligations.length === 0 ? 'allow' : 'obliged', obligations };
}
