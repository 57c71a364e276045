/** Amounts of budgets as people read them. */
import { expect, test } from 'vitest';
import { describeAmount } from './describe-amount.ts';

test('money is told in the units of its currency, everything else is counted', () => {
  expect(describeAmount(50_000, 'money', 'EUR')).toBe('500.00 EUR');
  expect(describeAmount(7, 'money', 'EUR')).toBe('0.07 EUR');
  expect(describeAmount(-7, 'money', 'EUR')).toBe('-0.07 EUR');
  expect(describeAmount(500, 'money', 'JPY')).toBe('500 JPY');
  expect(describeAmount(2, 'messages')).toBe('2 messages');
});
