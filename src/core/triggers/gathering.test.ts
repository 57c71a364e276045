/** Windows by their kinds, and what comes together in them. */
import { assert as check, array, constantFrom, integer, property, record } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mapOf, type Value } from '../value/index.ts';
import { gather, type Gathered, type Gathering, nothingGathered } from './gathering.ts';
import { lastSpanBefore, nextEnd, spanAt, type Window, windowOf, windowOfTwo } from './window.ts';

const vienna = 'Europe/Vienna';
const at = (text: string): number =>
  Temporal.ZonedDateTime.from(`${text}[${vienna}]`).epochMilliseconds;
const shown = (moment: number | undefined): string | undefined =>
  moment === undefined
    ? undefined
    : Temporal.Instant.fromEpochMilliseconds(moment)
        .toZonedDateTimeISO(vienna)
        .toPlainDateTime()
        .toString();
const spanOf = (window: Window, moment: string) => {
  const span = spanAt(window, at(moment), vienna);
  return span === undefined ? 'none' : [shown(span.start), shown(span.end)];
};
const one = (properties: Record<string, Value>) => windowOf(mapOf(properties));
const two = (properties: Record<string, Value>) => windowOfTwo(mapOf(properties));

describe('a window', () => {
  test('is a day where nothing is said, also of 25 hours', () => {
    const day = windowOf(undefined);
    expect(spanOf(day, '2026-06-17T16:15')).toEqual(['2026-06-17T00:00:00', '2026-06-18T00:00:00']);
    expect(spanOf(day, '2026-10-25T12:00')).toEqual(['2026-10-25T00:00:00', '2026-10-26T00:00:00']);
    expect(windowOfTwo(undefined)).toEqual(day);
  });

  test('is counted from the start of the day, advanced by an offset', () => {
    const hours = one({ window: 'PT6H' });
    expect(spanOf(hours, '2026-06-17T16:15')).toEqual([
      '2026-06-17T12:00:00',
      '2026-06-17T18:00:00',
    ]);
    const advanced = one({ window: 'PT6H', windowAdvance: 'PT1H' });
    expect(spanOf(advanced, '2026-06-17T12:30')).toEqual([
      '2026-06-17T07:00:00',
      '2026-06-17T13:00:00',
    ]);
    expect(two({ every: 'PT6H', offset: 'PT1H' })).toEqual(advanced);
  });

  test('ends at a deadline, and begins with the day', () => {
    const deadline = one({ type: 'DAILY_TIME_DEADLINE', deadline: '09:00:00' });
    expect(spanOf(deadline, '2026-06-17T08:59:59')).toEqual([
      '2026-06-17T00:00:00',
      '2026-06-17T09:00:00',
    ]);
    expect(spanOf(deadline, '2026-06-17T09:00')).toBe('none');
    expect(two({ deadline: '09:00:00' })).toEqual(deadline);
    const elsewhere = one({ type: 'DAILY_TIME_DEADLINE', deadline: '09:00:00+00:00' });
    expect(spanOf(elsewhere, '2026-06-17T10:00')).toEqual([
      '2026-06-17T02:00:00',
      '2026-06-17T11:00:00',
    ]);
  });

  test('lies between two times of a day, also over midnight', () => {
    const office = one({ type: 'DAILY_TIME_WINDOW', startTime: '08:00:00', endTime: '10:30:00' });
    expect(spanOf(office, '2026-06-17T10:29')).toEqual([
      '2026-06-17T08:00:00',
      '2026-06-17T10:30:00',
    ]);
    expect(spanOf(office, '2026-06-17T07:59')).toBe('none');
    const night = two({ from: '22:00:00', to: '06:00:00' });
    expect(spanOf(night, '2026-06-17T05:00')).toEqual([
      '2026-06-16T22:00:00',
      '2026-06-17T06:00:00',
    ]);
    expect(spanOf(night, '2026-06-17T12:00')).toBe('none');
  });

  test('looks back from now', () => {
    const sliding = one({ type: 'SLIDING_WINDOW', window: 'PT2H' });
    expect(spanOf(sliding, '2026-06-17T12:00')).toEqual([
      '2026-06-17T10:00:00',
      '2026-06-17T12:00:00.001',
    ]);
    expect(two({ lookback: 'PT2H' })).toEqual(sliding);
    expect(nextEnd(sliding, at('2026-06-17T12:00'), vienna)).toBeUndefined();
  });

  test('has one before it and an end after it', () => {
    const deadline = one({ type: 'DAILY_TIME_DEADLINE', deadline: '09:00:00' });
    const last = (moment: string) => shown(lastSpanBefore(deadline, at(moment), vienna)?.end);
    expect(last('2026-06-17T08:00')).toBe('2026-06-16T09:00:00');
    expect(last('2026-06-17T09:00')).toBe('2026-06-17T09:00:00');
    const next = (moment: string) => shown(nextEnd(deadline, at(moment), vienna));
    expect(next('2026-06-17T08:00')).toBe('2026-06-17T09:00:00');
    expect(next('2026-06-17T09:00')).toBe('2026-06-18T09:00:00');
    const hours = one({ window: 'PT6H' });
    expect(shown(lastSpanBefore(hours, at('2026-06-17T07:00'), vienna)?.end)).toBe(
      '2026-06-17T06:00:00',
    );
  });

  test('of any kind holds the moment that it is asked for, and follows the one before', () => {
    const windows = [
      one({ window: 'PT5H' }),
      one({ window: 'PT20M', windowAdvance: '-PT7M' }),
      one({ window: 'P3D' }),
      windowOf(undefined),
    ];
    check(
      property(
        constantFrom(...windows),
        integer({ min: 0, max: 4_000_000_000_000 }),
        (window, now) => {
          const span = spanAt(window, now, vienna);
          const before = lastSpanBefore(window, now, vienna);
          expect(span !== undefined && span.start <= now && now < span.end).toBe(true);
          expect(before?.end).toBe(span?.start);
        },
      ),
    );
  });
});

