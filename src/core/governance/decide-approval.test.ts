/** Whose voice counts, when enough was said, what a deadline does, what one takes on and takes back. */
import { describe, expect, test } from 'vitest';
import { approvalWith, asks, delegateOf, voter } from '../../../test/support/approval-samples.ts';
import type { Approval } from './approval.ts';
import { claim, endorse, passDeadline, takeBack, vote } from './decide-approval.ts';
import { decidersOf, missingVoices, type Voter, type VoteOutcome } from './voting.ts';

const yes = { verdict: 'approve', reason: '' } as const;
const no = { verdict: 'reject', reason: 'wrong customer' } as const;

function after(outcome: VoteOutcome): Approval {
  if (!outcome.isAllowed) throw new Error(outcome.refusal.message);
  return outcome.approval;
}

function codeOf(outcome: VoteOutcome): string {
  return outcome.isAllowed ? 'allowed' : outcome.refusal.code;
}

function approvedBy(approval: Approval, ...voters: readonly Voter[]): Approval {
  return voters.reduce((one, who, at) => after(vote(one, who, yes, at + 1)), approval);
}

const ada = voter('ada', ['finance']);
const ben = voter('ben', ['finance']);
const cleo = voter('cleo', ['controller']);
const one = approvalWith([[asks('finance')]]);
const two = approvalWith([[asks('finance', 2)]]);

describe('who may decide', () => {
  test.each<[string, Voter, string]>([
    ['who is named', ada, 'allowed'],
    ['who is not', cleo, 'approval.not-yours'],
    ['who asked for it', voter('rita', ['finance']), 'approval.own'],
    ['who wrote the revision', voter('olaf', ['finance']), 'approval.own'],
    [
      'who acts for whoever asked',
      voter('sam', ['finance'], { persons: ['rita', 'sam'] }),
      'approval.own',
    ],
    [
      'a delegate of whoever asked',
      delegateOf('dora', { id: 'rita', roles: [] }, ['finance']),
      'approval.own',
    ],
    [
      'a delegate of a delegate of whoever asked',
      voter('eve', ['finance'], { chain: ['dora', 'eve', 'rita'] }),
      'approval.own',
    ],
    [
      'a delegate of who is named',
      delegateOf('dora', { id: 'ada', roles: ['finance'] }),
      'allowed',
    ],
    [
      'a delegate of who is not',
      delegateOf('dora', { id: 'cleo', roles: ['controller'] }),
      'approval.not-yours',
    ],
    [
      'a service account with the role',
      voter('bot', ['finance'], { isPerson: false }),
      'approval.not-yours',
    ],
  ])('%s', (_who, who, code) => {
    expect(codeOf(vote(one, who, yes, 1))).toBe(code);
    expect(codeOf(claim(one, who, true, 1))).toBe(code);
  });

  test('a voice says in what right it was given', () => {
    const approved = approvedBy(one, delegateOf('dora', { id: 'ada', roles: ['finance'] }));
    expect(approved.votes).toMatchObject([
      { by: 'dora', persons: ['ada', 'dora'], titles: ['role:finance'], delegation: 'to-dora' },
    ]);
  });
});

