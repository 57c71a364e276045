/**
 * Two systems on one data folder, as a server and a command are: what one opens the other decides, the
 * last voice is heard once, and a process that loses its disk between the yes and the effect leaves an
 * effect that is had once, by the next.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createMemoryStore } from '../../src/adapters/memory/memory-store.ts';
import { createSystemSealer } from '../../src/adapters/system/system-sealer.ts';
import type { Store } from '../../src/ports/store.ts';
import { type ApprovalWorld, everybody, openApprovalWorld } from '../support/approval-world.ts';
import { losingStore } from '../support/losing-store.ts';

let dataFolder: string;
beforeEach(() => {
  dataFolder = mkdtempSync(join(tmpdir(), 'approvals-'));
});
afterEach(() => rmSync(dataFolder, { recursive: true, force: true }));

const asks = `${everybody}
@id("shop.asks") @title("Somebody else looks")
@reason("Somebody else looks at it")
@obligation("approval") @approvers("role:approver") @quorum("2")
forbid (principal, action == Action::"run:scripts.shell.Commands", resource)
when { resource == Task::"shop/charge#pay" };
`;
const cases = `  - title: somebody else looks
    principal: {id: olga, roles: [operator]}
    action: run:scripts.shell.Commands
    resource: {type: Task, id: shop/charge#pay, namespace: shop}
    expect: obliged
`;
const flow = `id: charge
namespace: shop
tasks: [{ id: pay, type: scripts.shell.Commands, commands: ["true"] }]
`;

async function ask(world: ApprovalWorld): Promise<{ id: string; approval: string }> {
  await world.enforce(asks, cases);
  await world.as('olaf').saveFlow(flow, 'charge.yaml');
  const id = await world.as('rita').start({ namespace: 'shop', flowId: 'charge', inputs: {} });
  await world.as('rita').rest(id);
  return { id, approval: await openOf(world, id) };
}

async function openOf(world: ApprovalWorld, executionId: string): Promise<string> {
  const desk = await world.as('vera').approvals();
  const [open] = await desk.list({ state: 'open', executionId });
  return open?.id ?? 'none';
}

async function typesOf(store: Store, stream: string): Promise<readonly string[]> {
  return (await store.entries('main', stream)).map(({ type }) => type);
}

const count = (types: readonly string[], type: string): number =>
  types.filter((one) => one === type).length;

describe('two processes', () => {
  test('what one opened the other decides; of three last voices one is the last', async () => {
    const one = await openApprovalWorld({ dataFolder });
    const other = await openApprovalWorld({ dataFolder });
    try {
      const { id, approval } = await ask(one);
      await (await other.as('ada').approvals()).approve(approval);
      const [ben, cleo, dora] = await Promise.all([
        one.as('ben').approvals(),
        other.as('cleo').approvals(),
        other.as('dora').approvals(),
      ]);
      const said = await Promise.allSettled([
        ben.approve(approval),
        cleo.reject(approval, 'no'),
        dora.approve(approval),
      ]);
      expect(
        count(
          said.map(({ status }) => status),
          'fulfilled',
        ),
      ).toBe(1);
      await one.as('rita').rest(id);
      const ended = await other.as('rita').rest(id);
      const isGranted = said[1]?.status === 'rejected';
      expect(ended.state.current).toBe(isGranted ? 'SUCCESS' : 'FAILED');
      const types = await typesOf(one.system.store, `execution:${id}`);
      expect(count(types, 'approval-closed')).toBe(1);
      expect(count(types, 'effect-intended')).toBe(isGranted ? 1 : 0);
      const { votes } = await ben.show(approval);
      expect(votes).toHaveLength(2);
    } finally {
      await other.close();
      await one.close();
    }
  });
});

describe('a process that loses its disk', () => {
  test('after any write between the second yes and the effect leaves one effect, under one approval', async () => {
    let isEverEnded = false;
    for (let commits = 0; commits < 6; commits += 1) {
      const folder = mkdtempSync(join(dataFolder, 'each-'));
      const store = { ...createMemoryStore(createSystemSealer()), close: async () => undefined };
      const before = await openApprovalWorld({ store, dataFolder: folder });
      const { id, approval } = await ask(before);
      await (await before.as('ada').approvals()).approve(approval);
      await before.close();

      const losing = losingStore(store, commits);
      const dying = await openApprovalWorld({ store: losing, dataFolder: folder });
      const said = await (await dying.as('ben').approvals()).approve(approval).then(
        () => 'kept',
        () => 'lost',
      );
      await dying
        .as('rita')
        .rest(id)
        .catch(() => undefined);
      await dying.close().catch(() => undefined);

      const after = await openApprovalWorld({ store, dataFolder: folder });
      await after.as('rita').recover();
      const rested = await after.as('rita').rest(id);
      const card = await (await after.as('ada').approvals()).show(approval);
      const types = await typesOf(store, `execution:${id}`);
      // What somebody was told is kept is kept.
      if (said === 'kept') expect(card.state).not.toBe('open');
      if (card.state === 'open') {
        expect([rested.state.current, count(types, 'effect-intended')]).toEqual(['PAUSED', 0]);
      } else {
        // It was had once under this approval, or nobody knows whether it was, and that is asked.
        expect(card.state).toBe('used');
        expect(count(types, 'effect-intended')).toBe(1);
        expect(['SUCCESS', 'PAUSED']).toContain(rested.state.current);
        isEverEnded ||= rested.state.current === 'SUCCESS';
      }
      await after.close();
    }
    expect(isEverEnded).toBe(true);
  });
});
