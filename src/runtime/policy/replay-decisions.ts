/**
 * What a draft of policies would have decided: every question of a period is asked again, and the verdicts
 * that change are told in groups, the most frequent first.
 */
import type { Question, Verdict } from '../../core/policy/index.ts';
import type { LoadedPolicies } from '../../ports/policy-engine.ts';
import type { PolicyParts } from './policy-parts.ts';
import { type DecisionPeriod, recordedDecisions, recordedQuestion } from './recorded-questions.ts';

/** Verdicts that change in the same way for the same reason. */
export interface ChangedVerdicts {
  readonly action: string;
  readonly resource: string;
  readonly before: Verdict;
  readonly after: Verdict;
  /** The policies of the draft that determine the other verdict, or why none does. */
  readonly policies: readonly string[];
  /** How many decisions. */
  readonly count: number;
  /** How many different questions. */
  readonly questions: number;
  /** Of some of them: who asked and about what. */
  readonly examples: readonly { readonly principal: string; readonly resource: string }[];
}

/** What a replay found. */
export interface ReplayReport {
  readonly version: string;
  readonly decisions: number;
  readonly questions: number;
  /** Decisions whose question was not kept, which nothing is known about. */
  readonly unknown: number;
  readonly changed: number;
  readonly groups: readonly ChangedVerdicts[];
}

const examplesMax = 3;

function exampleOf({ principal, resource }: Question): ChangedVerdicts['examples'][number] {
  return { principal: principal.id, resource: resource.id };
}

/** Returns what `draft` would have decided in `period`. */
export async function replayDecisions(
  parts: PolicyParts,
  draft: LoadedPolicies,
  period: DecisionPeriod,
): Promise<ReplayReport> {
  const groups = new Map<string, ChangedVerdicts>();
  let decisions = 0;
  let unknown = 0;
  let changed = 0;
  const recorded = await recordedDecisions(parts, period);
  for (const { digest, verdict: before, count } of recorded) {
    decisions += count;
    const question = await recordedQuestion(parts, digest);
    if (question === undefined) {
      unknown += count;
      continue;
    }
    const answer = draft.decide(question);
    const after = answer.verdict;
    if (after === before) continue;
    // An obligation that was met made a recorded yes; the draft asks for it as well.
    changed += count;
    const ids = answer.policies.map(({ id }) => id);
    const policies = ids.length > 0 ? ids : [answer.cause ?? 'nothing-permits'];
    const { action, resource } = question;
    const key = JSON.stringify([action, resource.type, before, after, policies]);
    const group = groups.get(key);
    const examples = group?.examples ?? [];
    groups.set(key, {
      action,
      resource: resource.type,
      before,
      after,
      policies,
      count: (group?.count ?? 0) + count,
      questions: (group?.questions ?? 0) + 1,
      examples: examples.length < examplesMax ? [...examples, exampleOf(question)] : examples,
    });
  }
  return {
    version: draft.version,
    decisions,
    questions: recorded.length,
    unknown,
    changed,
    groups: [...groups.values()].toSorted((a, b) => b.count - a.count),
  };
}
