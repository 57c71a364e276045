/** The document of a flow: its parts, its names, and what is refused before anything runs. */
import { describe, expect, test } from 'vitest';
import { Failure } from '../../../src/core/failure/index.ts';
import { createFlowWorld } from '../../support/run-flow.ts';

const log = '{ id: one, type: core.log.Log, message: x }';

interface Problem {
  readonly severity: string;
  readonly message: string;
  readonly path: string;
  readonly code: string;
  readonly line: number;
}

/** Returns the errors for which `flow` is refused. */
async function errorsOf(flow: string): Promise<readonly Problem[]> {
  const world = await createFlowWorld();
  const error = await world.save(flow).catch((one: unknown) => one);
  expect(error, 'the flow was accepted').toBeInstanceOf(Failure);
  expect(await world.application.flows(), 'nothing is stored').toHaveLength(0);
  const { diagnostics } = (error as Failure).details as { diagnostics: readonly Problem[] };
  return diagnostics.filter((one) => one.severity === 'error');
}

describe('the document of a flow', () => {
  test('[flow.blocks] tasks, then errors, then finally while it runs, then what comes after the end', async () => {
    const world = await createFlowWorld();
    const flow = (broken: boolean): string => `
id: f
namespace: shop
description: |
  Shows the **order**.
variables: { deep: { list: [1, { a: b }] } }
tasks:
  - { id: work, type: core.execution.Fail, condition: "{{ ${broken} }}" }
errors:
  - { id: onError, type: core.debug.Return, format: "{{ execution.state }}" }
finally:
  - { id: always, type: core.debug.Return, format: "{{ execution.state }}" }
afterExecution:
  - { id: after, type: core.debug.Return, format: "{{ execution.state }} {{ vars.deep.list[1].a }}" }
`;
    const broken = await world.run(flow(true));
    expect(broken.state).toBe('FAILED');
    expect(broken.taskIds).toEqual(['work', 'onError', 'always', 'after']);
    expect(broken.taskRun('always').outputs['value']).toBe('RUNNING');
    expect(broken.taskRun('after').outputs['value']).toBe('FAILED b');
    const fine = await world.run(flow(false));
    expect(fine.state).toBe('SUCCESS');
    expect(fine.taskIds).toEqual(['work', 'always', 'after']);
    expect(fine.taskRun('after').outputs['value']).toBe('SUCCESS b');
  });

  test('[flow.listeners] listeners run after the end and never change the state', async () => {
    const world = await createFlowWorld();
    const result = await world.run(`
id: f
namespace: shop
tasks:
  - ${log}
listeners:
  - conditions:
      - { type: core.condition.ExecutionStatus, in: [SUCCESS] }
    tasks:
      - { id: heard, type: core.execution.Fail }
  - conditions:
      - { type: core.condition.ExecutionStatus, in: [FAILED] }
    tasks:
      - { id: unheard, type: core.log.Log, message: x }
`);
    expect(result.state).toBe('SUCCESS');
    expect(result.taskIds).toEqual(['one', 'heard']);
  });

  test('[flow.disabled] a disabled flow starts neither by hand nor as a subflow', async () => {
    const world = await createFlowWorld();
    const off = `{ id: off, namespace: shop, disabled: true, tasks: [${log}] }`;
    await expect(world.run(off)).rejects.toThrow('the flow `shop/off` is disabled');
    const result = await world.run(
      '{ id: f, namespace: shop, tasks: [{ id: sub, type: core.flow.Subflow, namespace: shop, flowId: off }] }',
    );
    expect(result.state).toBe('FAILED');
    expect(result.messages('sub').join()).toContain('disabled');
  });

  test('[flow.revision] a changed source is the next revision, kept word by word; `revision` in it is ignored', async () => {
    const world = await createFlowWorld();
    const source = `# why this flow exists\nid: f\nnamespace: shop\nrevision: 99\ntasks:\n  - ${log}\n`;
    const { application } = world;
    expect((await application.saveFlow(source, 'f.yaml')).revision).toBe(1);
    expect((await application.saveFlow(source, 'f.yaml')).isChanged).toBe(false);
    expect((await application.saveFlow(`${source}\n`, 'f.yaml')).revision).toBe(2);
    expect((await application.flow('shop', 'f', 1))?.source).toBe(source);
    const id = await application.start({ namespace: 'shop', flowId: 'f', revision: 1, inputs: {} });
    expect((await application.rest(id)).flowRevision).toBe(1);
  });

  test('[flow.type-names] types have their full, short and older names', async () => {
    const world = await createFlowWorld();
    const result = await world.run(`
id: f
namespace: shop
tasks:
  - { id: full, type: io.kestra.plugin.core.log.Log, message: x }
  - { id: short, type: core.log.Log, message: x }
  - { id: older, type: io.kestra.core.tasks.log.Log, message: x }
  - id: oldBlock
    type: io.kestra.core.tasks.flows.Sequential
    tasks:
      - { id: oldFail, type: io.kestra.core.tasks.executions.Fail, condition: "{{ false }}" }
`);
    expect(result.state).toBe('SUCCESS');
    expect(result.taskIds).toEqual(['full', 'short', 'older', 'oldBlock', 'oldFail']);
  });

  test('[flow.ids] an id with a dash is read with brackets; ids of inputs may hold dots', async () => {
    const world = await createFlowWorld();
    const result = await world.run(
      `
id: My.flow_1-a
namespace: shop.team-1
inputs:
  - { id: a.b, type: STRING }
tasks:
  - { id: my-task, type: core.debug.Return, format: "{{ inputs.a.b }}" }
  - { id: seen, type: core.debug.Return, format: "{{ outputs['my-task'].value }}" }
`,
      { inputs: { 'a.b': 'x' } },
    );
    expect(result.taskRun('seen').outputs['value']).toBe('x');
  });

  test('[flow.reserved-ids] an id that clashes with an address is kept, with a warning', async () => {
    const world = await createFlowWorld();
    const flow = `{ id: resume, namespace: shop, tasks: [${log}] }`;
    const { warnings } = await world.application.saveFlow(flow, 'f.yaml');
    expect(warnings.map((one) => one.code)).toEqual(['flow.id-reserved']);
  });

  test('[flow.governance] `governance` is ours, and optional', async () => {
    const world = await createFlowWorld();
    const result = await world.run(
      `{ id: f, namespace: shop, governance: { owner: pricing-team, riskTier: high }, tasks: [${log}] }`,
    );
    expect(result.state).toBe('SUCCESS');
  });
});

