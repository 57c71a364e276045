/** Work on one thing at a time. */
import { expect, test } from 'vitest';
import { inTurn } from './in-turn.ts';

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 2));

test('work for the same name runs one after the other, in order, also after a failure', async () => {
  const owner = {};
  const seen: string[] = [];
  const work = (name: string, fails = false) =>
    inTurn(owner, 'a', async () => {
      seen.push(`${name} begins`);
      await pause();
      seen.push(`${name} ends`);
      if (fails) throw new Error('broken');
      return name;
    });
  const results = await Promise.allSettled([work('1', true), work('2'), work('3')]);
  expect(seen).toEqual(['1 begins', '1 ends', '2 begins', '2 ends', '3 begins', '3 ends']);
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
});

test('work for other names and other owners does not wait', async () => {
  const [owner, other] = [{}, {}];
  let running = 0;
  let most = 0;
  const work = async (): Promise<void> => {
    running += 1;
    most = Math.max(most, running);
    await pause();
    running -= 1;
  };
  await Promise.all([inTurn(owner, 'a', work), inTurn(owner, 'b', work), inTurn(other, 'a', work)]);
  expect(most).toBe(3);
});
