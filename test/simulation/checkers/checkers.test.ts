/** Each checker notices the defect it is for: a defect is planted, in the product's place, and it speaks. */
import { describe, expect, test } from 'vitest';
import { createMemoryStore } from '../../../src/adapters/memory/memory-store.ts';
import { readTypeCatalogue } from '../../../src/app/type-catalogue.ts';
import {
  encodeEvent,
  type ExecutionCreated,
  type ExecutionEvent,
} from '../../../src/core/engine/index.ts';
import type { Store, Write } from '../../../src/ports/store.ts';
import { createMemoryDisk, createSeededSealer, type Disk } from '../disk.ts';
import { runSeed } from '../exhaust.ts';
import { noFaults, oneFault } from '../faults.ts';
import { starts } from '../people.ts';
import { scenarioOf } from '../scenarios.ts';
import { simulate, type SimulationOptions } from '../simulation.ts';
import { World } from '../world.ts';
import { blankFor, flowsOf } from './fold.ts';
import { TrackedExecution } from './tracked-execution.ts';

const crash = oneFault({ at: 'commit', count: 2, fault: 'crash-after' });

async function troubleOf(
  name: string,
  options: SimulationOptions,
  faults = noFaults,
): Promise<string> {
  const { troubles } = await simulate(scenarioOf(name), faults, options);
  return troubles[0] ?? 'nothing was noticed';
}

/** Returns a disk whose store does `commit` in place of its own. */
function diskWith(commit: (store: Store, writes: readonly Write[]) => ReturnType<Store['commit']>) {
  return createMemoryDisk((store) => ({ ...store, commit: (writes) => commit(store, writes) }));
}

/** Returns a world in which `name` has run to its end. */
async function endedWorld(name: string): Promise<World> {
  const disk = createMemoryDisk();
  await simulate(scenarioOf(name), noFaults, { disk });
  const world = new World(noFaults, disk, { seed: 0, isTraced: false, defects: {} });
  await world.watcher.committed([]);
  world.watcher.troubles.length = 0;
  return world;
}

