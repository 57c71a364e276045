/** The commands about budgets. */
import type { Command } from '../../command.ts';

const id = { name: 'ID', summary: 'the id of the budget' };

/** The commands about budgets. */
export const budgetCommands: readonly Command[] = [
  {
    noun: 'budget',
    verb: 'list',
    summary: 'Lists the budgets and how they stand in the present period.',
    args: [],
    options: [],
    examples: [{ title: 'All budgets', call: 'sluice budget list' }],
    load: async () => (await import('./list-budgets.ts')).listBudgets,
  },
  {
    noun: 'budget',
    verb: 'show',
    summary: 'Shows a budget and what is spent, set aside and left.',
    args: [id],
    options: [],
    examples: [{ title: 'One budget', call: 'sluice budget show refunds' }],
    load: async () => (await import('./show-budget.ts')).showBudget,
  },
  {
    noun: 'budget',
    verb: 'set',
    summary: 'Sets a budget: how much may be spent by whom in which time.',
    description:
      'What is about to be spent is reserved against every budget that covers it, before it is spent; one that has not enough left refuses. The cap itself may be reached.\n\n' +
      'Money counts in minor units: a cap of 100 EUR is `--cap 10000 --currency EUR`. A scope of `*` counts each one by itself.',
    args: [id],
    options: [
      {
        name: 'unit',
        value: 'UNIT',
        choices: ['money', 'messages', 'tokens', 'price-changes'],
        summary: 'what it counts: money, messages, tokens or price-changes',
      },
      { name: 'cap', value: 'AMOUNT', summary: 'the most in one period, a whole number' },
      { name: 'currency', value: 'CODE', summary: 'of money: EUR' },
      {
        name: 'period',
        value: 'PERIOD',
        choices: ['hour', 'day', 'week', 'month', 'year', 'total'],
        summary: 'hour, day, week, month, year or total; default: month',
      },
      { name: 'time-zone', value: 'ZONE', summary: 'where days begin; default: UTC' },
      {
        name: 'scope',
        value: 'KIND',
        choices: ['everything', 'namespace', 'flow', 'principal', 'subject'],
        summary: 'everything, namespace, flow, principal or subject; default: everything',
      },
      { name: 'of', value: 'ID', summary: 'which one: shop, shop/refund, a handle, or * for each' },
      { name: 'owner', value: 'NAME', summary: 'who answers for it' },
    ],
    examples: [
      {
        title: 'No flow of the shop refunds more than 500 EUR a day, all together',
        call: 'sluice budget set refunds --unit money --currency EUR --cap 50000 --period day --scope namespace --of shop',
      },
      {
        title: 'Nobody gets more than two messages a week',
        call: "sluice budget set mails --unit messages --cap 2 --period week --scope subject --of '*'",
      },
    ],
    load: async () => (await import('./set-budget.ts')).setBudget,
  },
  {
    noun: 'budget',
    verb: 'remove',
    summary: 'Removes a budget; nothing limits what it covered.',
    args: [id],
    options: [],
    examples: [{ title: 'It is not needed any more', call: 'sluice budget remove refunds' }],
    load: async () => (await import('./remove-budget.ts')).removeBudget,
  },
];
