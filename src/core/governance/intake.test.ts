/** Intakes: what answers come to. */
import { expect, test } from 'vitest';
import {
  assessIntake,
  type Intake,
  intakeProblems,
  intakeQuestions,
  queuePosition,
} from './intake.ts';

const harmless = Object.fromEntries(
  intakeQuestions.map(({ id, choices }) => [id, choices[0]?.id ?? '']),
);

test('what is harmless is minimal and needs nothing', () => {
  expect(assessIntake(harmless)).toEqual({
    tier: 'minimal',
    reasons: [],
    controls: [],
    open: [],
    queue: 'standard',
  });
});

test.each([
  ['effect', 'messages', 'limited', 'standard'],
  ['effect', 'money', 'high', 'committee'],
  ['audience', 'vulnerable', 'high', 'committee'],
  ['decides-about-people', 'social-score', 'prohibited', 'refused'],
])('%s %s is %s and goes to the queue %s [G-055] [G-056] [G-248]', (id, answer, tier, queue) => {
  const result = assessIntake({ ...harmless, [id]: answer });
  expect(result).toMatchObject({ tier, queue });
  expect(result.reasons).toHaveLength(1);
});

test('a question without an answer counts as its gravest, and is listed', () => {
  const answers = Object.fromEntries(Object.entries(harmless).filter(([id]) => id !== 'volume'));
  expect(assessIntake(answers)).toMatchObject({
    tier: 'high',
    open: ['volume'],
    controls: ['canary', 'monitor'],
    reasons: [{ tier: 'high', reason: 'How often does it act in a day? not answered' }],
  });
  expect(assessIntake({})).toMatchObject({ tier: 'prohibited' });
});

test('a further grave answer adds its controls [G-058]', () => {
  const before = assessIntake({ ...harmless, effect: 'money' }).controls;
  const after = assessIntake({ ...harmless, effect: 'money', autonomy: 'act' }).controls;
  expect(after).toEqual(expect.arrayContaining([...before, 'agent-limits']) as string[]);
});

test('unknown questions and answers are named', () => {
  expect(intakeProblems({ effect: 'money', audience: 'mars', colour: 'red' })).toEqual([
    '`mars` is no answer to `audience`, which takes team, staff, customers, vulnerable',
    'there is no question `colour`',
  ]);
});

test('who came first in a queue is looked at first [G-086]', () => {
  const of = (id: string, at: number, more: Record<string, string> = {}): Intake => ({
    id,
    title: id,
    owner: 'ada',
    purpose: '',
    answers: {},
    submittedBy: 'ada',
    submittedAt: at,
    ...assessIntake({ ...harmless, ...more }),
  });
  const all = [of('a', 1), of('b', 2, { effect: 'money' }), of('c', 3), of('d', 3)];
  expect(all.map((one) => queuePosition(all, one))).toEqual([1, 1, 2, 3]);
});
