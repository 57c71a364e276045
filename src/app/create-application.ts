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
import { createSqliteSubjectKeys } from '../adapters/sqlite/sqlite-subject-keys.ts';
import { openSqliteStore } from '../adapters/sqlite/sqlite-store.ts';
import { createKeyFileSigner } from '../adapters/system/key-file-signer.ts';
import { createSystemSealer, systemHasher } from '../adapters/system/system-sealer.ts';
import { createEnvironmentSecrets } from '../adapters/system/environment-secrets.ts';
import { createGuardedFetch } from '../adapters/system/guarded-fetch.ts';
import { createKeyFileCipher } from '../adapters/system/key-file-cipher.ts';
import { createSystemClock } from '../adapters/system/system-clock.ts';
import { createSystemProcessRunner } from '../adapters/system/system-process-runner.ts';
import { createSystemRandom } from '../adapters/system/system-random.ts';
import { compileTemplate } from '../core/expression/index.ts';
import { Failure } from '../core/failure/index.ts';
import { parseFlow } from '../core/flow/index.ts';
import { emptyMap, encodeValue, mapOf, type ValueMap } from '../core/value/index.ts';
import type { FlowRecord, Store } from '../ports/store.ts';
import { createCommitter } from '../runtime/committer/index.ts';
import { createExecutionFiles, parseUri } from '../runtime/files/index.ts';
import {
  createRunLoop,
  fileParts,
  killExecution,
  pauseExecution,
  recoverExecutions,
  namespaceFilesOf,
  pairsOf,
  replayExecution,
  restartExecution,
  resumeExecution,
  type RunLoop,
  type RunLoopParts,
  startExecution,
  untilPromotedRest,
  untilRest,
} from '../runtime/run-loop/index.ts';
import { type LedgerParts, makeCheckpoint } from '../runtime/sealer/index.ts';
import {
  createProtectedBlobs,
  createProtectedStore,
  createSubjectRegister,
  createVault,
} from '../runtime/subjects/index.ts';
import type { SubjectKeys } from '../ports/subject-keys.ts';
import type { Application, SavedFlow } from './application.ts';
import { readDocument } from './documents.ts';
import { createLedgerDesk } from './ledger-desk.ts';
import { createTaskRegistry, readTypeCatalogue } from './type-catalogue.ts';

/** How an application is made. */
export interface ApplicationOptions {
  readonly dataFolder: string;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Handle of who acts; stands in the ledger. */
  readonly actor?: string;
  /** Replaces the store of the data folder; for tests and measurements. */
  readonly store?: Store;
}

const tenant = 'main';

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

/** What an application is made of, and what of it is not for the run loop. */
interface ApplicationParts {
  readonly parts: RunLoopParts;
  /** The store below the protection of values: what is verified, and erased from. */
  readonly sealedStore: Store;
  readonly subjectKeys: SubjectKeys;
}

async function partsFor(options: ApplicationOptions): Promise<ApplicationParts> {
  const { dataFolder } = options;
  const environment = options.environment ?? process.env;
  inDataFolder(dataFolder, () => mkdirSync(dataFolder, { recursive: true, mode: 0o700 }));
  const sealedStore =
    options.store ??
    (await openSqliteStore({ sealer: createSystemSealer(), path: join(dataFolder, 'sluice.db') }));
  const actor = options.actor ?? 'user:local';
  const clock = createSystemClock();
  const random = createSystemRandom();
  const cipher = createKeyFileCipher(join(dataFolder, 'encryption.key'));
  const folders = createFilesystemFolders(join(tmpdir(), `sluice-${randomUUID()}`));
  const subjectKeys = createSqliteSubjectKeys(join(dataFolder, 'subjects.db'), cipher);
  const vault = createVault(subjectKeys, cipher);
  const store = createProtectedStore(sealedStore, vault, tenant);
  const committer = createCommitter(store);
  const { blobs, protection } = createProtectedBlobs(
    createFilesystemBlobs(join(dataFolder, 'files')),
    folders,
    vault,
  );
  const parts: RunLoopParts = {
    tenant,
    actor,
    store,
    committer,
    blobs,
    fileProtection: protection,
    subjects: createSubjectRegister({
      tenant,
      actor,
      store,
      commit: (write) => committer.commit(write),
      keys: subjectKeys,
      cipher,
      clock,
      random,
    }),
    presence: inDataFolder(dataFolder, () =>
      createFilesystemPresence(join(dataFolder, 'processes')),
    ),
    folders,
    clock,
    random,
    cipher,
    secrets: createEnvironmentSecrets(environment),
    processes: createSystemProcessRunner(),
    fetch: createGuardedFetch({ allowPrivate: privateHosts(environment) }),
    registry: createTaskRegistry(),
    catalogue: readTypeCatalogue(),
    outer: {
      envs: flowEnvironment(environment),
      globals: emptyMap(),
      kestra: mapOf({ environment: mapOf({ name: 'local' }), url: '' }),
    },
    environment,
  };
  return { parts, sealedStore, subjectKeys };
}

