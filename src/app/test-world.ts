/**
 * What a test runs in: a loop of its own over a store in memory and a folder that goes, with the flows,
 * pairs and namespace files of a tenant readable behind it and the policies in force asked.
 *
 * INVARIANT: nothing that a test writes reaches the tenant; what its policies decide is kept there.
 */
import { join } from 'node:path';
import { createFilesystemBlobs } from '../adapters/filesystem/filesystem-blobs.ts';
import { createFilesystemFolders } from '../adapters/filesystem/filesystem-folders.ts';
import { createMemoryStore } from '../adapters/memory/memory-store.ts';
import { createMemorySubjectKeys } from '../adapters/memory/memory-subject-keys.ts';
import { createSystemSealer } from '../adapters/system/system-sealer.ts';
import type { Blobs } from '../ports/blobs.ts';
import type { Store } from '../ports/store.ts';
import type { Stage } from '../core/governance/index.ts';
import { createRunDoor } from '../runtime/approvals/index.ts';
import { createCommitter } from '../runtime/committer/index.ts';
import type { KnownFlows } from '../runtime/flow-register/index.ts';
import { createTestDoor, type RefusedEffect } from '../runtime/flow-tests/index.ts';
import {
  createPlaces,
  createRunLoop,
  drainExecutions,
  type RunLoop,
  type RunLoopParts,
} from '../runtime/run-loop/index.ts';
import { createSubjectRegister } from '../runtime/subjects/index.ts';

/** What a test runs in. */
export interface TestWorld {
  readonly loop: RunLoop;
  /** Runs that would have acted outside and were refused. */
  readonly refused: readonly RefusedEffect[];
  close(): Promise<void>;
}

/** Under what a test runs. */
export interface TestTerms {
  /** True where whoever runs it says that it may act outside. */
  readonly mayAct: boolean;
  /** The stage of life that policy is told. */
  readonly stage: Stage;
}

/** Registers that hold for a test as for everything else. */
const sharedRegisters: ReadonlySet<string> = new Set(['kill-switch']);

const patienceMs = 2_000;

/** Returns a store in memory that reads from `behind` what it does not have itself. */
function storeOver(behind: Store): Store {
  const own = createMemoryStore(createSystemSealer());
  return {
    ...own,
    flow: async (...wanted) => (await own.flow(...wanted)) ?? behind.flow(...wanted),
    async keyValue(...place) {
      return (await own.keyValue(...place)) ?? behind.keyValue(...place);
    },
    async keyValues(...place) {
      const found = new Map<string, Awaited<ReturnType<Store['keyValues']>>[number]>();
      for (const store of [behind, own]) {
        for (const pair of await store.keyValues(...place)) found.set(pair.key, pair);
      }
      return [...found.values()].toSorted((a, b) => (a.key < b.key ? -1 : 1));
    },
    file: async (...place) => (await own.file(...place)) ?? behind.file(...place),
    async files(...owner) {
      const all = [...(await behind.files(...owner)), ...(await own.files(...owner))];
      const byUri = new Map(all.map((file) => [file.uri, file]));
      return [...byUri.values()].toSorted((a, b) => (a.uri < b.uri ? -1 : 1));
    },
    registerRecord: (id) => (sharedRegisters.has(id.kind) ? behind : own).registerRecord(id),
    registerRecords: (query) =>
      (sharedRegisters.has(query.kind) ? behind : own).registerRecords(query),
  };
}

/** Returns bytes of which those are read from `behind` that `own` does not have. */
function blobsOver(behind: Blobs, own: Blobs): Blobs {
  const holder = async (name: string): Promise<Blobs> => ((await own.exists(name)) ? own : behind);
  return {
    ...own,
    get: async (name) => (await holder(name)).get(name),
    localPath: async (name) => (await holder(name)).localPath(name),
    size: async (name) => (await holder(name)).size(name),
    exists: async (name) => (await own.exists(name)) || behind.exists(name),
    async list(prefix) {
      const all = [...(await own.list(prefix)), ...(await behind.list(prefix))];
      return [...new Set(all)].toSorted();
    },
  };
}

function partsOver(base: RunLoopParts, folder: string): RunLoopParts {
  // Its files are nobody's: what protects those of people has no part in them.
  const { fileProtection: _protection, approvals: _approvals, ...shared } = base;
  const store = storeOver(base.store);
  const committer = createCommitter(store);
  const { tenant, actor, cipher, clock, random } = base;
  return {
    ...shared,
    store,
    committer,
    blobs: blobsOver(base.blobs, createFilesystemBlobs(join(folder, 'files'))),
    folders: createFilesystemFolders(join(folder, 'work')),
    presence: { hasOthers: () => false, leave: () => undefined },
    places: createPlaces(),
    subjects: createSubjectRegister({
      tenant,
      actor,
      store,
      commit: (write) => committer.commit(write),
      keys: createMemorySubjectKeys(),
      cipher,
      clock,
      random,
    }),
  };
}

/** Returns what a test over the tenant of `base` runs in; close it after. */
export async function openTestWorld(
  base: RunLoopParts,
  { mayAct, stage }: TestTerms,
): Promise<TestWorld> {
  const id = `test-${base.random.id()}`;
  const folder = await base.folders.make(id);
  const own = partsOver(base, folder);
  if (base.approvals === undefined) throw new Error('bug: nobody decides about runs here');
  const { notices: _notices, ...kept } = base.approvals.parts;
  const flows: KnownFlows = {
    async find(name, revision) {
      const known = await kept.flows.find(name, revision);
      return { ...known, facts: { ...known.facts, stage } };
    },
  };
  const approvalParts = { ...kept, store: own.store, committer: own.committer, flows };
  const behind = createRunDoor(approvalParts);
  const test = createTestDoor(behind);
  const door = mayAct ? behind : test.door;
  const loop = createRunLoop({ ...own, approvals: { parts: approvalParts, door } });
  return {
    loop,
    refused: test.refused,
    async close() {
      await drainExecutions(loop, patienceMs);
      loop.close();
      await own.committer.idle();
      await own.store.close();
      await base.folders.remove(id);
    },
  };
}
