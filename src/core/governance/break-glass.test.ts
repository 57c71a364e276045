/** Going on without the approvers: by a person, with a reason, examined by another one. */
import { describe, expect, test } from 'vitest';
import { approvalWith, asks, voter } from '../../../test/support/approval-samples.ts';
import type { Approval } from './approval.ts';
import { breakGlass, examineGlass, glassTrouble, isUnexamined } from './break-glass.ts';
import type { Voter, VoteOutcome } from './voting.ts';

const dayMs = 24 * 3_600_000;
const open = approvalWith([[asks('finance', 2)], [asks('controller')]]);
const max = voter('max', ['operator']);

function after(outcome: VoteOutcome): Approval {
  if (!outcome.isAllowed) throw new Error(outcome.refusal.message);
  return outcome.approval;
}
const codeOf = (outcome: VoteOutcome): string =>
  outcome.isAllowed ? 'allowed' : outcome.refusal.code;

const broken = after(breakGlass(open, max, 'the shop is down', 10));

describe('breaking', () => {
  test('grants at once and sets a time for the examination', () => {
    expect(broken).toMatchObject({
      state: 'granted',
      votes: [],
      brokenGlass: { by: 'max', reviewDueAt: 10 + dayMs, review: null, isOverdue: false },
    });
  });

  test.each<[string, Approval, Voter, string, string]>([
    ['without a reason', open, max, ' ', 'approval.reason-missing'],
    ['by what is no person', open, { ...max, isPerson: false }, 'down', 'approval.not-yours'],
    ['of what is closed', { ...open, state: 'rejected' }, max, 'down', 'approval.closed'],
  ])('is refused %s', (_what, approval, who, reason, code) => {
    expect(codeOf(breakGlass(approval, who, reason, 1))).toBe(code);
  });

  test('is refused to whoever has one that nobody examined in time', () => {
    expect(glassTrouble([broken], max, 10)).toBeUndefined();
    expect(isUnexamined(broken, 10 + dayMs)).toBe(true);
    const trouble = glassTrouble([broken], max, 10 + dayMs);
    expect(trouble).toMatchObject({ refusal: { code: 'approval.unexamined' } });
    const agent = voter('bot', [], { persons: ['bot', 'max'] });
    expect(glassTrouble([broken], agent, 10 + dayMs)).toBeDefined();
    expect(glassTrouble([broken], voter('zoe', ['operator']), 10 + dayMs)).toBeUndefined();
  });
});

describe('examining', () => {
  const said = { isAccepted: true, note: 'it was needed' };

  test.each<[string, Voter, string]>([
    ['who broke it', voter('max', ['finance']), 'approval.own'],
    [
      'a delegate of who broke it',
      voter('dora', ['finance'], { chain: ['dora', 'max'] }),
      'approval.own',
    ],
    ['who asked for the effect', voter('rita', ['finance']), 'approval.own'],
    ['an approver of the first stage', voter('ada', ['finance']), 'allowed'],
    ['an approver of a later stage', voter('cleo', ['controller']), 'allowed'],
    ['somebody else', voter('vera', ['viewer']), 'approval.not-yours'],
  ])('by %s', (_who, who, code) => {
    expect(codeOf(examineGlass(broken, who, said, 20))).toBe(code);
  });

  test('says what was found, once, also when it was not in order', () => {
    const ada = voter('ada', ['finance']);
    expect(codeOf(examineGlass(broken, ada, { ...said, note: '' }, 20))).toBe(
      'approval.reason-missing',
    );
    const examined = after(examineGlass(broken, ada, { isAccepted: false, note: 'no need' }, 20));
    expect(examined.brokenGlass?.review).toMatchObject({ by: 'ada', isAccepted: false });
    expect(codeOf(examineGlass(examined, ada, said, 30))).toBe('approval.closed');
    expect(isUnexamined(examined, 10 + dayMs)).toBe(false);
  });

  test('is possible after the effect was had and after the time for it', () => {
    const used: Approval = { ...broken, state: 'used' };
    expect(codeOf(examineGlass(used, voter('ada', ['finance']), said, 10 + 2 * dayMs))).toBe(
      'allowed',
    );
  });

  test('is not asked where nothing was broken', () => {
    expect(codeOf(examineGlass(open, voter('ada', ['finance']), said, 1))).toBe('approval.closed');
  });
});
