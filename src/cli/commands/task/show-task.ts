/** `sluice task docs`: a page about one type, from its catalogue entry. */
import { Failure } from '../../../core/failure/index.ts';
import type { PropertySchema, TypeEntry } from '../../../core/flow/index.ts';
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
  const properties = Object.entries(schema.properties ?? {});
  if (properties.length === 0) return '';
  const required = new Set(schema.required);
  const rows = table(
    properties,
    [
      { title: 'PROPERTY', text: ([name]) => name + (required.has(name) ? ' *' : '') },
      { title: 'TYPE', text: ([, one]) => typeText(one), isFlexible: true },
      {
        title: 'DEFAULT',
        text: ([, one]) => (one.default === undefined ? '' : JSON.stringify(one.default)),
        isFlexible: true,
      },
      { title: 'MEANING', text: ([, one]) => one.description ?? '', isFlexible: true },
    ],
    { paint, room },
  );
  return `\n${rows}${required.size > 0 ? `\n* must be given\n` : ''}`;
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
    propertiesText(entry, paint, room) +
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
