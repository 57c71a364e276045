/** The commands about the configuration of a server. */
import type { Command } from '../../command.ts';

const configOption = {
  name: 'config',
  value: 'FILE',
  summary: 'the configuration; default: sluice.yaml in the working folder if it exists',
};

/** The commands about the configuration of a server. */
export const configCommands: readonly Command[] = [
  {
    noun: 'config',
    verb: 'check',
    summary: 'Checks the configuration and names what is wrong by line and column.',
    description: 'Reads the file and the environment as `sluice serve` does, and starts nothing.',
    args: [],
    options: [configOption],
    examples: [{ title: 'Check a file', call: 'sluice config check --config sluice.yaml' }],
    load: async () => (await import('./check-config.ts')).checkConfig,
  },
  {
    noun: 'config',
    verb: 'show',
    summary: 'Shows every setting, its value and where that comes from.',
    description: 'Values of secrets are shown as stars.',
    args: [],
    options: [configOption],
    examples: [
      { title: 'All settings', call: 'sluice config show' },
      { title: 'One of them in a script', call: 'sluice config show -o json | jq .' },
    ],
    load: async () => (await import('./show-config.ts')).showConfig,
  },
];
