/** Cron expressions: what is one and what is wrong with others. */
import { expect, test } from 'vitest';
import { cronProblem } from './cron.ts';

test.each([
  '* * * * *',
  '*/15 0-6,20-23 1,15 JAN-MAR MON-FRI',
  '0 9 L * ?',
  '0 9 15W * *',
  '0 9 LW * *',
  '0 9 * * 5#2',
  '0 9 * * 5L',
  '0 0 12 * * *',
  '@daily',
  '0 22 * * 7',
  '0 9 * * FRI-MON',
])('accepts `%s`', (text) => {
  expect(cronProblem(text)).toBeUndefined();
});

test.each([
  ['', '0 fields'],
  ['* * * *', '4 fields'],
  ['60 * * * *', '`60` is no minute (0 to 59)'],
  ['* 24 * * *', '`24` is no hour'],
  ['* * 0 * *', '`0` is no day of month'],
  ['* * * 13 *', '`13` is no month'],
  ['* * * * 8', '`8` is no day of week'],
  ['5-1 * * * *', '`5-1` is no minute'],
  ['*/0 * * * *', '`*/0` is no minute'],
  ['1/2/3 * * * *', 'no minute'],
  ['* * * FOO *', '`FOO` is no month'],
  ['@sometimes', 'not a known nickname'],
  ['* * * * 5#6', 'no day of week'],
])('refuses `%s`', (text, reason) => {
  expect(cronProblem(text)).toContain(reason);
});
