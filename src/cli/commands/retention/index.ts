/** The commands about retention: how long values of data classes are kept. */
import type { Command } from '../../command.ts';

const dataClass = {
  name: 'CLASS',
  summary: 'a data class and those below it, like `personal`; `*` is every class',
};
const namespace = {
  name: 'namespace',
  short: 'n',
  value: 'NAME',
  summary: 'a namespace and those below it; default: every namespace',
};

/** The commands about retention. */
export const retentionCommands: readonly Command[] = [
  {
    noun: 'retention',
    verb: 'list',
    summary: 'Lists the rules of retention.',
    args: [],
    options: [],
    examples: [{ title: 'All rules', call: 'sluice retention list' }],
    load: async () => (await import('./list-rules.ts')).listRules,
  },
  {
    noun: 'retention',
    verb: 'set',
    summary: 'Sets how long values of a data class are kept.',
    description:
      'The time begins when an execution has ended; for pairs and files of namespaces when they were changed last. The rule for the most exact class decides, then for the most exact namespace. A flow may ask for less with `governance.data.retention`; `--at-least` is kept whatever a flow asks for.',
    args: [dataClass],
    options: [
      namespace,
      { name: 'period', value: 'DURATION', summary: 'how long: `P90D`, `P6M`' },
      { name: 'at-least', value: 'DURATION', summary: 'nothing goes before: `P6M`' },
    ],
    examples: [
      { title: 'Personal data for 90 days', call: 'sluice retention set personal --period P90D' },
      {
        title: 'E-mail addresses of one namespace for 30 days',
        call: 'sluice retention set personal.email -n shop --period P30D',
      },
      { title: 'Everything else for two years', call: "sluice retention set '*' --period P2Y" },
    ],
    load: async () => (await import('./set-rule.ts')).setRule,
  },
  {
    noun: 'retention',
    verb: 'remove',
    summary: 'Removes a rule of retention.',
    args: [dataClass],
    options: [namespace],
    examples: [{ title: 'One rule', call: 'sluice retention remove personal.email -n shop' }],
    load: async () => (await import('./remove-rule.ts')).removeRule,
  },
  {
    noun: 'retention',
    verb: 'run',
    summary: 'Erases the values whose time has come.',
    description:
      'Values about people in entries, executions, log lines, pairs, files and caches are deleted and overwritten; the ledger still verifies and records what was erased. What a legal hold covers stays and is listed. Executions that have not ended stay.',
    args: [],
    options: [{ name: 'dry-run', summary: 'only lists what would be erased' }],
    examples: [
      { title: 'See what would go', call: 'sluice retention run --dry-run' },
      { title: 'Erase it and keep the certificates', call: 'sluice retention run -o json' },
    ],
    load: async () => (await import('./run-retention.ts')).runRetention,
  },
];
