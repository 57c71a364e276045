/**
 * People around an approval that a flow asks for itself: in which order they decide, how many, who holds
 * it, who stands in for whom, and what those who asked can do about it.
 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createMemoryStore } from '../../src/adapters/memory/memory-store.ts';
import { createSystemSealer } from '../../src/adapters/system/system-sealer.ts';
import type { ApprovalDesk } from '../../src/app/approval-desk.ts';
import { type ApprovalWorld, openApprovalWorld } from '../support/approval-world.ts';

let world: ApprovalWorld;
beforeEach(async () => {
  world = await openApprovalWorld({ store: createMemoryStore(createSystemSealer()) });
});
afterEach(() => world.close());

const desk = (name: string): Promise<ApprovalDesk> => world.as(name).approvals();

/** Starts a flow that asks as `asks` says, by `starter`; gives the execution and what it waits for. */
async function ask(
  asks: string,
  starter = 'rita',
  author = 'olaf',
): Promise<{ id: string; approval: string }> {
  await world.as(author).saveFlow(
    `id: refund
namespace: shop
tasks:
  - id: agree
    type: govern.Approval
${asks.replaceAll(/^/gm, '    ')}
  - { id: refund, type: core.debug.Return, format: "refunded {{ outputs.agree.onResume.amount ?? '' }}" }
`,
    'refund.yaml',
  );
  return begin(starter);
}

async function begin(starter = 'rita'): Promise<{ id: string; approval: string }> {
  const id = await world.as(starter).start({ namespace: 'shop', flowId: 'refund', inputs: {} });
  expect((await world.as('rita').rest(id)).state.current).toBe('PAUSED');
  return { id, approval: await openOf(id) };
}

async function openOf(executionId: string): Promise<string> {
  const [open] = await (await desk('vera')).list({ state: 'open', executionId });
  return open?.id ?? 'none';
}

const stateOf = async (id: string): Promise<string> =>
  (await world.as('rita').rest(id)).state.current;
const hour = (): number => Date.now() + 3_600_000;

describe('ordered stages', () => {
  const stages = `stages:
  - { approvers: role:ml-governance, quorum: 2 }
  - { approvers: role:controller }`;

  test('the second neither has it in their list nor decides it before the first is done [G-097]', async () => {
    const { id, approval } = await ask(stages);
    const mine = async (name: string): Promise<readonly string[]> =>
      (await (await desk(name)).list({ state: 'open', isMine: true })).map((one) => one.id);
    expect(await mine('cora')).toEqual([]);
    expect(await mine('ada')).toEqual([approval]);
    expect(await mine('rita')).toEqual([]);
    await expect((await desk('cora')).approve(approval)).rejects.toMatchObject({
      code: 'approval.not-yours',
    });
    await (await desk('ada')).approve(approval);
    expect(await mine('ada')).toEqual([]);
    await expect((await desk('cora')).reject(approval, 'no')).rejects.toMatchObject({
      code: 'approval.not-yours',
    });
    await (await desk('ben')).approve(approval);
    expect(await mine('cora')).toEqual([approval]);
    expect(await stateOf(id)).toBe('PAUSED');
    await expect((await desk('cleo')).approve(approval)).rejects.toMatchObject({
      code: 'approval.not-yours',
    });
    await (await desk('cora')).approve(approval);
    expect(await stateOf(id)).toBe('SUCCESS');
  });
});

