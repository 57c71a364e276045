/** `scripts.python.Script`: a Python source text of the flow, run as a process. */
import { z } from 'zod';
import { defineTask } from '../../../ports/task.ts';
import { runScript } from '../run-script.ts';
import {
  scriptProperty,
  pythonProperties,
  scriptDeclaration,
  processProperties,
  processRendering,
} from '../script-properties.ts';
import { pythonLanguage } from './python-language.ts';

/** Runs a Python source as a process. */
export const pythonScript = defineTask({
  ...scriptDeclaration,
  type: 'scripts.python.Script',
  summary: 'Runs a Python source as a process.',
  input: z.strictObject({ ...scriptProperty, ...processProperties, ...pythonProperties }),
  rendering: {
    ...processRendering,
    script: 'raw',
    dependencyCacheEnabled: 'typed',
    uvAutoInstallEnabled: 'typed',
  },
  examples: [
    {
      title: 'Train a model of reorder points',
      flow: `id: train-reorder-points
namespace: shop.stock
inputs:
  - id: service_level
    type: FLOAT
    defaults: 0.95
tasks:
  - id: train
    type: scripts.python.Script
    inputFiles:
      demand.json: "[12, 15, 11, 14, 18, 13]"
    outputFiles:
      - model.json
    script: |
      import json, statistics
      demand = json.load(open("demand.json"))
      level = {{ inputs.service_level }}
      spare = statistics.NormalDist().inv_cdf(level) * statistics.stdev(demand)
      point = round(statistics.mean(demand) + spare)
      json.dump({"reorderPoint": point}, open("model.json", "w"))
      print("Data quality check passed. Starting model training...")
      print("::" + json.dumps({"outputs": {"reorderPoint": point}}) + "::")
`,
      outputs: { train: { exitCode: 0, vars: { reorderPoint: 18 } } },
    },
  ],
  run: (properties, context) => runScript(properties, context, pythonLanguage),
});
