/**
 * The composition root: chooses the adapters for one data folder, wires them to the runtime and offers
 * the result as an `Application`. The only place that names concrete adapters.
 */
import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFilesystemBlobs } from '../adapters/filesystem/filesystem-blobs.ts';
import { createFilesystemPresence } from '../adapters/filesystem/filesystem-presence.ts';
import { createFilesystemFolders } from '../adapters/filesystem/filesystem-folders.ts';
import { createKeyFileSigner } from '../adapters/system/key-file-signer.ts';
import { systemHasher } from '../adapters/system/system-sealer.ts';
import { createEnvironmentSecrets } from '../adapters/system/environment-secrets.ts';
import { createGuardedFetch } from '../adapters/system/guarded-fetch.ts';
import { createKeyFileCipher } from '../adapters/system/key-file-cipher.ts';
import { createSystemClock } from '../adapters/system/system-clock.ts';
import { createSystemLeftProcesses } from '../adapters/system/system-left-processes.ts';
import { createSystemProcessRunner } from '../adapters/system/system-process-runner.ts';
import { createSystemRandom } from '../adapters/system/system-random.ts';
import { Failure } from '../core/failure/index.ts';
import type { TypeCatalogue } from '../core/flow/index.ts';
import { emptyMap, mapOf, type ValueMap } from '../core/value/index.ts';
import type { Store } from '../ports/store.ts';
import type { TaskRegistry } from '../ports/task-registry.ts';
import { createCommitter } from '../runtime/committer/index.ts';
import {
  createPlaces,
  createRunLoop,
  drainExecutions,
  type RunLoop,
  type RunLoopParts,
} from '../runtime/run-loop/index.ts';
import { fittingSigner, type LedgerParts, makeCheckpoint } from '../runtime/sealer/index.ts';
import { openStore } from './open-store.ts';
import type { Application, System } from './application.ts';
import { finishExchange } from './backup/exchange-folders.ts';
import { addTenant, mainTenant, tenantsOf } from './tenants.ts';
import { viewOf } from './tenant-view.ts';
import { createTaskRegistry, readTypeCatalogue } from './type-catalogue.ts';

/** How an application is made. */
export interface ApplicationOptions {
  readonly dataFolder: string;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Handle of who acts; stands in the ledger. */
  readonly actor?: string;
  /** Replaces the store of the data folder; for tests and measurements. */
  readonly store?: Store;
  /** Replace the task types of the product; for tests. */
  readonly taskTypes?: { readonly registry: TaskRegistry; readonly catalogue: TypeCatalogue };
}

/** Returns the variables of the environment that flows may read as `envs`. */
function flowEnvironment(environment: Readonly<Record<string, string | undefined>>): ValueMap {
  const envs = emptyMap();
  for (const [name, value] of Object.entries(environment)) {
    if (value === undefined) continue;
    const prefix = ['ENV_', 'KESTRA_'].find((one) => name.startsWith(one));
    if (prefix !== undefined) envs[name.slice(prefix.length).toLowerCase()] = value;
  }
  return envs;
}

/** Returns hosts and address ranges that tasks may reach although they are private. */
function privateHosts(
  environment: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  const text = environment['SLUICE_ALLOW_PRIVATE_HOSTS'] ?? '';
  return text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
}

/** Returns what `work` in the data folder gives; trouble of the file system is trouble with the store. */
function inDataFolder<T>(dataFolder: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (!(cause instanceof Error && 'syscall' in cause)) throw cause;
    throw new Failure('store.unreachable', `the data folder cannot be used: \`${dataFolder}\``, {
      cause,
      help: 'check that it is a folder that may be written, or name another with `--data`',
    });
  }
}

interface ApplicationParts extends RunLoopParts {
  readonly ledger: LedgerParts;
}

