/** Budgets as reservations: exact however many reserve at once, in one process and between two. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { createMemoryStore } from '../../adapters/memory/memory-store.ts';
import { openSqliteStore } from '../../adapters/sqlite/sqlite-store.ts';
import { createSystemSealer } from '../../adapters/system/system-sealer.ts';
import type { Budget } from '../../core/governance/index.ts';
import { decodeValue } from '../../core/value/index.ts';
import type { Store } from '../../ports/store.ts';
import { createCommitter } from '../committer/index.ts';
import { type RegisterDesk, registerDesk } from '../registers/index.ts';
import {
  expireReservations,
  findBudget,
  release,
  removeBudget,
  reserve,
  setBudget,
  settle,
  spentSoFar,
} from './index.ts';

const stores: Readonly<Record<string, () => Promise<Store>>> = {
  memory: () => Promise.resolve(createMemoryStore(createSystemSealer())),
  sqlite: () => openSqliteStore({ sealer: createSystemSealer(), path: ':memory:' }),
};

let now = 0;
let store: Store;
let desk: RegisterDesk;

const clock = {
  now: () => now,
  wakeAt: (_at: number, wake: () => void) => {
    const timer = setTimeout(wake, 1);
    return () => clearTimeout(timer);
  },
};

function deskOver(over: Store): RegisterDesk {
  return registerDesk({ tenant: 'main', store: over, committer: createCommitter(over), clock });
}

function budget(more: Partial<Budget> = {}): Budget {
  return {
    id: 'refunds',
    unit: 'money',
    currency: 'EUR',
    scope: { kind: 'namespace', id: 'shop' },
    cap: 100,
    period: 'day',
    timeZone: 'UTC',
    ...more,
  };
}

function order(id: string, amount = 1, more: object = {}) {
  const spending = {
    unit: 'money',
    currency: 'EUR',
    namespace: 'shop',
    subject: 'h1',
    amount,
  } as const;
  return { id, spending: { ...spending, ...more }, actor: 'ada', purpose: 'a test' };
}

async function standing(id = 'refunds') {
  const { standings } = await findBudget(desk, id, now);
  const [one] = standings;
  return one === undefined ? undefined : [one.settled, one.reserved, one.left];
}

async function entries(): Promise<readonly string[]> {
  return (await store.allEntries(0, 100_000)).map(({ type }) => type);
}

/** Returns how many of `orders` got through; every other one was told that the budget has not enough. */
async function throughOf(work: readonly Promise<unknown>[]): Promise<number> {
  const results = await Promise.allSettled(work);
  for (const one of results) {
    if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'budget.exceeded' });
  }
  return results.filter(({ status }) => status === 'fulfilled').length;
}

