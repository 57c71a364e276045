/** Tests of `scripts.node.Script`. */
import { expect, test } from 'vitest';
import { taskContract } from '../../../../test/contract/task.contract.ts';
import { createTaskWorld } from '../../../../test/support/task-world.ts';
import { nodeScript } from './script.ts';

taskContract(nodeScript, {
  valid: { script: 'console.log("order 812")' },
  waiting: { script: 'setTimeout(() => {}, 60_000)' },
  failing: [
    {
      title: 'when the script throws',
      properties: { script: 'throw new Error("no")' },
      code: 'process.exited',
    },
  ],
});

test('runs sources of either module form', async () => {
  const world = createTaskWorld();
  const inputFiles = { 'rules.json': '{"most": 3}' };
  await world.run(nodeScript, {
    inputFiles,
    script: 'const { most } = require("./rules.json"); console.log("require", most);',
  });
  await world.run(nodeScript, {
    inputFiles,
    script:
      'import { readFileSync } from "node:fs";\nconsole.log("import", readFileSync("rules.json", "utf8").length);',
  });
  const said = world.logs.filter((one) => /^(require|import) /.test(one.message));
  expect(said.map((one) => one.message)).toEqual(['require 3', 'import 11']);
});
