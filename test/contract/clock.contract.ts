/** What every clock must do; `pass` lets time go by on it. */
import { describe, expect, test } from 'vitest';
import type { Clock } from '../../src/ports/clock.ts';

/** A clock and how time passes on it. */
export interface RunningClock {
  readonly clock: Clock;
  readonly pass: (milliseconds: number) => Promise<void>;
}

/** Calls the tests of a clock. */
export function testClock(title: string, open: () => RunningClock): void {
  describe(`${title} keeps the contract of a clock`, () => {
    test('tells whole milliseconds, and elapsed time that only grows', async () => {
      const { clock, pass } = open();
      const [now, elapsed] = [clock.now(), clock.elapsedMs()];
      expect(Number.isSafeInteger(now)).toBe(true);
      await pass(20);
      expect(clock.now() - now).toBeGreaterThanOrEqual(19);
      expect(clock.elapsedMs() - elapsed).toBeGreaterThanOrEqual(19);
    });

    test('wakes once, not before the moment, in order of time', async () => {
      const { clock, pass } = open();
      const start = clock.now();
      const woken: [string, boolean][] = [];
      const note = (name: string, at: number) => () => {
        woken.push([name, clock.now() >= at]);
      };
      clock.wakeAt(start + 60, note('late', start + 60));
      clock.wakeAt(start + 20, note('early', start + 20));
      expect(woken).toEqual([]);
      await pass(30);
      expect(woken).toEqual([['early', true]]);
      await pass(60);
      expect(woken).toEqual([
        ['early', true],
        ['late', true],
      ]);
    });

    test('wakes soon for a moment that is past', async () => {
      const { clock, pass } = open();
      let woken = 0;
      clock.wakeAt(clock.now() - 1_000, () => {
        woken += 1;
      });
      await pass(10);
      expect(woken).toBe(1);
    });

    test('does not wake whoever took it back, at once or later', async () => {
      const { clock, pass } = open();
      let woken = 0;
      const wake = (): void => {
        woken += 1;
      };
      const takeBack = clock.wakeAt(clock.now() + 10, wake);
      takeBack();
      const takeBackLater = clock.wakeAt(clock.now() + 30, wake);
      await pass(10);
      takeBackLater();
      takeBackLater();
      await pass(40);
      expect(woken).toBe(0);
    });

    test('waits for a far moment without waking early', async () => {
      const { clock, pass } = open();
      let woken = 0;
      const takeBack = clock.wakeAt(clock.now() + 400 * 24 * 3_600_000, () => {
        woken += 1;
      });
      await pass(20);
      expect(woken).toBe(0);
      takeBack();
    });
  });
}
