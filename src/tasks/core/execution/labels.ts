/** `core.execution.Labels`: adds labels to the execution, replacing those of the same key. */
import { z } from 'zod';
import { Failure } from '../../../core/failure/index.ts';
import { isMap, toPlain, type Value } from '../../../core/value/index.ts';
import { defineTask } from '../../../ports/task.ts';
import { labelsProperty } from '../started-execution.ts';

/** Adds labels to the execution. */
export const labelsTask = defineTask({
  type: 'core.execution.Labels',
  aliases: ['io.kestra.core.tasks.executions.Labels'],
  summary: 'Adds labels to the execution and replaces those of the same key.',
  input: z.strictObject({
    labels: z
      .union([labelsProperty, z.string()])
      .describe('A map, a list of keys and values, or text that renders to a JSON map.'),
  }),
  output: z.strictObject({}),
  effect: { kind: 'none', touches: [] },
  provenance: { output: 'trusted' },
  failures: ['task.input-invalid'],
  examples: [
    {
      title: 'Label the execution with its order',
      flow: `id: label-order
namespace: shop.orders
inputs:
  - id: order
    type: INT
    defaults: 812
tasks:
  - id: label
    type: core.execution.Labels
    labels:
      order: "{{ inputs.order }}"
      channel: web
  - id: show
    type: core.debug.Return
    format: "{{ labels.order }}"
`,
      outputs: { show: { value: '812' } },
    },
  ],
  async run({ labels }, context) {
    const texts = readLabels(labels).map(([key, value]) => [key, readText(key, value)] as const);
    context.change({ type: 'set-labels', labels: Object.fromEntries(texts) });
    return {};
  },
});

type Labels = string | Record<string, unknown> | readonly { key: string; value: unknown }[];

function readLabels(labels: Labels): readonly (readonly [string, unknown])[] {
  if (Array.isArray(labels)) return labels.map(({ key, value }) => [key, value] as const);
  return Object.entries(typeof labels === 'string' ? parseMap(labels) : labels);
}

function parseMap(text: string): Record<string, unknown> {
  let parsed: Value;
  try {
    parsed = JSON.parse(text) as Value;
  } catch (cause) {
    throw new Failure('task.input-invalid', `\`labels\` is not JSON: \`${text}\``, { cause });
  }
  if (isMap(parsed)) return parsed;
  throw new Failure('task.input-invalid', `\`labels\` is not a JSON map: \`${text}\``);
}

function readText(key: string, value: unknown): string {
  if (key.startsWith('system.')) {
    throw new Failure('task.input-invalid', `the label \`${key}\` is the system's own`, {
      help: 'choose a key that does not begin with `system.`',
    });
  }
  const plainly = toPlain(value as Value);
  if (plainly === null || typeof plainly === 'object') {
    throw new Failure('task.input-invalid', `the label \`${key}\` has no text as its value`);
  }
  return `${plainly as string | number | boolean}`;
}
