/** Annotations are read as they are meant, or the policy is invalid; nothing is guessed. */
import { expect, test } from 'vitest';
import { readAnnotations } from './read-annotations.ts';

const whole = {
  id: 'money.above-limit',
  title: 'Above the limit',
  reason: 'It is above the limit',
  obligation: 'approval, step-up',
  approvers: 'role:approver, group:finance, user:ada@example.org',
  quorum: '2',
  deadline: 'P1DT4H',
  escalate: 'role:risk-officer',
  mask: 'personal, payment.card',
};

test('everything that annotations can say is read [G-216]', () => {
  const { annotations, problems } = readAnnotations(whole, 'forbid');
  expect(problems).toEqual([]);
  const policy = whole.id;
  const { reason } = whole;
  expect(annotations).toEqual({
    id: policy,
    title: whole.title,
    reason,
    mode: undefined,
    passesMissing: false,
    obligations: [
      {
        kind: 'approval',
        policy,
        reason,
        approvers: [
          { kind: 'role', name: 'approver' },
          { kind: 'group', name: 'finance' },
          { kind: 'user', name: 'ada@example.org' },
        ],
        quorum: 2,
        deadlineMs: 28 * 3_600_000,
        escalatesTo: [{ kind: 'role', name: 'risk-officer' }],
      },
      { kind: 'step-up', policy, reason },
      { kind: 'mask', policy, reason, classes: ['personal', 'payment.card'] },
    ],
  });
});

test('a permit needs no more than a name', () => {
  const { annotations, problems } = readAnnotations({ id: 'a' }, 'permit');
  expect(problems).toEqual([]);
  expect(annotations).toMatchObject({ title: 'a', reason: 'a', obligations: [] });
});

const forbid = { id: 'a', reason: 'b' };
const approval = { ...forbid, obligation: 'approval', approvers: 'role:approver' };

test.each<readonly [string, Readonly<Record<string, string | null>>, string]>([
  ['no name', { reason: 'b' }, 'policy.id-missing'],
  ['an empty name', { ...forbid, id: '' }, 'policy.annotation-wrong'],
  ['a name with spaces', { ...forbid, id: 'a b' }, 'policy.annotation-wrong'],
  ['no reason', { id: 'a' }, 'policy.reason-missing'],
  ['an empty reason', { id: 'a', reason: '' }, 'policy.annotation-wrong'],
  ['a reason without a value', { id: 'a', reason: null }, 'policy.annotation-wrong'],
  ['a reason of two lines', { id: 'a', reason: 'x\ny' }, 'policy.annotation-wrong'],
  ['a misspelt annotation', { ...approval, aprovers: 'role:x' }, 'policy.annotation-unknown'],
  ['a name of a prototype', { ...forbid, constructor: 'x' }, 'policy.annotation-unknown'],
  ['an unknown obligation', { ...forbid, obligation: 'prayer' }, 'policy.annotation-wrong'],
  ['an empty obligation', { ...forbid, obligation: '' }, 'policy.annotation-wrong'],
  ['an approval by nobody', { ...forbid, obligation: 'approval' }, 'policy.approvers-missing'],
  ['an approver without a kind', { ...approval, approvers: 'ada' }, 'policy.annotation-wrong'],
  ['an approver without a name', { ...approval, approvers: 'role:' }, 'policy.annotation-wrong'],
  ['an empty approver', { ...approval, approvers: 'role:a,' }, 'policy.annotation-wrong'],
  ['a quorum of nobody', { ...approval, quorum: '0' }, 'policy.annotation-wrong'],
  ['a quorum of a fraction', { ...approval, quorum: '1.5' }, 'policy.annotation-wrong'],
  ['a quorum of a crowd', { ...approval, quorum: '21' }, 'policy.annotation-wrong'],
  ['a deadline that is none', { ...approval, deadline: '4 hours' }, 'policy.annotation-wrong'],
  ['a deadline of no time', { ...approval, deadline: 'PT0S' }, 'policy.annotation-wrong'],
  ['a deadline of months', { ...approval, deadline: 'P1M' }, 'policy.annotation-wrong'],
  [
    'an escalation without deadline',
    { ...approval, escalate: 'role:b' },
    'policy.annotation-alone',
  ],
  ['approvers of no approval', { ...forbid, approvers: 'role:a' }, 'policy.annotation-alone'],
  ['a quorum of no approval', { ...forbid, quorum: '2' }, 'policy.annotation-alone'],
  ['a mask of nothing', { ...forbid, obligation: 'mask' }, 'policy.classes-missing'],
  ['a mask of no class', { ...forbid, mask: 'Personal Data' }, 'policy.annotation-wrong'],
  ['a control without a name', { ...forbid, control: ' ' }, 'policy.annotation-wrong'],
  ['a control of two words', { ...forbid, control: 'price cap' }, 'policy.annotation-wrong'],
  ['another mode', { ...forbid, mode: 'dry-run' }, 'policy.annotation-wrong'],
  ['another word for missing', { ...forbid, missing: 'ok' }, 'policy.annotation-wrong'],
])('a forbid with %s is invalid', (_, given, code) => {
  expect(readAnnotations(given, 'forbid').problems.map((one) => one.code)).toContain(code);
});

test('a permit with an obligation is invalid', () => {
  const { problems } = readAnnotations(approval, 'permit');
  expect(problems.map((one) => one.code)).toEqual(['policy.obligation-misplaced']);
});

test('a forbid names its control, and a permit has none', () => {
  const given = { ...forbid, control: 'price-change-cap' };
  expect(readAnnotations(given, 'forbid')).toMatchObject({
    annotations: { control: 'price-change-cap' },
    problems: [],
  });
  const { problems } = readAnnotations({ id: 'a', control: 'price-change-cap' }, 'permit');
  expect(problems.map((one) => one.code)).toEqual(['policy.control-misplaced']);
});
