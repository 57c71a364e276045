/**
 * The composition root: chooses the adapters for one data folder, wires them to the runtime and offers
 * the result as an `Application`. The only place that names concrete adapters.
 */
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createFilesystemBlobs } from '../adapters/filesystem/filesystem-blobs.ts';
import { createFilesystemNotebook } from '../adapters/filesystem/filesystem-notebook.ts';
import { createFilesystemPresence } from '../adapters/filesystem/filesystem-presence.ts';
import { createFilesystemFolders } from '../adapters/filesystem/filesystem-folders.ts';
import { createSmtpMailer, type SmtpMailerOptions } from '../adapters/smtp/smtp-mailer.ts';
import { createSqliteSubjectKeys } from '../adapters/sqlite/sqlite-subject-keys.ts';
import { createKeyFileSigner } from '../adapters/system/key-file-signer.ts';
import { systemHasher } from '../adapters/system/system-sealer.ts';
import { createEnvironmentSecrets } from '../adapters/system/environment-secrets.ts';
import { createGuardedFetch } from '../adapters/system/guarded-fetch.ts';
import { createAddressGuard } from '../adapters/system/system-address-guard.ts';
import { createKeyFileCipher } from '../adapters/system/key-file-cipher.ts';
import { createSystemClock } from '../adapters/system/system-clock.ts';
import { createSystemLeftProcesses } from '../adapters/system/system-left-processes.ts';
import { createSystemProcessRunner } from '../adapters/system/system-process-runner.ts';
import { createSystemRandom } from '../adapters/system/system-random.ts';
import { Failure } from '../core/failure/index.ts';
import type { TypeCatalogue } from '../core/flow/index.ts';
import { emptyMap, mapOf, type ValueMap } from '../core/value/index.ts';
import type { Clock } from '../ports/clock.ts';
import type { Mailer } from '../ports/mailer.ts';
import type { Principals } from '../ports/principals.ts';
import type { RegisterId, Store, Write } from '../ports/store.ts';
import type { TaskRegistry } from '../ports/task-registry.ts';
import {
  createNoticeBook,
  createPoliciesInForce,
  createRunDoor,
  type NoticeBook,
  noteUnexamined,
} from '../runtime/approvals/index.ts';
import { createCommitter, createWriteWatch, type WriteWatch } from '../runtime/committer/index.ts';
import { createKnownFlows } from '../runtime/flow-register/index.ts';
import {
  createFlowLibrary,
  createPlaces,
  createRunLoop,
  drainExecutions,
  type FlowLibrary,
  type Notice,
  type RunLoop,
  type RunLoopParts,
} from '../runtime/run-loop/index.ts';
import type { SubjectKeys } from '../ports/subject-keys.ts';
import { runAnchors } from '../runtime/anchors/index.ts';
import {
  fittingSigner,
  type LedgerParts,
  makeCheckpoint,
  rotationClaims,
  settleRotation,
} from '../runtime/sealer/index.ts';
import {
  createKeptAnswers,
  createProtectedBlobs,
  createProtectedStore,
  createSubjectRegister,
  createVault,
  type SubjectRegister,
} from '../runtime/subjects/index.ts';
import type { Application, System } from './application.ts';
import { createNoticeWays } from './approval-notices.ts';
import { deciding } from './deciding.ts';
import { finishExchange } from './backup/exchange-folders.ts';
import { storeName, subjectKeysName } from './data-folder.ts';
import type { LedgerTools } from './ledger-desk.ts';
import { createPrincipals, lookedUpOnce } from './principals.ts';
import { privateHosts } from './private-hosts.ts';
import { openStore } from './open-store.ts';
import { addTenant, mainTenant, tenantsOf } from './tenants.ts';
import { createTenantCare } from './tenant-care.ts';
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
  /** Replaces the time of the machine; for tests. */
  readonly clock?: Clock;
  /** Who is behind handles; those of the data folder when not said. */
  readonly principals?: Principals;
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

/** Registers that decisions rest on: where flows stand, what policies say, who people are. */
const groundKinds: ReadonlySet<string> = new Set([
  'workflow',
  'policy-active',
  'user',
  'group',
  'account',
]);

