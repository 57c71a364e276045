/**
 * Approvals in time: reminders, escalation, deadlines that refuse, grants that grow old, broken glasses
 * that nobody examines. The clock stands until the test moves it.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createMemoryStore } from '../../src/adapters/memory/memory-store.ts';
import { createSystemSealer } from '../../src/adapters/system/system-sealer.ts';
import type { ApprovalDesk } from '../../src/app/approval-desk.ts';
import type { Store } from '../../src/ports/store.ts';
import { type ApprovalWorld, openApprovalWorld } from '../support/approval-world.ts';
import { createVirtualClock, type VirtualClock } from '../support/virtual-clock.ts';

const hourMs = 3_600_000;
let clock: VirtualClock;
let store: Store;
let dataFolder: string;
let world: ApprovalWorld;
beforeEach(async () => {
  clock = createVirtualClock();
  // It outlives the processes that use it.
  const kept = createMemoryStore(createSystemSealer());
  store = { ...kept, close: async () => undefined };
  dataFolder = mkdtempSync(join(tmpdir(), 'approvals-'));
  world = await openApprovalWorld({ store, clock, dataFolder });
});
afterEach(async () => {
  await world.close();
  rmSync(dataFolder, { recursive: true, force: true });
});

const desk = (name: string): Promise<ApprovalDesk> => world.as(name).approvals();

async function ask(asks: string): Promise<{ id: string; approval: string }> {
  await world.as('olaf').saveFlow(
    `id: refund
namespace: shop
tasks:
  - { id: agree, type: govern.Approval, approvers: role:approver, ${asks} }
  - { id: refund, type: core.debug.Return, format: refunded }
`,
    'refund.yaml',
  );
  const id = await world.as('rita').start({ namespace: 'shop', flowId: 'refund', inputs: {} });
  await world.as('rita').rest(id);
  const [open] = await (await desk('vera')).list({ state: 'open', executionId: id });
  return { id, approval: open?.id ?? 'none' };
}

/** Lets everything follow that is due at this moment. */
async function settle(moved: VirtualClock = clock): Promise<void> {
  for (let turn = 0; turn < 40; turn += 1) {
    moved.advance(0);
    await new Promise<void>((resolve) => {
      setImmediate(resolve);
    });
  }
}

/** Lets time pass, and everything that follows. */
async function pass(milliseconds: number): Promise<void> {
  const end = clock.now() + milliseconds;
  // Far waits are looked for anew on the way, as they are with a real clock.
  while (clock.now() < end) {
    clock.moveTo(Math.min(end, clock.now() + 60_000));
    await settle();
  }
}

const stateOf = async (id: string): Promise<string> =>
  (await world.as('rita').rest(id)).state.current;

async function typesOf(approval: string): Promise<readonly string[]> {
  return (await store.entries('main', `approval:${approval}`)).map(({ type }) => type);
}

describe('a deadline', () => {
  test('reminds at its half, once, then rejects; it never approves [G-256] [G-270]', async () => {
    const { id, approval } = await ask('deadline: PT2H');
    await pass(hourMs + 1_000);
    expect(await typesOf(approval)).toEqual(['approval-reminded']);
    await pass(hourMs);
    expect(await typesOf(approval)).toEqual(['approval-reminded', 'approval-expired']);
    expect(await stateOf(id)).toBe('FAILED');
    expect((await world.as('rita').rest(id)).error?.message).toContain('was not decided in time');
  });

  test('is not moved by half of a quorum', async () => {
    const { id, approval } = await ask('deadline: PT1H, quorum: 2');
    await (await desk('ada')).approve(approval);
    await pass(hourMs + 1_000);
    expect(await stateOf(id)).toBe('FAILED');
    await expect((await desk('ben')).approve(approval)).rejects.toMatchObject({
      code: 'approval.closed',
    });
  });

  test('escalates to those who decide then, takes the claim away, and rejects the second time', async () => {
    const { id, approval } = await ask(
      'deadline: PT1H, onDeadline: escalate, escalateTo: role:controller',
    );
    await (await desk('ada')).claim(approval);
    await expect((await desk('cora')).approve(approval)).rejects.toMatchObject({
      code: 'approval.claimed',
    });
    await pass(hourMs + 1_000);
    const escalated = await (await desk('cora')).show(approval);
    expect(escalated).toMatchObject({
      isEscalated: true,
      claimedBy: null,
      deciders: ['role:approver', 'role:controller'],
    });
    await pass(hourMs);
    expect(await stateOf(id)).toBe('FAILED');
  });

  test('escalated, it is decided by those it was escalated to', async () => {
    const { id, approval } = await ask(
      'deadline: PT1H, onDeadline: escalate, escalateTo: user:vera',
    );
    await expect((await desk('vera')).approve(approval)).rejects.toMatchObject({
      code: 'approval.not-yours',
    });
    await pass(hourMs + 1_000);
    await (await desk('vera')).approve(approval);
    await settle();
    expect(await stateOf(id)).toBe('SUCCESS');
  });

  test('counts from the moment it passed, whoever comes before it was noticed', async () => {
    const { approval } = await ask('deadline: PT1H');
    const ada = await desk('ada');
    // The clock is past it before any timer could fire.
    const late = { ...clock, now: () => clock.now() + 2 * hourMs };
    const other = await openApprovalWorld({ store, clock: late, dataFolder });
    await expect((await other.as('ada').approvals()).approve(approval)).rejects.toMatchObject({
      code: 'approval.closed',
    });
    expect((await ada.show(approval)).votes).toEqual([]);
  });

  test('and an approval at the same moment: one of the two holds, and both agree which', async () => {
    for (const isFirst of [true, false]) {
      const { id, approval } = await ask('deadline: PT1H');
      const ada = await desk('ada');
      await pass(hourMs - 1_000);
      const deadline = (): void => clock.advance(1_000);
      if (!isFirst) deadline();
      const said = ada.approve(approval).then(
        () => 'approved',
        () => 'refused',
      );
      if (isFirst) deadline();
      await settle();
      const verdict = await said;
      await pass(1_000);
      const { state } = await ada.show(approval);
      const ended = await stateOf(id);
      expect([state, ended]).toEqual(
        verdict === 'approved' ? ['granted', 'SUCCESS'] : ['expired', 'FAILED'],
      );
      const closings = (await store.entries('main', `execution:${id}`)).filter(
        ({ type }) => type === 'approval-closed',
      );
      expect(closings).toHaveLength(1);
    }
  });
});