describe.each(Object.entries(stores))('over %s', (_name, open) => {
  beforeEach(async () => {
    now = Date.parse('2026-05-05T10:00:00Z');
    store = await open();
    desk = deskOver(store);
  });
  afterEach(() => store.close());

  test('200 parallel reservations at a cap of 100 let exactly 100 through, 50 times [G-006]', async () => {
    await setBudget(desk, budget(), 'ada');
    for (let round = 0; round < 50; round += 1) {
      now += 86_400_000;
      const orders = Array.from({ length: 200 }, (_, at) => reserve(desk, order(`${round}-${at}`)));
      expect(await throughOf(orders)).toBe(100);
      expect(await standing()).toEqual([0, 100, 0]);
    }
    const types = await entries();
    const count = (type: string) => types.filter((one) => one === type).length;
    expect([count('budget-reserved'), count('budget-exceeded')]).toEqual([5_000, 5_000]);
  });

  test('what is settled counts as spent: less, as much, or more', async () => {
    await setBudget(desk, budget(), 'ada');
    const [less, more, gone] = await Promise.all(
      ['a', 'b', 'c'].map((id) => reserve(desk, order(id, 30))),
    );
    await settle(desk, less as never, 10, 'ada');
    expect(await standing()).toEqual([10, 60, 30]);
    await settle(desk, more as never, 95, 'ada');
    await release(desk, gone as never, 'ada');
    expect(await standing()).toEqual([105, 0, 0]);
    expect(await entries()).toEqual([
      'budget-set',
      'budget-reserved',
      'budget-reserved',
      'budget-reserved',
      'budget-settled',
      'budget-settled',
      'budget-exceeded',
      'budget-released',
    ]);
    await expect(settle(desk, less as never, 1, 'ada')).rejects.toMatchObject({
      code: 'budget.reservation-not-found',
    });
  });

  test('several budgets are reserved against all together or not at all', async () => {
    await setBudget(desk, budget({ cap: 1_000 }), 'ada');
    await setBudget(
      desk,
      budget({ id: 'each', cap: 5, scope: { kind: 'subject', id: '*' } }),
      'ada',
    );
    const work = Array.from({ length: 20 }, (_, at) =>
      reserve(desk, order(String(at), 1, { subject: `h${at % 2}` })),
    );
    expect(await throughOf(work)).toBe(10);
    expect(await standing()).toEqual([0, 10, 990]);
    expect((await findBudget(desk, 'each', now)).standings).toMatchObject([
      { name: 'h0', reserved: 5, left: 0 },
      { name: 'h1', reserved: 5, left: 0 },
    ]);
  });

  test('the same id reserves once, and nothing is kept where nothing limits', async () => {
    await setBudget(desk, budget(), 'ada');
    const [first, again] = await Promise.all([
      reserve(desk, order('run-1', 60)),
      reserve(desk, order('run-1', 60)),
    ]);
    expect(again).toEqual(first);
    expect(await standing()).toEqual([0, 60, 40]);
    const free = await reserve(desk, order('run-2', 60, { namespace: 'garden' }));
    expect(free.lines).toEqual([]);
    await settle(desk, free, 60, 'ada');
    expect((await entries()).length).toBe(2);
  });

  test('what an ended process held comes free at its time, or counts as spent', async () => {
    await setBudget(desk, budget(), 'ada');
    await reserve(desk, { ...order('gone', 60), holdMs: 1_000 });
    await reserve(desk, { ...order('sent', 40), holdMs: 1_000, onExpiry: 'settle' });
    await expect(reserve(desk, order('next', 10))).rejects.toMatchObject({
      code: 'budget.exceeded',
      details: { left: 0, cap: 100, amount: 10 },
    });
    now += 1_000;
    await reserve(desk, order('next', 10));
    expect(await standing()).toEqual([40, 10, 50]);
    await expireReservations(desk);
    const [released] = (await store.allEntries(0, 100)).filter(
      ({ type }) => type === 'budget-released',
    );
    expect(decodeValue(released?.payload ?? '')).toMatchObject({ id: 'gone', reason: 'expired' });
  });

  test('a period that begins has the whole cap again', async () => {
    await setBudget(desk, budget(), 'ada');
    await reserve(desk, order('a', 100));
    now += 86_400_000;
    await reserve(desk, order('b', 100));
    expect(await standing()).toEqual([0, 100, 0]);
  });

  test('policy hears what was spent so far, and nothing where nobody counts', async () => {
    await setBudget(desk, budget(), 'ada');
    await reserve(desk, order('a', 70));
    expect(await spentSoFar(desk, order('x', 5).spending)).toBe(70);
    expect(await spentSoFar(desk, order('x', 5).spending, 'a')).toBe(0);
    const elsewhere = order('x', 5, { namespace: 'garden' }).spending;
    expect(await spentSoFar(desk, elsewhere)).toBeUndefined();
  });

  test('a removed budget limits nothing; amounts that are none are refused', async () => {
    await setBudget(desk, budget({ cap: 0 }), 'ada');
    await expect(reserve(desk, order('a'))).rejects.toMatchObject({ code: 'budget.exceeded' });
    await removeBudget(desk, 'refunds', 'ada');
    await reserve(desk, order('a'));
    await expect(removeBudget(desk, 'refunds', 'ada')).rejects.toMatchObject({
      code: 'budget.not-found',
    });
    await expect(reserve(desk, order('b', -1))).rejects.toMatchObject({ code: 'input.invalid' });
    await expect(reserve(desk, order('b', 0.5))).rejects.toMatchObject({ code: 'input.invalid' });
  });
});

test('two systems over one store let exactly as much through as there is [G-006]', async () => {
  now = Date.parse('2026-05-05T10:00:00Z');
  const folder = mkdtempSync(join(tmpdir(), 'sluice-budget-'));
  const path = join(folder, 'store.sqlite');
  const opened = await Promise.all(
    [0, 1].map(() => openSqliteStore({ sealer: createSystemSealer(), path })),
  );
  onTestFinished(async () => {
    for (const one of opened) await one.close();
    rmSync(folder, { recursive: true });
  });
  const desks = opened.map(deskOver);
  const [one] = desks;
  await setBudget(one as RegisterDesk, budget({ cap: 100 }), 'ada');
  for (let round = 0; round < 5; round += 1) {
    now += 86_400_000;
    const work = Array.from({ length: 200 }, (_, at) =>
      reserve(desks[at % 2] as RegisterDesk, order(`${round}-${at}`)),
    );
    expect(await throughOf(work)).toBe(100);
  }
});
