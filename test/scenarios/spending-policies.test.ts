/** Policies over what is spent: they see amounts as they are declared, and what budgets have counted so far. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ValueMap } from '../../src/core/value/index.ts';
import { type ApprovalWorld, everybody, openApprovalWorld } from '../support/approval-world.ts';
import { root } from '../support/policy-world.ts';

const money = readFileSync(join(root, 'policies/default/money.cedar'), 'utf8');
const cases = readFileSync(join(root, 'policies/default/money.tests.yaml'), 'utf8')
  .split('cases:\n')[1]
  ?.replaceAll(/^( {2}- title: .*)$/gm, '$1\n    principal: { id: olga, roles: [operator] }');

let world: ApprovalWorld;
beforeEach(async () => {
  world = await openApprovalWorld();
  await world.enforce(`${everybody}${money}`, cases);
});
afterEach(() => world.close());

/** Runs a flow that pays `amount`, started by `rita`. */
async function pay(spends: string, inputs: ValueMap = {}) {
  await world.as('olaf').saveFlow(
    `id: f
namespace: shop
inputs: [{ id: amount, type: INT, defaults: 0 }]
tasks:
  - id: pay
    type: core.debug.Return
    format: paid
    governance: { spends: ${spends} }
`,
    'f.yaml',
  );
  const id = await world.as('rita').start({ namespace: 'shop', flowId: 'f', inputs });
  return { id, state: (await world.as('rita').rest(id)).state.current };
}

const amount = '{ money: "{{ inputs.amount }}", currency: EUR }';

test('at a limit nobody is asked, above it somebody is, and sees what would be spent', async () => {
  expect((await pay(amount, { amount: 5_000 })).state).toBe('SUCCESS');
  const { id, state } = await pay(amount, { amount: 5_001 });
  expect(state).toBe('PAUSED');
  const desk = await world.as('ada').approvals();
  const [open] = await desk.list({ state: 'open' });
  const { shown } = await desk.show(open?.id ?? '');
  expect(shown.arguments).toMatchObject({
    'governance.spends': { money: 5_001, currency: 'EUR' },
  });
  await desk.approve(open?.id ?? '');
  expect((await world.as('rita').rest(id)).state.current).toBe('SUCCESS');
});

test('small amounts add up where a budget counts them, and what waits is not counted', async () => {
  const { budgets } = await world.as('olaf').governance();
  await budgets.set({
    id: 'refunds',
    unit: 'money',
    currency: 'EUR',
    cap: 8_000,
    scope: { kind: 'namespace', id: 'shop' },
    period: 'total',
    timeZone: 'UTC',
  });
  expect((await pay(amount, { amount: 3_000 })).state).toBe('SUCCESS');
  expect((await pay(amount, { amount: 2_000 })).state).toBe('SUCCESS');
  const { id, state } = await pay(amount, { amount: 3_001 });
  expect(state).toBe('PAUSED');
  expect((await budgets.show('refunds')).standings).toMatchObject([
    { settled: 5_000, reserved: 0 },
  ]);
  const desk = await world.as('ada').approvals();
  const [open] = await desk.list({ state: 'open' });
  await desk.approve(open?.id ?? '');
  // People said yes to it, and the budget has no room for it all the same.
  const ended = await world.as('rita').rest(id);
  expect(ended.state.current).toBe('FAILED');
  expect(ended.error?.code).toBe('budget.exceeded');
  expect((await desk.show(open?.id ?? '')).state).toBe('granted');
});

test('the size of a price change and the number of messages are facts too [G-061]', async () => {
  const state = async (spends: string): Promise<string> => (await pay(spends)).state;
  expect(await state('{ price-changes: 1, changePermille: 150 }')).toBe('SUCCESS');
  expect(await state('{ price-changes: 1, changePermille: 151 }')).toBe('PAUSED');
});