function mattersToDecisions({ flows, registerRecords, removedRegisterRecords }: Write): boolean {
  if (flows !== undefined && flows.length > 0) return true;
  const isGround = ({ kind }: RegisterId): boolean => groundKinds.has(kind);
  return (
    registerRecords?.some(isGround) === true || removedRegisterRecords?.some(isGround) === true
  );
}

interface ApplicationParts extends RunLoopParts {
  /** Over the store below the protection of values: what is verified, and erased from. */
  readonly ledger: LedgerParts;
  readonly registerOf: (tenant: string) => SubjectRegister;
  readonly subjectKeys: SubjectKeys;
  readonly watch: WriteWatch;
  readonly assertWritable: () => Promise<void>;
}

/** Refuses a data folder whose store is gone: an empty one in its place would begin a second history. */
function refuseLostStore(dataFolder: string): void {
  const path = join(dataFolder, storeName);
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats?.isDirectory() === true || (stats?.size ?? 0) > 0) return;
  if (!existsSync(join(dataFolder, 'ledger.key'))) return;
  throw new Failure(
    'store.unreachable',
    `the store is ${stats === undefined ? 'missing' : 'empty'}, but the data folder was used before: \`${path}\``,
    { help: 'put the file back or restore a backup', isRetryable: false },
  );
}

