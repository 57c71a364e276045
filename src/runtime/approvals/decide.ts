/**
 * What people do with an approval: say yes or no, take it on, take it back, vouch for a value, break the
 * glass. Each is one step, with the entries that tell of it and the notice that goes with it.
 */
import {
  allDecidersOf,
  type Approval,
  breakGlass,
  claim,
  endorse,
  examineGlass,
  glassTrouble,
  takeBack,
  vote,
  type VoteVerdict,
} from '../../core/governance/index.ts';
import { decodeValue, encodeValue, mapOf, type Value } from '../../core/value/index.ts';
import type { ApprovalNotice } from '../../ports/approval-notices.ts';
import { approvalEntry, type ApprovalParts } from './approval-parts.ts';
import { type KeptApproval, listApprovals } from './approval-records.ts';
import { type Deciding, takeStep } from './take-step.ts';
import { type ApprovalNews, incidentOf } from './tend-approval.ts';

/** What of an approval somebody has seen; what they do is refused when it is something else by now. */
export interface Seen {
  /** Its version. */
  readonly expects?: number;
}

/** What somebody says, with the values of the form. */
export interface Said extends Seen {
  readonly verdict: VoteVerdict;
  readonly reason: string;
  readonly inputs?: Readonly<Record<string, Value>>;
  /** Digest of the effect that was looked at. */
  readonly digest?: string;
}

type Inputs = Readonly<Record<string, Value>>;

/** Returns the values of a form as one text, the same for the same values. */
function formText(inputs: Inputs): string {
  const rows = Object.entries(inputs).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return encodeValue(mapOf(Object.fromEntries(rows)));
}

/** Returns the values of the form that an approval was given with its first yes. */
export function givenValues(
  { cipher }: Pick<ApprovalParts, 'cipher'>,
  { given }: Pick<KeptApproval, 'given'>,
): Inputs | undefined {
  return given === null ? undefined : (decodeValue(cipher.decrypt(given)) as Inputs);
}

function newsOf(after: Approval, by: string): ApprovalNews | undefined {
  switch (after.state) {
    case 'granted':
    case 'rejected':
    case 'returned':
    case 'withdrawn': {
      const reason = after.closedBecause;
      return { type: 'closed', outcome: after.state, by, ...(reason !== null && { reason }) };
    }
    default:
      return undefined;
  }
}

function noticeOf({ state }: Approval): ApprovalNotice['event'] | undefined {
  const isTold =
    state === 'granted' || state === 'rejected' || state === 'returned' || state === 'withdrawn';
  return isTold ? state : undefined;
}

/** Approves, rejects or sends back; the same said twice is said once. */
export function castVote(deciding: Deciding, id: string, said: Said): Promise<Approval> {
  const { parts, principal, teller } = deciding;
  const { verdict, reason, inputs, expects, digest } = said;
  const isForm = verdict === 'approve' && inputs !== undefined;
  const text = isForm ? formText(inputs) : undefined;
  const form = text === undefined ? {} : { form: parts.cipher.keyedDigest(text) };
  return takeStep(deciding, id, {
    action: 'approve',
    reason,
    ...(expects !== undefined && { expects }),
    ...(digest !== undefined && { digest }),
    take: (approval, voter, at) => vote(approval, voter, { verdict, reason, ...form }, at),
    check: async (before, after) => {
      // What the last voice could not give any more is asked for with the first.
      const isFirst = before.votes.length === 0 && verdict === 'approve';
      if (isFirst && after.state === 'open') await teller.check(before, inputs ?? {});
    },
    entries: (after, voter) => [
      approvalEntry(parts, id, 'approval-decided', voter.id, {
        approval: id,
        verdict,
        reason,
        state: after.state,
        stage: after.votes.at(-1)?.stage ?? 0,
        titles: [...(after.votes.at(-1)?.titles ?? [])],
        delegation: after.votes.at(-1)?.delegation ?? null,
        digest: after.digest,
        form: after.form,
        execution: after.executionId,
      }),
    ],
    given: (after, kept) =>
      text !== undefined && after.votes.length === 1 ? parts.cipher.encrypt(text) : kept.given,
    news: (after, kept) => {
      const news = newsOf(after, principal.id);
      const values = inputs ?? givenValues(parts, kept);
      return news?.type === 'closed' && values !== undefined ? { ...news, inputs: values } : news;
    },
    notice: noticeOf,
  });
}

