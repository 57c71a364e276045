/**
 * A flow that knows nothing of approvals, under a policy that asks for two people: it waits, refuses who
 * may not decide, lets nothing through that changed, and the ledger tells the story.
 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { unmarked } from '../../src/core/value/index.ts';
import {
  type ApprovalWorld,
  everybody,
  openApprovalWorld,
  planFlow,
} from '../support/approval-world.ts';

const namespace = 'company.team.mlops';
const flowId = 'model-deployment-with-approval';

const twoOfGovernance = `${everybody}
@id("mlops.two-people") @title("Deployments in production need two of ML governance")
@reason("Deployments in production need two ML governance approvers other than the requester")
@obligation("approval") @approvers("role:ml-governance") @quorum("2") @deadline("P2D")
forbid (principal, action == Action::"run:scripts.shell.Commands", resource)
when { resource == Task::"company.team.mlops/model-deployment-with-approval#deploy-model" };
`;

const twoOfGovernanceCases = `  - title: a deployment waits for two
    principal: {id: olga, roles: [operator]}
    action: run:scripts.shell.Commands
    resource: {type: Task, id: company.team.mlops/model-deployment-with-approval#deploy-model, namespace: company.team.mlops}
    expect: obliged
`;

let world: ApprovalWorld;
beforeEach(async () => {
  world = await openApprovalWorld();
});
afterEach(() => world.close());

/** Starts the flow as `rita`, lets its Pause go on, and gives the approval it waits for. */
async function waitForApproval(): Promise<{ id: string; approval: string }> {
  await world.enforce(twoOfGovernance, twoOfGovernanceCases);
  await world.as('olaf').saveFlow(planFlow(flowId), 'e2.yaml');
  const id = await world.as('rita').start({ namespace, flowId, inputs: {} });
  const paused = await world.as('rita').rest(id);
  expect(paused.state.current).toBe('PAUSED');
  await world.as('ada').resume(id, {});
  expect((await world.as('rita').rest(id)).state.current).toBe('PAUSED');
  const desk = await world.as('rita').approvals();
  const [open] = await desk.list({ state: 'open' });
  return { id, approval: open?.id ?? '' };
}

describe('a deployment that needs two of ML governance', () => {
  test('waits, refuses requester, author and delegate, accepts two others [G-063]', async () => {
    const { id, approval } = await waitForApproval();
    const shown = await (await world.as('ada').approvals()).show(approval);
    expect(shown).toMatchObject({
      taskId: 'deploy-model',
      missing: 2,
      deciders: ['role:ml-governance'],
    });
    expect(JSON.stringify(shown.shown.arguments)).toContain('Deploying model to production');
    await expect((await world.as('rita').approvals()).approve(approval)).rejects.toMatchObject({
      code: 'approval.own',
    });
    await expect((await world.as('olaf').approvals()).approve(approval)).rejects.toMatchObject({
      code: 'approval.own',
    });
    await (await world.as('rita').approvals()).delegate('dora', Date.now() + 3_600_000, 'on leave');
    await expect((await world.as('dora').approvals()).approve(approval)).rejects.toMatchObject({
      code: 'approval.own',
    });
    await expect((await world.as('vera').approvals()).approve(approval)).rejects.toMatchObject({
      code: 'approval.not-yours',
    });
    await expect(world.as('rita').resume(id, {})).rejects.toMatchObject({
      code: 'approval.pending',
      details: { approval },
    });
    const first = await (await world.as('ada').approvals()).approve(approval);
    expect(first.approval).toMatchObject({ state: 'open', missing: 1 });
    // A double click says nothing new.
    await (await world.as('ada').approvals()).approve(approval);
    expect((await world.as('rita').rest(id)).state.current).toBe('PAUSED');
    const second = await (await world.as('ben').approvals()).approve(approval, {
      reason: 'checked',
    });
    expect(second.approval.state).toBe('granted');
    expect(second.receipt.text).toContain('c2sp.org/tlog-proof');
    const ended = await world.as('rita').rest(id);
    expect(ended.state.current).toBe('SUCCESS');
    const used = await (await world.as('rita').approvals()).show(approval);
    expect(used.state).toBe('used');

    const story = (await world.as('ada').ledger.search({ text: approval, limit: 100 }))
      .toReversed()
      .map(({ type, actor }) => `${type} ${actor}`);
    expect(story).toEqual([
      'approval-opened user:local',
      'approval-refused rita',
      'approval-refused olaf',
      'approval-refused dora',
      'approval-refused vera',
      'approval-decided ada',
      'policy-decided ada',
      'approval-closed ben',
      'approval-decided ben',
      'policy-decided ben',
      'effect-intended user:local',
      'approval-used engine',
    ]);
  });
});

const chargeFlow = `id: charge
namespace: shop
tasks:
  - id: pay
    type: scripts.shell.Commands
    commands:
      - "echo charged {{ kv('amount') }} at {{ now() }}"
`;

const oneApprover = `${everybody}
@id("charge.asks") @title("Charges need somebody else")
@reason("Somebody else looks at each charge")
@obligation("approval") @approvers("role:approver") @deadline("PT2S") @escalate("role:operator")
forbid (principal, action == Action::"run:scripts.shell.Commands", resource)
when { resource == Task::"shop/charge#pay" };
`;
const oneApproverCases = `  - title: a charge waits for somebody
    principal: {id: olga, roles: [operator]}
    action: run:scripts.shell.Commands
    resource: {type: Task, id: shop/charge#pay, namespace: shop}
    expect: obliged
`;

