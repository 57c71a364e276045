/**
 * Stories with approvals: from the no that opens one to the effect it was used for, with people who
 * decide, who kill, who come too late.
 */
import { answers, approves, kills, restarts, starts, withdraws } from './people.ts';
import type { Scenario } from './scenarios.ts';

const flow = (id: string, rest: string): string => `id: ${id}\nnamespace: sim\n${rest}`;

/** The stories with approvals. */
export const approvalScenarios: readonly Scenario[] = [
  {
    name: 'approval',
    hasVisitors: true,
    asks: { 'sim.Send': 1 },
    steadiness: 'always',
    people: [starts('approval'), approves('approval', 'ada'), answers('approval')],
    flows: [
      flow(
        'approval',
        `tasks:
  - { id: sent, type: sim.Send }
  - { id: after, type: core.debug.Return, format: "{{ outputs.sent.word }}" }
`,
      ),
    ],
  },
  {
    name: 'approval-of-two',
    hasVisitors: true,
    asks: { 'sim.Book': 2 },
    steadiness: 'always',
    people: [
      starts('approval-of-two'),
      approves('approval-of-two', 'ada'),
      approves('approval-of-two', 'ben'),
      approves('approval-of-two', 'cleo'),
    ],
    flows: [
      flow(
        'approval-of-two',
        `tasks:
  - id: both
    type: core.flow.Parallel
    tasks:
      - { id: one, type: sim.Book }
      - { id: two, type: sim.Look }
  - { id: after, type: core.debug.Return, format: "{{ outputs.one.word }}" }
`,
      ),
    ],
  },
  {
    name: 'approval-rejected',
    hasVisitors: true,
    asks: { 'sim.Send': 1 },
    steadiness: 'always',
    people: [starts('approval-rejected'), approves('approval-rejected', 'ada', 'reject')],
    flows: [
      flow(
        'approval-rejected',
        `tasks: [{ id: sent, type: sim.Send }]
errors: [{ id: told, type: sim.Look }]
`,
      ),
    ],
  },
  {
    name: 'approval-disputed',
    hasVisitors: true,
    asks: { 'sim.Send': 1 },
    steadiness: 'never',
    people: [
      starts('approval-disputed'),
      approves('approval-disputed', 'ada'),
      approves('approval-disputed', 'ben', 'reject'),
      approves('approval-disputed', 'cleo', 'send-back'),
      answers('approval-disputed'),
    ],
    flows: [flow('approval-disputed', `tasks: [{ id: sent, type: sim.Send }]\n`)],
  },
  {
    name: 'approval-expired',
    asks: { 'sim.Send': 1 },
    steadiness: 'always',
    people: [starts('approval-expired')],
    flows: [flow('approval-expired', `tasks: [{ id: sent, type: sim.Send }]\n`)],
  },
  {
    name: 'approval-late',
    asks: { 'sim.Send': 1 },
    steadiness: 'never',
    people: [
      starts('approval-late'),
      approves('approval-late', 'ada', 'approve', 2 * 3_600_000 - 60_000),
      answers('approval-late'),
    ],
    flows: [flow('approval-late', `tasks: [{ id: sent, type: sim.Send }]\n`)],
  },
  {
    name: 'approval-killed',
    hasVisitors: true,
    asks: { 'sim.Send': 1 },
    steadiness: 'never',
    people: [
      starts('approval-killed'),
      kills('approval-killed', 'beside'),
      approves('approval-killed', 'ada'),
      answers('approval-killed'),
    ],
    flows: [
      flow(
        'approval-killed',
        `tasks:
  - id: both
    type: core.flow.Parallel
    tasks:
      - { id: beside, type: core.flow.Sleep, duration: PT30S }
      - { id: sent, type: sim.Send }
`,
      ),
    ],
  },
  {
    name: 'approval-withdrawn',
    hasVisitors: true,
    asks: { 'sim.Send': 1 },
    steadiness: 'never',
    people: [
      starts('approval-withdrawn'),
      withdraws('approval-withdrawn', 'user:person'),
      approves('approval-withdrawn', 'ada'),
      restarts('approval-withdrawn'),
      answers('approval-withdrawn'),
    ],
    flows: [flow('approval-withdrawn', `tasks: [{ id: sent, type: sim.Send }]\n`)],
  },
  {
    name: 'approval-of-flow',
    hasVisitors: true,
    asks: {},
    steadiness: 'always',
    people: [starts('approval-of-flow'), approves('approval-of-flow', 'ada')],
    flows: [
      flow(
        'approval-of-flow',
        `tasks:
  - { id: agree, type: govern.Approval, approvers: role:approver, deadline: PT2H }
  - { id: booked, type: sim.Book }
`,
      ),
    ],
  },
  {
    name: 'approval-retried',
    hasVisitors: true,
    asks: { 'sim.Send': 1 },
    steadiness: 'never',
    people: [
      starts('approval-retried'),
      approves('approval-retried', 'ada'),
      answers('approval-retried'),
    ],
    flows: [
      flow(
        'approval-retried',
        `tasks:
  - id: sent
    type: sim.Send
    failures: 1
    retry: { type: constant, interval: PT2S, maxAttempts: 3 }
`,
      ),
    ],
  },
];
