/** Which rule decides, and since when its time has come. */
import { expect, test } from 'vitest';
import { cutoffFor, type RetentionRule, ruleFor } from './retention-rules.ts';

const now = Date.UTC(2026, 2, 31, 12);
const day = 86_400_000;
const rule = (
  dataClass: string,
  namespace: string,
  period: string,
  atLeast: string | null = null,
): RetentionRule => ({ dataClass, namespace, period, atLeast });

test('the most exact class decides, then the most exact namespace', () => {
  const rules = [
    rule('*', '*', 'P1D'),
    rule('*', 'shop.orders', 'P2D'),
    rule('personal', '*', 'P3D'),
    rule('personal', 'shop', 'P4D'),
    rule('personal.email', '*', 'P5D'),
  ];
  const periodOf = (dataClass: string, namespace?: string) =>
    ruleFor(rules, dataClass, namespace)?.period;
  expect(periodOf('payment', 'shop')).toBe('P1D');
  expect(periodOf('payment', 'shop.orders')).toBe('P2D');
  expect(periodOf('payment', 'shop.orders.late')).toBe('P2D');
  expect(periodOf('payment', 'shop.orderss')).toBe('P1D');
  expect(periodOf('personal.name', 'other')).toBe('P3D');
  expect(periodOf('personal.name', 'shop.orders')).toBe('P4D');
  expect(periodOf('personal.email', 'shop.orders')).toBe('P5D');
  expect(periodOf('personality', 'shop')).toBe('P1D');
  expect(periodOf('personal', undefined)).toBe('P3D');
  expect(ruleFor([], 'personal', 'shop')).toBeUndefined();
});

test('a flow shortens the time, and the least time lengthens it again', () => {
  const of = { dataClass: 'personal', namespace: 'shop' };
  const cutoff = (rules: readonly RetentionRule[], flow?: string) =>
    cutoffFor(rules, of, flow, now);
  expect(cutoff([])).toBeUndefined();
  expect(cutoff([], 'P2D')).toBe(now - 2 * day);
  const rules = [rule('*', '*', 'P10D')];
  expect(cutoff(rules)).toBe(now - 10 * day);
  expect(cutoff(rules, 'P2D')).toBe(now - 2 * day);
  expect(cutoff(rules, 'P20D')).toBe(now - 10 * day);
  const least = [rule('*', '*', 'P10D', 'P5D')];
  expect(cutoff(least, 'P2D')).toBe(now - 5 * day);
  expect(cutoff(least)).toBe(now - 10 * day);
});

test('months have their own lengths', () => {
  const of = { dataClass: 'personal', namespace: 'shop' };
  expect(cutoffFor([rule('*', '*', 'P1M')], of, undefined, now)).toBe(Date.UTC(2026, 1, 28, 12));
});
