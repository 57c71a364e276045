/** `scripts.node.Script`: a Node source text of the flow, run as a process. */
import { z } from 'zod';
import { defineTask } from '../../../ports/task.ts';
import { runScript } from '../run-script.ts';
import {
  scriptProperty,
  scriptDeclaration,
  processProperties,
  processRendering,
} from '../script-properties.ts';
import { nodeLanguage } from './node-language.ts';

/** Runs a JavaScript source with Node as a process. */
export const nodeScript = defineTask({
  ...scriptDeclaration,
  type: 'scripts.node.Script',
  summary: 'Runs a JavaScript source with Node as a process.',
  input: z.strictObject({ ...scriptProperty, ...processProperties }),
  rendering: { ...processRendering, script: 'raw' },
  examples: [
    {
      title: 'Price a basket',
      flow: `id: price-basket
namespace: shop.checkout
inputs:
  - id: basket
    type: JSON
    defaults: '[{"sku": "mug", "price": 9.5, "count": 2}, {"sku": "tea", "price": 4.25, "count": 1}]'
tasks:
  - id: price
    type: scripts.node.Script
    script: |
      const basket = {{ inputs.basket }};
      const total = basket.reduce((sum, one) => sum + one.price * one.count, 0);
      console.log('::' + JSON.stringify({ outputs: { total } }) + '::');
`,
      outputs: { price: { exitCode: 0, vars: { total: 23.25 } } },
    },
  ],
  run: (properties, context) => runScript(properties, context, nodeLanguage),
});
