/** Labels: from the flow, from the start, from tasks; and as expressions read them. */
import { describe, expect, test } from 'vitest';
import { Failure } from '../../../src/core/failure/index.ts';
import { createFlowWorld, type FlowResult } from '../../support/run-flow.ts';

function labelsOf({ document }: Pick<FlowResult, 'document'>): Record<string, string> {
  return Object.fromEntries(document.labels.map(({ key, value }) => [key, value]));
}

describe('labels', () => {
  test('[labels.forms] a map and a list of keys and values mean the same; values are text', async () => {
    const world = await createFlowWorld();
    const map = await world.run(`
id: a
namespace: shop
labels: { team: pricing, level: 3, live: true }
tasks:
  - { id: one, type: core.log.Log, message: x }
`);
    const list = await world.run(`
id: b
namespace: shop
labels:
  - { key: team, value: pricing }
  - { key: level, value: 3 }
  - { key: live, value: true }
tasks:
  - { id: one, type: core.log.Log, message: x }
`);
    const { 'system.correlationId': _first, ...labels } = labelsOf(map);
    const { 'system.correlationId': _second, ...others } = labelsOf(list);
    expect(labels).toEqual({ team: 'pricing', level: '3', live: 'true' });
    expect(others).toEqual(labels);
  });

  test('[labels.gathered] labels of the flow, then of the start, then the id of what belongs together', async () => {
    const world = await createFlowWorld();
    const result = await world.run(
      `
id: f
namespace: shop
labels: { team: pricing, system.readOnly: true }
tasks:
  - { id: one, type: core.debug.Return, format: "{{ labels.team }} {{ labels.run }} {{ labels.system.correlationId }} {{ labels.a.b }}" }
`,
      {
        labels: [
          { key: 'run', value: 'first' },
          { key: 'a.b', value: 'c' },
        ],
      },
    );
    const { id } = result.document;
    expect(result.document.labels).toEqual([
      { key: 'team', value: 'pricing' },
      { key: 'run', value: 'first' },
      { key: 'a.b', value: 'c' },
      { key: 'system.correlationId', value: id },
    ]);
    expect(result.taskRun('one').outputs['value']).toBe(`pricing first ${id} c`);
  });

  test('[labels.gathered] a label of the start replaces that of the flow', async () => {
    const world = await createFlowWorld();
    const result = await world.run(
      `
id: f
namespace: shop
labels: { team: pricing }
tasks:
  - { id: one, type: core.debug.Return, format: "{{ labels.team }}" }
`,
      { labels: [{ key: 'team', value: 'search' }] },
    );
    expect(result.taskRun('one').outputs['value']).toBe('search');
    expect(labelsOf(result)['team']).toBe('search');
  });

  test('[labels.system] people cannot give labels of the system', async () => {
    const world = await createFlowWorld();
    const error = await world
      .run('{ id: f, namespace: shop, tasks: [{ id: one, type: core.log.Log, message: x }] }', {
        labels: [{ key: 'system.correlationId', value: 'mine' }],
      })
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Failure);
    expect((error as Failure).code).toBe('execution.label-reserved');
    expect(await world.application.executions({ limit: 10 })).toHaveLength(0);
  });

  test('[labels.inherited] a subflow takes the labels of the system, and all with `inheritLabels`', async () => {
    const world = await createFlowWorld();
    const subflow = (id: string, inherits: boolean): string => `
  - id: ${id}
    type: core.flow.Subflow
    namespace: shop
    flowId: child
    inheritLabels: ${inherits}
    labels:
      own: "{{ flow.id }}"`;
    const result = await world.run(
      [
        `
id: child
namespace: shop
labels: { child: here }
tasks:
  - { id: one, type: core.log.Log, message: x }
`,
        `
id: f
namespace: shop
labels: { team: pricing }
tasks:${subflow('plain', false)}${subflow('all', true)}
`,
      ],
      { labels: [{ key: 'run', value: 'r' }] },
    );
    const [plain, all] = (result.document.related ?? []).map((document) => labelsOf({ document }));
    const correlation = { 'system.correlationId': result.document.id };
    expect(plain).toEqual({ child: 'here', own: 'f', ...correlation });
    expect(all).toEqual({ child: 'here', team: 'pricing', run: 'r', own: 'f', ...correlation });
  });

  test('[labels.task] labels of the task Labels replace earlier ones', async () => {
    const world = await createFlowWorld();
    const result = await world.run(`
id: f
namespace: shop
labels: { team: pricing }
tasks:
  - id: set
    type: core.execution.Labels
    labels: { team: search, count: 42 }
  - id: seen
    type: core.debug.Return
    format: "{{ labels.team }} {{ labels.count }}"
`);
    expect(result.taskRun('seen').outputs['value']).toBe('search 42');
    expect(labelsOf(result)).toMatchObject({ team: 'search', count: '42' });
  });
});