describe('what is refused', () => {
  const refused: readonly (readonly [string, string, string, RegExp])[] = [
    ['[flow.required]', 'a flow without tasks', '{ id: f, namespace: shop }', /`tasks`/],
    [
      '[flow.required]',
      'an empty list of tasks',
      '{ id: f, namespace: shop, tasks: [] }',
      /holds no task/,
    ],
    ['[flow.required]', 'a flow without an id', `{ namespace: shop, tasks: [${log}] }`, /`id`/],
    ['[flow.ids]', 'an id with a space', `{ id: a b, namespace: shop, tasks: [${log}] }`, /`a b`/],
    [
      '[flow.ids]',
      'an id that is too long',
      `{ id: ${'a'.repeat(101)}, namespace: shop, tasks: [${log}] }`,
      /100/,
    ],
    [
      '[flow.ids]',
      'a namespace in capitals',
      `{ id: f, namespace: Shop, tasks: [${log}] }`,
      /`Shop`/,
    ],
    [
      '[flow.ids]',
      'a task id with a dot',
      '{ id: f, namespace: shop, tasks: [{ id: a.b, type: core.log.Log, message: x }] }',
      /`a\.b`/,
    ],
    [
      '[flow.unknown-property]',
      'an unknown property of the flow',
      `{ id: f, namespace: shop, tsks: 1, tasks: [${log}] }`,
      /`tsks`/,
    ],
    [
      '[flow.unknown-property]',
      'an unknown property of a task',
      '{ id: f, namespace: shop, tasks: [{ id: one, type: core.log.Log, mesage: x }] }',
      /`mesage`/,
    ],
    [
      '[flow.unknown-type]',
      'an unknown type',
      '{ id: f, namespace: shop, tasks: [{ id: one, type: core.log.Lug }] }',
      /`core\.log\.Lug`/,
    ],
    ['[flow.yaml]', 'a duplicate key', `id: f\nid: g\nnamespace: shop\ntasks: [${log}]`, /`id`/],
    ['[flow.yaml]', 'text that is no YAML', 'id: [f', /./],
    [
      '[flow.labels]',
      'a label of the system',
      `{ id: f, namespace: shop, labels: { system.x: y }, tasks: [${log}] }`,
      /`system\.x`/,
    ],
    [
      '[flow.blocks-empty]',
      'an empty Parallel',
      '{ id: f, namespace: shop, tasks: [{ id: p, type: core.flow.Parallel, tasks: [] }] }',
      /holds no task/,
    ],
    [
      '[flow.blocks-empty]',
      'an If without `then`',
      '{ id: f, namespace: shop, tasks: [{ id: i, type: core.flow.If, condition: "{{ true }}" }] }',
      /`then`/,
    ],
    [
      '[flow.blocks-empty]',
      'a Switch without a branch',
      '{ id: f, namespace: shop, tasks: [{ id: s, type: core.flow.Switch, value: x }] }',
      /branch|cases/,
    ],
    [
      '[flow.dag]',
      'a Dag with a cycle',
      '{ id: f, namespace: shop, tasks: [{ id: d, type: core.flow.Dag, tasks: [{ task: { id: a, type: core.log.Log, message: x }, dependsOn: [b] }, { task: { id: b, type: core.log.Log, message: x }, dependsOn: [a] }] }] }',
      /`a`.*`b`|`b`.*`a`/,
    ],
    [
      '[flow.dag]',
      'a Dag that waits for nothing',
      '{ id: f, namespace: shop, tasks: [{ id: d, type: core.flow.Dag, tasks: [{ task: { id: a, type: core.log.Log, message: x }, dependsOn: [z] }] }] }',
      /`z`/,
    ],
    [
      '[flow.working-directory]',
      'a flowable in a WorkingDirectory',
      `{ id: f, namespace: shop, tasks: [{ id: w, type: core.flow.WorkingDirectory, tasks: [{ id: s, type: core.flow.Sequential, tasks: [${log}] }] }] }`,
      /WorkingDirectory/,
    ],
    [
      '[flow.recursion]',
      'a flow that starts itself',
      '{ id: f, namespace: shop, tasks: [{ id: s, type: core.flow.Subflow, namespace: shop, flowId: f }] }',
      /itself|`s`/,
    ],
    [
      '[flow.inputs-checked]',
      'a FILE with any default',
      `{ id: f, namespace: shop, inputs: [{ id: x, type: FILE, defaults: a.txt }], tasks: [${log}] }`,
      /`x`/,
    ],
    [
      '[flow.inputs-checked]',
      'a FILE with a file of this machine',
      `{ id: f, namespace: shop, inputs: [{ id: x, type: FILE, defaults: "file:///etc/hosts" }], tasks: [${log}] }`,
      /`x`/,
    ],
    [
      '[flow.inputs-checked]',
      'an ARRAY of ARRAY',
      `{ id: f, namespace: shop, inputs: [{ id: x, type: ARRAY, itemType: ARRAY }], tasks: [${log}] }`,
      /ARRAY/,
    ],
    [
      '[flow.inputs-checked]',
      'a default of the wrong type',
      `{ id: f, namespace: shop, inputs: [{ id: x, type: INT, defaults: many }], tasks: [${log}] }`,
      /`x` cannot be `many`/,
    ],
    [
      '[flow.inputs-checked]',
      'a pattern that is none',
      `{ id: f, namespace: shop, inputs: [{ id: x, type: STRING, validator: "[" }], tasks: [${log}] }`,
      /validator|pattern|`\[`/,
    ],
    [
      '[flow.inputs-checked]',
      'a property of another type',
      `{ id: f, namespace: shop, inputs: [{ id: x, type: BOOLEAN, min: 1 }], tasks: [${log}] }`,
      /`min`/,
    ],
    [
      '[flow.values-checked]',
      'a retry that contradicts itself',
      '{ id: f, namespace: shop, tasks: [{ id: one, type: core.log.Log, message: x, retry: { type: constant, interval: PT1H, maxDuration: PT1M } }] }',
      /retr|interval/,
    ],
    [
      '[flow.values-checked]',
      'a duration that is none',
      '{ id: f, namespace: shop, tasks: [{ id: one, type: core.log.Log, message: x, timeout: soon }] }',
      /`soon`/,
    ],
    [
      '[flow.values-checked]',
      'a wrong cron',
      `{ id: f, namespace: shop, tasks: [${log}], triggers: [{ id: t, type: core.trigger.Schedule, cron: "61 * * * *" }] }`,
      /cron|`61/,
    ],
    [
      '[flow.values-checked]',
      'a wrong time zone',
      `{ id: f, namespace: shop, tasks: [${log}], triggers: [{ id: t, type: core.trigger.Schedule, cron: "@daily", timezone: Mars/Olympus }] }`,
      /Mars/,
    ],
    [
      '[flow.values-checked]',
      'a limit of nothing',
      `{ id: f, namespace: shop, concurrency: { limit: 0 }, tasks: [${log}] }`,
      /limit|greater|0/,
    ],
    [
      '[flow.templates-checked]',
      'a template that is not closed',
      '{ id: f, namespace: shop, tasks: [{ id: one, type: core.log.Log, message: "{{ x" }] }',
      /./,
    ],
    [
      '[flow.templates-checked]',
      'outputs of a task that is not there',
      `{ id: f, namespace: shop, tasks: [{ id: one, type: core.log.Log, message: "{{ outputs.two.value }}" }] }`,
      /`two`/,
    ],
    [
      '[flow.templates-checked]',
      'outputs of a task that comes later',
      '{ id: f, namespace: shop, tasks: [{ id: one, type: core.log.Log, message: "{{ outputs.two.value }}" }, { id: two, type: core.debug.Return, format: x }] }',
      /`two` runs after `one`/,
    ],
    [
      '[flow.templates-checked]',
      'an unknown filter',
      '{ id: f, namespace: shop, tasks: [{ id: one, type: core.log.Log, message: "{{ 1 | shout }}" }] }',
      /`shout`/,
    ],
  ];

  test.each(refused)('%s %s', async (_id, _what, flow, message) => {
    const errors = await errorsOf(flow);
    expect(errors.length).toBeGreaterThan(0);
    expect(errors.map((one) => one.message).join('\n')).toMatch(message);
    for (const one of errors) expect(one.line).toBeGreaterThan(0);
  });

  test('[flow.ids-unique] the same id twice, at any depth, is one error that names it', async () => {
    const errors = await errorsOf(`
id: f
namespace: shop
inputs:
  - { id: x, type: STRING }
  - { id: x, type: INT }
tasks:
  - ${log}
  - id: block
    type: core.flow.Sequential
    tasks:
      - ${log}
errors:
  - { id: two, type: core.log.Log, message: x }
finally:
  - { id: two, type: core.log.Log, message: x }
triggers:
  - { id: t, type: core.trigger.Schedule, cron: "@daily" }
  - { id: t, type: core.trigger.Schedule, cron: "@daily" }
`);
    const text = errors.map((one) => one.message).join('\n');
    for (const id of ['x', 'one', 'two', 't']) expect(text).toContain(`\`${id}\``);
  });

  test('[flow.all-at-once] problems of the model are reported together, those of the YAML alone', async () => {
    const model = await errorsOf(
      '{ id: a b, namespace: Shop, tasks: [{ id: one, type: core.log.Lug }, { id: two, type: core.log.Log, mesage: x }] }',
    );
    expect(new Set(model.map((one) => one.code)).size).toBeGreaterThanOrEqual(4);
    expect(await errorsOf('id: a b\nid: c\nnamespace: Shop\n')).toHaveLength(1);
  });
});