describe('a claim', () => {
  test('of two at once has one winner, whom the other waits for [G-270]', async () => {
    const { id, approval } = await ask('approvers: role:approver');
    const [ada, ben] = [await desk('ada'), await desk('ben')];
    const claims = await Promise.allSettled([ada.claim(approval), ben.claim(approval)]);
    expect(claims.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    const [winner, loser] = claims[0]?.status === 'fulfilled' ? [ada, ben] : [ben, ada];
    await expect(loser.approve(approval)).rejects.toMatchObject({ code: 'approval.claimed' });
    await winner.unclaim(approval);
    await loser.approve(approval);
    expect(await stateOf(id)).toBe('SUCCESS');
  });

  test('of one of two does not keep the other voice out', async () => {
    const { id, approval } = await ask('approvers: role:approver\nquorum: 2');
    await (await desk('ada')).claim(approval);
    await (await desk('ada')).approve(approval);
    await (await desk('ben')).approve(approval);
    expect(await stateOf(id)).toBe('SUCCESS');
  });

  test('is not for those who had part in asking', async () => {
    const { approval } = await ask('approvers: [role:approver, role:operator]');
    await expect((await desk('rita')).claim(approval)).rejects.toMatchObject({
      code: 'approval.own',
    });
  });
});

describe('a delegation', () => {
  test('lets somebody decide until its end, says so, and counts as one voice', async () => {
    const { approval } = await ask('approvers: role:ml-governance\nquorum: 2');
    const { id: given } = await (await desk('cleo')).delegate('vera', hour(), 'holiday');
    await (await desk('vera')).approve(approval);
    await expect((await desk('cleo')).approve(approval)).rejects.toMatchObject({
      code: 'approval.not-yours',
    });
    const { votes } = await (await desk('ada')).show(approval);
    expect(votes).toMatchObject([{ by: 'vera', persons: ['cleo', 'vera'], delegation: given }]);
  });

  test('ends when it is ended', async () => {
    const { approval } = await ask('approvers: role:ml-governance');
    const { id: given } = await (await desk('cleo')).delegate('vera', hour(), 'holiday');
    await expect((await desk('ada')).endDelegation(given)).rejects.toMatchObject({
      code: 'delegation.not-found',
    });
    await (await desk('cleo')).endDelegation(given);
    await expect((await desk('vera')).approve(approval)).rejects.toMatchObject({
      code: 'approval.not-yours',
    });
  });

  test('is not passed on, and whoever is behind it is behind what is done with it', async () => {
    const { approval } = await ask('approvers: role:ml-governance');
    // From who asked, over ben, who might decide, to cora, who might not.
    await (await desk('rita')).delegate('ben', hour(), 'holiday');
    await (await desk('ben')).delegate('cora', hour(), 'holiday');
    for (const name of ['ben', 'cora']) {
      await expect((await desk(name)).approve(approval)).rejects.toMatchObject({
        code: 'approval.own',
      });
    }
    await (await desk('cleo')).delegate('vera', hour(), 'holiday');
    await (await desk('vera')).delegate('dora', hour(), 'mine too');
    const { votes } = (await (await desk('dora')).approve(approval)).approval;
    expect(votes).toMatchObject([{ by: 'dora', delegation: null }]);
  });

  test('that the requester ends a moment before does not free their delegate', async () => {
    const { approval } = await ask('approvers: role:ml-governance');
    const { id: given } = await (await desk('rita')).delegate('ben', hour(), 'holiday');
    await new Promise((resolve) => setTimeout(resolve, 5));
    await (await desk('rita')).endDelegation(given);
    await expect((await desk('ben')).approve(approval)).rejects.toMatchObject({
      code: 'approval.own',
    });
  });

  test('to oneself, without an end, or without a reason is refused', async () => {
    const rita = await desk('rita');
    for (const [to, until, reason] of [
      ['rita', hour(), 'x'],
      ['ben', Date.now() - 1, 'x'],
      ['ben', Date.now() + 91 * 86_400_000, 'x'],
      ['ben', hour(), ' '],
    ] as const) {
      await expect(rita.delegate(to, until, reason)).rejects.toMatchObject({
        code: reason === 'x' ? 'delegation.invalid' : 'approval.reason-missing',
      });
    }
  });
});

describe('whoever has part in it decides nothing', () => {
  test.each([
    ['who owns the agent that asked', 'agent:ada', 'olaf', 'ada'],
    ['who owns the service account that asked', 'account:ben', 'olaf', 'ben'],
    ['who owns the agent that wrote the revision', 'rita', 'agent:ada', 'ada'],
    ['who wrote the revision', 'rita', 'ben', 'ben'],
  ])('%s', async (_what, starter, author, decider) => {
    const { approval } = await ask('approvers: role:approver', starter, author);
    await expect((await desk(decider)).approve(approval)).rejects.toMatchObject({
      code: 'approval.own',
    });
  });

  test.each(['agent:ada', 'account:ben'])('%s decides nothing at all', async (name) => {
    const { approval } = await ask('approvers: role:approver');
    await expect((await desk(name)).approve(approval)).rejects.toMatchObject({
      code: 'approval.not-yours',
    });
  });

  test('who started the parent, or wrote its flow, does not decide in the subflow', async () => {
    await ask('approvers: role:approver');
    await world.as('cleo').saveFlow(
      `id: parent
namespace: shop
tasks: [{ id: call, type: core.flow.Subflow, namespace: shop, flowId: refund }]
`,
      'parent.yaml',
    );
    const id = await world.as('ada').start({ namespace: 'shop', flowId: 'parent', inputs: {} });
    await world.as('ada').rest(id);
    const open = await (await desk('ben')).list({ state: 'open' });
    const approval = open.find(({ involved }) => involved.includes('ada'))?.id ?? 'none';
    for (const name of ['ada', 'cleo']) {
      await expect((await desk(name)).approve(approval)).rejects.toMatchObject({
        code: 'approval.own',
      });
    }
    await (await desk('ben')).approve(approval);
    expect(await stateOf(id)).toBe('SUCCESS');
  });
});

describe('what those who asked can do', () => {
  test('taking it back fails the task with the reason; an approver cannot [G-256]', async () => {
    const { id, approval } = await ask('approvers: role:approver');
    await expect((await desk('ada')).withdraw(approval, 'no')).rejects.toMatchObject({
      code: 'approval.not-yours',
    });
    const { approval: card } = await (await desk('rita')).withdraw(approval, 'wrong order');
    expect(card.state).toBe('withdrawn');
    const ended = await world.as('rita').rest(id);
    expect([ended.state.current, ended.error?.code]).toEqual(['FAILED', 'approval.not-granted']);
    expect(ended.error?.message).toContain('was withdrawn: wrong order');
  });

  test('what was sent back is asked again by the same run, restarted, under another id', async () => {
    const { id, approval } = await ask('approvers: role:approver');
    await (await desk('ada')).sendBack(approval, 'name the customer');
    expect((await world.as('rita').rest(id)).error?.message).toContain(
      'was sent back: name the customer',
    );
    await world.as('rita').restart(id);
    expect(await stateOf(id)).toBe('PAUSED');
    const again = await openOf(id);
    expect(again).not.toBe(approval);
    expect(await (await desk('ada')).show(approval)).toMatchObject({ state: 'returned' });
    await (await desk('ada')).approve(again);
    expect(await stateOf(id)).toBe('SUCCESS');
  });

  test('whoever restarts it has part in it from then on', async () => {
    const { id, approval } = await ask('approvers: role:approver');
    await (await desk('ada')).sendBack(approval, 'again');
    await world.as('rita').rest(id);
    await world.as('ben').restart(id);
    await world.as('rita').rest(id);
    await expect((await desk('ben')).approve(await openOf(id))).rejects.toMatchObject({
      code: 'approval.own',
    });
  });
});

describe('the form of an approval', () => {
  const form = `approvers: role:approver
quorum: 2
inputs: [{ id: amount, type: INT }]`;

  test('is filled in with the first yes; who follows agrees to that and nothing else', async () => {
    const { id, approval } = await ask(form);
    await expect((await desk('ada')).approve(approval)).rejects.toMatchObject({
      code: 'input.invalid',
    });
    await (await desk('ada')).approve(approval, { inputs: { amount: 10 } });
    const { shown } = await (await desk('ben')).show(approval);
    expect(shown.form).toEqual({ amount: 10 });
    await expect(
      (await desk('ben')).approve(approval, { inputs: { amount: 900 } }),
    ).rejects.toMatchObject({ code: 'approval.other-values' });
    await (await desk('ben')).approve(approval);
    const ended = await world.as('rita').rest(id);
    expect(ended.state.current).toBe('SUCCESS');
    expect(JSON.stringify(ended)).toContain('refunded 10');
  });
});

describe('what somebody has seen', () => {
  test('is what they decide about: another edition or another digest is refused', async () => {
    const { approval } = await ask('approvers: role:approver\nquorum: 2');
    const seen = await (await desk('ada')).show(approval);
    await (await desk('ben')).approve(approval);
    const ada = await desk('ada');
    await expect(ada.approve(approval, {}, { expects: seen.edition })).rejects.toMatchObject({
      code: 'request.precondition-failed',
    });
    await expect(ada.approve(approval, { digest: 'ab'.repeat(32) })).rejects.toMatchObject({
      code: 'request.precondition-failed',
    });
    const { edition, digest } = await ada.show(approval);
    const done = await ada.approve(approval, { digest }, { expects: edition });
    expect(done.approval.state).toBe('granted');
  });

  test('is what was shown then, also of one that another has replaced since', async () => {
    const { id, approval } = await ask('approvers: role:approver\npreview: "{{ now() }}"');
    const before = (await (await desk('ada')).show(approval)).shown;
    await (await desk('ada')).sendBack(approval, 'again');
    await world.as('rita').rest(id);
    await world.as('rita').restart(id);
    await world.as('rita').rest(id);
    const next = (await (await desk('ada')).show(await openOf(id))).shown;
    expect((await (await desk('ada')).show(approval)).shown).toEqual(before);
    expect(next.arguments).not.toEqual(before.arguments);
  });
});

describe('the type that others call Approval', () => {
  test('[approval] runs as ours: its inputs are the form, approvers decide, a no fails it', async () => {
    await world.as('olaf').saveFlow(
      `id: refund
namespace: shop
tasks:
  - id: agree
    type: io.kestra.plugin.core.flow.Approval
    inputs: [{ id: amount, type: INT }]
  - { id: refund, type: core.debug.Return, format: "refunded {{ outputs.agree.onResume.amount }}" }
`,
      'refund.yaml',
    );
    const first = await begin();
    await expect((await desk('vera')).approve(first.approval)).rejects.toMatchObject({
      code: 'approval.not-yours',
    });
    await expect(world.as('ada').resume(first.id, { amount: 1 })).rejects.toMatchObject({
      code: 'approval.pending',
    });
    await (await desk('ada')).approve(first.approval, { inputs: { amount: 7 } });
    const ended = await world.as('rita').rest(first.id);
    expect(JSON.stringify(ended)).toContain('refunded 7');
    const second = await begin();
    await (await desk('ada')).reject(second.approval, 'no');
    expect(await stateOf(second.id)).toBe('FAILED');
  });

  test.each(['decisions: [yes]', 'autoApprove: true', 'expireBehavior: CONTINUE'])(
    'refuses %s, which would decide otherwise than people do',
    (more) => {
      const { diagnostics } = world.as('olaf').checkFlow(
        `id: f
namespace: shop
tasks: [{ id: agree, type: io.kestra.plugin.core.flow.Approval, ${more} }]
`,
        'f.yaml',
      );
      expect(diagnostics.some(({ severity }) => severity === 'error')).toBe(true);
    },
  );
});
