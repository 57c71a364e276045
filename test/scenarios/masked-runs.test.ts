/**
 * What a policy wants masked reaches the task masked, by where it comes from and not by what it looks like:
 * in maps, lists and texts, in scripts, in what it reads by itself; and what cannot be masked is refused.
 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ApprovalWorld, everybody, openApprovalWorld } from '../support/approval-world.ts';

const mask = `${everybody}
@id("people.masked") @reason("people are not named here") @mask("personal") @missing("passes")
forbid (principal, action in [Action::"run-task"], resource)
when { context has classes && context.classes.contains("personal") };
`;
const maskCases = `  - title: what holds nothing about people goes on
    principal: {id: olga, roles: [operator]}
    action: run:core.debug.Return
    arguments: { format: { classes: [personal] } }
    expect: obliged
`;

let world: ApprovalWorld;
beforeEach(async () => {
  world = await openApprovalWorld();
});
afterEach(() => world.close());

const inputs = `inputs:
  - { id: plain, type: STRING, defaults: parcel }
  - { id: mail, type: EMAIL, defaults: ada@example.org, governance: { classes: [personal.email], subject: ada } }
  - { id: card, type: STRING, defaults: "4111", governance: { classes: [payment], subject: ada } }
`;

async function run(tasks: string) {
  await world.as('olaf').saveFlow(`id: f\nnamespace: shop\n${inputs}tasks:\n${tasks}`, 'f.yaml');
  const id = await world.as('rita').start({ namespace: 'shop', flowId: 'f', inputs: {} });
  return world.as('rita').rest(id);
}

/** Returns the outputs of the run `a`. */
async function outputsOf(tasks: string): Promise<unknown> {
  const document = await run(tasks);
  expect(document.error?.message).toBeUndefined();
  return document.taskRunList.find(({ taskId }) => taskId === 'a')?.outputs;
}

async function whyNot(tasks: string): Promise<string> {
  const { error } = await run(tasks);
  expect(error?.code).toBe('policy.denied');
  return error?.message ?? '';
}

const ret = (format: string): string =>
  `  - { id: a, type: core.debug.Return, format: "${format}" }\n`;

describe('where data about people is to be masked', () => {
  beforeEach(() => world.enforce(mask, maskCases));

  test('a text keeps what is not about them, exactly', async () => {
    expect(
      await outputsOf(ret('{{ inputs.plain }} for {{ inputs.mail | upper }}, {{ inputs.card }}!')),
    ).toEqual({
      value: 'parcel for [masked personal], 4111!',
    });
  });

  test('a text whose course depends on them is masked as a whole', async () => {
    for (const text of [
      "{% if inputs.mail == 'ada@example.org' %}Ada{% endif %}",
      "it is {% if inputs.mail == 'ben' %}Ben{% endif %}",
    ]) {
      expect(await outputsOf(ret(text))).toEqual({ value: '[masked personal]' });
    }
    expect(await outputsOf(ret("it is {{ inputs.mail == 'ben' ? 'Ben' : '' }}."))).toEqual({
      value: 'it is [masked personal].',
    });
  });

  test('nested maps and lists are masked where they hold it', async () => {
    const values = `  - id: a
    type: core.output.OutputValues
    values:
      order: { to: "{{ inputs.mail }}", lines: ["{{ inputs.plain }}", "x {{ inputs.mail }}", { "deep": "{{ [inputs.mail] }}" }] }
      card: "{{ inputs.card }}"
`;
    expect(await outputsOf(values)).toEqual({
      values: {
        order: {
          to: '[masked personal]',
          lines: ['parcel', 'x [masked personal]', { deep: '[masked personal]' }],
        },
        card: '4111',
      },
    });
    // A key tells as much as a value.
    const key = `  - id: a
    type: core.output.OutputValues
    values: { by: { "{{ inputs.mail }}": 1 } }
`;
    expect(await outputsOf(key)).toEqual({ values: { by: '[masked personal]' } });
  });

  test('what was made of it elsewhere is masked too: variables, outputs, pairs', async () => {
    const tasks = `  - { id: v, type: core.execution.SetVariables, variables: { who: "{{ inputs.mail }}" } }
${ret('{{ vars.who ?? 0 }}')}`;
    expect(await outputsOf(tasks)).toEqual({ value: '[masked personal]' });
  });

  test('its outputs are not about anybody any more', async () => {
    const document = await run(
      `${ret('to {{ inputs.mail }}')}  - { id: b, type: core.debug.Return, format: "again {{ outputs.a.value }}" }\n`,
    );
    expect(document.taskRunList.at(-1)?.outputs).toEqual({ value: 'again to [masked personal]' });
  });

  test('scripts get what they render themselves masked', async () => {
    const script = `  - id: a
    type: scripts.shell.Commands
    commands:
      - echo '::{"outputs":{"said":"workingDir {{ inputs.mail }}"}}::'
`;
    expect(await outputsOf(script)).toMatchObject({
      vars: { said: 'workingDir [masked personal]' },
    });
  });

  test('a script of which not all is known before it runs is refused', async () => {
    const script = `  - id: a
    type: scripts.shell.Commands
    commands:
      - cat {{ workingDir }}/x || echo {{ inputs.mail }}
`;
    expect(await whyNot(script)).toContain('`commands`');
  });

  test('a file that holds it is refused, by whatever name', async () => {
    const write = `  - { id: w, type: core.storage.Write, content: "{{ inputs.mail }}" }\n`;
    await world.enforce(
      mask.replace('action in [Action::"run-task"]', 'action == Action::"run:core.storage.Size"'),
      maskCases.replace('core.debug.Return', 'core.storage.Size').replace('format', 'uri'),
    );
    expect(
      await whyNot(`${write}  - { id: a, type: core.storage.Size, uri: "{{ outputs.w.uri }}" }\n`),
    ).toContain('files are not masked');
  });

  test('a value of which the type wants another form is refused', async () => {
    const sleep = `  - { id: a, type: core.flow.Sleep, duration: "{{ inputs.mail }}" }\n`;
    expect((await run(sleep)).error?.code).toMatch(/policy.denied|task.input-invalid/);
    const pairs = `  - { id: a, type: core.http.Request, uri: "https://x.example", method: "{{ inputs.mail ? 'POST' : 'GET' }}" }\n`;
    expect(await whyNot(pairs)).toContain('masked, the task is not valid');
  });
});

