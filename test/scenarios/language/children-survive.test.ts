/**
 * Tests of executions that executions start, when the process ends in between: what was started is
 * found again, nothing is started twice, every end is heard.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openSqliteStore } from '../../../src/adapters/sqlite/sqlite-store.ts';
import { createSystemSealer } from '../../../src/adapters/system/system-sealer.ts';
import { createApplication } from '../../../src/app/create-application.ts';
import { losingStore } from '../../support/losing-store.ts';
import { createFlowWorld } from '../../support/run-flow.ts';

const child =
  'id: child\nnamespace: shop.orders\ntasks:\n  - {id: step, type: core.flow.Sleep, duration: PT0.005S}\n';
const head = 'id: parent\nnamespace: shop.orders\ntasks:\n';

const parents = {
  Subflow: `${head}  - {id: call, type: core.flow.Subflow, namespace: shop.orders, flowId: child}\n`,
  Loop: `${head}  - id: call
    type: core.flow.Loop
    values: [1, 2, 3, 4]
    concurrencyLimit: 2
    tasks:
      - {id: step, type: core.flow.Sleep, duration: PT0.005S}
`,
  ForEachItem: `${head}  - {id: rows, type: core.storage.Write, content: "a\\nb\\nc\\nd\\n"}
  - {id: call, type: core.flow.ForEachItem, items: "{{ outputs.rows.uri }}", namespace: shop.orders, flowId: child}
`,
};
const childrenOf = { Subflow: 1, Loop: 4, ForEachItem: 4 };

const besidePause = `id: parent
namespace: shop.orders
tasks:
  - id: both
    type: core.flow.Parallel
    tasks:
      - {id: hold, type: core.flow.Pause}
      - {id: call, type: core.flow.Subflow, namespace: shop.orders, flowId: child}
      - {id: work, type: core.flow.Sleep, duration: PT0.01S}
  - {id: last, type: core.debug.Return, format: done}
`;

async function runUntilLost(folder: string, flow: string, commits: number): Promise<void> {
  const first = await createApplication({ dataFolder: folder, environment: {} });
  await first.saveFlow(child, 'child.yaml');
  await first.saveFlow(flow, 'parent.yaml');
  await first.close();
  const store = await openSqliteStore({
    sealer: createSystemSealer(),
    path: join(folder, 'sluice.db'),
  });
  const application = await createApplication({
    dataFolder: folder,
    environment: {},
    store: losingStore(store, commits),
  });
  const order = { namespace: 'shop.orders', flowId: 'parent', inputs: {} };
  await application
    .start(order)
    .then((id) => application.rest(id))
    .catch(() => undefined);
  await application.close().catch(() => undefined);
}

test.each(Object.keys(parents) as (keyof typeof parents)[])(
  'the executions of a %s are started once, after whichever write the process ends [children.survive]',
  { timeout: 20_000 },
  async (type) => {
    let unfinished = 0;
    for (let commits = 1; ; commits += 1) {
      const folder = await mkdtemp(join(tmpdir(), 'sluice-lost-'));
      await runUntilLost(folder, parents[type], commits);
      const application = await createApplication({ dataFolder: folder, environment: {} });
      const taken = await application.recover();
      if (taken.length > 0) unfinished += 1;
      const [parent] = await application.executions({ flowId: 'parent', limit: 50 });
      const top = (await application.executions({ limit: 50 })).find(
        (one) => one.causedBy === null,
      );
      const document = await application.rest(String((top ?? parent)?.id));
      const all = await application.executions({ limit: 50 });
      await application.close();
      await rm(folder, { recursive: true, force: true });
      expect([commits, document.state.current]).toEqual([commits, 'SUCCESS']);
      expect([commits, all.length]).toEqual([commits, childrenOf[type] + 1]);
      expect(all.every((one) => one.state === 'SUCCESS')).toBe(true);
      if (taken.length === 0) break;
    }
    expect(unfinished).toBeGreaterThan(3);
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

test('what runs beside a pause goes on, after whichever write the process ends [children.beside-pause]', async () => {
  let isFound = 0;
  for (let commits = 1; ; commits += 1) {
    const folder = await mkdtemp(join(tmpdir(), 'sluice-lost-'));
    await runUntilLost(folder, besidePause, commits);
    const application = await createApplication({ dataFolder: folder, environment: {} });
    await application.recover();
    const [parent] = await application.executions({ flowId: 'parent', limit: 5 });
    const id = String(parent?.id);
    const document = await application.rest(id);
    const states = ['hold', 'call', 'work'].map(
      (taskId) => document.taskRunList.find((run) => run.taskId === taskId)?.state.current,
    );
    expect([commits, document.state.current]).toEqual([commits, 'PAUSED']);
    expect([commits, ...states]).toEqual([commits, 'PAUSED', 'SUCCESS', 'SUCCESS']);
    await application.resume(id, {});
    expect([commits, (await application.rest(id)).state.current]).toEqual([commits, 'SUCCESS']);
    const all = await application.executions({ flowId: 'child', limit: 5 });
    await application.close();
    await rm(folder, { recursive: true, force: true });
    expect([commits, all.length]).toEqual([commits, 1]);
    isFound += 1;
    if (commits > 14) break;
  }
  expect(isFound).toBe(15);
}, 20_000);
