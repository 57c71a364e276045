/**
 * What an approval binds to: whatever changes between the yes and the effect makes it void, is named, and
 * is asked about anew. And vouching for one value, which is less than agreeing to what is done.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createMemoryStore } from '../../src/adapters/memory/memory-store.ts';
import { createSystemSealer } from '../../src/adapters/system/system-sealer.ts';
import type { ApprovalDesk } from '../../src/app/approval-desk.ts';
import { marksOf, plain, unmarked } from '../../src/core/value/index.ts';
import { type ApprovalWorld, everybody, openApprovalWorld } from '../support/approval-world.ts';
import { createVirtualClock } from '../support/virtual-clock.ts';

const outside = marksOf({ ...plain, trust: 'untrusted' });

let world: ApprovalWorld;
beforeEach(async () => {
  world = await openApprovalWorld({ store: createMemoryStore(createSystemSealer()) });
});
afterEach(() => world.close());

const desk = (name: string): Promise<ApprovalDesk> => world.as(name).approvals();

/** A policy that asks for an approver before a task of the shop does something. */
const asksFor = (more = ''): string => `${everybody}
@id("shop.asks") @title("Somebody else looks")
@reason("Somebody else looks at it")
@obligation("approval") @approvers("role:approver")
forbid (principal, action == Action::"run:scripts.shell.Commands", resource)
when { resource == Task::"shop/charge#pay" };
${more}`;
const cases = `  - title: somebody else looks
    principal: {id: olga, roles: [operator]}
    action: run:scripts.shell.Commands
    resource: {type: Task, id: shop/charge#pay, namespace: shop}
    expect: obliged
`;

const pay = (command: string): string => `id: charge
namespace: shop
inputs: [{ id: note, type: STRING, defaults: none }]
tasks:
  - { id: pay, type: scripts.shell.Commands, commands: ["${command}"] }
`;

async function openOf(executionId: string): Promise<string> {
  const [open] = await (await desk('vera')).list({ state: 'open', executionId });
  return open?.id ?? 'none';
}

/** Starts the flow and gives what it waits for. */
async function ask(source: string, policy = asksFor()): Promise<{ id: string; approval: string }> {
  await world.enforce(policy, cases);
  await world.as('olaf').saveFlow(source, 'charge.yaml');
  const id = await world.as('rita').start({ namespace: 'shop', flowId: 'charge', inputs: {} });
  expect((await world.as('rita').rest(id)).state.current).toBe('PAUSED');
  return { id, approval: await openOf(id) };
}

/** Approves, and tells what the next approval says has changed. */
async function changedAfter(id: string, approval: string): Promise<readonly unknown[]> {
  await (await desk('ada')).approve(approval);
  expect((await world.as('rita').rest(id)).state.current).toBe('PAUSED');
  expect(await (await desk('ada')).show(approval)).toMatchObject({ state: 'voided' });
  const next = await (await desk('ada')).show(await openOf(id));
  const replaces = next.shown.replaces as { approval: string; changed: readonly unknown[] };
  expect(replaces.approval).toBe(approval);
  expect(await effectsOf(id)).toBe(0);
  return replaces.changed;
}

async function effectsOf(executionId: string): Promise<number> {
  const found = await world.as('rita').ledger.search({ type: 'effect-intended', limit: 100 });
  return found.filter(({ stream }) => stream === `execution:${executionId}`).length;
}

describe('void, named and asked anew', () => {
  test('the content of a file [G-059]', async () => {
    const files = world.as('olaf').namespaceFiles('shop');
    await files.put('/order.txt', 'ten');
    const { id, approval } = await ask(pay("cat {{ fileURI('order.txt') }}"));
    await files.put('/order.txt', 'nine hundred');
    const changed = await changedAfter(id, approval);
    expect(changed).toHaveLength(1);
    expect(changed[0]).toMatch(/^file kestra:\/\/.*order\.txt$/);
  });

  test('the policies in force, whatever it is that changed in them', async () => {
    const { id, approval } = await ask(pay('true'));
    await world.enforce(
      asksFor(`@id("shop.other") @title("t") @reason("r")
forbid (principal, action == Action::"erase", resource);`),
      `${cases}  - title: nobody is erased
    principal: {id: olga, roles: [operator]}
    action: erase
    resource: {type: Subject, id: s}
    expect: deny
`,
    );
    expect(await changedAfter(id, approval)).toEqual(['policies']);
  });

  test('where a value comes from, though it is the same text', async () => {
    const pairs = world.as('olaf').keyValues('shop');
    await pairs.set('who', unmarked('ada'));
    const { id, approval } = await ask(pay("echo {{ kv('who') }}"));
    await pairs.set('who', { value: 'ada', marks: outside });
    expect(await changedAfter(id, approval)).toContain('origin of commands');
  });

  test('nothing: then it is used, once, and another run asks for itself', async () => {
    const { id, approval } = await ask(pay('true'));
    await (await desk('ada')).approve(approval);
    expect((await world.as('rita').rest(id)).state.current).toBe('SUCCESS');
    expect(await (await desk('ada')).show(approval)).toMatchObject({ state: 'used' });
    expect(await effectsOf(id)).toBe(1);
    const again = await world.as('rita').replay(id, { taskId: 'pay' });
    expect((await world.as('rita').rest(again)).state.current).toBe('PAUSED');
    expect(await effectsOf(again)).toBe(0);
  });

  test('a revision saved meanwhile changes nothing of what runs, and everything of what comes', async () => {
    const { id, approval } = await ask(pay('true'));
    await world.as('olaf').saveFlow(pay('echo other'), 'charge.yaml');
    await (await desk('ada')).approve(approval);
    const ended = await world.as('rita').rest(id);
    expect([ended.state.current, ended.flowRevision]).toEqual(['SUCCESS', 1]);
    const next = await world.as('rita').start({ namespace: 'shop', flowId: 'charge', inputs: {} });
    await world.as('rita').rest(next);
    const [old, other] = await Promise.all([
      (await desk('ada')).show(approval),
      (await desk('ada')).show(await openOf(next)),
    ]);
    expect(other.revision).toBe(2);
    expect(other.digest).not.toBe(old.digest);
  });

  test('a subflow in another revision is another effect', async () => {
    const { approval: first } = await ask(pay('true'));
    await world.as('olaf').saveFlow(
      `id: parent
namespace: shop
tasks: [{ id: call, type: core.flow.Subflow, namespace: shop, flowId: charge }]
`,
      'parent.yaml',
    );
    await (await desk('ada')).reject(first, 'only the parent');
    const callOnce = async (): Promise<{ id: string; approval: string }> => {
      const id = await world.as('rita').start({ namespace: 'shop', flowId: 'parent', inputs: {} });
      await world.as('rita').rest(id);
      const open = await (await desk('ada')).list({ state: 'open' });
      return { id, approval: open.at(-1)?.id ?? 'none' };
    };
    const one = await callOnce();
    const before = await (await desk('ada')).show(one.approval);
    await world.as('olaf').saveFlow(pay('echo more'), 'charge.yaml');
    // What runs is what was approved, in its revision.
    await (await desk('ada')).approve(one.approval);
    expect((await world.as('rita').rest(one.id)).state.current).toBe('SUCCESS');
    const two = await (await desk('ada')).show((await callOnce()).approval);
    expect([before.revision, two.revision]).toEqual([1, 2]);
    expect(two.digest).not.toBe(before.digest);
  });
});

