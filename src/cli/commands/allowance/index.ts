/** The commands about models and vendors: proposed by one, allowed by another. */
import type { Command } from '../../command.ts';

function commandsOf(noun: 'model' | 'vendor', example: string, more: string): readonly Command[] {
  const name = { name: 'NAME', summary: `the ${noun}: ${example}` };
  const reason = { name: 'reason', value: 'TEXT', summary: 'why; stands in the ledger (required)' };
  return [
    {
      noun,
      verb: 'list',
      summary: `Lists the ${noun}s that somebody proposed, and whether they may be used.`,
      args: [],
      options: [],
      examples: [{ title: `Which ${noun}s may be used`, call: `sluice ${noun} list` }],
      load: async () => (await import('./list-allowances.ts')).listAllowances(noun),
    },
    {
      noun,
      verb: 'propose',
      summary: `Proposes a ${noun}; it may be used once somebody else allows it.`,
      description: `${more} Proposing again what was allowed takes the permission back until it is allowed anew.`,
      args: [name],
      options: [
        { name: 'owner', value: 'NAME', summary: 'who answers for its use (required)' },
        { name: 'until', value: 'DAY', summary: 'its last day, in UTC: 2027-06-30 (required)' },
        reason,
      ],
      examples: [
        {
          title: 'For half a year',
          call: `sluice ${noun} propose ${example} --owner pricing-team --until 2027-06-30 --reason 'agreement signed'`,
        },
      ],
      load: async () => (await import('./propose-allowance.ts')).proposeAllowance(noun),
    },
    {
      noun,
      verb: 'allow',
      summary: `Allows a ${noun} that somebody proposed, until its end.`,
      description: 'Policy decides: whoever proposed it does not allow it.',
      args: [name],
      options: [reason],
      examples: [
        { title: 'Allow it', call: `sluice ${noun} allow ${example} --reason 'checked the terms'` },
      ],
      load: async () => (await import('./decide-allowance.ts')).decideAllowance(noun, 'allow'),
    },
    {
      noun,
      verb: 'deny',
      summary: `Denies a ${noun}, also one that was allowed.`,
      args: [name],
      options: [reason],
      examples: [
        { title: 'Deny it', call: `sluice ${noun} deny ${example} --reason 'agreement ended'` },
      ],
      load: async () => (await import('./decide-allowance.ts')).decideAllowance(noun, 'deny'),
    },
  ];
}

/** The commands about models. */
export const modelCommands = commandsOf(
  'model',
  'openai/gpt-5-mini',
  'A flow that uses a model goes live only while the model and its vendor are allowed.',
);

/** The commands about vendors. */
export const vendorCommands = commandsOf(
  'vendor',
  'openai',
  'A flow that uses a model of a vendor goes live only while both are allowed.',
);
