/**
 * A task type as data: what the language, the worker, policy and the documents need to know of it
 * without loading its code. The list of all of them is `generated/task-catalogue.json`.
 */
import { z } from 'zod';
import type { PropertySchema, TypeEntry } from '../../src/core/flow/index.ts';
import type { AnyTaskDefinition, TaskDefinition } from '../../src/ports/task.ts';

/** What is generated for one type: all that the language reads, and what others need beside it. */
export interface CatalogueEntry extends TypeEntry {
  readonly description?: string;
  readonly output: PropertySchema;
  /** Only of runnable types. */
  readonly effect?: TaskDefinition['effect'];
  readonly provenance?: TaskDefinition['provenance'];
  readonly secrets: readonly string[];
  readonly failures: readonly string[];
}

type Draft = 'draft-2020-12' | 'draft-7';

/** Returns `schema` as JSON Schema; what JSON Schema cannot say becomes "anything". */
export function jsonSchemaOf(
  schema: z.ZodType,
  io: 'input' | 'output',
  target: Draft = 'draft-2020-12',
): PropertySchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, target, unrepresentable: 'any' });
  return rest as PropertySchema;
}

/** Returns what is generated for `definition`. */
export function catalogueEntry(definition: AnyTaskDefinition): CatalogueEntry {
  const { type, kind, summary, description } = definition;
  return {
    type,
    kind,
    summary,
    ...(description === undefined ? {} : { description }),
    aliases: definition.aliases ?? [],
    propertyAliases: definition.propertyAliases ?? {},
    lenientAliases: definition.lenientAliases ?? [],
    ignoredProperties: definition.ignoredProperties ?? [],
    schema: jsonSchemaOf(definition.input, 'input'),
    rendering: definition.rendering ?? {},
    output: jsonSchemaOf(definition.output, 'output'),
    ...(definition.kind === 'runnable'
      ? {
          effect: definition.effect,
          provenance: definition.provenance,
          secrets: definition.secrets ?? [],
          failures: definition.failures,
        }
      : { secrets: [], failures: [] }),
  };
}