const parts = ['a', 'b', 'c'].map((key) => ({
  key,
  condition: { kind: 'all', conditions: [] } as const,
}));
const gathering: Gathering = {
  id: 'g',
  parts,
  needed: 3,
  window: windowOf(undefined),
  resets: true,
  firesOnce: false,
  namesFlows: false,
};

/** Returns after which of `ends` (a part and an hour) it was complete. */
function completeAfter(of: Gathering, ends: readonly (readonly [string, number])[]): number[] {
  let gathered: Gathered = nothingGathered;
  const complete: number[] = [];
  for (const [index, [keys, hour]] of ends.entries()) {
    const moment = at('2026-06-17T00:00') + hour * 3_600_000;
    const end = { keys: [...new Set(keys.split(''))], executionId: `e${index}`, at: moment };
    const step = gather(of, gathered, end, vienna);
    if (step === undefined) continue;
    gathered = step.gathered;
    if (step.isComplete) complete.push(index);
  }
  return complete;
}

describe('what comes together', () => {
  test('is complete with the last part, and begins anew', () => {
    const ends = [
      ['a', 1],
      ['b', 2],
      ['b', 3],
      ['c', 4],
      ['c', 5],
      ['ab', 6],
    ] as const;
    expect(completeAfter(gathering, ends)).toEqual([3, 5]);
  });

  test('counts within one window only', () => {
    expect(
      completeAfter(gathering, [
        ['a', 1],
        ['b', 2],
        ['c', 25],
        ['a', 26],
        ['b', 27],
      ]),
    ).toEqual([4]);
    const sliding = { ...gathering, window: one({ type: 'SLIDING_WINDOW', window: 'PT3H' }) };
    expect(
      completeAfter(sliding, [
        ['a', 1],
        ['b', 2],
        ['c', 4],
        ['a', 4.5],
      ]),
    ).toEqual([3]);
  });

  test('stays complete where it is not reset', () => {
    const kept = { ...gathering, resets: false };
    expect(
      completeAfter(kept, [
        ['abc', 1],
        ['a', 2],
        ['b', 3],
        ['c', 25],
      ]),
    ).toEqual([0, 1, 2]);
    expect(
      completeAfter({ ...gathering, needed: 1 }, [
        ['a', 1],
        ['b', 2],
      ]),
    ).toEqual([0, 1]);
    const once = { ...gathering, needed: 1, firesOnce: true };
    expect(
      completeAfter(once, [
        ['a', 1],
        ['b', 2],
        ['a', 25],
      ]),
    ).toEqual([0, 2]);
  });

  test('is never complete with fewer parts than are needed', () => {
    const end = record({ key: constantFrom('a', 'b', 'c'), hour: integer({ min: 0, max: 60 }) });
    check(
      property(array(end, { maxLength: 12 }), (ends) => {
        const inOrder = ends.toSorted((a, b) => a.hour - b.hour);
        const complete = completeAfter(
          gathering,
          inOrder.map(({ key, hour }) => [key, hour]),
        );
        let from = 0;
        for (const index of complete) {
          const keys = new Set(inOrder.slice(from, index + 1).map(({ key }) => key));
          expect(keys.size).toBe(3);
          from = index + 1;
        }
      }),
    );
  });
});
