/** The commands about exceptions. */
import type { Command } from '../../command.ts';

const id = { name: 'ID', summary: 'the id of the exception' };

/** The commands about exceptions. */
export const exceptionCommands: readonly Command[] = [
  {
    noun: 'exception',
    verb: 'list',
    summary: 'Lists exceptions: what they exempt, what is left of them, who answers.',
    args: [],
    options: [{ name: 'all', summary: 'also those that are closed' }],
    examples: [{ title: 'What is exempt now', call: 'sluice exception list' }],
    load: async () => (await import('./list-exceptions.ts')).listExceptions,
  },
  {
    noun: 'exception',
    verb: 'grant',
    summary: 'Exempts something from a control, for a time and a number of uses.',
    description:
      'It closes by itself at its end or with its last use. Policy decides: whoever answers for it does not grant it.',
    args: [id],
    options: [
      {
        name: 'control',
        value: 'ID',
        summary: 'the control or policy that does not hold (required)',
      },
      {
        name: 'scope',
        value: 'KIND',
        choices: ['everything', 'namespace', 'flow', 'principal', 'subject'],
        summary: 'everything, namespace, flow, principal or subject; default: flow',
      },
      { name: 'of', value: 'ID', summary: 'which one: shop/reprice' },
      { name: 'count', value: 'NUMBER', summary: 'how often it may be used (required)' },
      { name: 'until', value: 'DAY', summary: 'its last day, in UTC: 2026-12-31 (required)' },
      { name: 'owner', value: 'NAME', summary: 'who answers for it (required)' },
      { name: 'reason', value: 'TEXT', summary: 'why; stands in the ledger (required)' },
    ],
    examples: [
      {
        title: 'Fifty runs of a sale above the usual cap',
        call: "sluice exception grant summer-sale --control price-change-cap --of shop/reprice --count 50 --until 2026-12-31 --owner ada --reason 'summer sale'",
      },
    ],
    load: async () => (await import('./grant-exception.ts')).grantException,
  },
  {
    noun: 'exception',
    verb: 'withdraw',
    summary: 'Closes an exception before its time.',
    args: [id],
    options: [{ name: 'reason', value: 'TEXT', summary: 'why; stands in the ledger' }],
    examples: [{ title: 'The sale is over', call: 'sluice exception withdraw summer-sale' }],
    load: async () => (await import('./withdraw-exception.ts')).withdrawException,
  },
];
