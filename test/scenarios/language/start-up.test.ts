/**
 * Start-up: what an application reads when it opens and recovers does not grow with what waits. Rows
 * are counted and not milliseconds, so that the test says the same on every machine.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openSqliteStore } from '../../../src/adapters/sqlite/sqlite-store.ts';
import { createSystemSealer } from '../../../src/adapters/system/system-sealer.ts';
import { createApplication } from '../../../src/app/create-application.ts';
import type { Store } from '../../../src/ports/store.ts';

const flows = [
  'id: paused\nnamespace: demo\ntasks:\n  - { id: wait, type: core.flow.Pause }\n',
  'id: timed\nnamespace: demo\ntasks:\n  - { id: wait, type: core.flow.Pause, pauseDuration: PT1H }\n',
  'id: queued\nnamespace: demo\nconcurrency: { limit: 1 }\ntasks:\n  - { id: wait, type: core.flow.Pause }\n',
];

/** Returns `store`, which counts the rows that it gives. */
function counting(store: Store): { readonly store: Store; readonly rows: () => number } {
  let rows = 0;
  const counted = new Proxy(store, {
    get(target, name) {
      const member = Reflect.get(target, name) as unknown;
      if (typeof member !== 'function') return member;
      return async (...args: unknown[]) => {
        const answer: unknown = await member.apply(target, args);
        rows += Array.isArray(answer) ? answer.length : 1;
        return answer;
      };
    },
  });
  return { store: counted, rows: () => rows };
}

async function openSqlite(folder: string): Promise<Store> {
  return openSqliteStore({ sealer: createSystemSealer(), path: join(folder, 'sluice.db') });
}

/** Returns how many rows opening and recovering read with `count` waiting executions of each kind. */
async function rowsRead(count: number): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-start-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const before = await createApplication({ dataFolder: folder, environment: {} });
  for (const flow of flows) await before.saveFlow(flow, 'flow.yaml');
  for (let at = 0; at < count; at += 1) {
    for (const flowId of ['paused', 'timed', 'queued']) {
      const id = await before.start({ namespace: 'demo', flowId, inputs: {} });
      await before.rest(id, { timerPatienceMs: 0 });
    }
  }
  await before.close();
  const { store, rows } = counting(await openSqlite(folder));
  const after = await createApplication({ dataFolder: folder, environment: {}, store });
  expect(await after.recover()).toEqual([]);
  const read = rows();
  const states = await after.executions({ limit: 3 * count + 1 });
  expect(Map.groupBy(states, (one) => one.state).get('QUEUED')).toHaveLength(count - 1);
  await after.close();
  return read;
}

test('opening and recovering reads as many rows beside many waiting executions as beside few [recovery.start-up]', async () => {
  const few = await rowsRead(101);
  expect(await rowsRead(300)).toBe(few);
});