describe('a grant', () => {
  test('that was not used in a day is none any more', async () => {
    const clock = createVirtualClock(Date.now());
    const store = createMemoryStore(createSystemSealer());
    const kept = { ...store, close: async () => undefined };
    const dataFolder = mkdtempSync(join(tmpdir(), 'approvals-'));
    try {
      await world.close();
      world = await openApprovalWorld({ store: kept, clock, dataFolder });
      const { id, approval } = await ask(pay('true'));
      // The process ends in the moment in which it was granted.
      const { system } = world;
      void system.drain(0);
      await (await desk('ada')).approve(approval);
      await world.close();
      const late = createVirtualClock(clock.now() + 25 * 3_600_000);
      world = await openApprovalWorld({ store: kept, clock: late, dataFolder });
      await world.as('rita').recover();
      expect((await world.as('rita').rest(id)).state.current).toBe('PAUSED');
      const next = await (await desk('ada')).show(await openOf(id));
      expect(next.id).not.toBe(approval);
      expect(next.shown.replaces).toMatchObject({ approval, changed: [] });
      expect((await (await desk('ada')).show(approval)).closedBecause).toContain(
        'its time is over',
      );
      expect(await effectsOf(id)).toBe(0);
    } finally {
      await world.close();
      rmSync(dataFolder, { recursive: true, force: true });
      world = await openApprovalWorld();
    }
  });
});

describe('vouching for a value', () => {
  const untrustedCommand = `${everybody}
@id("shop.trusted-commands") @title("Commands are not written by outsiders")
@reason("What is run must not come from outside")
@obligation("approval") @approvers("role:approver")
forbid (principal, action == Action::"run:scripts.shell.Commands", resource)
unless { context.args has commands && context.args.commands.trust == "trusted" };
`;
  const untrustedCases = `  - title: what comes from outside waits
    principal: {id: olga, roles: [operator]}
    action: run:scripts.shell.Commands
    resource: {type: Task, id: shop/charge#pay, namespace: shop}
    arguments: {commands: {trust: untrusted}}
    expect: obliged
`;

  async function askUntrusted(policy: string): Promise<{ id: string; approval: string }> {
    await world.enforce(policy, untrustedCases);
    await world.as('olaf').saveFlow(pay("echo {{ kv('word') }}"), 'charge.yaml');
    await world.as('olaf').keyValues('shop').set('word', { value: 'hello', marks: outside });
    const id = await world.as('rita').start({ namespace: 'shop', flowId: 'charge', inputs: {} });
    expect((await world.as('rita').rest(id)).state.current).toBe('PAUSED');
    return { id, approval: await openOf(id) };
  }

  test('lets that value through at that sink, and says who vouched', async () => {
    const { id, approval } = await askUntrusted(untrustedCommand);
    await expect((await desk('rita')).endorse(approval, ['commands'], 'x')).rejects.toMatchObject({
      code: 'approval.own',
    });
    await (await desk('ada')).endorse(approval, ['commands'], 'I know the word');
    expect((await world.as('rita').rest(id)).state.current).toBe('SUCCESS');
    const entries = await world.as('rita').ledger.search({ type: 'value-endorsed', limit: 9 });
    expect(entries.map(({ actor }) => actor)).toEqual(['ada']);
  });

  test('is no yes to what is done: what asks for that asks again', async () => {
    const { id, approval } = await askUntrusted(
      untrustedCommand + asksFor().slice(everybody.length),
    );
    await expect((await desk('ada')).endorse(approval, ['nothing'], 'x')).rejects.toMatchObject({
      code: 'approval.not-yours',
    });
    await (await desk('ada')).endorse(approval, ['commands'], 'I know the word');
    expect((await world.as('rita').rest(id)).state.current).toBe('PAUSED');
    expect(await effectsOf(id)).toBe(0);
    const next = await (await desk('ben')).show(await openOf(id));
    expect(next.shown.reasons.join()).toContain('Somebody else looks at it');
    await (await desk('ben')).approve(next.id);
    expect((await world.as('rita').rest(id)).state.current).toBe('SUCCESS');
  });
});
