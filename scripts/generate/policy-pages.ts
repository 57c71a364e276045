/**
 * The schema that policies are checked against, as Cedar text for editors, and the page of everything that
 * can be asked of policy. Both follow from the tables of actions and facts and from the task types.
 */
import { cedarSchemaText } from '../../src/adapters/cedar/cedar-policy-engine.ts';
import {
  type ActionDefinition,
  actionTable,
  annotationTable,
  argumentActions,
  factTable,
  runFactNames,
  type TaskAction,
} from '../../src/core/policy/index.ts';
import type { CatalogueEntry } from './catalogue-entry.ts';
import type { GeneratedFile } from './generated-file.ts';

function tasksOf(entries: readonly CatalogueEntry[]): readonly TaskAction[] {
  return entries.flatMap(({ type, effect, schema }) => {
    if (effect === undefined) return [];
    const properties = Object.keys(schema.properties ?? {});
    return [{ type, effect: effect.kind, touches: effect.touches, properties }];
  });
}

function code(names: readonly string[]): string {
  return names.map((one) => `\`${one}\``).join(', ');
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  return [row(head), row(head.map(() => '---')), ...rows.map(row)];
}

function actionRows(): readonly (readonly string[])[] {
  const actions: readonly (readonly [string, ActionDefinition])[] = Object.entries(actionTable);
  return actions.map(([id, { summary, resources, facts, isPrivileged }]) => {
    const all = resources.length > 20;
    return [
      `\`${id}\``,
      summary,
      all ? 'everything' : resources.join(', '),
      code([...new Set(facts)]),
      isPrivileged ? 'yes' : '',
    ];
  });
}

/** Returns the schema file and the reference page. */
export function policyPages(entries: readonly CatalogueEntry[]): readonly GeneratedFile[] {
  const tasks = tasksOf(entries);
  const byEffect = ['none', 'read', 'idempotent', 'external'].map((effect) => [
    `\`run-${effect}\``,
    code(tasks.filter((one) => one.effect === effect).map((one) => `run:${one.type}`)),
  ]);
  const lines = [
    '# What can be asked of policy',
    '',
    'Generated from the tables of actions and facts; `npm run generate` writes it. How policies are written',
    'and put in force: [the guide](../guide/policies.md).',
    '',
    '## Actions',
    '',
    'Facts are optional: a condition asks first whether one is there (`context has stage && …`). A yes to a',
    'privileged action is an entry of the ledger; a no always is.',
    '',
    ...table(['Action', 'The principal …', 'On', 'Facts', 'Privileged'], actionRows()),
    '',
    '## Runs of tasks',
    '',
    'Each task type is an action of its own, `run:<type>`, on a `Task`. It belongs to the group of its effect,',
    'and all belong to `run-task`: write `action in Action::"run-external"`.',
    '',
    ...table(['Group', 'Actions'], byEffect),
    '',
    `Facts of all of them: ${code(runFactNames)}.`,
    '',
    '## Where values come from',
    '',
    `Runs of tasks and ${code(argumentActions)} say where the values come from:`,
    '',
    ...table(
      ['Attribute', 'What it is'],
      [
        ['`context.trust`', 'the worst trust of all arguments: trusted, constrained, untrusted'],
        ['`context.addressTrust`', 'the worst trust of those that address something'],
        ['`context.controlTrust`', 'the trust of what decided that this happens at all'],
        ['`context.classes`', 'the data classes in all arguments, with those above them'],
        ['`context.controlClasses`', 'the data classes in what decided that this happens'],
        [
          '`context.subjects`',
          'the handles of those the data is about; `many` for more than are kept apart',
        ],
        ['`context.bits`', 'how much outsiders could choose, as a number of bits'],
        [
          '`context.args.<property>`',
          'one argument: trust, bits, classes, subjects, isAddressLike',
        ],
      ],
    ),
    '',
    '## Facts',
    '',
    ...table(
      ['Fact', 'Type', 'What it is'],
      Object.entries(factTable).map(([name, { type, summary }]) => [`\`${name}\``, type, summary]),
    ),
    '',
    '## Principals and resources',
    '',
    '`User`, `ServiceAccount`, `Agent` and `System` have `handle`, `roles` (those that hold in the namespace of',
    'the resource), `groups`, `titles` (`role:…`, `group:…`, `user:…`), `persons` (its own handle and those it',
    'acts for), `onBehalfOf`, `factors` and `freshness` (`fresh` within 5 minutes, `recent` within 30, `old`).',
    'Resources have `handle`, `namespace` (missing for what belongs to the whole tenant) and `namespaces` (that',
    'one and all above it).',
    '',
    '## Annotations',
    '',
    ...table(
      ['Annotation', 'What it holds'],
      Object.entries(annotationTable).map(([name, summary]) => [`\`@${name}\``, summary]),
    ),
    '',
  ];
  return [
    { path: 'generated/policy.cedarschema', content: cedarSchemaText(tasks) },
    { path: 'docs/reference/policy.md', content: lines.join('\n') },
  ];
}
