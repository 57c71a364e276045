/**
 * A trigger type that asks from time to time as data: the properties of the task type it asks with, and
 * its own.
 */
import type { PropertySchema } from '../../src/core/flow/index.ts';
import type { AnyTaskDefinition } from '../../src/ports/task.ts';
import type { PollingTrigger } from '../../src/ports/trigger.ts';
import { type CatalogueEntry, catalogueEntry } from './catalogue-entry.ts';

const interval: PropertySchema = {
  type: 'string',
  format: 'duration',
  description: 'How long it waits between two evaluations; a minute when absent.',
};

/** Returns what is generated for `trigger`; throws when its task type is not among `definitions`. */
export function triggerEntry(
  trigger: PollingTrigger,
  definitions: readonly AnyTaskDefinition[],
): CatalogueEntry {
  const { type, summary, description, task, aliases = [], properties, required } = trigger;
  const definition = definitions.find((one) => one.type === task);
  if (definition === undefined)
    throw new Error(`\`${type}\` asks with \`${task}\`, which is no task`);
  const { effect: _effect, provenance: _provenance, ...asked } = catalogueEntry(definition);
  const { schema } = asked;
  return {
    ...asked,
    type,
    kind: 'trigger',
    summary,
    ...(description !== undefined && { description }),
    aliases,
    schema: {
      ...schema,
      properties: { ...schema.properties, ...properties, interval },
      required: [...(schema.required ?? []), ...required],
    },
  };
}