/** Starts a charge as `rita` and gives the approval it waits for. */
async function waitForCharge(
  policy = oneApprover,
  flow = chargeFlow,
): Promise<{ id: string; approval: string }> {
  await world.enforce(policy.replace('PT2S', 'PT2H'), oneApproverCases);
  await world.as('olaf').saveFlow(flow, 'charge.yaml');
  await world.as('olaf').keyValues('shop').set('amount', unmarked(10));
  return startCharge();
}

async function startCharge(): Promise<{ id: string; approval: string }> {
  const id = await world.as('rita').start({ namespace: 'shop', flowId: 'charge', inputs: {} });
  expect((await world.as('rita').rest(id)).state.current).toBe('PAUSED');
  return { id, approval: await openOf(id) };
}

async function openOf(executionId: string): Promise<string> {
  const [open] = await (await world.as('rita').approvals()).list({ state: 'open', executionId });
  return open?.id ?? 'none';
}

describe('what an approval binds to', () => {
  test('a value that holds the time is done as it was shown', async () => {
    const { id, approval } = await waitForCharge();
    const { shown } = await (await world.as('ada').approvals()).show(approval);
    const [command = ''] = (shown.arguments['commands'] ?? []) as string[];
    await (await world.as('ada').approvals()).approve(approval);
    const ended = await world.as('rita').rest(id);
    expect(ended.state.current).toBe('SUCCESS');
    const lines = await world.as('rita').logs({ executionId: id });
    expect(lines.map(({ message }) => message)).toContain(command.replace('echo ', ''));
  });

  test('a changed argument voids it, and the next one says what changed [G-059]', async () => {
    const timeless = chargeFlow.replace(' at {{ now() }}', '');
    const { id, approval } = await waitForCharge(oneApprover, timeless);
    await world.as('olaf').keyValues('shop').set('amount', unmarked(900));
    await (await world.as('ada').approvals()).approve(approval);
    expect((await world.as('rita').rest(id)).state.current).toBe('PAUSED');
    const desk = await world.as('ben').approvals();
    expect(await desk.show(approval)).toMatchObject({ state: 'voided' });
    const next = await openOf(id);
    expect(await desk.show(next)).toMatchObject({
      state: 'open',
      shown: { replaces: { approval, changed: ['argument commands'] } },
    });
    await desk.approve(next);
    expect((await world.as('rita').rest(id)).state.current).toBe('SUCCESS');
    const intents = await world.as('rita').ledger.search({ type: 'effect-intended', limit: 10 });
    expect(intents).toHaveLength(1);
    expect(intents[0]?.payload).toContain(next);
  });

  test('a second run asks again: an approval is used once', async () => {
    const { id, approval } = await waitForCharge();
    await (await world.as('ada').approvals()).approve(approval);
    await world.as('rita').rest(id);
    const again = await world.as('rita').replay(id, { taskId: 'pay' });
    expect((await world.as('rita').rest(again)).state.current).toBe('PAUSED');
    expect(await openOf(again)).not.toBe(approval);
  });
});

describe('what people say', () => {
  test('a rejection fails the task with its reason, and a reason is asked for [G-098]', async () => {
    const { id, approval } = await waitForCharge();
    const desk = await world.as('ada').approvals();
    await expect(desk.reject(approval, ' ')).rejects.toMatchObject({
      code: 'approval.reason-missing',
    });
    await desk.reject(approval, 'wrong customer');
    const ended = await world.as('rita').rest(id);
    expect(ended.state.current).toBe('FAILED');
    expect(ended.error).toMatchObject({ code: 'approval.not-granted' });
    expect(ended.error?.message).toContain('wrong customer');
    await expect(desk.approve(approval)).rejects.toMatchObject({ code: 'approval.closed' });
  });

  test('of two who decide at once exactly one decides, whatever they say', async () => {
    const { id, approval } = await waitForCharge();
    const ada = await world.as('ada').approvals();
    const ben = await world.as('ben').approvals();
    const said = await Promise.allSettled([ada.approve(approval), ben.reject(approval, 'no')]);
    expect(said.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    const ended = await world.as('rita').rest(id);
    const first = said[0]?.status === 'fulfilled';
    expect(ended.state.current).toBe(first ? 'SUCCESS' : 'FAILED');
    const closed = await world.as('rita').ledger.search({ type: 'approval-closed', limit: 10 });
    expect(closed).toHaveLength(1);
  });

  test('a kill voids what is waited for', async () => {
    const { id, approval } = await waitForCharge();
    await world.as('rita').kill(id);
    await world.as('rita').rest(id);
    await expect((await world.as('ada').approvals()).approve(approval)).rejects.toMatchObject({
      code: 'approval.closed',
    });
  });

  test('a broken glass lets it run, opens an incident, and waits for a second person [G-123]', async () => {
    const { id, approval } = await waitForCharge();
    const desk = await world.as('rita').approvals();
    await desk.breakGlass(approval, 'the shop is down');
    expect((await world.as('rita').rest(id)).state.current).toBe('SUCCESS');
    const [incident] = await world.as('rita').ledger.search({ type: 'incident-opened', limit: 2 });
    expect(incident?.stream).toBe(`incident:glass-${approval}`);
    await expect(desk.examine(approval, true, 'fine')).rejects.toMatchObject({
      code: 'approval.own',
    });
    const second = await world.as('ada').approvals();
    await second.examine(approval, true, 'it was needed');
    expect(await second.show(approval)).toMatchObject({
      brokenGlass: { by: 'rita', review: { by: 'ada', isAccepted: true } },
    });
  });
});
