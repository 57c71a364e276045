/** `scripts.shell.Commands`: commands of the flow, run one after the other in one shell. */
import { z } from 'zod';
import { defineTask } from '../../../ports/task.ts';
import { runScript } from '../run-script.ts';
import {
  commandsProperty,
  scriptDeclaration,
  processProperties,
  processRendering,
} from '../script-properties.ts';
import { shellLanguage } from './shell-language.ts';

/** Runs shell commands as a process. */
export const shellCommands = defineTask({
  ...scriptDeclaration,
  type: 'scripts.shell.Commands',
  summary: 'Runs shell commands as a process.',
  input: z.strictObject({ ...commandsProperty, ...processProperties }),
  rendering: { ...processRendering, commands: 'raw' },
  examples: [
    {
      title: 'Check a model before it is deployed',
      flow: `id: pre-deployment-checks
namespace: shop.models
tasks:
  - id: checks
    type: scripts.shell.Commands
    commands:
      - echo "Running model validation and compliance checks..."
      - echo '::{"outputs":{"accuracy":0.93},"metrics":[{"name":"cases","type":"counter","value":120}]}::'
  - id: report
    type: core.log.Log
    message: "accuracy {{ outputs.checks.vars.accuracy }}"
`,
      outputs: { checks: { exitCode: 0, vars: { accuracy: 0.93 }, outputFiles: {} } },
    },
    {
      title: 'Stop a release whose checksum does not match',
      flow: `id: verify-release
namespace: shop.models
tasks:
  - id: verify
    type: scripts.shell.Commands
    inputFiles:
      model.txt: weights of the ranking model
      model.txt.sum: "0000  model.txt"
    commands:
      - sha256sum -c model.txt.sum
`,
      state: 'FAILED',
    },
  ],
  run: (properties, context) => runScript(properties, context, shellLanguage),
});