async function partsFor(options: ApplicationOptions): Promise<ApplicationParts> {
  const { dataFolder } = options;
  const environment = options.environment ?? process.env;
  inDataFolder(dataFolder, () => {
    finishExchange(dataFolder);
    mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
  });
  const store = options.store ?? (await openStore(dataFolder));
  const leftProcesses = createSystemLeftProcesses(join(dataFolder, 'process-groups'));
  const newest = (await store.checkpoints()).at(-1);
  const isFresh = newest === undefined;
  const mayMake = (): boolean => isFresh;
  const keyFile = createKeyFileSigner(join(dataFolder, 'ledger.key'), { mayMake });
  const signer = fittingSigner(systemHasher, keyFile, newest?.note);
  const cipher = createKeyFileCipher(join(dataFolder, 'encryption.key'), { mayMake });
  // Both keys are made at the first start: one that is missing later was lost and is not made anew.
  if (isFresh) cipher.encrypt('');
  const clock = createSystemClock();
  return {
    tenant: mainTenant,
    actor: options.actor ?? 'user:local',
    store,
    ledger: { store, hasher: systemHasher, signer, clock },
    committer: createCommitter({
      async commit(writes) {
        // What could not be signed after is not written.
        await signer.assertFits();
        return store.commit(writes);
      },
      get besideFrom() {
        return store.besideFrom;
      },
    }),
    blobs: createFilesystemBlobs(join(dataFolder, 'files')),
    presence: inDataFolder(dataFolder, () =>
      createFilesystemPresence(join(dataFolder, 'processes')),
    ),
    folders: createFilesystemFolders(join(tmpdir(), `sluice-${randomUUID()}`)),
    clock,
    random: createSystemRandom(),
    cipher,
    secrets: createEnvironmentSecrets(environment),
    processes: createSystemProcessRunner({ left: leftProcesses }),
    leftProcesses,
    fetch: createGuardedFetch({ allowPrivate: privateHosts(environment) }),
    places: createPlaces(),
    ...(options.taskTypes ?? { registry: createTaskRegistry(), catalogue: readTypeCatalogue() }),
    outer: {
      envs: flowEnvironment(environment),
      globals: emptyMap(),
      kestra: mapOf({ environment: mapOf({ name: 'local' }), url: '' }),
    },
    environment,
  };
}

/** Returns the system over the data folder of `options`. */
export async function openSystem(options: ApplicationOptions): Promise<System> {
  const parts = await partsFor(options);
  const { store, committer, clock, ledger } = parts;
  // Even a process that is killed at once leaves a ledger that can be verified.
  if ((await store.checkpoints()).length === 0) await makeCheckpoint(ledger);
  const commitsBefore = store.commitCount;
  const loops = new Map<string, RunLoop>();
  const loopOf = (tenant: string): RunLoop => {
    const known = loops.get(tenant);
    if (known !== undefined) return known;
    const loop = createRunLoop({ ...parts, tenant });
    loops.set(tenant, loop);
    return loop;
  };
  let isClosed = false;
  const close = async (): Promise<void> => {
    if (isClosed) return;
    isClosed = true;
    for (const loop of loops.values()) loop.close();
    await committer.idle();
    try {
      if (store.commitCount > commitsBefore) await makeCheckpoint(ledger);
    } finally {
      await store.close();
      parts.presence.leave();
      await parts.folders.remove('.');
    }
  };
  return {
    dataFolder: options.dataFolder,
    store,
    committer,
    clock,
    random: parts.random,
    digests: parts.cipher,
    view: ({ tenant, actor, isLocal }) =>
      viewOf(
        { dataFolder: options.dataFolder, loop: loopOf(tenant), ledger, close },
        { actor, ...(isLocal === true && { localFiles: 'all' as const }) },
      ),
    tenants: () => tenantsOf(store),
    addTenant: (id, actor) => addTenant({ store, committer, clock }, id, actor),
    async drain(patienceMs) {
      const drained = [...loops.values()].map((loop) => drainExecutions(loop, patienceMs));
      return (await Promise.all(drained)).every(Boolean);
    },
    close,
  };
}

/** Returns the tenant `main` of the data folder of `options`, as somebody at this machine sees it. */
export async function createApplication(options: ApplicationOptions): Promise<Application> {
  const system = await openSystem(options);
  const actor = options.actor ?? 'user:local';
  return system.view({ tenant: mainTenant, actor, isLocal: true });
}
