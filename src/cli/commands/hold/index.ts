/** The commands about legal holds. */
import type { Command } from '../../command.ts';

const target = [
  {
    name: 'KIND',
    choices: ['subject', 'execution', 'namespace'],
    summary: 'what is held: subject, execution or namespace',
  },
  { name: 'ID', summary: 'its handle, id or name; a namespace holds those below it too' },
];
const reason = { name: 'reason', value: 'TEXT', summary: 'why; stands in the ledger' };

/** The commands about legal holds. */
export const holdCommands: readonly Command[] = [
  {
    noun: 'hold',
    verb: 'list',
    summary: 'Lists the legal holds in force.',
    args: [],
    options: [],
    examples: [{ title: 'All holds', call: 'sluice hold list' }],
    load: async () => (await import('./list-holds.ts')).listHolds,
  },
  {
    noun: 'hold',
    verb: 'set',
    summary: 'Keeps something from being erased, on request or by retention.',
    args: target,
    options: [reason],
    examples: [
      {
        title: 'A dispute about an execution',
        call: "sluice hold set execution 5Jk6GhM5oCjUNM9HJG1ORj --reason 'case 12'",
      },
    ],
    load: async () => (await import('./set-hold.ts')).setHold,
  },
  {
    noun: 'hold',
    verb: 'release',
    summary: 'Releases a legal hold.',
    args: target,
    options: [reason],
    examples: [
      {
        title: 'It is over',
        call: "sluice hold release namespace shop --reason 'case 12 is settled'",
      },
    ],
    load: async () => (await import('./release-hold.ts')).releaseHold,
  },
];