describe('how many', () => {
  test('one of one grants it', () => {
    expect(approvedBy(one, ada)).toMatchObject({ state: 'granted', closedAt: 1 });
  });

  test('two of two grant it, and the same twice are one', () => {
    const first = approvedBy(two, ada);
    expect([first.state, missingVoices(first)]).toEqual(['open', 1]);
    const again = vote(first, ada, yes, 2);
    expect(again).toMatchObject({ isAllowed: true, isChanged: false });
    expect(approvedBy(first, ben).state).toBe('granted');
  });

  test('a delegate and whoever delegated are one voice', () => {
    const dora = delegateOf('dora', { id: 'ada', roles: ['finance'] });
    expect(codeOf(vote(approvedBy(two, ada), dora, yes, 2))).toBe('approval.not-yours');
    expect(codeOf(vote(approvedBy(two, dora), ada, yes, 2))).toBe('approval.not-yours');
  });

  test('one no ends it, whatever was said before [G-256]', () => {
    expect(after(vote(approvedBy(two, ada), ben, no, 2))).toMatchObject({
      state: 'rejected',
      closedBecause: 'wrong customer',
    });
  });

  test('who has said yes does not say no as well', () => {
    expect(codeOf(vote(approvedBy(two, ada), ada, no, 2))).toBe('approval.not-yours');
  });

  test('what two policies ask for is met for each of them', () => {
    const both = approvalWith([[asks('finance'), asks('controller')]]);
    const first = approvedBy(both, ada);
    expect([first.state, decidersOf(first)]).toEqual(['open', ['role:controller']]);
    expect(approvedBy(first, cleo).state).toBe('granted');
    expect(approvedBy(both, voter('max', ['controller', 'finance'])).state).toBe('granted');
  });

  test.each(['reject', 'send-back'] as const)('a %s needs a reason', (verdict) => {
    expect(codeOf(vote(one, ada, { verdict, reason: ' ' }, 1))).toBe('approval.reason-missing');
  });

  test('what is sent back is closed, with the reason', () => {
    expect(after(vote(one, ada, { verdict: 'send-back', reason: 'split it' }, 1))).toMatchObject({
      state: 'returned',
      closedBecause: 'split it',
    });
  });

  test.each(['granted', 'used', 'rejected', 'returned', 'withdrawn', 'expired', 'voided'] as const)(
    'nothing is said to one that is %s',
    (state) => {
      const closed = { ...one, state };
      expect(codeOf(vote(closed, ada, yes, 1))).toBe('approval.closed');
      expect(codeOf(claim(closed, ada, true, 1))).toBe('approval.closed');
      expect(codeOf(takeBack(closed, voter('rita', []), 'oops', 1))).toBe('approval.closed');
    },
  );
});

describe('stages', () => {
  const staged = approvalWith([[asks('finance', 2)], [asks('controller')]]);

  test('the second decides nothing before the first is done', () => {
    expect(decidersOf(staged)).toEqual(['role:finance']);
    expect(codeOf(vote(staged, cleo, yes, 1))).toBe('approval.not-yours');
    expect(codeOf(vote(approvedBy(staged, ada), cleo, yes, 2))).toBe('approval.not-yours');
    const first = approvedBy(staged, ada, ben);
    expect([first.state, first.stage, decidersOf(first)]).toEqual(['open', 1, ['role:controller']]);
    expect(approvedBy(first, cleo).state).toBe('granted');
  });

  test('nobody decides in two of them', () => {
    const all = voter('max', ['controller', 'finance']);
    const first = approvedBy(staged, all, ada);
    expect(first.stage).toBe(1);
    expect(codeOf(vote(first, all, yes, 3))).toBe('approval.not-yours');
  });

  test('a claim of the first is none of the second', () => {
    const claimed = after(claim(approvedBy(staged, ada), ben, true, 1));
    expect(approvedBy(claimed, ben)).toMatchObject({ stage: 1, claimedBy: null });
  });
});

describe('a claim', () => {
  const taken = after(claim(one, ada, true, 1));

  test('keeps others off until it is given back, lapses, or is used', () => {
    expect(codeOf(vote(taken, ben, yes, 2))).toBe('approval.claimed');
    expect(codeOf(claim(taken, ben, true, 2))).toBe('approval.claimed');
    expect(codeOf(claim(taken, ben, false, 2))).toBe('approval.claimed');
    expect(after(claim(taken, ada, false, 2)).claimedBy).toBeNull();
    const late = { ...taken, deadlineAt: null };
    const lapsed = (taken.claimedUntil ?? 0) + 1;
    expect(codeOf(vote(late, ben, yes, lapsed))).toBe('allowed');
    expect(codeOf(claim(late, ben, true, lapsed))).toBe('allowed');
    expect(approvedBy(taken, ada).state).toBe('granted');
  });

  test('of one who has decided holds up nobody else', () => {
    const claimed = after(claim(two, ada, true, 1));
    const first = approvedBy(claimed, ada);
    expect(first.claimedBy).toBeNull();
    expect(codeOf(claim(first, ada, true, 2))).toBe('approval.not-yours');
    expect(approvedBy(first, ben).state).toBe('granted');
  });

  test('holds up nobody where more than one voice is missing', () => {
    expect(approvedBy(after(claim(two, ada, true, 1)), ben).votes).toHaveLength(1);
  });

  test('taken twice is taken once', () => {
    expect(claim(taken, ada, true, 2)).toMatchObject({ isAllowed: true, isChanged: false });
  });
});

