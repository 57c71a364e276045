/**
 * A flow that knows nothing of approvals, under a policy that asks for two people: it waits, refuses who
 * may not decide, lets nothing through that changed, and the ledger tells the story.
 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
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
  test('waits, refuses requester, author and delegate, accepts two others', async () => {
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
