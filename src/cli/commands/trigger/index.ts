/** The commands about triggers. Data only; the code of each is loaded when it runs. */
import type { Command } from '../../command.ts';
import { inputOptions } from '../options.ts';

const trigger = {
  name: 'NAMESPACE/FLOW/TRIGGER',
  summary: 'namespace and id of the flow, and id of the trigger',
};

function change(verb: string, summary: string, example: string, description?: string): Command {
  return {
    noun: 'trigger',
    verb,
    summary,
    ...(description !== undefined && { description }),
    args: [trigger],
    options: [],
    examples: [{ title: example, call: `sluice trigger ${verb} shop/daily-figures/morning` }],
    load: async () => (await import('./change-trigger.ts')).changeTrigger,
  };
}

/** The commands about triggers. */
export const triggerCommands: readonly Command[] = [
  {
    noun: 'trigger',
    verb: 'list',
    summary: 'Lists triggers, how they stand, and what went wrong with them last.',
    args: [],
    options: [
      { name: 'namespace', short: 'n', value: 'NAME', summary: 'only those of a namespace' },
      { name: 'flow', value: 'ID', summary: 'only those of a flow' },
    ],
    examples: [
      { title: 'All of them', call: 'sluice trigger list' },
      {
        title: 'Those of a flow, for a program',
        call: 'sluice trigger list --flow reprice -o json',
      },
    ],
    load: async () => (await import('./list-triggers.ts')).listTriggers,
  },
  change(
    'disable',
    'Switches a trigger off.',
    'Nothing is started for a while',
    'It stays off in later revisions of the flow. What it would have started meanwhile is not caught up.',
  ),
  change('enable', 'Switches a trigger on again.', 'It goes on from now'),
  change(
    'unlock',
    'Lets a trigger fire although what it started has not ended.',
    'Do not wait for the execution that waits for somebody',
  ),
  change(
    'restart',
    'Lets a trigger begin anew.',
    'Try again at once',
    'What it waits for, and what went wrong, is forgotten; its next date is computed anew.',
  ),
  {
    noun: 'trigger',
    verb: 'backfill',
    summary: 'Walks through past dates of a schedule, in order.',
    description:
      'A server that runs, or the next one that starts, does it: one execution for each date, one after the other unless the trigger has `allowConcurrent`. The dates of the schedule wait meanwhile. A date that cannot be started holds the backfill; `--continue` tries it again.',
    args: [trigger],
    options: [
      { name: 'start', value: 'DATE', summary: 'from when on: 2026-03-01, or with time and zone' },
      { name: 'end', value: 'DATE', summary: 'the last date is no later; default: now' },
      ...inputOptions,
      {
        name: 'label',
        short: 'l',
        value: 'KEY=VALUE',
        isRepeatable: true,
        summary: 'a label of its executions',
      },
      { name: 'pause', summary: 'holds it' },
      { name: 'continue', summary: 'lets it go on' },
      { name: 'delete', summary: 'ends it where it is' },
    ],
    examples: [
      {
        title: 'March once more',
        call: 'sluice trigger backfill shop/daily-figures/morning --start 2026-03-01 --end 2026-03-31T23:59:59Z --label why=repair',
      },
      {
        title: 'Hold it',
        call: 'sluice trigger backfill shop/daily-figures/morning --pause',
      },
    ],
    load: async () => (await import('./backfill-trigger.ts')).backfillTrigger,
  },
];
