/**
 * Exceptions from controls at the door of a run: used once per effect, exactly as often as granted, and
 * only for what stands in the way.
 */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { decodeValue } from '../../src/core/value/index.ts';
import { type ApprovalWorld, everybody, openApprovalWorld } from '../support/approval-world.ts';

const cap = `${everybody}
@id("prices.cap") @reason("a price moves by 15 per cent at most") @missing("passes")
@control("price-change-cap")
forbid (principal, action, resource) when { context has changePermille && context.changePermille > 150 };
`;
const capCases = `  - title: a price that moves by more is refused
    principal: {id: olga, roles: [operator]}
    action: run:core.debug.Return
    facts: { changePermille: 151 }
    expect: deny
    without: { changePermille: allow }
`;

const people = `
@id("prices.person") @reason("somebody looks at prices that fall") @missing("passes")
@obligation("approval") @approvers("role:approver")
forbid (principal, action, resource) when { context has count && context.count > 1 };
`;
const peopleCases = `  - title: many prices need a person
    principal: {id: olga, roles: [operator]}
    action: run:core.debug.Return
    facts: { count: 2 }
    expect: obliged
    without: { count: allow }
`;

let world: ApprovalWorld;
beforeEach(async () => {
  world = await openApprovalWorld();
});
afterEach(() => world.close());

async function grant(countMax: number, id = 'sale'): Promise<void> {
  const { exceptions } = await world.as('ada').governance();
  await exceptions.grant({
    id,
    control: 'price-change-cap',
    scope: { kind: 'flow', id: 'shop/reprice' },
    reason: 'summer sale',
    owner: 'ben',
    countMax,
    endsAt: Date.now() + 3_600_000,
  });
}

async function used(id = 'sale'): Promise<readonly unknown[]> {
  const { exceptions } = await world.as('ada').governance();
  const found = (await exceptions.list()).find((one) => one.id === id);
  return [found?.used, found?.closed?.because];
}

function flow(spends: string, more = 'type: core.debug.Return\n    format: done'): string {
  return `id: reprice
namespace: shop
tasks:
  - id: price
    ${more}
    governance: { spends: ${spends} }
`;
}

async function runs(count: number, source: string, flowId = 'reprice') {
  await world.as('olaf').saveFlow(source, 'f.yaml');
  const view = world.as('rita');
  const starts = Array.from({ length: count }, () =>
    view.start({ namespace: 'shop', flowId, inputs: {} }),
  );
  return Promise.all((await Promise.all(starts)).map((id) => view.rest(id)));
}

const high = '{ price-changes: 1, changePermille: 200 }';

test('an exception of 50 runs lets 50 through of 60 at once, and run 51 is refused [G-088]', async () => {
  await world.enforce(cap, capCases);
  await grant(50);
  const ends = await runs(60, flow(high));
  expect(ends.filter(({ state }) => state.current === 'SUCCESS')).toHaveLength(50);
  expect(await used()).toEqual([50, 'used-up']);
  const [after] = await runs(1, flow(high));
  expect(after?.state.current).toBe('FAILED');
  expect(after?.error).toMatchObject({
    code: 'policy.denied',
    message: expect.stringContaining('an exception from `price-change-cap`') as string,
  });
}, 15_000);

test('the decision names the exception, and what needs none uses none', async () => {
  await world.enforce(cap, capCases);
  await grant(5);
  const [low] = await runs(1, flow('{ price-changes: 1, changePermille: 150 }'));
  expect(low?.state.current).toBe('SUCCESS');
  expect(await used()).toEqual([0, undefined]);
  const [one] = await runs(1, flow(high));
  expect(one?.state.current).toBe('SUCCESS');
  const stream = `execution:${one?.id}`;
  const entries = await world.system.store.entries('main', stream);
  const ended = entries.find(({ type }) => type === 'task-ended');
  expect(decodeValue(ended?.payload ?? '')).toMatchObject({
    decision: { verdict: 'allow', policies: ['prices.cap'], exceptions: ['sale'] },
  });
  // Another flow is not exempt.
  const [other] = await runs(1, flow(high).replace('id: reprice', 'id: other'), 'other');
  expect(other?.state.current).toBe('FAILED');
  expect(await used()).toEqual([1, undefined]);
});

test('attempts at the same effect use it once', async () => {
  await world.enforce(cap, capCases);
  await grant(1);
  const failing = `type: core.execution.Assert
    conditions: ["{{ false }}"]
    retry: { type: constant, interval: PT0.01S, maxAttempts: 3 }`;
  const [end] = await runs(1, flow(high, failing));
  expect(end?.taskRunList[0]?.attempts).toHaveLength(3);
  expect(end?.error?.code).not.toBe('policy.denied');
  expect(await used()).toEqual([1, 'used-up']);
});

test('what is exempt from one control still waits for people whom another policy wants', async () => {
  await world.enforce(`${cap}${people}`, `${capCases}${peopleCases}`);
  await grant(1);
  const [waiting] = await runs(1, flow('{ price-changes: 2, changePermille: 200 }'));
  expect(waiting?.state.current).toBe('PAUSED');
  // Nothing is used until it is let through.
  expect(await used()).toEqual([0, undefined]);
  const desk = await world.as('ada').approvals();
  const [open] = await desk.list({ state: 'open' });
  await desk.approve(open?.id ?? '');
  expect((await world.as('rita').rest(waiting?.id ?? '')).state.current).toBe('SUCCESS');
  expect(await used()).toEqual([1, 'used-up']);
});

test('people who said yes do not take the place of an exception that is withdrawn', async () => {
  await world.enforce(`${cap}${people}`, `${capCases}${peopleCases}`);
  await grant(1);
  const [waiting] = await runs(1, flow('{ price-changes: 2, changePermille: 200 }'));
  const { exceptions } = await world.as('ada').governance();
  await exceptions.withdraw('sale', 'the sale is off');
  const desk = await world.as('ada').approvals();
  const [open] = await desk.list({ state: 'open' });
  await desk.approve(open?.id ?? '');
  const end = await world.as('rita').rest(waiting?.id ?? '');
  expect([end.state.current, end.error?.code]).toEqual(['FAILED', 'policy.denied']);
  expect(await used()).toEqual([0, 'withdrawn']);
});

test('a forbid that names no control has no exceptions', async () => {
  await world.enforce(cap.replace('@control("price-change-cap")\n', ''), capCases);
  await grant(5);
  const [end] = await runs(1, flow(high));
  expect(end?.error?.code).toBe('policy.denied');
  expect(await used()).toEqual([0, undefined]);
});
