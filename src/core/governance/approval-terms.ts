/** What several policies, and the flow itself, ask for at once: all of it must be met. */
import type { ApprovalObligation } from '../policy/index.ts';
import type { ApprovalRequirement, ApprovalTerms } from './approval.ts';

function earliest(deadlines: readonly (number | null)[]): number | null {
  const set = deadlines.filter((one) => one !== null);
  return set.length === 0 ? null : Math.min(...set);
}

/** Returns the terms under which all of `obligations`, and what the flow asks itself, are met. */
export function termsOf(
  obligations: readonly ApprovalObligation[],
  own?: ApprovalTerms,
): ApprovalTerms {
  const asked: ApprovalRequirement[] = obligations.map(({ policy, reason, approvers, quorum }) => ({
    policy,
    reason,
    approvers,
    quorum,
  }));
  const [first = [], ...later] = own?.stages ?? [];
  const deadlines = [...obligations.map((one) => one.deadlineMs), own?.deadlineMs ?? null];
  const escalations = obligations.filter((one) => one.deadlineMs !== null);
  const doAllEscalate =
    escalations.every((one) => one.escalatesTo !== undefined) &&
    (own === undefined || own.deadlineMs === null || own.onDeadline === 'escalate');
  const escalatesTo = [
    ...obligations.flatMap((one) => one.escalatesTo ?? []),
    ...(own?.escalatesTo ?? []),
  ];
  return {
    stages: [[...asked, ...first], ...later].filter((stage) => stage.length > 0),
    deadlineMs: earliest(deadlines),
    // One who says that the deadline refuses is not overruled by another who would escalate.
    onDeadline: doAllEscalate && escalatesTo.length > 0 ? 'escalate' : 'reject',
    escalatesTo,
  };
}

/** Returns the names of the parts that differ, in order. */
export function changedParts(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): readonly string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => before[name] !== after[name]).toSorted();
}