describe('the checkers notice', () => {
  test('a store that drops an entry', async () => {
    const disk = diskWith((store, writes) =>
      store.commit(writes.map((one) => ({ ...one, entries: one.entries.slice(0, 1) }))),
    );
    expect(await troubleOf('sequential', { disk })).toMatch(/a commit of 2 entries left 1/);
  });

  test('a decision whose record is not written with it, and a use that is not noted', async () => {
    const forgetting = (type: string) =>
      diskWith((store, writes) =>
        store.commit(
          writes.map((one) =>
            one.entries.some((entry) => entry.type === type)
              ? { ...one, registerRecords: [] }
              : one,
          ),
        ),
      );
    expect(await troubleOf('approval', { disk: forgetting('approval-closed') })).toMatch(
      /is open, and nobody waits for it/,
    );
    expect(await troubleOf('approval', { disk: forgetting('approval-opened') })).toMatch(
      /waits for the approval .* which is not on the disk/,
    );
    expect(await troubleOf('approval', { disk: forgetting('approval-used') })).toMatch(
      /had an effect under .* which is granted/,
    );
  });

  test('a store that keeps entries and forgets what is read of them', async () => {
    for (const part of ['executions', 'taskRuns', 'setTimers'] as const) {
      const disk = diskWith((store, writes) =>
        store.commit(writes.map((one) => ({ ...one, [part]: [] }))),
      );
      expect(await troubleOf('pause', { disk })).toMatch(/is not stored|has the timers/);
    }
  });

  test('a store that answers before what it was given is durable', async () => {
    const given: (readonly Write[])[] = [];
    let store = createMemoryStore(createSeededSealer('a'));
    const disk: Disk = {
      store: () => ({
        ...store,
        commit: (writes) => {
          if (writes.length > 0) given.push(writes);
          return store.commit(writes);
        },
      }),
      canTear: false,
      remove: async () => undefined,
      async crash() {
        store = createMemoryStore(createSeededSealer('a'));
        for (const writes of given.slice(0, -1)) await store.commit(writes);
      },
    };
    expect(await troubleOf('sequential', { disk }, crash)).toMatch(/were on the disk/);
  });

  test('a commit that fails half-way and leaves something behind', async () => {
    const disk = diskWith(async (store, writes) => {
      for (const write of writes) await store.commit([write]);
      return store.commit([]);
    });
    const torn = oneFault({ at: 'commit', count: 2, fault: 'tear' });
    expect(await troubleOf('sequential', { disk }, torn)).toMatch(/a commit of 0 entries left 3/);
  });

  test('a ledger of which an entry was changed', async () => {
    const disk = createMemoryDisk((store) => ({
      ...store,
      sealedEntries: async (...args) =>
        (await store.sealedEntries(...args)).map((one) =>
          one.seq === 2 ? { ...one, payload: Buffer.from('{}') } : one,
        ),
    }));
    expect(await troubleOf('sequential', { disk }, crash)).toMatch(/does not verify/);
  });

  test('a run loop that performs before it commits', async () => {
    const eager = (store: Store) => ({
      commit: async (write: Write) => {
        setImmediate(() => void store.commit([write]));
      },
      idle: async () => undefined,
    });
    const told = await troubleOf('external', { defects: { committer: eager } });
    expect(told).toMatch(/before its intent was durable|no durable execution ordered it|is lost/);
  });

  test('an effect that arrives twice although it may not be repeated', async () => {
    const deliver = (effect: object) => [effect, effect] as never;
    expect(await troubleOf('external', { defects: { deliver } })).toMatch(/was sent twice/);
  });

  test('one effect under two keys', async () => {
    let count = 0;
    const deliver = (effect: object) => {
      count += 1;
      return [{ ...effect, key: `key ${count}` }] as never;
    };
    expect(await troubleOf('retry', { defects: { deliver } })).toMatch(/under two keys/);
  });

  test('provenance that gets lost on the way', async () => {
    const { finding } = await runSeed(1, scenarioOf('sequential'), {
      defects: { trustsOutside: true },
    });
    expect(finding?.trouble).toMatch(/ends otherwise/);
  });

  test('an execution that does not end', async () => {
    const lonely = { ...scenarioOf('pause'), people: [starts('pause')] };
    const { troubles } = await simulate(lonely, noFaults);
    expect(troubles[0]).toMatch(/it does not end: pause .* is PAUSED/);
  });

  test('an effect after the end of its execution', async () => {
    const { watcher } = await endedWorld('errors');
    const [effect] = watcher.effects;
    expect(effect).toBeUndefined();
    const [{ id, execution }] = [...watcher.executions.values()] as never as [
      { id: string; execution: { runs: { id: string; task: { id: string } }[] } },
    ];
    const run = execution.runs.find(({ task }) => task.id === 'bad');
    watcher.performed({
      kind: 'book',
      executionId: id,
      taskRunId: run?.id ?? '',
      taskId: 'bad',
      value: '',
      attempt: 1,
      key: run?.id ?? '',
    });
    expect(watcher.troubles[0]).toMatch(/although the run had ended durably/);
  });

  test('an ended execution that moves', async () => {
    const { watcher } = await endedWorld('sequential');
    const [tracked] = watcher.executions.values();
    tracked!.execution.histories.push({ state: 'RUNNING', at: 1 });
    expect(tracked!.take([])).toMatch(/moved after its end/);
  });

  test('more at once than a limit allows', async () => {
    const { watcher } = await endedWorld('queue');
    for (const { execution } of watcher.executions.values()) execution.holdsSlot = true;
    await watcher.committed([]);
    expect(watcher.troubles[0]).toMatch(/hold a slot, but its limit is 1/);
    const lanes = await endedWorld('for-each');
    const [tracked] = lanes.watcher.executions.values();
    for (const run of tracked!.execution.runs) run.state = 'RUNNING';
    expect(new TrackedExecution(tracked!.execution).take([])).toMatch(
      /3 lanes of each run, but its limit is 2/,
    );
  });

  test('an execution that asked for something and would not be found', async () => {
    const paused = await endedWorld('pause');
    const [tracked] = paused.watcher.executions.values();
    const execution = await blankFor(
      flowsOf(paused.disk.store(), readTypeCatalogue()),
      tracked!.events[0] as ExecutionCreated,
    );
    // It does not note what it waits for.
    execution.awaited.add = () => execution.awaited;
    const twin = new TrackedExecution(execution);
    const at = tracked!.events.findIndex(({ type }) => type === 'execution-resumed');
    expect(twin.take(tracked!.events.slice(0, at))).toBeUndefined();
    const lost = { type: 'child-started', at: 1, taskRunId: 'gone', index: 0, executionId: 'c1' };
    expect(twin.take([lost as ExecutionEvent])).toMatch(/would not be found, but kill-child/);
  });

  test('a child that nobody ordered, and one that was ordered once and started twice', async () => {
    const world = await endedWorld('subflow');
    const { watcher, disk } = world;
    const child = [...watcher.executions.values()].find(({ execution }) => execution.causedBy);
    const created = child!.events[0] as never;
    const start = async (executionId: string, more: object): Promise<void> => {
      const event = Object.assign({}, created, { executionId }, more);
      const entry = {
        tenant: 'main',
        at: 1,
        stream: `execution:${executionId}`,
        type: 'execution-created',
        actor: 'x',
        payload: encodeEvent(event),
      };
      await disk.store().commit([{ entries: [entry] }]);
      await watcher.committed([{ entries: [entry] }]);
    };
    const causedBy = { ...child!.execution.causedBy, index: 7 };
    await start('unordered', { causedBy });
    expect(watcher.troubles.join()).toMatch(/unordered was started, but no durable event/);
    await start('twin', { causedBy });
    expect(watcher.troubles.join()).toMatch(/twin and unordered have one cause/);
  });

  test('something acknowledged that is not there', async () => {
    const { watcher } = await endedWorld('sequential');
    watcher.promised({ what: 'the start of x', executionId: 'x', isKept: () => false });
    expect(watcher.troubles).toEqual(['the start of x was acknowledged and is lost']);
  });
});
