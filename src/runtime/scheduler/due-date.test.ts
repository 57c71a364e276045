/** Dates that were missed: all of them, the last, or none, and none that are too late. */
import { expect, test } from 'vitest';
import type { Trigger } from '../../core/flow/index.ts';
import { mapOf, type Value } from '../../core/value/index.ts';
import { dueDate } from './due-date.ts';

const hour = 3_600_000;
/** A date each hour. */
const dates = {
  after: (at: number) => Math.floor(at / hour) * hour + hour,
  before: (at: number) => Math.ceil(at / hour) * hour - hour,
};

function trigger(properties: Record<string, Value>): Trigger {
  return {
    id: 'hourly',
    type: 'core.trigger.Schedule',
    isDisabled: false,
    inputs: {},
    labels: [],
    conditions: [],
    stopAfter: [],
    properties: mapOf(properties),
    span: { line: 1, column: 1, endLine: 1, endColumn: 1 },
  };
}

/** Returns the hours that are taken when `now` comes and the next date was at hour 10. */
function taken(properties: Record<string, Value>, now: number): readonly number[] {
  const hours: number[] = [];
  let nextAt: number | undefined = 10 * hour;
  while (nextAt !== undefined && nextAt <= now) {
    const due = dueDate(trigger(properties), dates, nextAt, now);
    if (due.takeAt !== undefined) hours.push(due.takeAt / hour);
    nextAt = due.nextAt;
  }
  return hours;
}

const late = 13 * hour + hour / 2;

test('one that is due is taken', () => {
  for (const policy of ['ALL', 'LAST', 'NONE']) {
    expect(taken({ recoverMissedSchedules: policy }, 10 * hour + 1_000)).toEqual([10]);
  }
});

test('those that were missed are caught up as the trigger says', () => {
  expect(taken({}, late)).toEqual([10, 11, 12, 13]);
  expect(taken({ recoverMissedSchedules: 'ALL' }, late)).toEqual([10, 11, 12, 13]);
  expect(taken({ recoverMissedSchedules: 'LAST' }, late)).toEqual([13]);
  expect(taken({ recoverMissedSchedules: 'NONE' }, late)).toEqual([]);
});

test('what is too late is left out', () => {
  expect(taken({ lateMaximumDelay: 'PT2H' }, late)).toEqual([12, 13]);
  expect(taken({ lateMaximumDelay: 'PT10M' }, late)).toEqual([]);
  expect(taken({ lateMaximumDelay: 'PT10M', recoverMissedSchedules: 'LAST' }, late)).toEqual([]);
});
