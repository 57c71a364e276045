/** Budgets: whom they cover, which period a moment falls into, what they refuse. */
import { expect, test } from 'vitest';
import {
  type Budget,
  budgetProblems,
  counterOf,
  countersFor,
  leftOf,
  refusalOf,
  type Spending,
} from './budget.ts';
import { isTimeZone, periodAt } from './budget-period.ts';
import { countedAs } from './scope.ts';

const at = Temporal.Instant.from('2026-03-29T00:30:00Z').epochMilliseconds;

function budget(more: Partial<Budget> = {}): Budget {
  return {
    id: 'refunds',
    unit: 'money',
    currency: 'EUR',
    scope: { kind: 'namespace', id: 'shop' },
    cap: 100,
    period: 'day',
    timeZone: 'Europe/Berlin',
    ...more,
  };
}

function spending(more: Partial<Spending> = {}): Spending {
  return {
    unit: 'money',
    currency: 'EUR',
    amount: 10,
    namespace: 'shop.eu',
    flowId: 'refund',
    ...more,
  };
}

test('a day begins at midnight of its zone, and may be 23 hours long', () => {
  const { name, endsAt } = periodAt('day', 'Europe/Berlin', at);
  expect(name).toBe('2026-03-29');
  expect(Temporal.Instant.fromEpochMilliseconds(endsAt ?? 0).toString()).toBe(
    '2026-03-29T22:00:00Z',
  );
  expect(periodAt('day', 'America/New_York', at).name).toBe('2026-03-28');
});

test.each([
  ['hour', '2026-03-29T01:00:00+01:00', '2026-03-29T01:00:00Z'],
  ['week', '2026-03-23', '2026-03-29T22:00:00Z'],
  ['month', '2026-03-01', '2026-03-31T22:00:00Z'],
  ['year', '2026-01-01', '2026-12-31T23:00:00Z'],
] as const)('a %s has a beginning and an end', (period, name, ends) => {
  const bounds = periodAt(period, 'Europe/Berlin', at);
  expect(bounds.name).toBe(name);
  expect(Temporal.Instant.fromEpochMilliseconds(bounds.endsAt ?? 0).toString()).toBe(ends);
});

test('an hour that the clock repeats is two periods', () => {
  const first = Temporal.Instant.from('2026-10-25T00:30:00Z').epochMilliseconds;
  const names = [first, first + 3_600_000].map(
    (when) => periodAt('hour', 'Europe/Berlin', when).name,
  );
  expect(names).toEqual(['2026-10-25T02:00:00+02:00', '2026-10-25T02:00:00+01:00']);
});

test('a total never ends; a zone that does not exist is told', () => {
  expect(periodAt('total', 'UTC', at)).toEqual({ name: 'total', endsAt: null });
  expect([isTimeZone('Europe/Berlin'), isTimeZone('Mars/Crater')]).toEqual([true, false]);
});

test('a scope covers what is inside it, and a sibling not [G-228]', () => {
  const where = { namespace: 'shop.eu', flowId: 'refund', principal: 'ada', subject: 'h1' };
  const name = (kind: Budget['scope']['kind'], id: string) => countedAs({ kind, id }, where);
  expect(name('everything', '')).toBe('');
  expect(name('namespace', 'shop')).toBe('shop');
  expect(name('namespace', 'sho')).toBeUndefined();
  expect(name('namespace', '*')).toBe('shop.eu');
  expect(name('flow', 'shop.eu/refund')).toBe('shop.eu/refund');
  expect(name('flow', 'shop.eu/other')).toBeUndefined();
  expect(name('principal', 'ben')).toBeUndefined();
  expect(name('subject', '*')).toBe('h1');
  expect(countedAs({ kind: 'subject', id: '*' }, { namespace: 'shop' })).toBeUndefined();
});

test('the cap itself may be reached and not passed', () => {
  const counters = countersFor([budget()], spending(), at);
  const used = { settled: 60, reserved: 30 };
  expect(refusalOf(counters, () => used, spending({ amount: 10 }))).toBeUndefined();
  expect(refusalOf(counters, () => used, spending({ amount: 11 }))).toMatchObject({
    left: 10,
    reason: 'exceeded',
  });
  expect(leftOf(counterOf(budget(), '', at), { settled: 300, reserved: 0 })).toBe(0);
});

test('every budget that covers it is asked, others are not', () => {
  const budgets = [
    budget(),
    budget({ id: 'all', scope: { kind: 'everything', id: '' }, period: 'total' }),
    budget({ id: 'mails', unit: 'messages' }),
    budget({ id: 'sibling', scope: { kind: 'namespace', id: 'store' } }),
  ];
  expect(countersFor(budgets, spending(), at).map(({ id }) => id)).toEqual([
    'refunds|2026-03-29|shop',
    'all|total|',
  ]);
});

test('money in a currency that the scope has no budget in is refused', () => {
  const counters = countersFor([budget()], spending({ currency: 'USD' }), at);
  const none = () => ({ settled: 0, reserved: 0 });
  expect(refusalOf(counters, none, { amount: 1, currency: 'USD' })?.reason).toBe('other-currency');
  const both = countersFor([budget(), budget({ id: 'dollars', currency: 'USD' })], spending(), at);
  expect(refusalOf(both, none, { amount: 1, currency: 'USD' })).toBeUndefined();
});

test.each([
  [{ cap: 1.5 }, 'the cap is no whole number from 0'],
  [{ cap: -1 }, 'the cap is no whole number from 0'],
  [{ currency: 'eur' }, 'a budget of money needs a currency of three capital letters'],
  [{ unit: 'tokens' }, 'tokens have no currency'],
  [{ scope: { kind: 'everything', id: 'x' } }, 'everything has no id'],
  [{ scope: { kind: 'subject', id: '' } }, 'the subject is not named'],
  [{ scope: { kind: 'flow', id: 'refund' } }, 'a flow is named as `namespace/id`'],
  [{ id: 'A b' }, 'the id `A b` is not lower case letters, digits, dots and hyphens'],
] as const)('%j is refused', (more, problem) => {
  expect(budgetProblems(budget(more as Partial<Budget>))).toEqual([problem]);
});