test('what it reads by itself is kept from a run that goes on masked only', async () => {
  await world.enforce(
    `${everybody}
@id("task.masked") @reason("nobody is named here") @mask("personal")
forbid (principal, action == Action::"run:core.kv.Get", resource);
`,
    `  - title: reading pairs is masked
    principal: {id: olga, roles: [operator]}
    action: run:core.kv.Get
    expect: obliged
`,
  );
  const document = await run(`  - { id: s, type: core.kv.Set, key: who, value: "{{ inputs.mail }}" }
  - { id: p, type: core.kv.Set, key: what, value: "{{ inputs.plain }}" }
  - { id: a, type: core.kv.Get, key: what }
  - { id: b, type: core.kv.Get, key: who }
`);
  const [, , what, who] = document.taskRunList;
  expect(what?.outputs).toMatchObject({ value: 'parcel' });
  expect([who?.state.current, document.error?.code]).toEqual(['FAILED', 'policy.denied']);
});

test('people see and say yes to what is masked, and exactly that goes on', async () => {
  await world.enforce(
    `${mask}
@id("people.asked") @reason("somebody looks at it") @obligation("approval") @approvers("role:approver")
forbid (principal, action == Action::"run:core.debug.Return", resource);
`,
    `${maskCases}  - title: somebody is asked
    principal: {id: olga, roles: [operator]}
    action: run:core.debug.Return
    expect: obliged
`,
  );
  const waiting = await run(ret('to {{ inputs.mail }}'));
  expect(waiting.state.current).toBe('PAUSED');
  const desk = await world.as('ada').approvals();
  const [open] = await desk.list({ state: 'open' });
  const { shown } = await desk.show(open?.id ?? '');
  expect(JSON.stringify(shown.arguments)).toContain('to [masked personal]');
  expect(JSON.stringify(shown)).not.toContain('ada@example.org');
  await desk.approve(open?.id ?? '');
  const end = await world.as('rita').rest(waiting.id);
  expect(end.taskRunList[0]?.outputs).toEqual({ value: 'to [masked personal]' });
});

test('a second factor and a reason are for people: a run that needs them is refused readably', async () => {
  await world.enforce(
    `${everybody}
@id("task.step-up") @reason("only somebody present") @obligation("step-up")
forbid (principal, action == Action::"run:core.debug.Return", resource);
`,
    `  - title: a step up
    principal: {id: olga, roles: [operator]}
    action: run:core.debug.Return
    expect: obliged
`,
  );
  expect(await whyNot(ret('x'))).toMatch(/only somebody present.*second factor/s);
});
