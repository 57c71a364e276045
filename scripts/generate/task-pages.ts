/**
 * Writes a page per task type, and the list of all: what it takes, gives, touches and how it fails,
 * from the same definition that the worker runs.
 */
import { flowableOf, listProperties, type PropertySchema } from '../../src/core/flow/index.ts';
import type { AnyTaskDefinition } from '../../src/ports/task.ts';
import { type CatalogueEntry, catalogueEntry } from './catalogue-entry.ts';
import type { GeneratedFile } from './generated-file.ts';
import { code, fence, generatedNote, table } from './markdown.ts';

/** The folder of the pages, from the root of the repository. */
export const taskPageFolder = 'docs/reference/tasks';

const effectTexts = {
  none: 'changes and reads nothing outside; repeated after a crash',
  read: 'reads only; repeated after a crash',
  idempotent: 'changes that may be repeated; repeated after a crash with the same key',
  external: 'changes that may not be repeated; recorded before it runs',
} as const;

const provenanceTexts = {
  join: 'as trusted as the least trusted input',
  outside: 'untrusted: outsiders can influence it',
  trusted: 'trusted: made by the system itself',
} as const;

function typeText(schema: PropertySchema): string {
  if (schema.const !== undefined) return code(JSON.stringify(schema.const));
  if (schema.enum !== undefined) return schema.enum.map((one) => code(String(one))).join(', ');
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return [...new Set(choices.map(typeText))].join(' or ');
  if (schema.type === 'array') return `list of ${typeText(schema.items ?? {})}`;
  if (schema.type === 'object') {
    const { properties, additionalProperties: more } = schema;
    if (properties !== undefined) return 'map';
    return typeof more === 'object' && Object.keys(more).length > 0
      ? `map of ${typeText(more)}`
      : 'map';
  }
  if (schema.type === undefined) return 'any';
  return typeof schema.type === 'string' ? schema.type : schema.type.join(' or ');
}

function propertyRows(entry: CatalogueEntry): readonly (readonly string[])[] {
  return listProperties(entry.schema).map(({ path, schema, isRequired }) => [
    `${code(path)}${isRequired ? ' *' : ''}`,
    typeText(schema),
    schema.default === undefined ? '' : code(JSON.stringify(schema.default)),
    `${schema.description ?? ''}${entry.secrets.includes(path) ? ' Secret: never shown.' : ''}`,
  ]);
}

const blockForms = { task: 'one task', tasks: 'tasks', either: 'tasks', cases: 'map of tasks' };

/** Returns the lists of tasks, and the form, that stand inside a type that starts tasks. */
function insideRows({ type }: CatalogueEntry): readonly (readonly string[])[] {
  const flowable = flowableOf(type);
  const blocks = (flowable?.blocks ?? []).map((block) => [
    `${code(block.name)}${block.isRequired ? ' *' : ''}`,
    `${blockForms[block.form]}${block.isDeprecated ? ' (older)' : ''}`,
  ]);
  return flowable?.form === undefined
    ? blocks
    : [[code(flowable.form), 'inputs to ask for'], ...blocks];
}

function outputRows(entry: CatalogueEntry): readonly (readonly string[])[] {
  const { provenance } = entry;
  return listProperties(entry.output).map(({ path, schema }) => [
    code(path),
    typeText(schema),
    schema.description ?? '',
    provenance === undefined
      ? ''
      : provenanceTexts[provenance.fields?.[path.split(/[.[]/)[0] ?? ''] ?? provenance.output],
  ]);
}

function spellings(entry: CatalogueEntry): readonly string[] {
  const lines = entry.aliases.map((alias) => `- type ${code(alias)}`);
  for (const [alias, name] of Object.entries(entry.propertyAliases)) {
    lines.push(`- property ${code(alias)} for ${code(name)}`);
  }
  for (const name of entry.ignoredProperties) {
    lines.push(`- property ${code(name)}, without effect`);
  }
  return lines;
}

function examples(definition: AnyTaskDefinition): readonly string[] {
  return definition.examples.flatMap((example) => [
    `### ${example.title}\n`,
    ...(example.isIllustration === true
      ? ['Needs something outside; checked, but not run by the tests.\n']
      : []),
    fence('yaml', example.flow),
  ]);
}

function page(definition: AnyTaskDefinition): string {
  const entry = catalogueEntry(definition);
  const properties = propertyRows(entry);
  const inside = insideRows(entry);
  const outputs = outputRows(entry);
  const accepted = spellings(entry);
  const parts = [
    generatedNote('its definition in src/tasks'),
    `# ${entry.type}\n`,
    `${entry.summary}\n`,
    ...(entry.description === undefined ? [] : [`${entry.description.trim()}\n`]),
    '## Properties\n',
    properties.length === 0
      ? 'None of its own.\n'
      : table(['property (* required)', 'type', 'default', 'meaning'], properties),
    ...(inside.length === 0 ? [] : ['## Inside\n', table(['name (* required)', 'holds'], inside)]),
    '## Outputs\n',
    outputs.length === 0
      ? `${typeText(entry.output) === 'map' ? 'None.' : typeText(entry.output)}\n`
      : table(['output', 'type', 'meaning', 'provenance'], outputs),
  ];
  if (entry.effect !== undefined) {
    const { kind, touches } = entry.effect;
    const touched = touches.length === 0 ? 'nothing' : touches.map(code).join(', ');
    parts.push(
      '## Effect\n',
      `${code(kind)}: ${effectTexts[kind]}. Touches ${touched}. Outputs are, unless said otherwise, ` +
        `${provenanceTexts[entry.provenance?.output ?? 'join']}.\n`,
    );
  }
  if (entry.failures.length > 0) {
    const links = entry.failures.map((one) => `[${code(one)}](../errors.md#${anchor(one)})`);
    parts.push('## Failures\n', `${links.join(', ')}\n`);
  }
  if (accepted.length > 0) parts.push('## Other accepted spellings\n', `${accepted.join('\n')}\n`);
  if (definition.examples.length > 0) parts.push('## Examples\n', ...examples(definition));
  return parts.join('\n');
}

/** Returns the name by which a page links to the heading of a failure code. */
export function anchor(failureCode: string): string {
  return failureCode.replaceAll('.', '');
}

/** Returns the page of each of `definitions` and the list of them. */
export function taskPages(definitions: readonly AnyTaskDefinition[]): readonly GeneratedFile[] {
  const rows = definitions.map(({ type, kind, summary }) => [
    `[${code(type)}](./${type}.md)`,
    kind,
    summary,
  ]);
  const list = [
    generatedNote('the definitions in src/tasks'),
    '# Task types\n',
    definitions.length === 0 ? 'None yet.\n' : table(['type', 'kind', 'what it does'], rows),
  ].join('\n');
  return [
    { path: `${taskPageFolder}/README.md`, content: list },
    ...definitions.map((definition) => ({
      path: `${taskPageFolder}/${definition.type}.md`,
      content: page(definition),
    })),
  ];
}
