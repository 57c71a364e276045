/** All obligations must be met, each by what its own policy asked for; a no stays a no. */
import { expect, test } from 'vitest';
import { type Answer, settle } from './answer.ts';
import { describeAnswer } from './describe-answer.ts';
import type { Obligation } from './obligation.ts';

const approval: Obligation = {
  kind: 'approval',
  policy: 'a',
  reason: 'r',
  approvers: [
    { kind: 'role', name: 'approver' },
    { kind: 'user', name: 'ada' },
  ],
  quorum: 2,
  deadlineMs: 4 * 3_600_000,
};
const mask: Obligation = {
  kind: 'mask',
  policy: 'b',
  reason: 'r',
  classes: ['personal', 'payment'],
};
const obliged: Answer = {
  verdict: 'obliged',
  policies: [{ id: 'a', effect: 'forbid', reason: 'Too much' }],
  obligations: [approval, mask],
  version: 'v',
};
const met = { policy: 'a', kind: 'approval', by: 'approval:1' } as const;
const masked = { policy: 'b', kind: 'mask', by: 'x', classes: ['personal', 'payment'] } as const;

test('an answer becomes a yes when every obligation is met', () => {
  expect(settle(obliged, [met, masked])).toMatchObject({ verdict: 'allow', obligations: [] });
});

test('one obligation that is left keeps it from becoming a yes', () => {
  expect(settle(obliged, [met])).toMatchObject({ verdict: 'obliged', obligations: [mask] });
});

test.each([
  ['of another policy', { ...met, policy: 'b' }],
  ['of another kind', { ...met, kind: 'reason' as const }],
])('what was met %s meets nothing', (_, other) => {
  expect(settle(obliged, [other, masked]).obligations).toEqual([approval]);
});

test('masking less than was asked for meets nothing', () => {
  expect(settle(obliged, [met, { ...masked, classes: ['personal'] }]).obligations).toEqual([mask]);
  const { classes: _, ...vague } = masked;
  expect(settle(obliged, [met, vague]).obligations).toEqual([mask]);
});

test('nothing that was met turns a no into a yes', () => {
  const denied: Answer = { ...obliged, verdict: 'deny', obligations: [] };
  expect(settle(denied, [met, masked])).toBe(denied);
});

test('an answer is told in sentences', () => {
  expect(describeAnswer(obliged)).toEqual([
    'Too much (`a`)',
    'it needs 2 approvals of different people by somebody with the role `approver` or `ada` within 4 h',
    'it needs masking of `personal`, `payment`',
  ]);
  const none: Answer = {
    verdict: 'deny',
    policies: [],
    obligations: [],
    version: 'v',
    cause: 'no-policies',
  };
  expect(describeAnswer(none)).toEqual([
    'no policies are in force, and without policies every answer is no',
  ]);
});

const controlled: Answer = {
  verdict: 'deny',
  policies: [
    { id: 'a', effect: 'forbid', reason: 'Too much' },
    { id: 'c', effect: 'forbid', reason: 'Too far' },
  ],
  obligations: [],
  exemptible: { forbids: [{ policy: 'c', control: 'price-cap' }], obligations: [approval] },
  version: 'v',
};
const exempt = { policy: 'c', kind: 'exception', by: 'sale' } as const;

test('an exception takes its forbid away, and all others stay', () => {
  expect(settle(controlled, [])).toMatchObject({ verdict: 'deny' });
  expect(settle(controlled, [met])).toMatchObject({ verdict: 'deny' });
  expect(settle(controlled, [exempt])).toMatchObject({
    verdict: 'obliged',
    obligations: [approval],
    exemptible: { forbids: [] },
  });
  expect(settle(controlled, [exempt, met])).toMatchObject({ verdict: 'allow' });
});

test('an exception from a control that no forbid enforces changes nothing', () => {
  const other = { ...exempt, policy: 'a' };
  expect(settle(controlled, [other])).toMatchObject({ verdict: 'deny' });
  expect(settle({ ...controlled, exemptible: undefined as never }, [exempt]).verdict).toBe('deny');
});

test('what an exempt forbid asked for is asked for no more', () => {
  const forbids = [{ policy: 'a', control: 'spending' }];
  const answer = { ...obliged, exemptible: { forbids, obligations: [approval, mask] } };
  const one = settle(answer, [{ policy: 'a', kind: 'exception', by: 'x' }]);
  expect(one).toMatchObject({ verdict: 'obliged', obligations: [mask] });
});
