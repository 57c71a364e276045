/** Whoever follows an execution to its end is told what is stored about it, whatever its tasks gave. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createFlowWorld } from '../../support/run-flow.ts';

const outputs = [
  'text',
  '{{ 1 + 1 }}',
  '{{ 5 / 2 }}',
  '{{ now() }}',
  '{{ [1, {"a": null}] }}',
  '"$x"',
];

/** Lines of a task, without indentation. */
const leaf = fc.oneof(
  fc
    .constantFrom(...outputs)
    .map((value) => [
      'type: core.output.OutputValues',
      'values:',
      `  given: '${value}'`,
      `  "$list": ['${value}', {"$double": '${value}'}]`,
    ]),
  fc.constantFrom(...outputs).map((value) => ['type: core.debug.Return', `format: '${value}'`]),
  fc.constant(['type: core.log.Log', 'message: hello', 'logToFile: true']),
  fc.constant(['type: core.execution.Fail', 'allowFailure: true', 'errorMessage: no']),
  fc.constant(['type: core.execution.Labels', 'labels: {stage: "{{ execution.id }}"}']),
  fc.constant(['type: core.execution.SetVariables', 'variables: {seen: ["{{ 2 }}"]}']),
  fc.constant(['type: core.debug.Return', 'format: "{{ missing }}"', 'allowFailure: true']),
  fc.constant(['type: core.debug.Return', 'runIf: "{{ false }}"']),
);

type Lines = readonly string[];

function indented(lines: Lines): string[] {
  return lines.map((line) => `  ${line}`);
}

function listOf(name: string, tasks: readonly Lines[]): string[] {
  return [
    `${name}:`,
    ...tasks.flatMap((task, at) => indented([`- id: ${name}${at}`, ...indented(task)])),
  ];
}

const block = fc
  .tuple(fc.nat(3), fc.array(leaf, { minLength: 1, maxLength: 3 }))
  .map(([kind, tasks]) => {
    const inner = listOf(`inner${kind}`, tasks).slice(1);
    if (kind === 0) return ['type: core.flow.Parallel', 'tasks:', ...inner];
    if (kind === 1) return ['type: core.flow.ForEach', 'values: ["b", "a"]', 'tasks:', ...inner];
    if (kind === 2) return ['type: core.flow.If', 'condition: "{{ true }}"', 'then:', ...inner];
    return ['type: core.flow.Sequential', 'tasks:', ...inner];
  });

/** Makes the ids of a flow differ. */
function withOwnIds(lines: Lines): string {
  let count = 0;
  const own = lines.map((line) =>
    line.replace(/- id: \w+$/, () => {
      count += 1;
      return `- id: t${count}`;
    }),
  );
  return own.join('\n');
}

describe('the document of an execution that was followed to its end', () => {
  test('is the stored one', async () => {
    const world = await createFlowWorld();
    const states = new Set<string>();
    const flow = fc.array(fc.oneof(leaf, block), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(flow, fc.boolean(), async (tasks, fails) => {
        const end = fails ? [['type: core.execution.Fail']] : [];
        const source = withOwnIds([
          'id: any',
          'namespace: shop',
          'variables: {start: 1}',
          ...listOf('tasks', [...tasks, ...end]),
          ...listOf('errors', [['type: core.log.Log', 'message: "{{ task.id }}"']]),
        ]);
        // The world compares what it was told with what is stored.
        const { state, document } = await world.run(source);
        states.add(state);
        expect(document.taskRunList.length).toBeGreaterThan(0);
      }),
      { numRuns: 25, seed: 7 },
    );
    expect([...states].toSorted()).toEqual(['FAILED', 'SUCCESS', 'WARNING']);
  });
});
