/**
 * Ways around a gate that a flow has itself: replaying from behind it, and setting its state by hand. What a
 * person agreed to is what was shown to them, and a no stays a no.
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

async function openOf(executionId: string): Promise<string> {
  const [open] = await (await desk('vera')).list({ state: 'open', executionId });
  return open?.id ?? 'none';
}

/** Starts a refund behind a gate and gives the execution and what it waits for. */
async function ask(gate: string): Promise<{ id: string; approval: string }> {
  await world.as('olaf').saveFlow(
    `id: refund
namespace: shop
inputs: [{ id: amount, type: INT, defaults: 5 }]
tasks:
${gate.replaceAll(/^/gm, '  ')}
  - { id: refund, type: core.debug.Return, format: "refunded {{ inputs.amount }}" }
`,
    'refund.yaml',
  );
  const order = { namespace: 'shop', flowId: 'refund', inputs: {} };
  const id = await world.as('rita').start(order);
  expect((await world.as('rita').rest(id)).state.current).toBe('PAUSED');
  return { id, approval: await openOf(id) };
}

const gate = '- { id: agree, type: govern.Approval, approvers: role:approver }';

const runOf = async (id: string, taskId: string): Promise<string> => {
  const { taskRunList } = await world.as('rita').rest(id);
  return taskRunList.find((run) => run.taskId === taskId)?.id ?? 'none';
};
const stateOf = async (id: string): Promise<string> =>
  (await world.as('rita').rest(id)).state.current;

describe('an execution whose gate was passed', () => {
  test('is not replayed from behind it, with the same inputs or others', async () => {
    const { id, approval } = await ask(gate);
    await (await desk('ada')).approve(approval);
    expect(await stateOf(id)).toBe('SUCCESS');
    const rita = world.as('rita');
    const passedBy = { code: 'approval.gate-passed-by' };
    await expect(rita.replay(id, { taskId: 'refund' })).rejects.toMatchObject(passedBy);
    const others = { taskId: 'refund', inputs: { amount: 9999 } };
    await expect(rita.replay(id, others)).rejects.toMatchObject(passedBy);
    const again = await rita.replay(id, { taskId: 'agree', inputs: { amount: 9999 } });
    expect(await stateOf(again)).toBe('PAUSED');
    expect(await openOf(again)).not.toBe(approval);
  });

  test('is not replayed from behind the subflow that holds it', async () => {
    await world
      .as('olaf')
      .saveFlow(
        'id: agreed\nnamespace: shop\ntasks:\n  - { id: agree, type: govern.Approval, approvers: role:approver }\n',
        'agreed.yaml',
      );
    const { id } = await ask(
      '- { id: ask, type: core.flow.Subflow, namespace: shop, flowId: agreed, wait: true }',
    );
    const [open] = await (await desk('vera')).list({ state: 'open' });
    await (await desk('ada')).approve(open?.id ?? '');
    expect(await stateOf(id)).toBe('SUCCESS');
    await expect(world.as('rita').replay(id, { taskId: 'refund' })).rejects.toMatchObject({
      code: 'approval.gate-passed-by',
    });
  });

  test('is replayed from behind a pause that anybody may resume', async () => {
    const { id } = await ask('- { id: hold, type: core.flow.Pause }');
    await world.as('rita').resume(id, {});
    expect(await stateOf(await world.as('rita').replay(id, { taskId: 'refund' }))).toBe('SUCCESS');
  });
});

describe('an execution of a revision that had no gate', () => {
  test('is not replayed from behind the gate of another revision', async () => {
    const { id } = await ask('- { id: hold, type: core.flow.Pause }');
    await world.as('rita').resume(id, {});
    const other = await ask(gate);
    const { flowRevision: revision } = await world.as('rita').rest(other.id);
    expect(revision).toBe(2);
    await expect(world.as('rita').replay(id, { taskId: 'refund', revision })).rejects.toMatchObject(
      { code: 'approval.gate-passed-by' },
    );
    expect(await stateOf(await world.as('rita').replay(id, { revision }))).toBe('PAUSED');
  });
});

describe('an execution whose gate was refused', () => {
  test('does not go on when somebody says by hand that it was passed', async () => {
    const { id, approval } = await ask(gate);
    await (await desk('ada')).reject(approval, 'no');
    expect(await stateOf(id)).toBe('FAILED');
    const taskRunId = await runOf(id, 'agree');
    for (const state of ['SUCCESS', 'WARNING'] as const) {
      await expect(
        world.as('rita').changeRunState(id, { taskRunId, state, reason: 'in a hurry' }),
      ).rejects.toMatchObject({ code: 'approval.gate-passed-by' });
    }
    expect(await stateOf(id)).toBe('FAILED');
  });

  test('does not go on past what encloses it, reached or not', async () => {
    const { id, approval } = await ask(
      `- id: both\n  type: core.flow.Sequential\n  tasks:\n    ${gate}\n    - { id: second, type: govern.Approval, approvers: role:approver }`,
    );
    await (await desk('ada')).approve(approval);
    expect(await stateOf(id)).toBe('PAUSED');
    await (await desk('ada')).reject(await openOf(id), 'no');
    const taskRunId = await runOf(id, 'both');
    await expect(
      world.as('rita').changeRunState(id, { taskRunId, state: 'SUCCESS', reason: 'in a hurry' }),
    ).rejects.toMatchObject({ code: 'approval.gate-passed-by' });
  });
});

describe('a round of a loop', () => {
  test('is not replayed as if it were the flow, past the gate behind the loop', async () => {
    await world.as('olaf').saveFlow(
      `id: rounds
namespace: shop
tasks:
  - id: each
    type: core.flow.Loop
    values: [1]
    tasks:
      - { id: x, type: core.debug.Return, format: x }
      - { id: y, type: core.debug.Return, format: y }
      - { id: z, type: core.debug.Return, format: z }
  - { id: agree, type: govern.Approval, approvers: role:approver }
  - { id: refund, type: core.debug.Return, format: refunded }
  - { id: last, type: core.debug.Return, format: refunded }
`,
      'rounds.yaml',
    );
    const id = await world.as('rita').start({ namespace: 'shop', flowId: 'rounds', inputs: {} });
    expect(await stateOf(id)).toBe('PAUSED');
    const all = await world.as('rita').executions({ limit: 10 });
    const round = all.find((one) => one.id !== id)?.id ?? 'none';
    await expect(world.as('rita').replay(round, { taskId: 'z' })).rejects.toMatchObject({
      code: 'execution.wrong-state',
    });
  });
});
