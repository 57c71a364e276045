/** An answer in sentences: what it is, why, and what would make it a yes. Reasons are the policies' own. */
import { Failure } from '../failure/index.ts';
import type { Answer, DenialCause } from './answer.ts';
import type { ApproverRule, Obligation } from './obligation.ts';

const causes: Readonly<Record<DenialCause, string>> = {
  'nothing-permits': 'no policy permits it',
  'no-policies': 'no policies are in force, and without policies every answer is no',
  'other-tenant': 'the principal belongs to another tenant',
  'action-unknown': 'the system knows no such action',
  'question-invalid': 'the question is incomplete or asks about something the action is not for',
  'evaluation-failed': 'a policy could not be evaluated, which counts as a no',
};

function approverText({ kind, name }: ApproverRule): string {
  if (kind === 'user') return `\`${name}\``;
  return kind === 'role' ? `somebody with the role \`${name}\`` : `a member of \`${name}\``;
}

function durationText(milliseconds: number): string {
  const minutes = Math.round(milliseconds / 60_000);
  if (minutes % 1_440 === 0) return `${minutes / 1_440} d`;
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${minutes} min`;
}

/** Returns what meets `obligation`, as one clause. */
export function describeObligation(obligation: Obligation): string {
  switch (obligation.kind) {
    case 'approval': {
      const { quorum, approvers, deadlineMs } = obligation;
      const who = approvers.map(approverText).join(' or ');
      const count = quorum === 1 ? 'an approval' : `${quorum} approvals of different people`;
      const until = deadlineMs === null ? '' : ` within ${durationText(deadlineMs)}`;
      return `${count} by ${who}${until}`;
    }
    case 'mask':
      return `masking of ${obligation.classes.map((one) => `\`${one}\``).join(', ')}`;
    case 'step-up':
      return 'a second factor, confirmed now';
    case 'reason':
      return 'a written reason';
  }
}

/** Returns the sentences that explain `answer`, the most important first. */
export function describeAnswer(answer: Answer): readonly string[] {
  const lines: string[] = [];
  if (answer.cause !== undefined) lines.push(causes[answer.cause]);
  for (const { id, reason } of answer.policies) lines.push(`${reason} (\`${id}\`)`);
  for (const one of answer.obligations) lines.push(`it needs ${describeObligation(one)}`);
  for (const { control, policy } of answer.exemptible?.forbids ?? []) {
    lines.push(`an exception from \`${control}\` would let it through (\`${policy}\`)`);
  }
  if (answer.observed !== undefined) {
    const by = answer.observed.policies.map(({ id }) => `\`${id}\``).join(', ');
    lines.push(`with the observed policies enforced it would be ${answer.observed.verdict}: ${by}`);
  }
  return lines;
}

/** Returns the failure of `what`, which policy does not let pass; undefined where `answer` is a yes. */
export function denialOf(answer: Answer, what: string): Failure | undefined {
  if (answer.verdict === 'allow') return undefined;
  const reasons = describeAnswer(answer);
  const verb = answer.verdict === 'obliged' ? 'holds back' : 'refuses';
  return new Failure('policy.denied', `policy ${verb} ${what}: ${reasons.join('; ')}`, {
    details: { verdict: answer.verdict, reasons, obligations: answer.obligations },
  });
}
