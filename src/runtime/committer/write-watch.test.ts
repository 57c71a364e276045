/** What was looked up holds as long as nobody wrote: neither here nor, a moment later, elsewhere. */
import { expect, test } from 'vitest';
import type { Write } from '../../ports/store.ts';
import { createWriteWatch } from './write-watch.ts';

const nothing: Write = { entries: [] };
const matters: Write = { entries: [], flows: [] };

function watching() {
  const world = { now: 1_000, elsewhere: 0, looks: 0 };
  const store = {
    changesElsewhere: async () => {
      world.looks += 1;
      return world.elsewhere;
    },
  };
  const clock = { now: () => world.now };
  const watch = createWriteWatch(store, clock, ({ flows }) => flows !== undefined);
  return { world, watch };
}

test('the number stays as long as nothing is written that matters, and nobody looks again', async () => {
  const { world, watch } = watching();
  expect(watch.known()).toBeUndefined();
  const first = await watch.look();
  watch.wrote([nothing, nothing]);
  world.now += 200;
  expect([watch.known(), await watch.look(), world.looks]).toEqual([first, first, 1]);
});

test('a write that matters moves the number at once', async () => {
  const { watch } = watching();
  const first = await watch.look();
  watch.wrote([nothing, matters]);
  expect(watch.known()).not.toBe(first);
  expect(watch.known()).toBe(await watch.look());
});

test('after a while nothing is known until somebody looks for what others wrote', async () => {
  const { world, watch } = watching();
  const first = await watch.look();
  world.now += 250;
  expect(watch.known()).toBeUndefined();
  expect(await watch.look()).toBe(first);
  world.elsewhere += 1;
  world.now += 250;
  const looked = await Promise.all([watch.look(), watch.look()]);
  expect(looked[0]).not.toBe(first);
  expect([looked[1], world.looks]).toEqual([looked[0], 3]);
});

test('a look that fails is made again, and a clock that goes back counts as long ago', async () => {
  let isBroken = true;
  const clock = { now: 1_000 };
  const watch = createWriteWatch(
    {
      changesElsewhere: () =>
        isBroken ? Promise.reject(new Error('no disk')) : Promise.resolve(0),
    },
    { now: () => clock.now },
    () => true,
  );
  await expect(watch.look()).rejects.toThrow('no disk');
  isBroken = false;
  expect(await watch.look()).toBe(watch.known());
  clock.now -= 1;
  expect(watch.known()).toBeUndefined();
});
