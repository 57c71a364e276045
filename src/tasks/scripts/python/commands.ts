/** `scripts.python.Commands`: commands of the flow, run one after the other in one shell. */
import { z } from 'zod';
import { defineTask } from '../../../ports/task.ts';
import { runScript } from '../run-script.ts';
import {
  commandsProperty,
  pythonProperties,
  scriptDeclaration,
  processProperties,
  processRendering,
} from '../script-properties.ts';
import { pythonLanguage } from './python-language.ts';

/** Runs commands as a process, with Python and its packages at hand. */
export const pythonCommands = defineTask({
  ...scriptDeclaration,
  type: 'scripts.python.Commands',
  summary: 'Runs commands as a process, with Python and its packages at hand.',
  input: z.strictObject({ ...commandsProperty, ...processProperties, ...pythonProperties }),
  rendering: {
    ...processRendering,
    commands: 'raw',
    dependencyCacheEnabled: 'typed',
    uvAutoInstallEnabled: 'typed',
  },
  examples: [
    {
      title: 'Run a Python program that is laid into the folder',
      flow: `id: score-reviews
namespace: shop.reviews
tasks:
  - id: score
    type: scripts.python.Commands
    inputFiles:
      score.py: |
        import json, sys
        reviews = json.load(open("reviews.json"))
        good = sum(1 for one in reviews if one["stars"] >= int(sys.argv[1]))
        print("::" + json.dumps({"outputs": {"good": good, "all": len(reviews)}}) + "::")
      reviews.json: '[{"stars": 5}, {"stars": 2}, {"stars": 4}]'
    commands:
      - python3 score.py 4
`,
      outputs: { score: { exitCode: 0, vars: { good: 2, all: 3 } } },
    },
  ],
  run: (properties, context) => runScript(properties, context, pythonLanguage),
});
