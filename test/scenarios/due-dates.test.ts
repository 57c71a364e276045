/** What ends or is overdue at a date is entered when it comes, once, also when nobody ran meanwhile. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { System } from '../../src/app/application.ts';
import { openSystem } from '../../src/app/create-application.ts';
import { createVirtualClock, type VirtualClock } from '../support/virtual-clock.ts';

const start = Date.UTC(2026, 10, 1);
const dayMs = 86_400_000;
const name = { namespace: 'shop', flowId: 'greet' };
const flow = 'id: greet\nnamespace: shop\ntasks:\n  - {id: a, type: core.debug.Return}\n';

async function systemAt(dataFolder: string, clock: VirtualClock): Promise<System> {
  const system = await openSystem({ dataFolder, environment: {}, clock });
  onTestFinished(() => system.close());
  return system;
}

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'sluice-dates-'));
  onTestFinished(() => rmSync(made, { recursive: true, maxRetries: 3 }));
  return made;
}

/** Waits until exactly that was entered. */
async function told(system: System, types: readonly string[]): Promise<void> {
  const look = (): Promise<readonly string[]> => {
    // Who began to wait a moment ago for what has come since wakes now.
    (system.clock as VirtualClock).advance(0);
    return toldBy(system);
  };
  await expect.poll(look, { timeout: 5_000 }).toEqual(types);
}

/** Moves the time on and lets what wakes for it be written. */
async function pass(clock: VirtualClock, milliseconds: number): Promise<void> {
  clock.advance(milliseconds);
  await new Promise((resolve) => {
    setTimeout(resolve, 60);
  });
}

async function toldBy(system: System): Promise<readonly string[]> {
  const types = new Set(['exception-closed', 'review-overdue', 'model-ended', 'approval-expired']);
  const found: string[] = [];
  for (const stream of ['exception:sale', 'flow:shop/greet', 'allowance:model:openai/gpt']) {
    for (const { type } of await system.store.entries('main', stream)) {
      if (types.has(type)) found.push(type);
    }
  }
  return found;
}

async function prepare(system: System): Promise<void> {
  const view = system.view({ tenant: 'main', actor: 'ada' });
  await view.saveFlow(flow, 'greet.yaml');
  const { flows, exceptions, allowances } = await view.governance();
  await flows.set(name, { owner: 'ada', reviewDate: '2026-11-03' });
  await exceptions.grant({
    id: 'sale',
    control: 'price-cap',
    scope: { kind: 'flow', id: 'shop/greet' },
    reason: 'sale',
    owner: 'ben',
    countMax: 50,
    endsAt: start + dayMs,
  });
  const gpt = { kind: 'model' as const, name: 'openai/gpt' };
  await allowances.propose({ ...gpt, owner: 'ada', reason: 'tests', endsAt: start + 2 * dayMs });
  await allowances.allow('model', gpt.name, 'looked at it');
}

test('each is entered at its date, once', async () => {
  const clock = createVirtualClock(start);
  const system = await systemAt(folder(), clock);
  await prepare(system);
  await system.schedule((about, error) => {
    throw new Error(about, { cause: error });
  });
  await pass(clock, 0);
  await pass(clock, dayMs - 1);
  expect(await toldBy(system)).toEqual([]);
  await pass(clock, 2_000);
  await told(system, ['exception-closed']);
  await pass(clock, dayMs);
  await told(system, ['exception-closed', 'model-ended']);
  const { flows } = await system.view({ tenant: 'main', actor: 'ada' }).governance();
  expect(await flows.show(name)).toMatchObject({ isReviewDue: false });
  await pass(clock, dayMs);
  await told(system, ['exception-closed', 'review-overdue', 'model-ended']);
  await pass(clock, dayMs);
  await told(system, ['exception-closed', 'review-overdue', 'model-ended']);
  expect(await flows.show(name)).toMatchObject({ isReviewDue: true });
  expect(await flows.registered()).toMatchObject([{ flowId: 'greet', isReviewDue: true }]);
  const { facts } = await system.deciding('main').flows.find(name);
  expect(facts).toMatchObject({ isReviewDue: true });
  // Another date is another review.
  await flows.set(name, { reviewDate: '2026-12-01' });
  expect(await flows.show(name)).toMatchObject({ isReviewDue: false });
  expect((await system.deciding('main').flows.find(name)).facts).toMatchObject({
    isReviewDue: false,
  });
});

test('what came due while nobody ran is entered at the next start', async () => {
  const data = folder();
  const first = await systemAt(data, createVirtualClock(start));
  await prepare(first);
  await first.close();
  const clock = createVirtualClock(start + 9 * dayMs);
  const second = await systemAt(data, clock);
  await second.schedule(() => undefined);
  await pass(clock, 0);
  await told(second, ['exception-closed', 'review-overdue', 'model-ended']);
});
