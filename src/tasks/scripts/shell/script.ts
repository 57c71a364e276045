/** `scripts.shell.Script`: a shell source text of the flow, run as a process. */
import { z } from 'zod';
import { defineTask } from '../../../ports/task.ts';
import { runScript } from '../run-script.ts';
import {
  scriptProperty,
  scriptDeclaration,
  processProperties,
  processRendering,
} from '../script-properties.ts';
import { shellLanguage } from './shell-language.ts';

/** Runs a shell script as a process. */
export const shellScript = defineTask({
  ...scriptDeclaration,
  type: 'scripts.shell.Script',
  summary: 'Runs a shell script as a process.',
  input: z.strictObject({ ...scriptProperty, ...processProperties }),
  rendering: { ...processRendering, script: 'raw' },
  examples: [
    {
      title: 'Count the orders of a file and keep a summary',
      flow: `id: count-orders
namespace: shop.reports
tasks:
  - id: count
    type: scripts.shell.Script
    env:
      REGION: north
    inputFiles:
      orders.csv: |
        order,total
        812,19.90
        813,45.00
    outputFiles:
      - "summary/*.txt"
    script: |
      mkdir -p summary
      orders=$(tail -n +2 orders.csv | wc -l)
      echo "$REGION: $orders orders" > summary/orders.txt
      echo "::{\\"outputs\\":{\\"orders\\":$orders}}::"
  - id: show
    type: core.log.Log
    message: "{{ read(outputs.count.outputFiles['summary/orders.txt']) }}"
`,
      outputs: { count: { exitCode: 0, vars: { orders: 2 } } },
    },
  ],
  run: (properties, context) => runScript(properties, context, shellLanguage),
});
