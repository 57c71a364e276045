/** What several ask for at once is asked for by all of them: nothing of it is lost by being joined. */
import { expect, test } from 'vitest';
import type { ApprovalObligation } from '../policy/index.ts';
import { changedParts, termsOf } from './approval-terms.ts';

function obligation(policy: string, more: Partial<ApprovalObligation> = {}): ApprovalObligation {
  return {
    kind: 'approval',
    policy,
    reason: policy,
    approvers: [{ kind: 'role', name: policy }],
    quorum: 1,
    deadlineMs: null,
    ...more,
  };
}

const controller = { kind: 'role', name: 'controller' } as const;
const escalates = { escalatesTo: [controller] };

test.each<[string, readonly ApprovalObligation[], number | null, 'reject' | 'escalate']>([
  ['none has a deadline', [obligation('a')], null, 'reject'],
  [
    'the earliest counts',
    [obligation('a', { deadlineMs: 9 }), obligation('b', { deadlineMs: 5 })],
    5,
    'reject',
  ],
  [
    'one that waits for ever shortens nothing',
    [obligation('a', { deadlineMs: 9 }), obligation('b')],
    9,
    'reject',
  ],
  ['one escalates', [obligation('a', { deadlineMs: 9, ...escalates })], 9, 'escalate'],
  [
    'one refuses and is not overruled by one that would escalate',
    [obligation('a', { deadlineMs: 9, ...escalates }), obligation('b', { deadlineMs: 5 })],
    5,
    'reject',
  ],
])('%s', (_what, obligations, deadlineMs, onDeadline) => {
  expect(termsOf(obligations)).toMatchObject({ deadlineMs, onDeadline });
});

test('all policies are asked in the first stage, beside what the flow asks', () => {
  const own = {
    stages: [
      [{ policy: null, reason: 'r', approvers: [controller], quorum: 1 }],
      [{ policy: null, reason: 'r', approvers: [controller], quorum: 2 }],
    ],
    deadlineMs: 7,
    onDeadline: 'escalate' as const,
    escalatesTo: [controller],
  };
  const terms = termsOf([obligation('a'), obligation('b', { quorum: 3 })], own);
  expect(terms.stages.map((stage) => stage.map(({ policy, quorum }) => [policy, quorum]))).toEqual([
    [
      ['a', 1],
      ['b', 3],
      [null, 1],
    ],
    [[null, 2]],
  ]);
  expect(terms).toMatchObject({ deadlineMs: 7, onDeadline: 'escalate' });
});

test('what changed is told by name, what came and went included', () => {
  expect(changedParts({ a: '1', b: '2', c: '3' }, { a: '1', b: '9', d: '4' })).toEqual([
    'b',
    'c',
    'd',
  ]);
  expect(changedParts({ a: '1' }, { a: '1' })).toEqual([]);
});
