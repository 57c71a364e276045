/** Tests of turns. */
import { setImmediate as soon } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { takeTurn } from './take-turn.ts';

const never = new AbortController().signal;

test('only so many have a place, and those who wait get it in order', async () => {
  const leave = await takeTurn('order', 1, never);
  const order: string[] = [];
  const second = takeTurn('order', 1, never).then((done) => {
    order.push('second');
    return done;
  });
  const third = takeTurn('order', 1, never).then((done) => {
    order.push('third');
    return done;
  });
  await soon();
  expect(order).toEqual([]);
  leave();
  leave();
  (await second)();
  expect(order).toEqual(['second']);
  (await third)();
  expect(order).toEqual(['second', 'third']);
  (await takeTurn('order', 1, never))();
});

test('who is ended while waiting leaves the queue', async () => {
  const leave = await takeTurn('queue', 1, never);
  const stopper = new AbortController();
  const waiting = takeTurn('queue', 1, stopper.signal);
  const next = takeTurn('queue', 1, never);
  stopper.abort(new Error('ended'));
  await expect(waiting).rejects.toThrow('ended');
  leave();
  (await next)();
  await expect(takeTurn('queue', 1, stopper.signal)).rejects.toThrow('ended');
});
