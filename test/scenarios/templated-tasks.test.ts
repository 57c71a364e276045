/**
 * A task whose definition is rendered: what it runs is decided about like any task of the flow, waits for
 * people, spends, is masked, and nothing else runs.
 */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ApprovalWorld, everybody, openApprovalWorld } from '../support/approval-world.ts';
import { type MailServer, startMailServer } from '../support/mail-server.ts';

let world: ApprovalWorld;
let server: MailServer;
beforeEach(async () => {
  server = await startMailServer();
  world = await openApprovalWorld({
    environment: { SLUICE_SMTP_URL: server.url, SLUICE_MAIL_FROM: 'shop@example.org' },
  });
});
afterEach(async () => {
  await world.close();
  await server.close();
});

const flow = `id: f
namespace: shop
inputs:
  - { id: type, type: STRING, defaults: core.debug.Return }
  - { id: word, type: STRING, defaults: done }
  - { id: mail, type: EMAIL, defaults: ada@example.org, governance: { classes: [personal], subject: ada } }
tasks:
  - id: t
    type: core.templating.TemplatedTask
    spec: |
      type: {{ inputs.type }}
      format: {{ inputs.word }} {{ uuid() }}
  - { id: after, type: core.debug.Return, format: "{{ outputs.t.value }}" }
`;

function asking(id: string, type: string, more = ''): string {
  return `
@id("${id}") @reason("somebody looks at it") @obligation("approval") @approvers("role:approver")
forbid (principal, action == Action::"run:${type}", resource)${more};
`;
}

function cases(...types: readonly string[]): string {
  return types
    .map(
      (type) => `  - title: ${type} is held
    principal: {id: olga, roles: [operator]}
    action: run:${type}
    expect: obliged
`,
    )
    .join('');
}

async function start(source: string, inputs: Readonly<Record<string, string>> = {}) {
  await world.as('olaf').saveFlow(source, 'f.yaml');
  const id = await world.as('rita').start({ namespace: 'shop', flowId: 'f', inputs });
  return world.as('rita').rest(id);
}

async function approveNext(id: string) {
  const desk = await world.as('ada').approvals();
  const [open] = await desk.list({ state: 'open' });
  const { shown, taskType } = await desk.show(open?.id ?? '');
  await desk.approve(open?.id ?? '');
  return { shown, taskType, end: await world.as('rita').rest(id) };
}

test('the task inside waits for people, who see what it will do', async () => {
  await world.enforce(
    `${everybody}${asking('inner', 'core.debug.Return', ' when { resource == Task::"shop/f#t" }')}`,
    cases('core.debug.Return').replace(
      'expect',
      'resource: {type: Task, id: shop/f#t, namespace: shop}\n    expect',
    ),
  );
  const waiting = await start(flow);
  expect(waiting.state.current).toBe('PAUSED');
  const { shown, taskType, end } = await approveNext(waiting.id);
  expect(taskType).toBe('core.debug.Return');
  expect(end.state.current).toBe('SUCCESS');
  // What was shown is what was done, although it holds chance.
  const value = String(end.taskRunList[0]?.outputs['value']);
  expect(value).toMatch(/^done [0-9a-f-]{36}$/);
  expect(JSON.stringify(shown.arguments)).toContain(value);
});

test('the task around it and the one inside are two questions', async () => {
  const outer = 'core.templating.TemplatedTask';
  await world.enforce(
    `${everybody}${asking('outer', outer)}${asking('inner', 'core.debug.Return', ' when { resource == Task::"shop/f#t" }')}`,
    cases(outer) +
      cases('core.debug.Return').replace(
        'expect',
        'resource: {type: Task, id: shop/f#t, namespace: shop}\n    expect',
      ),
  );
  const waiting = await start(flow);
  const first = await approveNext(waiting.id);
  expect([first.taskType, first.end.state.current]).toEqual([outer, 'PAUSED']);
  const second = await approveNext(waiting.id);
  expect([second.taskType, second.end.state.current]).toEqual(['core.debug.Return', 'SUCCESS']);
  const desk = await world.as('ada').approvals();
  expect((await desk.list({})).map(({ state }) => state)).toEqual(['used', 'used']);
});

test('a yes to one inner task is no yes to another', async () => {
  await world.enforce(
    `${everybody}
@id("no.fail") @reason("not here")
forbid (principal, action == Action::"run:core.debug.Echo", resource);
`,
    cases('core.debug.Echo').replace('obliged', 'deny'),
  );
  expect((await start(flow)).state.current).toBe('SUCCESS');
  expect((await start(flow)).state.current).toBe('SUCCESS');
  const other = await start(flow, { type: 'core.debug.Echo' });
  expect([other.state.current, other.error?.code]).toEqual(['FAILED', 'policy.denied']);
  expect(other.taskRunList.map(({ taskId }) => taskId)).toEqual(['t']);
});

test('what the task inside spends is set aside, and what is to be masked is masked', async () => {
  const { budgets } = await world.as('olaf').governance();
  await budgets.set({
    id: 'mails',
    unit: 'messages',
    cap: 3,
    scope: { kind: 'namespace', id: 'shop' },
    period: 'total',
    timeZone: 'UTC',
  });
  const mail = flow
    .replace(
      'type: {{ inputs.type }}\n      format: {{ inputs.word }} {{ uuid() }}',
      'type: email.MailSend\n      to: a@example.org;b@example.org',
    )
    .replace(/ {2}- { id: after.*\n/, '');
  expect((await start(mail)).state.current).toBe('SUCCESS');
  expect((await start(mail)).error?.code).toBe('budget.exceeded');
  expect((await budgets.show('mails')).standings).toMatchObject([{ settled: 2, left: 1 }]);
  await world.enforce(
    `${everybody}
@id("masked") @reason("nobody is named") @mask("personal") @missing("passes")
forbid (principal, action in [Action::"run-task"], resource)
when { context has classes && context.classes.contains("personal") };
`,
    `  - title: masked
    principal: {id: olga, roles: [operator]}
    action: run:core.debug.Return
    arguments: { format: { classes: [personal] } }
    expect: obliged
`,
  );
  const masked = await start(
    flow.replace('{{ inputs.word }} {{ uuid() }}', '"to {{ inputs.mail }}"'),
  );
  expect(masked.taskRunList[0]?.outputs).toEqual({ value: 'to [masked personal]' });
});
