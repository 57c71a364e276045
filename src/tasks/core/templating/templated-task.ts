/**
 * `core.templating.TemplatedTask`: runs a task whose definition is itself rendered. The inner task is
 * run by the context, which asks policy for it as for any other.
 */
import { z } from 'zod';
import { Failure } from '../../../core/failure/index.ts';
import { isMap, type Value, type ValueMap } from '../../../core/value/index.ts';
import { defineTask } from '../../../ports/task.ts';

/** Runs a task whose definition is rendered. */
export const templatedTaskTask = defineTask({
  type: 'core.templating.TemplatedTask',
  aliases: ['io.kestra.core.tasks.templating.TemplatedTask'],
  summary: 'Runs a task whose definition is rendered from a template.',
  description:
    'The rendered text decides what is done, so it must not hold text of outsiders. The outputs are those of the inner task.',
  input: z.strictObject({
    spec: z.string().describe('The inner task as YAML; its `id` may be left out.'),
  }),
  output: z.record(z.string(), z.unknown()),
  effect: {
    kind: 'external',
    touches: ['network', 'files', 'database', 'process', 'store', 'model'],
  },
  provenance: { output: 'outside' },
  failures: ['task.input-invalid', 'task.type-missing', 'task.failed'],
  examples: [
    {
      title: 'Choose the task type by an input',
      flow: `id: choose-task-type
namespace: shop.operations
inputs:
  - id: type
    type: STRING
    defaults: core.debug.Return
tasks:
  - id: chosen
    type: core.templating.TemplatedTask
    spec: |
      type: {{ inputs.type }}
      format: done
`,
      outputs: { chosen: { value: 'done' } },
    },
  ],
  inner: ({ spec }) => readTask(spec),
  run: async ({ spec }, context) => context.runTask(await readTask(spec)),
});

async function readTask(spec: string): Promise<ValueMap> {
  const { parse } = await import('yaml');
  let task: Value;
  try {
    task = parse(spec) as Value;
  } catch (cause) {
    throw new Failure('task.input-invalid', '`spec` is not YAML', { cause });
  }
  if (isMap(task) && typeof task['type'] === 'string') return task;
  throw new Failure('task.input-invalid', '`spec` is no task: it has no `type`');
}