describe('a deadline', () => {
  test('rejects, and never approves', () => {
    expect(passDeadline(approvedBy(two, ada), 9)).toMatchObject({
      state: 'expired',
      closedBecause: 'nobody decided in time',
    });
  });

  test('ends what may be said, also before anybody has noticed that it passed', () => {
    const { deadlineAt } = one;
    expect(codeOf(vote(one, ada, yes, (deadlineAt ?? 0) - 1))).toBe('allowed');
    expect(codeOf(vote(one, ada, yes, deadlineAt ?? 0))).toBe('approval.closed');
    expect(codeOf(claim(one, ada, true, deadlineAt ?? 0))).toBe('approval.closed');
  });

  test('escalates once where that was asked for, then rejects', () => {
    const terms = {
      onDeadline: 'escalate',
      escalatesTo: [{ kind: 'role', name: 'controller' }],
    } as const;
    const asked = after(claim(approvalWith([[asks('finance', 2)]], { terms }), ada, true, 1));
    const escalated = passDeadline(approvedBy(asked, ada), 10);
    expect(escalated).toMatchObject({ state: 'open', isEscalated: true, deadlineAt: 3_600_010 });
    expect(decidersOf(escalated)).toEqual(['role:controller', 'role:finance']);
    expect(approvedBy(escalated, cleo).state).toBe('granted');
    expect(passDeadline(escalated, 20).state).toBe('expired');
  });

  test.each(['granted', 'rejected', 'used'] as const)('does nothing to one that is %s', (state) => {
    expect(passDeadline({ ...one, state }, 9).state).toBe(state);
  });
});

describe('taking back', () => {
  test.each<[string, Voter, string]>([
    ['who asked', voter('rita', []), 'allowed'],
    [
      'whoever acts for them',
      voter('bot', [], { isPerson: false, persons: ['bot', 'rita'] }),
      'allowed',
    ],
    ['the author', voter('olaf', []), 'allowed'],
    ['an approver', ada, 'approval.not-yours'],
  ])('%s', (_who, who, code) => {
    expect(codeOf(takeBack(one, who, 'a mistake', 1))).toBe(code);
  });

  test('needs a reason and fails what waits', () => {
    expect(codeOf(takeBack(one, voter('rita', []), '', 1))).toBe('approval.reason-missing');
    expect(after(takeBack(one, voter('rita', []), 'a mistake', 1))).toMatchObject({
      state: 'withdrawn',
      closedBecause: 'a mistake',
    });
  });
});

describe('the values of a form', () => {
  test('come with the first yes and are agreed to by the others', () => {
    const first = after(vote(two, ada, { ...yes, form: 'f1' }, 1));
    expect(first.form).toBe('f1');
    expect(codeOf(vote(first, ben, { ...yes, form: 'f2' }, 2))).toBe('approval.other-values');
    expect(codeOf(vote(first, ben, { ...yes, form: 'f1' }, 2))).toBe('allowed');
    expect(after(vote(first, ben, yes, 2))).toMatchObject({ state: 'granted', form: 'f1' });
    expect(codeOf(vote(first, ada, { ...yes, form: 'f2' }, 2))).toBe('approval.not-yours');
  });

  test('are not filled in by who comes later', () => {
    const first = approvedBy(two, ada);
    expect(codeOf(vote(first, ben, { ...yes, form: 'f' }, 2))).toBe('approval.other-values');
  });
});

describe('vouching for a value', () => {
  const said = { names: ['uri'], reason: 'called them' };

  test('grants it for those arguments only', () => {
    expect(after(endorse(one, ada, said, 1))).toMatchObject({
      state: 'granted',
      endorsed: ['uri'],
    });
  });

  test.each<[string, Approval]>([
    ['a quorum of two', two],
    ['two stages', approvalWith([[asks('finance')], [asks('controller')]])],
    ['two policies with other people', approvalWith([[asks('finance'), asks('controller')]])],
    ['the last of two voices', approvedBy(two, ben)],
  ])('is nobody’s alone under %s', (_what, approval) => {
    expect(codeOf(endorse(approval, ada, said, 3))).toBe('approval.not-yours');
  });

  test('is about arguments that there are', () => {
    expect(codeOf(endorse(one, ada, { ...said, names: ['nothing'] }, 1))).toBe(
      'approval.not-yours',
    );
    expect(codeOf(endorse(one, ada, { ...said, names: [] }, 1))).toBe('approval.not-yours');
  });

  test('is not for who took part', () => {
    expect(codeOf(endorse(one, voter('rita', ['finance']), said, 1))).toBe('approval.own');
  });
});
