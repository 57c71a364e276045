/** The outputs of a flow: rendered when it ends, then typed like inputs. */
import { describe, expect, test } from 'vitest';
import { createFlowWorld } from '../../support/run-flow.ts';

const tasks = `
tasks:
  - id: made
    type: core.debug.Return
    format: "7"
`;

describe('the outputs of a flow', () => {
  test('[outputs.typed] each is rendered at the end and has its declared type', async () => {
    const world = await createFlowWorld();
    const result = await world.run([
      `
id: child
namespace: shop
${tasks}
outputs:
  - { id: text, type: STRING, value: "{{ outputs.made.value }}" }
  - { id: number, type: INT, value: "{{ outputs.made.value }}" }
  - { id: float, type: FLOAT, value: "{{ 1.5 }}" }
  - { id: flag, type: BOOLEAN, value: "{{ 1 == 1 }}" }
  - { id: list, type: ARRAY, itemType: INT, value: "{{ [1, 2] }}" }
  - { id: written, type: ARRAY, itemType: STRING, value: ["{{ outputs.made.value }}", b] }
  - { id: map, type: JSON, value: "{{ {'a': [1]} }}" }
  - { id: day, type: DATE, value: "2024-05-01" }
  - { id: state, type: STRING, value: "{{ tasks.made.state }}" }
`,
      `
id: f
namespace: shop
tasks:
  - id: sub
    type: core.flow.Subflow
    namespace: shop
    flowId: child
  - id: seen
    type: core.debug.Return
    format: "{{ outputs.sub.outputs.number + 1 }} {{ outputs.sub.outputs.text ~ 1 }} {{ outputs.sub.outputs.list[1] + 1 }} {{ outputs.sub.outputs.map.a[0] + 1 }} {{ outputs.sub.outputs.flag ? 'yes' : 'no' }}"
`,
    ]);
    expect(result.state, result.messages().join('\n')).toBe('SUCCESS');
    expect(result.document.related?.[0]?.outputs).toEqual({
      text: '7',
      number: 7,
      float: 1.5,
      flag: true,
      list: [1, 2],
      written: ['7', 'b'],
      map: { a: [1] },
      day: '2024-05-01',
      state: 'SUCCESS',
    });
    expect(result.taskRun('seen').outputs['value']).toBe('8 71 3 2 yes');
  });

  test.each([
    ['cannot be rendered', '{ id: bad, type: STRING, value: "{{ outputs.made.value.deeper }}" }'],
    ['is not of its type', '{ id: bad, type: INT, value: "{{ outputs.made.value }}x" }'],
  ])(
    '[outputs.failure] one that %s fails the execution and leaves no outputs',
    async (_why, bad) => {
      const world = await createFlowWorld();
      const result = await world.run(`
id: f
namespace: shop
${tasks}
outputs:
  - { id: good, type: STRING, value: fine }
  - ${bad}
`);
      expect(result.state).toBe('FAILED');
      expect(result.taskRun('made').state.current).toBe('SUCCESS');
      expect(result.document.outputs).toEqual({});
      expect(result.document.error?.message).toContain('the output `bad`');
    },
  );

  test('[outputs.optional] one that is not required may be missing', async () => {
    const world = await createFlowWorld();
    const result = await world.run(`
id: f
namespace: shop
tasks:
  - id: off
    type: core.debug.Return
    format: x
    runIf: "{{ false }}"
outputs:
  - { id: gone, type: STRING, value: "{{ outputs.off.value }}", required: false }
  - { id: there, type: STRING, value: x }
`);
    expect(result.state).toBe('SUCCESS');
    expect(result.document.outputs).toEqual({ gone: null, there: 'x' });
  });
});
