/**
 * The commands about approvals: see what waits, and decide it. Whoever calls them is the machine's own
 * user, and the separation of duties holds for them as for everybody.
 */
import type { Command } from '../../command.ts';
import { inputOptions } from '../options.ts';

const approval = { name: 'ID', summary: 'id of the approval' };
const reason = { name: 'reason', value: 'TEXT', summary: 'why; stands in the ledger' };
const neededReason = { ...reason, summary: 'why; stands in the ledger (required)' };

/** The commands about approvals. */
export const approvalCommands: readonly Command[] = [
  {
    noun: 'approval',
    verb: 'list',
    summary: 'Lists approvals; without options those that wait.',
    args: [],
    options: [
      {
        name: 'state',
        value: 'STATE',
        summary: 'open, granted, used, rejected, returned, withdrawn, expired, voided or all',
      },
      { name: 'mine', summary: 'only those that you may decide' },
      { name: 'unexamined', summary: 'only those whose glass was broken and nobody examined' },
      { name: 'execution', value: 'ID', summary: 'only those of an execution' },
    ],
    examples: [
      { title: 'What waits for people', call: 'sluice approval list' },
      { title: 'What waits for you', call: 'sluice approval list --mine' },
      { title: 'What is to be examined', call: 'sluice approval list --unexamined' },
    ],
    load: async () => (await import('./list-approvals.ts')).listApprovals,
  },
  {
    noun: 'approval',
    verb: 'show',
    summary: 'Shows an approval: the effect as it was rendered, who decides, what was said.',
    args: [approval],
    options: [],
    examples: [{ title: 'Look before deciding', call: 'sluice approval show 4fJ2kQ-2-1' }],
    load: async () => (await import('./show-approval.ts')).showApproval,
  },
  {
    noun: 'approval',
    verb: 'approve',
    summary: 'Agrees to exactly the effect that is shown; gives a receipt.',
    args: [approval],
    options: [
      reason,
      {
        name: 'digest',
        value: 'DIGEST',
        summary: 'what you looked at, as `show` prints it; refused where it is something else',
      },
      ...inputOptions,
    ],
    examples: [
      { title: 'Agree', call: 'sluice approval approve 4fJ2kQ-2-1 --reason checked' },
      {
        title: 'Agree to what was looked at, and to nothing else',
        call: 'sluice approval approve 4fJ2kQ-2-1 --digest 0123456789abcdef',
      },
    ],
    load: async () => (await import('./decide-approval.ts')).approve,
  },
  {
    noun: 'approval',
    verb: 'reject',
    summary: 'Refuses the effect; the task fails.',
    args: [approval],
    options: [neededReason],
    examples: [
      { title: 'Refuse', call: "sluice approval reject 4fJ2kQ-2-1 --reason 'wrong customer'" },
    ],
    load: async () => (await import('./decide-approval.ts')).reject,
  },
  {
    noun: 'approval',
    verb: 'send-back',
    summary: 'Sends the effect back to be mended; the task fails.',
    args: [approval],
    options: [neededReason],
    examples: [
      {
        title: 'Ask for another one',
        call: "sluice approval send-back 4fJ2kQ-2-1 --reason 'split it by region'",
      },
    ],
    load: async () => (await import('./decide-approval.ts')).sendBack,
  },
  {
    noun: 'approval',
    verb: 'withdraw',
    summary: 'Takes back what you had part in asking for; the task fails.',
    args: [approval],
    options: [neededReason],
    examples: [
      {
        title: 'It was a mistake',
        call: "sluice approval withdraw 4fJ2kQ-2-1 --reason 'wrong order'",
      },
    ],
    load: async () => (await import('./decide-approval.ts')).withdraw,
  },
  {
    noun: 'approval',
    verb: 'endorse',
    summary: 'Vouches for the values of some arguments; what asked is asked again.',
    description:
      'Less than agreeing to the whole: the value counts as trusted at this place, once. Whatever else asks for people asks them still.',
    args: [approval],
    options: [
      {
        name: 'argument',
        short: 'a',
        value: 'NAME',
        isRepeatable: true,
        summary: 'whose value you vouch for (required)',
      },
      neededReason,
    ],
    examples: [
      {
        title: 'The address is right',
        call: "sluice approval endorse 4fJ2kQ-2-1 --argument to --reason 'asked the customer'",
      },
    ],
    load: async () => (await import('./decide-approval.ts')).endorse,
  },
  {
    noun: 'approval',
    verb: 'claim',
    summary: 'Takes an approval on, so that others leave it.',
    args: [approval],
    options: [{ name: 'release', summary: 'gives it back' }],
    examples: [{ title: 'Take it on', call: 'sluice approval claim 4fJ2kQ-2-1' }],
    load: async () => (await import('./claim-approval.ts')).claimApproval,
  },
  {
    noun: 'approval',
    verb: 'delegate',
    summary: 'Lets somebody else decide in your place for a time; without a name lists who does.',
    args: [{ name: 'USER', summary: 'handle of whoever decides for you', isOptional: true }],
    options: [
      { name: 'for', value: 'DURATION', summary: 'how long, as an ISO duration; at most 90 days' },
      reason,
      { name: 'end', value: 'ID', summary: 'ends a delegation of yours' },
    ],
    examples: [
      {
        title: 'During a holiday',
        call: 'sluice approval delegate user:ben --for P14D --reason holiday',
      },
    ],
    load: async () => (await import('./delegate-approvals.ts')).delegateApprovals,
  },
  {
    noun: 'approval',
    verb: 'break-glass',
    summary: 'Goes on without the approvers, who examine it afterwards.',
    args: [approval],
    options: [neededReason],
    examples: [
      {
        title: 'It cannot wait',
        call: "sluice approval break-glass 4fJ2kQ-2-1 --reason 'the shop is down'",
      },
    ],
    load: async () => (await import('./decide-approval.ts')).breakGlass,
  },
  {
    noun: 'approval',
    verb: 'examine',
    summary: 'Notes what you found about a broken glass.',
    args: [approval],
    options: [
      { name: 'accept', summary: 'it was needed' },
      { name: 'object', summary: 'it was not' },
      neededReason,
    ],
    examples: [
      {
        title: 'It was needed',
        call: "sluice approval examine 4fJ2kQ-2-1 --accept --reason 'the shop was down'",
      },
    ],
    load: async () => (await import('./decide-approval.ts')).examine,
  },
];
