/**
 * Tests of executions that executions start, when the process ends in between: what was started is
 * found again, nothing is started twice, every end is heard.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createFlowWorld } from '../../support/run-flow.ts';

const child =
  'id: child\nnamespace: shop.orders\ntasks:\n  - {id: step, type: core.flow.Sleep, duration: PT0.03S}\n';
const head = 'id: parent\nnamespace: shop.orders\ntasks:\n';

const parents = {
  Subflow: `${head}  - {id: call, type: core.flow.Subflow, namespace: shop.orders, flowId: child}\n`,
  Loop: `${head}  - id: call
    type: core.flow.Loop
    values: [1, 2, 3, 4]
    concurrencyLimit: 2
    tasks:
      - {id: step, type: core.flow.Sleep, duration: PT0.03S}
`,
  ForEachItem: `${head}  - {id: rows, type: core.storage.Write, content: "a\\nb\\nc\\nd\\n"}
  - {id: call, type: core.flow.ForEachItem, items: "{{ outputs.rows.uri }}", namespace: shop.orders, flowId: child}
`,
};
const childrenOf = { Subflow: 1, Loop: 4, ForEachItem: 4 };

test.each(Object.keys(parents) as (keyof typeof parents)[])(
  'the executions of a %s are started once, whenever the process ends [children.survive]',
  async (type) => {
    for (const afterMs of [1, 12, 25, 45]) {
      const world = await createFlowWorld();
      await world.save(child);
      await world.save(parents[type]);
      const id = await world.application.start({
        namespace: 'shop.orders',
        flowId: 'parent',
        inputs: {},
      });
      await wait(afterMs);
      const again = await world.reopen();
      await again.application.recover();
      const result = await again.rest(id);
      expect([afterMs, result.state]).toEqual([afterMs, 'SUCCESS']);
      const all = await again.application.executions({ limit: 50 });
      expect(all).toHaveLength(childrenOf[type] + 1);
      expect(all.every((one) => one.state === 'SUCCESS')).toBe(true);
    }
  },
);

test('an execution that was repeated is not repeated again when it is read [children.repeated-once]', async () => {
  const world = await createFlowWorld();
  const result = await world.run(`id: repeated
namespace: shop.orders
retry: {type: constant, interval: PT0.01S, maxAttempts: 2, behavior: CREATE_NEW_EXECUTION}
tasks:
  - {id: broken, type: core.execution.Fail}
`);
  expect(result.state).toBe('RETRIED');
  await wait(80);
  const again = await world.reopen();
  await expect(again.application.resume(result.document.id, {})).rejects.toMatchObject({
    code: 'execution.wrong-state',
  });
  await wait(50);
  const all = await again.application.executions({ limit: 50 });
  expect(all.map((one) => one.state).toSorted()).toEqual(['FAILED', 'RETRIED']);
});
