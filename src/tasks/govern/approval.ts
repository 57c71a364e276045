/**
 * `govern.Approval`: people decide before the flow goes on. Who asks, who wrote the flow, and whoever acts
 * for them never decide; a deadline never approves. The waiting is the engine's, the approval is kept
 * where people find it.
 */
import { z } from 'zod';
import { defineFlowable } from '../../ports/task.ts';

const approvers = z
  .union([z.string(), z.array(z.string())])
  .describe('Any of these may decide: `role:…`, `group:…`, `user:…`; `role:approver` if absent.');
const quorum = z
  .union([z.int(), z.string()])
  .describe('How many different people must say yes; 1 if absent.');

/** Lets people decide before the flow goes on. */
export const approvalTask = defineFlowable({
  type: 'govern.Approval',
  aliases: ['io.kestra.plugin.core.flow.Approval'],
  summary: 'Lets people decide before the flow goes on.',
  description:
    'Whoever started the execution, wrote the revision, or acts for one of them does not decide. Rejected, sent back or expired, the task fails, so that `errors` and `allowFailure` apply. Values asked for in `inputs` are given as `outputs.<id>.onResume`.',
  input: z.strictObject({
    title: z.string().optional().describe('What is asked, in one line.'),
    preview: z.string().optional().describe('What the deciders are shown.'),
    reason: z.string().optional().describe('Why people are asked.'),
    approvers: approvers.optional(),
    quorum: quorum.optional(),
    stages: z
      .array(z.strictObject({ approvers, quorum: quorum.optional() }))
      .optional()
      .describe('Several rounds, one after the other; in place of `approvers` and `quorum`.'),
    deadline: z
      .string()
      .optional()
      .describe('How long is waited, as an ISO duration; without it for ever.'),
    onDeadline: z
      .enum(['reject', 'escalate'])
      .optional()
      .describe('What the deadline does; `reject` if absent.'),
    escalateTo: approvers.optional().describe('Who may decide as well after the deadline.'),
  }),
  output: z.strictObject({
    onResume: z
      .record(z.string(), z.unknown())
      .optional()
      .describe('The values given with the decision.'),
    resumed: z
      .strictObject({
        by: z.string().nullable().describe('Who decided last.'),
        on: z.string().describe('When, as an ISO instant.'),
        to: z.string().describe('The state it went on in.'),
      })
      .optional()
      .describe('Who decided last, and when.'),
  }),
  rendering: { stages: 'typed', approvers: 'typed', escalateTo: 'typed', quorum: 'typed' },
  examples: [
    {
      title: 'Two of finance agree to a refund, the controller after a day',
      flow: `id: large-refund
namespace: shop.returns
inputs:
  - id: order
    type: INT
    defaults: 812
tasks:
  - id: agree
    type: govern.Approval
    title: "Refund order {{ inputs.order }}"
    preview: "The customer sent photos; the goods came back damaged."
    approvers: role:finance
    quorum: 2
    deadline: P1D
    onDeadline: escalate
    escalateTo: role:controller
    inputs:
      - id: amount
        type: FLOAT
  - id: refund
    type: core.debug.Return
    format: "refund {{ outputs.agree.onResume.amount }}"
`,
      state: 'PAUSED',
    },
  ],
});
