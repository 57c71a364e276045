/** Plugin defaults: values that a flow gives to all tasks of a type or package. */
import { describe, expect, test } from 'vitest';
import { Failure } from '../../../src/core/failure/index.ts';
import { createFlowWorld } from '../../support/run-flow.ts';

async function refused(flow: string): Promise<readonly string[]> {
  const world = await createFlowWorld();
  const error = await world.save(flow).catch((one: unknown) => one);
  expect(error).toBeInstanceOf(Failure);
  const { diagnostics } = (error as Failure).details as {
    diagnostics: readonly { severity: string; message: string }[];
  };
  return diagnostics.filter((one) => one.severity === 'error').map((one) => one.message);
}

describe('plugin defaults', () => {
  test('[defaults.merged] stand under what a task says, in flowables and errors too', async () => {
    const world = await createFlowWorld();
    const result = await world.run(`
id: f
namespace: shop
pluginDefaults:
  - type: io.kestra.plugin.core.debug.Return
    values: { format: "default {{ flow.id }}" }
  - type: core.output.OutputValues
    values: { values: { a: under, deep: { x: 1, y: 2 } } }
tasks:
  - { id: bare, type: core.debug.Return }
  - { id: own, type: io.kestra.plugin.core.debug.Return, format: mine }
  - id: block
    type: core.flow.Sequential
    tasks:
      - { id: inner, type: core.debug.Return }
  - id: maps
    type: core.output.OutputValues
    values: { b: own, deep: { y: 3 } }
  - { id: broken, type: core.execution.Fail }
errors:
  - { id: handler, type: core.debug.Return }
`);
    expect(result.taskRun('bare').outputs['value']).toBe('default f');
    expect(result.taskRun('own').outputs['value']).toBe('mine');
    expect(result.taskRun('inner').outputs['value']).toBe('default f');
    expect(result.taskRun('handler').outputs['value']).toBe('default f');
    expect(result.taskRun('maps').outputs['values']).toEqual({
      a: 'under',
      b: 'own',
      deep: { x: 1, y: 3 },
    });
  });

  test('[defaults.forced] win over the task when forced', async () => {
    const world = await createFlowWorld();
    const result = await world.run(`
id: f
namespace: shop
pluginDefaults:
  - { type: core.debug.Return, forced: true, values: { format: forced } }
tasks:
  - { id: one, type: core.debug.Return, format: mine }
`);
    expect(result.taskRun('one').outputs['value']).toBe('forced');
  });

  test('[defaults.prefix] a package reaches every type below it; what one does not know is dropped', async () => {
    const world = await createFlowWorld();
    const result = await world.run(`
id: f
namespace: shop
pluginDefaults:
  - { type: io.kestra.plugin.core.debug, values: { format: by package } }
  - { type: core., values: { allowFailure: true, unheardOf: 1 } }
tasks:
  - { id: one, type: core.debug.Return }
  - { id: two, type: core.execution.Fail }
`);
    expect(result.taskRun('one').outputs['value']).toBe('by package');
    expect(result.state).toBe('WARNING');
  });

  test('[defaults.checked] values of a whole type must be known, and not null', async () => {
    const flow = (values: string): string =>
      `{ id: f, namespace: shop, pluginDefaults: [{ type: core.debug.Return, values: ${values} }], tasks: [{ id: one, type: core.debug.Return }] }`;
    expect(await refused(flow('{ formatt: x }'))).toEqual([
      '`formatt` is not a property of `core.debug.Return`',
    ]);
    expect(await refused(flow('{ format: null }'))).toEqual(['the default `format` is null']);
  });

  test('[defaults.old-name] `taskDefaults` is the older name', async () => {
    const world = await createFlowWorld();
    const result = await world.run(`
id: f
namespace: shop
taskDefaults:
  - { type: core.debug.Return, values: { format: older } }
tasks:
  - { id: one, type: core.debug.Return }
`);
    expect(result.taskRun('one').outputs['value']).toBe('older');
  });

  test('[defaults.common] properties that every task has may be defaults: retries, timeouts', async () => {
    const world = await createFlowWorld();
    const result = await world.run(`
id: f
namespace: shop
pluginDefaults:
  - type: core.execution.Fail
    values: { retry: { type: constant, interval: PT0.01S, maxAttempts: 3 } }
tasks:
  - { id: one, type: core.execution.Fail }
`);
    expect(result.taskRun('one').attempts).toHaveLength(3);
  });

  test('[defaults.plugins] reach plugins inside a task, and triggers', async () => {
    const world = await createFlowWorld();
    const flow = `
id: f
namespace: shop
pluginDefaults:
  - { type: core.trigger.Schedule, values: { timezone: Mars/Olympus } }
tasks:
  - { id: one, type: core.log.Log, message: x }
triggers:
  - { id: daily, type: core.trigger.Schedule, cron: "@daily" }
`;
    expect((await refused(flow)).join()).toContain('Mars/Olympus');
    const right = flow.replace('Mars/Olympus', 'Europe/Zurich');
    const { flow: saved } = await world.application.saveFlow(right, 'f.yaml');
    expect(saved.triggers[0]?.properties['timezone']).toBe('Europe/Zurich');
    const { flow: inner } = await world.application.saveFlow(
      `
id: g
namespace: shop
pluginDefaults:
  - { type: core.runner.Process, values: { note: from the defaults } }
tasks:
  - id: one
    type: scripts.shell.Commands
    taskRunner: { type: io.kestra.plugin.core.runner.Process }
    commands: ["true"]
`,
      'g.yaml',
    );
    expect(inner.tasks[0]?.properties['taskRunner']).toMatchObject({ note: 'from the defaults' });
  });
});
