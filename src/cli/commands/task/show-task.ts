/**
 * `sluice task docs`: a page about one type, from its catalogue entry: what it takes, in maps as well,
 * which tasks stand inside it, what it gives.
 */
import { Failure } from '../../../core/failure/index.ts';
import {
  type Block,
  flowableOf,
  listProperties,
  type PropertySchema,
  type TypeEntry,
} from '../../../core/flow/index.ts';
import type { Perform } from '../../command.ts';
import { type Paint, paintFor } from '../../output/colour.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { json } from '../../output/json.ts';
import { table } from '../../output/table.ts';
import { didYouMean } from '../../suggest.ts';

/** Returns the type of a property in words: `text`, `list of text`, `one of A, B`. */
export function typeText(schema: PropertySchema): string {
  if (schema.enum !== undefined) return `one of ${schema.enum.map(String).join(', ')}`;
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return [...new Set(choices.map(typeText))].join(' or ');
  const types = Array.isArray(schema.type) ? schema.type : [schema.type];
  const words = types.map((type) => {
    if (type === 'string') return 'text';
    if (type === 'integer') return 'whole number';
    if (type === 'array') {
      return schema.items === undefined ? 'list' : `list of ${typeText(schema.items)}`;
    }
    if (type === 'object') return 'map';
    return typeof type === 'string' ? type : 'anything';
  });
  return words.join(' or ');
}

function propertiesText({ schema }: TypeEntry, paint: Paint, room: number): string {
  const properties = listProperties(schema);
  if (properties.length === 0) return '';
  const rows = table(
    properties,
    [
      { title: 'PROPERTY', text: ({ path, isRequired }) => path + (isRequired ? ' *' : '') },
      { title: 'TYPE', text: (one) => typeText(one.schema), isFlexible: true },
      { title: 'DEFAULT', text: (one) => defaultText(one.schema), isFlexible: true },
      { title: 'MEANING', text: (one) => one.schema.description ?? '', isFlexible: true },
    ],
    { paint, room },
  );
  const hasRequired = properties.some((one) => one.isRequired);
  return `\n${rows}${hasRequired ? `\n* must be given\n` : ''}`;
}

/** A map whose entries have defaults of their own says nothing by being empty. */
function defaultText(schema: PropertySchema): string {
  if (schema.default === undefined) return '';
  const text = JSON.stringify(schema.default);
  return text === '{}' ? '' : text;
}

const blockForms = { task: 'one task', tasks: 'tasks', either: 'tasks', cases: 'map of tasks' };

function blockMeaning({ name, isDeprecated, isRequired }: Block): string {
  if (isDeprecated) return 'older; still read';
  if (name === 'errors') return 'run when one of its tasks has failed';
  if (name === 'finally') return 'run last, whatever happened';
  return isRequired ? 'must be given' : '';
}

/** Returns which lists of tasks stand inside a type that starts tasks. */
function blocksText({ type }: TypeEntry, paint: Paint, room: number): string {
  const flowable = flowableOf(type);
  if (flowable === undefined) return '';
  const rows = flowable.blocks.map((block): readonly [string, string, string] => [
    block.name,
    blockForms[block.form],
    blockMeaning(block),
  ]);
  if (flowable.form !== undefined)
    rows.unshift([flowable.form, 'inputs', 'what to ask for, written like the inputs of a flow']);
  return `\n${table(
    rows,
    [
      { title: 'INSIDE', text: ([name]) => name },
      { title: 'HOLDS', text: ([, form]) => form },
      { title: 'MEANING', text: ([, , meaning]) => meaning, isFlexible: true },
    ],
    { paint, room },
  )}`;
}

function outputsText({ output }: TypeEntry, paint: Paint, room: number): string {
  const outputs = listProperties(output ?? {});
  if (outputs.length === 0) return '';
  return `\n${table(
    outputs,
    [
      { title: 'OUTPUT', text: ({ path }) => path },
      { title: 'TYPE', text: (one) => typeText(one.schema), isFlexible: true },
      { title: 'MEANING', text: (one) => one.schema.description ?? '', isFlexible: true },
    ],
    { paint, room },
  )}`;
}

function page(entry: TypeEntry, paint: Paint, room: number): string {
  const aliases = Object.entries(entry.propertyAliases).map(([from, to]) => `${from} (${to})`);
  const more = [
    ...(entry.aliases.length > 0 ? [`also accepted as: ${entry.aliases.join(', ')}`] : []),
    ...(aliases.length > 0 ? [`other spellings of properties: ${aliases.join(', ')}`] : []),
    ...(entry.ignoredProperties.length > 0
      ? [`accepted and without effect: ${entry.ignoredProperties.join(', ')}`]
      : []),
  ];
  return (
    `${paint(entry.type, 'bold')}  ${paint(entry.kind, 'dim')}\n${entry.summary}\n` +
    (entry.description === undefined ? '' : `\n${entry.description.trim()}\n`) +
    propertiesText(entry, paint, room) +
    blocksText(entry, paint, room) +
    outputsText(entry, paint, room) +
    (more.length === 0 ? '' : `\n${more.join('\n')}\n`)
  );
}

/** Explains a type. */
export const showTask: Perform = async (call, surroundings) => {
  const { out, environment } = surroundings;
  const [type = ''] = call.args;
  const catalogue = await surroundings.loadCatalogue();
  const found = catalogue.find(type);
  if (found === undefined) {
    const known = catalogue.all().map((entry) => entry.type);
    throw new Failure(
      'task.type-missing',
      `there is no type \`${type}\`${didYouMean(type, known)}`,
    );
  }
  out.write(
    call.text('output') === 'json'
      ? json(found.entry)
      : page(found.entry, paintFor(out, environment), out.columns),
  );
  return exitCodes.success;
};
