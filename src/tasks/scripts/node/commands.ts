/** `scripts.node.Commands`: commands of the flow, run one after the other in one shell. */
import { z } from 'zod';
import { defineTask } from '../../../ports/task.ts';
import { runScript } from '../run-script.ts';
import {
  commandsProperty,
  scriptDeclaration,
  processProperties,
  processRendering,
} from '../script-properties.ts';
import { nodeLanguage } from './node-language.ts';

/** Runs commands as a process, with Node at hand. */
export const nodeCommands = defineTask({
  ...scriptDeclaration,
  type: 'scripts.node.Commands',
  summary: 'Runs commands as a process, with Node at hand.',
  input: z.strictObject({ ...commandsProperty, ...processProperties }),
  rendering: { ...processRendering, commands: 'raw' },
  examples: [
    {
      title: 'Run a Node program that is laid into the folder',
      flow: `id: check-catalogue
namespace: shop.catalogue
tasks:
  - id: check
    type: scripts.node.Commands
    inputFiles:
      check.mjs: |
        import { readFileSync } from 'node:fs';
        const skus = readFileSync('skus.txt', 'utf8').trim().split('\\n');
        const twice = skus.filter((sku, at) => skus.indexOf(sku) !== at);
        console.log('::' + JSON.stringify({ outputs: { twice } }) + '::');
      skus.txt: |
        mug
        tea
        mug
    commands:
      - node check.mjs
`,
      outputs: { check: { exitCode: 0, vars: { twice: ['mug'] } } },
    },
  ],
  run: (properties, context) => runScript(properties, context, nodeLanguage),
});