describe('another process', () => {
  test('that asked and left leaves the deadline to the one that stays', async () => {
    await world.system.schedule(() => undefined);
    const other = await openApprovalWorld({ store, clock, dataFolder });
    await other.as('olaf').saveFlow(
      `id: refund
namespace: shop
tasks: [{ id: agree, type: govern.Approval, approvers: role:approver, deadline: PT2H }]
`,
      'refund.yaml',
    );
    const id = await other.as('rita').start({ namespace: 'shop', flowId: 'refund', inputs: {} });
    await other.as('rita').rest(id);
    await other.close();
    await pass(2 * hourMs + 60_000);
    expect((await store.execution('main', id))?.state).toBe('FAILED');
  });
});

describe('a reminder', () => {
  test('is not repeated by the process that comes after', async () => {
    const { approval } = await ask('deadline: PT4H');
    await pass(2 * hourMs + 1_000);
    expect(await typesOf(approval)).toEqual(['approval-reminded']);
    await world.close();
    clock = createVirtualClock(clock.now() + 1_000);
    world = await openApprovalWorld({ store, clock, dataFolder });
    await world.as('rita').recover();
    await pass(hourMs);
    const reminded = (await typesOf(approval)).filter((type) => type === 'approval-reminded');
    expect(reminded).toHaveLength(1);
    await pass(hourMs);
    expect((await typesOf(approval)).at(-1)).toBe('approval-expired');
  });
});

describe('a claim', () => {
  test('that is forgotten lapses after some hours', async () => {
    const { approval } = await ask('deadline: P2D');
    await (await desk('ada')).claim(approval);
    await pass(3 * hourMs);
    await expect((await desk('ben')).approve(approval)).rejects.toMatchObject({
      code: 'approval.claimed',
    });
    await pass(2 * hourMs);
    expect((await (await desk('ben')).approve(approval)).approval.state).toBe('granted');
  });
});

describe('a broken glass that nobody examines', () => {
  test('is noted once, escalates its incident, and keeps whoever broke it from breaking another', async () => {
    const { approval } = await ask('deadline: P9D');
    const rita = await desk('rita');
    await rita.breakGlass(approval, 'the shop is down');
    await settle();
    const second = await ask('deadline: P9D');
    await pass(23 * hourMs);
    await world.system.keepHouse();
    expect(await typesOf(approval)).not.toContain('glass-unexamined');
    await pass(2 * hourMs);
    await world.system.keepHouse();
    await world.system.keepHouse();
    const noted = (await typesOf(approval)).filter((type) => type === 'glass-unexamined');
    expect(noted).toHaveLength(1);
    const incident = await store.entries('main', `incident:glass-${approval}`);
    expect(incident.map(({ type }) => type)).toEqual(['incident-opened', 'incident-escalated']);
    expect(await rita.list({ isUnexamined: true })).toMatchObject([
      { id: approval, brokenGlass: { isOverdue: true } },
    ]);
    await expect(rita.breakGlass(second.approval, 'again')).rejects.toMatchObject({
      code: 'approval.unexamined',
    });
    await (await desk('ada')).examine(approval, false, 'it could have waited');
    expect((await store.entries('main', `incident:glass-${approval}`)).at(-1)?.type).toBe(
      'incident-examined',
    );
    await rita.breakGlass(second.approval, 'again');
    expect(await rita.list({ isUnexamined: true })).toMatchObject([{ id: second.approval }]);
  });
});