async function partsFor(options: ApplicationOptions): Promise<ApplicationParts> {
  const { dataFolder } = options;
  inDataFolder(dataFolder, () => {
    finishExchange(dataFolder);
    mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
  });
  if (options.store === undefined) refuseLostStore(dataFolder);
  const store = options.store ?? (await openStore(dataFolder));
  try {
    return await partsOver(store, options);
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function partsOver(
  sealedStore: Store,
  options: ApplicationOptions,
): Promise<ApplicationParts> {
  const { dataFolder } = options;
  const environment = options.environment ?? process.env;
  const leftProcesses = createSystemLeftProcesses(join(dataFolder, 'process-groups'));
  const newest = (await sealedStore.checkpoints()).at(-1);
  const isFresh = newest === undefined;
  const mayMake = (): boolean => isFresh;
  const keyFile = createKeyFileSigner(join(dataFolder, 'ledger.key'), { mayMake });
  const signer = fittingSigner(systemHasher, keyFile, newest?.note, () =>
    rotationClaims({ store }),
  );
  const cipher = createKeyFileCipher(join(dataFolder, 'encryption.key'), { mayMake });
  const clock = options.clock ?? createSystemClock();
  const ledger: LedgerParts = {
    store: sealedStore,
    hasher: systemHasher,
    signer,
    keys: keyFile,
    clock,
  };
  await settleRotation(ledger);
  if (isFresh) {
    // Both keys are made at the first start: one that is missing later was lost and is not made anew.
    cipher.encrypt('');
    // Even a process that is killed at once leaves a ledger that can be verified.
    await makeCheckpoint(ledger);
  }
  let isKnownWritable = false;
  /** What could not be signed or encrypted after is not written. */
  const assertWritable = async (): Promise<void> => {
    if (isKnownWritable) return;
    await signer.assertFits();
    cipher.encrypt('');
    isKnownWritable = true;
  };
  const actor = options.actor ?? 'user:local';
  const random = createSystemRandom();
  // In the data folder, so that tasks that share one find it again in another process.
  const folders = createFilesystemFolders(resolve(dataFolder, 'work'));
  const subjectKeys = createSqliteSubjectKeys(join(dataFolder, subjectKeysName), cipher);
  const vault = createVault(subjectKeys, cipher);
  const store = createProtectedStore(sealedStore, vault);
  const watch = createWriteWatch(store, clock, mattersToDecisions);
  const committer = createCommitter({
    async commit(writes) {
      if (!isKnownWritable) await assertWritable();
      const committed = await store.commit(writes);
      watch.wrote(writes);
      return committed;
    },
    get besideFrom() {
      return sealedStore.besideFrom;
    },
  });
  const { blobs, protection } = createProtectedBlobs(
    createFilesystemBlobs(join(dataFolder, 'files')),
    folders,
    vault,
  );
  const registerOf = (tenant: string): SubjectRegister =>
    createSubjectRegister({
      tenant,
      actor,
      store,
      commit: (write) => committer.commit(write),
      keys: subjectKeys,
      cipher,
      clock,
      random,
    });
  return {
    tenant: mainTenant,
    assertWritable,
    actor,
    store,
    ledger,
    registerOf,
    subjectKeys,
    watch,
    committer,
    blobs,
    fileProtection: protection,
    subjects: registerOf(mainTenant),
    presence: inDataFolder(dataFolder, () =>
      createFilesystemPresence(join(dataFolder, 'processes')),
    ),
    folders,
    clock,
    random,
    cipher,
    secrets: createEnvironmentSecrets(environment),
    processes: createSystemProcessRunner({ left: leftProcesses }),
    leftProcesses,
    fetch: createGuardedFetch({ allowPrivate: privateHosts(environment) }),
    mailer: createSmtpMailer({
      ...mailSettings(environment),
      guard: createAddressGuard(privateHosts(environment)),
    }),
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

/** Returns what the environment says of the mail server and of who sends. */
function mailSettings(environment: RunLoopParts['environment']): SmtpMailerOptions {
  const { SLUICE_SMTP_URL: url = '', SLUICE_MAIL_FROM: from = '' } = environment;
  return { url, from, ignoreTls: environment['SLUICE_SMTP_PLAIN'] === '1' };
}

/** Returns the mail server of the installation's own mail, if the environment names one and who sends. */
function configuredMailer(environment: RunLoopParts['environment']): Mailer | undefined {
  const settings = mailSettings(environment);
  return settings.url === '' || settings.from === '' ? undefined : createSmtpMailer(settings);
}

/** Returns what signs, verifies and anchors the ledger of a data folder. */
function ledgerTools({ dataFolder }: ApplicationOptions, parts: ApplicationParts): LedgerTools {
  const { clock, fetch, cipher, random, ledger } = parts;
  // A key of its own: what a witness signs must never pass for a note of its own log.
  const witness = createKeyFileSigner(join(dataFolder, 'witness.key'), {
    prefix: 'witness.sluice.local',
  });
  const mailer = configuredMailer(parts.environment);
  const notebook = createFilesystemNotebook();
  const now = (): number => clock.now();
  const out = { fetch, notebook, cipher, now, ...(mailer === undefined ? {} : { mailer }) };
  return {
    ledger,
    witness: { store: ledger.store, hasher: systemHasher, signer: witness, clock },
    anchoring: { ledger, out, random },
  };
}

/** Returns the system over the data folder of `options`. */
export async function openSystem(options: ApplicationOptions): Promise<System> {
  const parts = await partsFor(options);
  const { store, committer, clock, assertWritable, registerOf, subjectKeys } = parts;
  const tools = ledgerTools(options, parts);
  const { ledger } = tools;
  let commitsSealed = store.commitCount;
  const seal = async (): Promise<void> => {
    if (store.commitCount <= commitsSealed) return;
    await makeCheckpoint(ledger);
    await runAnchors({ ...tools.anchoring, actor: 'engine' });
    commitsSealed = store.commitCount;
  };
  const loops = new Map<string, RunLoop>();
  const listeners: ((tenant: string, notice: Notice) => void)[] = [];
  const ways = createNoticeWays({
    mailer: tools.anchoring.out.mailer,
    fetch: parts.fetch,
    now: () => clock.now(),
    environment: parts.environment,
  });
  const books = new Map<string, NoticeBook>();
  const bookOf = (tenant: string): NoticeBook | undefined => {
    if (ways.length === 0) return undefined;
    const { random } = parts;
    const commit = (write: Write) => committer.commit(write);
    const book = createNoticeBook({ tenant, store, commit, clock, random, ways });
    books.set(tenant, book);
    return book;
  };
  let knows: Promise<Principals['find']> | undefined;
  const loadKnown = async (): Promise<Principals['find']> => {
    const { openIdentity } = await import('./open-identity.ts');
    const identity = openIdentity({ ...parts, digests: parts.cipher }, () => '');
    // They started something a while ago; how they proved who they are then says nothing by now.
    return lookedUpOnce(parts.watch, (tenant, handle) =>
      identity.principals.ofOwner(handle, tenant, { factors: [], at: 0 }),
    );
  };
  const principals =
    options.principals ??
    createPrincipals(options.actor ?? 'user:local', async (tenant, handle) => {
      knows ??= loadKnown();
      return (await knows)(tenant, handle);
    });
  const approvalsFor = (
    own: RunLoopParts,
    library: FlowLibrary,
  ): NonNullable<RunLoopParts['approvals']> => {
    const { tenant, catalogue } = own;
    const { watch } = parts;
    // Until a set is in force, nothing of policies is loaded.
    const load = async () => {
      const { createTenantDecider } = await import('./policy-desk.ts');
      return createTenantDecider(own);
    };
    const notices = bookOf(own.tenant);
    const kept = {
      tenant,
      store,
      committer,
      clock,
      cipher: parts.cipher,
      principals,
      policies: createPoliciesInForce({ tenant, store, watch }, load),
      flows: createKnownFlows({ tenant, store, catalogue, watch, library }),
      watch,
      ...(notices !== undefined && { notices }),
    };
    return { parts: kept, door: createRunDoor(kept) };
  };
  const loopOf = (tenant: string): RunLoop => {
    const known = loops.get(tenant);
    if (known !== undefined) return known;
    const own: RunLoopParts = {
      ...parts,
      tenant,
      subjects: registerOf(tenant),
      async switchTrigger(trigger, isEnabled, actor) {
        const { changeTrigger } = await import('../runtime/scheduler/index.ts');
        const order = { kind: isEnabled ? 'enable' : 'disable' } as const;
        await changeTrigger(loopOf(tenant), trigger, order, actor);
      },
    };
    const library = createFlowLibrary(own);
    const loop = createRunLoop({ ...own, approvals: approvalsFor(own, library) }, library);
    loops.set(tenant, loop);
    for (const listener of listeners) loop.followers.add((notice) => listener(tenant, notice));
    return loop;
  };
  const care = createTenantCare({ clock, loops, loopOf, books });
  let isClosed = false;
  const close = async (): Promise<void> => {
    if (isClosed) return;
    isClosed = true;
    await care.end();
    for (const loop of loops.values()) loop.close();
    await care.sendLastNotices();
    await committer.idle();
    try {
      await seal();
    } finally {
      await store.close();
      subjectKeys.close();
      parts.presence.leave();
      // Only now: whoever is still asked must not hear a no that could be written.
      for (const { parts: own } of loops.values()) await own.approvals?.parts.policies.close();
    }
  };
  const viewFor: System['view'] = ({ tenant, actor, isLocal, principal }) =>
    viewOf(
      {
        dataFolder: options.dataFolder,
        loop: loopOf(tenant),
        ledger: tools,
        subjectKeys,
        assertWritable,
        flowsChanged: () => care.flowsChanged(tenant),
        close,
      },
      {
        actor,
        ...(isLocal === true && { localFiles: 'all' as const }),
        ...(principal !== undefined && { principal }),
      },
    );
  return {
    dataFolder: options.dataFolder,
    store,
    committer,
    clock,
    random: parts.random,
    digests: parts.cipher,
    cipher: parts.cipher,
    catalogue: parts.catalogue,
    keptAnswers: createKeptAnswers(subjectKeys, parts.cipher),
    view: viewFor,
    deciding: (tenant) => deciding(loopOf(tenant).parts),
    tenants: () => tenantsOf(store),
    async addTenant(id, actor) {
      await addTenant({ store, committer, clock }, id, actor);
      await care.lookAfter(id);
    },
    async schedule(complain) {
      await care.begin(complain);
      for (const tenant of await tenantsOf(store)) await care.lookAfter(tenant);
    },
    async keepHouse() {
      for (const tenant of await tenantsOf(store)) {
        await viewFor({ tenant, actor: 'engine' }).retention.run();
        const loop = loopOf(tenant);
        const { approvals } = loop.parts;
        if (approvals === undefined) continue;
        await noteUnexamined(approvals.parts);
      }
      await seal();
    },
    follow(listener) {
      listeners.push(listener);
      for (const [tenant, loop] of loops) loop.followers.add((notice) => listener(tenant, notice));
    },
    isShared: () => parts.presence.hasOthers(),
    stranded: () =>
      [...loops.values()].map((loop) => loop.fatal()).find((one) => one !== undefined),
    async drain(patienceMs) {
      await care.stopStarting();
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
