/**
 * Every diagnostic of the language: its code, how serious it is by default, a title and what to do.
 * The reader, the reference page and the tests are derived from this one table.
 *
 * INVARIANT: a code that is not here cannot be reported, and each code is shown by a malformed flow
 * of the scenario corpus.
 */
import type { Severity } from './diagnostic.ts';

/** What the table says of one code. */
export interface DiagnosticKind {
  readonly severity: Severity;
  readonly title: string;
  /** What to do when the place of the report knows nothing better. */
  readonly help: string;
}

function error(title: string, help: string): DiagnosticKind {
  return { severity: 'error', title, help };
}

function warning(title: string, help: string): DiagnosticKind {
  return { severity: 'warning', title, help };
}

/** Every diagnostic code. */
export const diagnosticCatalogue = {
  // The text itself. These are reported alone: nothing after them can be trusted.
  'flow.empty': error('The file is empty', 'write at least `id`, `namespace` and `tasks`'),
  'flow.not-a-map': error(
    'The document is not a map',
    'a flow is a map with the keys `id`, `namespace` and `tasks`',
  ),
  'flow.yaml-wrong': error('The text is not YAML', 'mend the text at this place'),
  'flow.yaml-tab-found': error('A tab indents a line', 'indent with spaces; YAML refuses tabs'),
  'flow.yaml-too-large': error('The file is too large', 'split the flow into sub-flows'),
  'flow.yaml-too-deep': error('The nesting is too deep', 'move inner tasks into sub-flows'),
  'flow.yaml-documents-many': error(
    'The file holds several documents',
    'write one flow per file and remove the separator `---`',
  ),
  'flow.yaml-key-duplicate': error('A key stands twice', 'keep one of the two'),
  'flow.yaml-key-refused': error('A key is not allowed', 'choose another name for the key'),
  'flow.yaml-key-not-text': error(
    'A key is not a text',
    'a value that begins with `{{` stands in quotes: "{{ inputs.name }}"',
  ),
  'flow.yaml-tag-refused': error('A YAML tag is not allowed', 'remove the tag'),
  'flow.yaml-alias-refused': error('A YAML alias is not allowed', 'write the value out'),
  'flow.yaml-alias-used': warning(
    'A YAML alias is used',
    'write the value out; other engines of this language do not follow aliases',
  ),

  // Shape: properties and types.
  'flow.property-unknown': error('An unknown property', 'remove it or mend its name'),
  'flow.property-missing': error('A required property is missing', 'add the property'),
  'flow.property-type-wrong': error(
    'A property has the wrong type',
    'give a value of that type, or a template that gives one',
  ),
  'flow.property-value-wrong': error(
    'A property has a value that is not allowed',
    'choose another',
  ),
  'flow.property-deprecated': warning('A deprecated spelling of a property', 'use the other name'),
  'flow.property-not-portable': warning(
    'A spelling that only this system accepts',
    'use the other name; under `strict` this is an error',
  ),
  'flow.property-ignored': warning('A property without effect', 'remove it'),
  'flow.property-refused': error('A property of the enterprise edition', 'remove it'),
  'flow.block-misplaced': error(
    'A block of tasks in a type that has none of that name',
    'move the tasks into a block of this type, or choose another type',
  ),
  'flow.type-unknown': error('An unknown type', 'list the types with `sluice task list`'),
  'flow.type-deprecated': warning('A deprecated spelling of a type', 'use the other name'),
  'flow.type-misplaced': error(
    'A type of the wrong kind',
    'tasks stand under `tasks`, triggers under `triggers`, conditions under `conditions`',
  ),

  // Names.
  'flow.id-invalid': error(
    'An id with characters that are not allowed',
    'use letters, digits, `_` and `-`, and begin with a letter or digit',
  ),
  'flow.id-duplicate': error('An id stands twice', 'give each its own id'),
  'flow.id-reserved': warning(
    'An id that clashes with an address of the interface',
    'choose another id',
  ),
  'flow.namespace-invalid': error(
    'A namespace with characters that are not allowed',
    'use lower case letters, digits, `.`, `_` and `-`',
  ),
  'flow.label-reserved': error(
    'A label of the system',
    'choose a key that does not begin with `system.`',
  ),
  'flow.label-invalid': error('A label is not a key with a text', 'write `key: value`'),

  // Values with a form of their own.
  'flow.duration-invalid': error(
    'A duration is not ISO 8601',
    'write `PT30S`, `PT5M`, `PT2H` or `P1D`; weeks, months and years are not known',
  ),
  'flow.regex-invalid': error('A pattern is not a regular expression', 'mend the pattern'),
  'flow.cron-invalid': error(
    'A cron expression is wrong',
    'five fields: minute, hour, day of month, month, day of week; or a nickname as `@daily`',
  ),
  'flow.timezone-invalid': error(
    'An unknown time zone',
    'use a name of the IANA list such as `Europe/Berlin`, or an offset such as `+02:00`',
  ),
  'flow.date-invalid': error(
    'A date or time is wrong',
    'write `2026-01-31`, `08:30:00` or `2026-01-31T08:30:00Z`',
  ),
  'flow.json-invalid': error('A text is not JSON', 'mend the JSON'),

  // Rules of single parts.
  'flow.tasks-empty': error('A list of tasks is empty', 'add a task or remove the block'),
  'flow.switch-empty': error('A Switch has no branch', 'add `cases` or `defaults`'),
  'flow.child-not-runnable': error(
    'A task that cannot stand in a WorkingDirectory',
    'only tasks that a worker runs share a working directory; move this one outside',
  ),
  'flow.dependency-unknown': error('A dependency that does not exist', 'name a task of this Dag'),
  'flow.cycle-found': error('Dependencies form a cycle', 'remove one of the dependencies'),
  'flow.subflow-recursive': error('A flow starts itself', 'name another flow'),
  'flow.retry-invalid': error('A retry that contradicts itself', 'mend the durations'),
  'flow.spends-invalid': error(
    'What a task says it spends contradicts itself',
    'say how much in whole numbers, and of money in which currency',
  ),
  'flow.input-invalid': error('An input that contradicts itself', 'mend the input'),
  'flow.input-default-invalid': error('A default that its input refuses', 'mend the default'),
  'flow.input-dependency-unknown': warning(
    'An input depends on one that does not exist',
    'name an input of this flow; the dependency is ignored',
  ),
  'flow.trigger-invalid': error('A trigger that contradicts itself', 'mend the trigger'),
  'flow.trigger-loop': error(
    'Flows that start each other for ever',
    'let a condition end the circle',
  ),
  'flow.trigger-loop-possible': warning(
    'Flows that may start each other in a circle',
    'see to it that the conditions end it',
  ),
  'flow.plugin-default-invalid': error(
    'A plugin default that cannot be applied',
    'give a `type` and `values` without nulls',
  ),

  // What templates read.
  'flow.reference-unknown': error('A reference to a task that does not exist', 'mend the id'),
  'flow.reference-too-early': error(
    'A reference to a task that cannot have run yet',
    'move this task behind the other, or write `?? …` for the case that there is no output',
  ),
  'flow.reference-other-branch': error(
    'A reference to a task of a branch that excludes this one',
    'read it after the branches, or write `?? …` for the case that there is no output',
  ),
  'flow.reference-unordered': warning(
    'A reference to a task that runs side by side with this one',
    'put the tasks in sequence, or add a dependency',
  ),
  'flow.reference-disabled': warning(
    'A reference to a disabled task',
    'enable the task, or write `?? …` for the case that there is no output',
  ),
  'flow.input-undeclared': warning(
    'A reference to an input that is not declared',
    'declare it under `inputs`; until then it is taken as text at launch',
  ),
  'flow.variable-undeclared': warning(
    'A reference to a variable that is not declared',
    'declare it under `variables`',
  ),
  'flow.name-unknown': warning('A reference to an unknown name', 'mend the name'),

  // Templates themselves.
  'expression.syntax-wrong': error('A template is wrong', 'mend the template'),
  'expression.filter-unknown': error('An unknown filter', 'mend the name of the filter'),
  'expression.filter-not-portable': warning(
    'A filter that only this system knows',
    'use the other spelling; under `strict` this is an error',
  ),
  'expression.spelling-deprecated': warning(
    'A deprecated spelling in a template',
    'use the other name',
  ),
  'expression.function-unknown': error('An unknown function', 'mend the name of the function'),
  'expression.test-unknown': error('An unknown test', 'mend the name of the test'),
  'expression.argument-wrong': error('A wrong argument', 'mend the arguments of the call'),
  'expression.depth-limit-reached': error(
    'A template is nested too deeply',
    'name parts of it with `set`',
  ),

  // Suites of tests.
  'test.type-unknown': error(
    'A test case of an unknown type',
    'write no type, or that of a unit test',
  ),
  'test.cases-empty': error('A suite without cases', 'add a case under `testCases`'),
  'test.case-empty': error(
    'A test case that asserts nothing',
    'add an assertion: `- value: …` with an operator such as `equalTo`',
  ),
  'test.operator-missing': error(
    'An assertion without an operator',
    'say how the value is compared, for example `equalTo: …`',
  ),
  'test.flow-unknown': error('The flow of a suite is not there', 'mend `namespace` and `flowId`'),
  'test.task-unknown': error('A task that the flow does not have', 'mend the id of the task'),
  'test.trigger-unknown': error(
    'A trigger that the flow does not have',
    'mend the id of the trigger',
  ),
  'test.fixture-duplicate': error('Two fixtures for the same runs', 'keep one of the two'),
  'test.fixture-unused': warning(
    'A part of a fixture that has no effect',
    'remove it; a task that is skipped gives nothing',
  ),

  'flow.problems-too-many': warning(
    'More problems than are listed',
    'mend those that are listed and validate again',
  ),
} as const satisfies Record<string, DiagnosticKind>;

/** The code of a diagnostic. */
export type DiagnosticCode = keyof typeof diagnosticCatalogue;
