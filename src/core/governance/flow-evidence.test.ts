/** Permissions, reports and review dates hold for their time, and for what they were about. */
import { expect, test } from 'vitest';
import { type Allowance, allowanceProblem, allowanceProblems } from './allowance.ts';
import { type FlowReport, reportProblem } from './flow-report.ts';
import { isDay, isReviewDue, overdueFrom } from './review-date.ts';

const allowed: Allowance = {
  kind: 'model',
  name: 'openai/gpt',
  state: 'allowed',
  owner: 'ada',
  reason: 'r',
  endsAt: 100,
  proposedBy: 'ben',
  proposedAt: 0,
};

test.each([
  ['allowed', allowed, 99, undefined],
  ['at its end', allowed, 100, 'the time of the model `openai/gpt` is over'],
  ['proposed', { ...allowed, state: 'proposed' }, 1, 'the model `openai/gpt` waits to be allowed'],
  ['denied', { ...allowed, state: 'denied' }, 1, 'the model `openai/gpt` is denied'],
  ['a vendor of that name', { ...allowed, kind: 'vendor' }, 1, /nobody has proposed the model/],
] as const)('a model may be used while it is allowed: %s', (_, one, at, problem) => {
  const found = allowanceProblem([one], 'model', 'openai/gpt', at);
  if (problem instanceof RegExp) expect(found).toMatch(problem);
  else expect(found).toBe(problem);
});

test('a proposal names a model, an owner, a reason and an end to come', () => {
  expect(allowanceProblems(allowed, 99)).toEqual([]);
  expect(allowanceProblems({ ...allowed, name: 'gpt', owner: ' ', reason: '' }, 100)).toHaveLength(
    4,
  );
  expect(allowanceProblems({ ...allowed, kind: 'vendor', name: 'openai/gpt' }, 1)).toHaveLength(1);
  expect(allowanceProblems({ ...allowed, endsAt: Number.NaN }, 1)).toHaveLength(1);
});

const report: FlowReport = {
  kind: 'bias',
  digest: '',
  name: 'bias.pdf',
  revision: 1,
  models: ['openai/gpt'],
  dataClasses: ['personal'],
  by: 'ada',
  at: 0,
  validUntil: 100,
};

test('a report is in date for its kind, its time, and what the flow used then; the newest counts', () => {
  const now = { models: ['openai/gpt'], dataClasses: ['personal'] };
  expect(reportProblem([report], 'bias', now, 99)).toBeUndefined();
  expect(reportProblem([report], 'quality', now, 99)).toBe('no quality report is recorded');
  expect(reportProblem([report], 'bias', now, 100)).toBe('the bias report is out of date');
  const more = { ...now, models: ['openai/gpt', 'other/one'] };
  expect(reportProblem([report], 'bias', more, 1)).toMatch(/about other models/);
  expect(reportProblem([report, { ...report, validUntil: 5 }], 'bias', now, 9)).toMatch(/out of/);
});

test('a review is overdue when its day is over, in UTC', () => {
  // 2027-02-01T00:00:00Z
  const end = 1_801_440_000_000;
  expect(overdueFrom('2027-01-31')).toBe(end);
  expect([isReviewDue('2027-01-31', end - 1), isReviewDue('2027-01-31', end)]).toEqual([
    false,
    true,
  ]);
  expect([isReviewDue(null, end), isReviewDue('soon', end)]).toEqual([false, false]);
  expect([isDay('2027-02-29'), isDay('2028-02-29'), isDay('20280229')]).toEqual([
    false,
    true,
    false,
  ]);
});
