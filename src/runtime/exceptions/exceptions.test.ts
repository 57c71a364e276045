/** Exceptions: used as often as granted, over by themselves. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createMemoryStore } from '../../adapters/memory/memory-store.ts';
import { openSqliteStore } from '../../adapters/sqlite/sqlite-store.ts';
import { createSystemSealer } from '../../adapters/system/system-sealer.ts';
import type { Store } from '../../ports/store.ts';
import { createCommitter } from '../committer/index.ts';
import { type RegisterDesk, registerDesk } from '../registers/index.ts';
import {
  type ExceptionOrder,
  exemptionFor,
  grantException,
  listExceptions,
  useException,
  withdrawException,
} from './index.ts';

const stores: Readonly<Record<string, () => Promise<Store>>> = {
  memory: () => Promise.resolve(createMemoryStore(createSystemSealer())),
  sqlite: () => openSqliteStore({ sealer: createSystemSealer(), path: ':memory:' }),
};

let now = 0;
let store: Store;
let desk: RegisterDesk;

function order(more: Partial<ExceptionOrder> = {}): ExceptionOrder {
  return {
    id: 'sale',
    control: 'price-change-cap',
    scope: { kind: 'flow', id: 'shop/reprice' },
    reason: 'summer sale',
    owner: 'ada',
    countMax: 50,
    endsAt: 10_000,
    ...more,
  };
}

const where = { namespace: 'shop', flowId: 'reprice' };
const use = { control: 'price-change-cap', where };

async function types(): Promise<readonly string[]> {
  return (await store.allEntries(0, 1_000)).map(({ type }) => type);
}

describe.each(Object.entries(stores))('over %s', (_name, open) => {
  beforeEach(async () => {
    now = 1_000;
    store = await open();
    const clock = { now: () => now, wakeAt: () => () => undefined };
    desk = registerDesk({ tenant: 'main', store, committer: createCommitter(store), clock });
  });
  afterEach(() => store.close());

  test('of 80 runs at once 50 are exempt, and the last use closes it [G-088]', async () => {
    await grantException(desk, order(), 'rita', now);
    const runs = Array.from({ length: 80 }, (_, at) =>
      useException(desk, { ...use, useId: `run-${at}` }, 'engine'),
    );
    expect((await Promise.all(runs)).filter((one) => one !== undefined)).toHaveLength(50);
    expect(await listExceptions(desk)).toMatchObject([
      { used: 50, closed: { because: 'used-up', by: 'engine' } },
    ]);
    expect(await exemptionFor(desk, use, now)).toBeUndefined();
    expect((await types()).filter((one) => one === 'exception-closed')).toHaveLength(1);
  });

  test('a repeated attempt uses it once', async () => {
    await grantException(desk, order({ countMax: 1 }), 'rita', now);
    const twice = [1, 2].map(() => useException(desk, { ...use, useId: 'run-1' }, 'engine'));
    expect((await Promise.all(twice)).map((one) => one?.used)).toEqual([1, 1]);
    expect(await useException(desk, { ...use, useId: 'run-2' }, 'engine')).toBeUndefined();
  });

  test('it ends at its time, and covers its scope and control only', async () => {
    await grantException(desk, order(), 'rita', now);
    const isExempt = async (more: object) =>
      (await exemptionFor(desk, { ...use, ...more }, now)) !== undefined;
    expect(await isExempt({})).toBe(true);
    expect(await isExempt({ control: 'other' })).toBe(false);
    expect(await isExempt({ where: { ...where, flowId: 'other' } })).toBe(false);
    now = 10_000;
    expect(await isExempt({})).toBe(false);
    expect(await useException(desk, { ...use, useId: 'late' }, 'engine')).toBeUndefined();
    expect(await types()).toEqual(['exception-granted', 'exception-closed']);
    expect(await listExceptions(desk)).toMatchObject([{ closed: { because: 'ended' } }]);
  });

  test('it is withdrawn once, and one without owner, count or end is refused', async () => {
    await grantException(desk, order(), 'rita', now);
    await expect(grantException(desk, order(), 'rita', now)).rejects.toMatchObject({
      code: 'exception.exists',
    });
    const closed = await withdrawException(desk, 'sale', 'over', 'rita');
    expect(closed.closed).toMatchObject({ because: 'withdrawn', by: 'rita' });
    await withdrawException(desk, 'sale', 'over', 'ben');
    expect((await types()).filter((one) => one === 'exception-closed')).toHaveLength(1);
    for (const more of [{ owner: '' }, { countMax: 0 }, { endsAt: now }, { reason: ' ' }]) {
      await expect(
        grantException(desk, order({ id: 'other', ...more }), 'rita', now),
      ).rejects.toMatchObject({ code: 'input.invalid' });
    }
    await expect(withdrawException(desk, 'none', 'over', 'rita')).rejects.toMatchObject({
      code: 'exception.not-found',
    });
  });
});