/** Takes an approval on, so that others leave it, or gives it back. */
export function claimApproval(
  deciding: Deciding,
  id: string,
  isTaken: boolean,
  seen: Seen = {},
): Promise<Approval> {
  const type = isTaken ? 'approval-claimed' : 'approval-unclaimed';
  return takeStep(deciding, id, {
    ...seen,
    action: 'claim',
    reason: '',
    take: (approval, voter, at) => claim(approval, voter, isTaken, at),
    entries: (_after, voter) => [
      approvalEntry(deciding.parts, id, type, voter.id, { approval: id }),
    ],
  });
}

/** Takes an approval back that one had part in asking for; its task fails. */
export function withdrawRequest(
  deciding: Deciding,
  id: string,
  { reason, ...seen }: Seen & { readonly reason: string },
): Promise<Approval> {
  const { parts, principal } = deciding;
  return takeStep(deciding, id, {
    ...seen,
    action: 'withdraw',
    reason,
    take: (approval, voter, at) => takeBack(approval, voter, reason, at),
    entries: (after, voter) => [
      approvalEntry(parts, id, 'approval-withdrawn', voter.id, {
        approval: id,
        reason,
        execution: after.executionId,
      }),
    ],
    news: (after) => newsOf(after, principal.id),
    notice: noticeOf,
  });
}

/** Vouches for the values of some arguments; what asked for the approval is asked again. */
export function endorseValues(
  deciding: Deciding,
  id: string,
  said: Seen & { readonly names: readonly string[]; readonly reason: string },
): Promise<Approval> {
  const { parts, principal } = deciding;
  const { names, reason, ...seen } = said;
  return takeStep(deciding, id, {
    ...seen,
    action: 'endorse',
    reason,
    take: (approval, voter, at) => endorse(approval, voter, { names, reason }, at),
    entries: (after, voter) => [
      approvalEntry(parts, id, 'value-endorsed', voter.id, {
        approval: id,
        names: [...names],
        digests: names.map((name) => after.parts[`argument ${name}`] ?? ''),
        reason,
        execution: after.executionId,
      }),
    ],
    news: (after) => newsOf(after, principal.id),
    notice: noticeOf,
  });
}

/** Goes on without the approvers; a second person examines it afterwards, and an incident is opened. */
export function breakTheGlass(
  deciding: Deciding,
  id: string,
  { reason, ...seen }: Seen & { readonly reason: string },
): Promise<Approval> {
  const { parts, principal } = deciding;
  return takeStep(deciding, id, {
    ...seen,
    action: 'break-glass',
    reason,
    take: async (approval, voter, at) => {
      const left = await listApprovals(parts, { isUnexamined: true });
      const trouble = glassTrouble(
        left.map((one) => one.approval),
        voter,
        at,
      );
      return trouble ?? breakGlass(approval, voter, reason, at);
    },
    entries: (after, voter) => {
      const about = {
        approval: id,
        execution: after.executionId,
        reason,
        reviewDueAt: after.brokenGlass?.reviewDueAt ?? 0,
      };
      const broken = approvalEntry(parts, id, 'glass-broken', voter.id, {
        ...about,
        digest: after.digest,
      });
      const incident = incidentOf(id);
      const told = { ...about, incident, kind: 'break-glass', title: after.title };
      const opened = approvalEntry(parts, id, 'incident-opened', voter.id, told);
      return [broken, { ...opened, stream: `incident:${incident}` }];
    },
    news: (after) => newsOf(after, principal.id),
    notice: () => 'glass-broken',
  });
}

/** Notes what a second person found who examined a broken glass. */
export function examineBrokenGlass(
  deciding: Deciding,
  id: string,
  { expects, ...said }: Seen & { readonly isAccepted: boolean; readonly note: string },
): Promise<Approval> {
  const { parts } = deciding;
  return takeStep(deciding, id, {
    ...(expects !== undefined && { expects }),
    action: 'approve',
    reason: said.note,
    deciders: allDecidersOf,
    take: (approval, voter, at) => examineGlass(approval, voter, said, at),
    entries: (_after, voter) => {
      const told = { approval: id, ...said };
      const examined = approvalEntry(parts, id, 'glass-examined', voter.id, told);
      const stream = `incident:${incidentOf(id)}`;
      return [examined, { ...examined, stream, type: 'incident-examined' }];
    },
  });
}