async function saveFlow(parts: RunLoopParts, source: string, file: string): Promise<SavedFlow> {
  const { flow, diagnostics } = parseFlow(source, {
    file,
    catalogue: parts.catalogue,
    compile: compileTemplate,
  });
  if (flow === undefined) {
    const count = diagnostics.filter((one) => one.severity === 'error').length;
    throw new Failure(
      'flow.invalid',
      `\`${file}\` has ${count} ${count === 1 ? 'error' : 'errors'}`,
      {
        details: { diagnostics },
      },
    );
  }
  const warnings = diagnostics.filter((one) => one.severity === 'warning');
  const revisions = await parts.store.flowRevisions(tenant, flow.namespace, flow.id);
  const newest = revisions.toSorted((a, b) => a.revision - b.revision).at(-1);
  if (newest !== undefined && !newest.isDeleted && newest.source === source) {
    return { flow, revision: newest.revision, isChanged: false, warnings };
  }
  const record: FlowRecord = {
    tenant,
    namespace: flow.namespace,
    id: flow.id,
    revision: (newest?.revision ?? 0) + 1,
    source,
    isDeleted: false,
    at: parts.clock.now(),
  };
  await parts.committer.commit({
    entries: [
      {
        tenant,
        at: record.at,
        stream: `flow:${flow.namespace}/${flow.id}`,
        type: 'flow-saved',
        actor: parts.actor,
        payload: encodeValue({
          namespace: flow.namespace,
          id: flow.id,
          revision: record.revision,
          source: parts.cipher.digest(source),
        }),
      },
    ],
    flows: [record],
  });
  return { flow, revision: record.revision, isChanged: true, warnings };
}

async function readFile(parts: RunLoopParts, uri: string): Promise<Uint8Array> {
  const match = /^(.*)\/([^/]+)\/executions\/([^/]+)\//.exec(parseUri(uri, ''));
  const files = createExecutionFiles({
    ...fileParts(parts),
    place: {
      namespace: (match?.[1] ?? '').replaceAll('/', '.'),
      flowId: match?.[2] ?? '',
      executionId: match?.[3] ?? '',
    },
    folder: '',
  });
  return files.read(uri);
}

/** How long a timer may still have to go for `rest` to wait for it, when nobody says otherwise. */
const patienceDefaultMs = 60_000;

async function documentOf(loop: RunLoop, id: string) {
  const document = await readDocument(loop.parts.store, tenant, id);
  if (document === undefined) {
    throw new Failure('execution.not-found', `there is no execution \`${id}\``);
  }
  return document;
}

const endedWithinMs = 10_000;
const lookEveryMs = 50;

/** Waits until the process that has an execution in hand has stopped it. */
async function endedElsewhere({ store, clock }: RunLoopParts, id: string): Promise<void> {
  const until = clock.now() + endedWithinMs;
  for (;;) {
    const record = await store.execution(tenant, id);
    if (record?.state !== 'KILLING' || clock.now() > until) return;
    await new Promise<void>((resolve) => {
      clock.wakeAt(clock.now() + lookEveryMs, resolve);
    });
  }
}

/** Returns the system over the data folder of `options`. */
export async function createApplication(options: ApplicationOptions): Promise<Application> {
  const { parts, sealedStore, subjectKeys } = await partsFor(options);
  const { store, actor } = parts;
  const ledger: LedgerParts = {
    store: sealedStore,
    hasher: systemHasher,
    signer: createKeyFileSigner(join(options.dataFolder, 'ledger.key')),
    clock: parts.clock,
  };
  // Even a process that is killed at once leaves a ledger that can be verified.
  if ((await store.checkpoints()).length === 0) await makeCheckpoint(ledger);
  const commitsBefore = store.commitCount;
  let isClosed = false;
  const loop = createRunLoop(parts);
  return {
    dataFolder: options.dataFolder,
    catalogue: parts.catalogue,
    saveFlow: (source, file) => saveFlow(parts, source, file),
    flows: (namespace) => store.flows(tenant, namespace),
    flow: (namespace, id, revision) => store.flow(tenant, namespace, id, revision),
    flowRevisions: (namespace, id) => store.flowRevisions(tenant, namespace, id),
    start: (request) => startExecution(loop, { ...request, isFromPerson: true }),
    async rest(id, rest = {}) {
      await untilRest(loop, id, { timerPatienceMs: rest.timerPatienceMs ?? patienceDefaultMs });
      return documentOf(loop, id);
    },
    restPromoted: () => untilPromotedRest(loop, { timerPatienceMs: patienceDefaultMs }),
    execution: (id) => readDocument(store, tenant, id),
    executions: (query) => store.executions({ ...query, tenant }),
    logs: (query) => store.logs({ ...query, tenant }),
    resume: (id, inputs) => resumeExecution(loop, id, inputs, { by: actor, isPerson: true }),
    pause: (id) => pauseExecution(loop, id, actor),
    async kill(id) {
      await killExecution(loop, id, actor);
      if (parts.presence.hasOthers()) await endedElsewhere(parts, id);
    },
    restart: (id, more = {}) => restartExecution(loop, id, actor, more.revision),
    replay: (id, more = {}) => replayExecution(loop, id, more),
    async recover() {
      if (parts.presence.hasOthers()) {
        throw new Failure('store.locked', 'another process works on the data folder', {
          help: 'what is unfinished is in its hands; try again when it has ended',
        });
      }
      return recoverExecutions(loop);
    },
    keyValues: (namespace) => pairsOf(parts, namespace),
    namespaceFiles: (namespace) => namespaceFilesOf(parts, namespace),
    readFile: (uri) => readFile(parts, uri),
    ledger: createLedgerDesk(ledger, tenant),
    follow: (listener) => loop.followers.add(listener),
    async close() {
      if (isClosed) return;
      isClosed = true;
      loop.close();
      await parts.committer.idle();
      try {
        if (store.commitCount > commitsBefore) await makeCheckpoint(ledger);
      } finally {
        await store.close();
        subjectKeys.close();
        parts.presence.leave();
        await parts.folders.remove('.');
      }
    },
  };
}
