/** The commands about kill switches. */
import type { Command } from '../../command.ts';

const target = [
  {
    name: 'KIND',
    choices: ['execution', 'flow', 'namespace', 'model', 'vendor', 'everything'],
    summary: 'execution, flow, namespace, model, vendor or everything',
  },
  {
    name: 'ID',
    isOptional: true,
    summary: 'which one: an id, shop/refund, shop, openai/gpt-5-mini, openai',
  },
];
const reason = { name: 'reason', value: 'TEXT', summary: 'why; stands in the ledger (required)' };

/** The commands about kill switches. */
export const killSwitchCommands: readonly Command[] = [
  {
    noun: 'kill-switch',
    verb: 'list',
    summary: 'Lists what is stopped, by whom and why.',
    args: [],
    options: [],
    examples: [{ title: 'What is stopped', call: 'sluice kill-switch list' }],
    load: async () => (await import('./list-switches.ts')).listSwitches,
  },
  {
    noun: 'kill-switch',
    verb: 'set',
    summary: 'Stops something at once, until the switch is released.',
    description:
      'What it covers does not start, begins no further task, and what runs of it is killed, also in other processes on the data folder. With `--mode pause` what runs is held instead, and can be resumed when the switch is released.\n\n' +
      'The command waits until everything has stopped and says how long that took; its exit code is 1 when something still runs.',
    args: target,
    options: [
      {
        name: 'mode',
        value: 'MODE',
        choices: ['kill', 'pause'],
        summary: 'kill (default) or pause what runs',
      },
      reason,
    ],
    examples: [
      {
        title: 'A flow sends wrong mails',
        call: "sluice kill-switch set flow shop/newsletter --reason 'wrong prices in the mail'",
      },
      {
        title: 'Nothing calls this vendor any more; what runs waits',
        call: "sluice kill-switch set vendor openai --mode pause --reason 'incident 12'",
      },
      {
        title: 'Stop all there is',
        call: "sluice kill-switch set everything --reason 'incident 13'",
      },
    ],
    load: async () => (await import('./set-switch.ts')).setSwitch,
  },
  {
    noun: 'kill-switch',
    verb: 'release',
    summary: 'Lets what was stopped start again.',
    description: 'Executions that were held stay paused until they are resumed.',
    args: target,
    options: [reason],
    examples: [
      {
        title: 'The mail is right again',
        call: "sluice kill-switch release flow shop/newsletter --reason 'prices are mended'",
      },
    ],
    load: async () => (await import('./release-switch.ts')).releaseSwitch,
  },
];
