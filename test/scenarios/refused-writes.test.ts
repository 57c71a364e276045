/**
 * A store that refuses what a task itself writes (a pair, a file) is trouble with the store and no
 * outcome of the task: nothing goes on, and the next process makes the attempt again.
 */
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openSqliteStore } from '../../src/adapters/sqlite/sqlite-store.ts';
import { createSystemSealer } from '../../src/adapters/system/system-sealer.ts';
import { createApplication } from '../../src/app/create-application.ts';
import { Failure } from '../../src/core/failure/index.ts';
import type { Store, Write } from '../../src/ports/store.ts';
import { createFlowWorld } from '../support/run-flow.ts';

const flows = {
  pair: 'type: core.kv.Set\n    key: basket\n    value: three',
  file: 'type: core.storage.Write\n    content: three',
};

/** Returns `store` refusing the first write for which `isRefused` holds. */
function refusing(store: Store, isRefused: (write: Write) => boolean): Store {
  let hasRefused = false;
  return {
    ...store,
    async commit(writes) {
      if (!hasRefused && writes.some(isRefused)) {
        hasRefused = true;
        throw new Failure('store.unreachable', 'the disk is gone');
      }
      return store.commit(writes);
    },
    get commitCount() {
      return store.commitCount;
    },
  };
}

test.each([
  ['pair', ({ keyValues = [] }: Write) => keyValues.length > 0],
  ['file', ({ files = [] }: Write) => files.length > 0],
] as const)('a %s that the store refuses fails no task', async (kind, isRefused) => {
  const world = await createFlowWorld();
  await world.save(`id: keeps
namespace: shop
tasks:
  - id: keep
    ${flows[kind]}
  - id: after
    type: core.debug.Return
    format: done
`);
  await world.application.close();
  const dataFolder = join(world.folder, '.sluice');
  const open = (): Promise<Store> =>
    openSqliteStore({ sealer: createSystemSealer(), path: join(dataFolder, 'sluice.db') });
  const store = refusing(await open(), isRefused);
  const first = await createApplication({ dataFolder, environment: {}, store });
  const id = await first.start({ namespace: 'shop', flowId: 'keeps', inputs: {} });
  await expect(first.rest(id)).rejects.toMatchObject({ code: 'store.unreachable' });
  await first.close().catch(() => undefined);

  const second = await createApplication({ dataFolder, environment: {}, store: await open() });
  onTestFinished(() => second.close());
  expect((await second.execution(id))?.state.current).toBe('RUNNING');
  await second.recover();
  const document = await second.rest(id);
  expect(document.state.current).toBe('SUCCESS');
  expect(document.taskRunList.map(({ state }) => state.current)).toEqual(['SUCCESS', 'SUCCESS']);
});
