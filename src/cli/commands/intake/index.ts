/** The commands about intakes. */
import type { Command } from '../../command.ts';

/** The commands about intakes. */
export const intakeCommands: readonly Command[] = [
  {
    noun: 'intake',
    verb: 'questions',
    summary: 'Prints the questionnaire, as a file to fill in.',
    args: [],
    options: [],
    examples: [{ title: 'Begin an intake', call: 'sluice intake questions > idea.yaml' }],
    load: async () => (await import('./print-questions.ts')).printQuestions,
  },
  {
    noun: 'intake',
    verb: 'submit',
    summary:
      'Enters an idea and tells its provisional tier, its controls and its place in the queue.',
    description: 'A question without an answer counts as its gravest one.',
    args: [{ name: 'FILE', summary: 'the questionnaire, filled in; `-` reads standard input' }],
    options: [],
    examples: [{ title: 'Enter an idea', call: 'sluice intake submit idea.yaml' }],
    load: async () => (await import('./submit-intake.ts')).submitIntake,
  },
  {
    noun: 'intake',
    verb: 'list',
    summary: 'Lists what was entered, in order of the queues.',
    args: [],
    options: [],
    examples: [{ title: 'What waits', call: 'sluice intake list' }],
    load: async () => (await import('./list-intakes.ts')).listIntakes,
  },
  {
    noun: 'intake',
    verb: 'show',
    summary: 'Shows an intake: tier with reasons, controls, place in the queue.',
    args: [{ name: 'ID', summary: 'the id of the intake' }],
    options: [],
    examples: [{ title: 'One of them', call: 'sluice intake show 5Jk6GhM5oCjUNM9HJG1ORj' }],
    load: async () => (await import('./show-intake.ts')).showIntake,
  },
];
