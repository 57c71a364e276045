/** The commands about task types. */
import type { Command } from '../../command.ts';

/** The commands about task types. */
export const taskCommands: readonly Command[] = [
  {
    noun: 'task',
    verb: 'list',
    summary: 'Lists the task types that flows may use.',
    args: [],
    options: [{ name: 'search', short: 's', value: 'TEXT', summary: 'only those that hold TEXT' }],
    examples: [
      { title: 'All types', call: 'sluice task list' },
      { title: 'What there is for files', call: 'sluice task list --search storage' },
    ],
    load: async () => (await import('./list-tasks.ts')).listTasks,
  },
  {
    noun: 'task',
    verb: 'docs',
    summary: 'Explains a task type: its properties and spellings.',
    args: [{ name: 'TYPE', summary: 'the type, with or without `io.kestra.plugin.`' }],
    options: [],
    examples: [{ title: 'How to use a type', call: 'sluice task docs core.log.Log' }],
    load: async () => (await import('./show-task.ts')).showTask,
  },
];
