/**
 * The server over a data folder: API, timers and workers in one process. Started by `sluice serve`, and
 * by tests.
 *
 * INVARIANT: it stops in order: no more requests, then what runs comes to its end, then the store closes.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Logger } from 'pino';
import { allRoutes } from '../api/routes/index.ts';
import {
  type ApiServer,
  createIdempotency,
  createServer,
  type ServedRequest,
} from '../api/server/index.ts';
import { Failure } from '../core/failure/index.ts';
import { encodeValue } from '../core/value/index.ts';
import { createOtlpTelemetry } from '../adapters/telemetry/otlp-telemetry.ts';
import type { SpanRecord } from '../ports/telemetry.ts';
import { createExecutionSpans, createMetrics } from '../runtime/observation/index.ts';
import { createPolicyDoor, type Identity, originsOf } from '../runtime/identity/index.ts';
import type { System } from './application.ts';
import { createBackupShelf } from './backup/list-backups.ts';
import type { Configuration } from './configuration.ts';
import { openSystem } from './create-application.ts';
import type { SeedOutcome } from './seed-policies.ts';
import { createServerLog } from './server-log.ts';
import { giveTenant, openIdentity } from './open-identity.ts';
import { createTenantDoors } from './tenant-doors.ts';
import { mainTenant } from './tenants.ts';

/** How a server is started. */
export interface ServeOptions {
  readonly configuration: Configuration;
  readonly dataFolder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Where log lines go; standard error when not said. */
  readonly logTo?: { write(line: string): void };
  /** Whether people watch the log; programs get JSON. */
  readonly isTerminal?: boolean;
}

/** A server that runs. */
export interface RunningServer {
  /** Where it is reached. */
  readonly url: string;
  readonly system: System;
  readonly identity: Identity;
  /** The link that makes the first administrator; undefined when there is one. */
  readonly setupUrl: string | undefined;
  /** Whether another process works on the same data folder. */
  readonly isShared: boolean;
  /** What this start did about the policies of the tenant `main`. */
  readonly policies: SeedOutcome;
  readonly inject: ApiServer['inject'];
  /** Settles when the server can do nothing any more and has to be started again; tells why. */
  readonly broken: Promise<Failure>;
  /** Stops in order; tells whether nothing was left running. */
  stop(): Promise<boolean>;
}

/** Returns the version of this package. */
function version(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

const systemActor = 'system';
const lookAgainMs = 5_000;
const strandedReason = 'the store could not be written, and nothing goes on until a restart';
/** How long a server that can do nothing says so before it ends, so that nobody sends it more. */
const unreadyForMs = 1_000;

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}

/** Starts a server. */
export async function serve(options: ServeOptions): Promise<RunningServer> {
  const { configuration, environment, dataFolder } = options;
  const { server: settings, log: logSettings } = configuration;
  const system = await openSystem({ dataFolder, environment, actor: systemActor });
  const { store, committer, clock } = system;
  const isTerminal = options.isTerminal ?? false;
  const log = createServerLog(logSettings.level, options.logTo, isTerminal);
  const metrics = createMetrics();
  const { telemetry: watched } = configuration;
  const telemetry =
    watched.endpoint === undefined
      ? undefined
      : createOtlpTelemetry({ ...watched, endpoint: watched.endpoint, version: version() });
  const spans = telemetry === undefined ? undefined : createExecutionSpans(telemetry);
  system.follow((tenant, notice) => {
    metrics.noticed(tenant, notice);
    spans?.(tenant, notice);
  });
  let url = '';
  const identity = openIdentity(system, () => url, configuration.identity);
  const doors = createTenantDoors(system);
  let isStopping = false;
  // How many commits there were when one was refused by the store; undefined while all is well.
  let refusedAt: number | undefined;
  const isWritable = async (): Promise<boolean> => {
    if (refusedAt === undefined || store.commitCount > refusedAt) return true;
    try {
      // Nobody sends anything to a server that is not ready, so it has to try by itself.
      const tried = { type: 'store-written-again', actor: systemActor, payload: encodeValue(null) };
      const entry = { ...tried, tenant: mainTenant, at: clock.now(), stream: 'server' };
      await committer.commit({ entries: [entry] });
      return true;
    } catch (error) {
      log.warn({ err: error }, 'the store cannot be written yet');
      return false;
    }
  };
  const troubles = async (): Promise<readonly string[]> => {
    if (isStopping) return ['the server is stopping'];
    if (system.stranded() !== undefined) return [strandedReason];
    try {
      await store.registerRecords({ tenant: mainTenant, kind: 'tenant', limit: 1 });
    } catch (error) {
      log.warn({ err: error }, 'the store cannot be read');
      return ['the store cannot be read'];
    }
    if (!(await isWritable())) return ['the store cannot be written'];
    refusedAt = undefined;
    return [];
  };
  const numbers = (): string =>
    metrics.text({
      commits: store.commitCount,
      memoryBytes: process.memoryUsage.rss(),
      uptimeSeconds: Math.round(process.uptime()),
      telemetryLost: telemetry?.lostCount ?? 0,
    });
  const routes = allRoutes({
    health: { troubles, metrics: numbers, version: version() },
    identity,
    backups: createBackupShelf(configuration.backups.folder, clock),
    system: {
      tenants: () => system.tenants(),
      async addTenant(id, actor) {
        await system.addTenant(id, actor);
        await seed(system, id, log);
        await giveTenant(identity, id, actor);
      },
    },
  });
  const idempotency = createIdempotency({
    store,
    clock,
    digests: system.digests,
    answers: system.keptAnswers,
    commit: (write) => committer.commit(write),
  });
  const api = createServer({
    routes,
    view: (tenant, principal) =>
      system.view({
        tenant,
        actor: principal?.id ?? 'anonymous',
        ...(principal !== undefined && { principal }),
      }),
    hasTenant: async (tenant) => tenant === mainTenant || (await system.tenants()).includes(tenant),
    authenticator: identity,
    door: createPolicyDoor((tenant) => doors.doorOf(tenant)),
    idempotency,
    clock,
    random: system.random,
    limits: {
      bodyBytesMax: settings.bodyBytesMax,
      uploadBytesMax: settings.uploadBytesMax,
      rate: { perMinute: settings.requestsPerMinute, burst: settings.requestBurst },
    },
    origins: {
      allowed: settings.corsOrigins,
      own: () => originsOf(url),
      hosts: isLoopback(settings.host)
        ? ['localhost', '127.0.0.1', '[::1]', settings.host, ...settings.hosts]
        : settings.hosts,
    },
    log,
    onServed: (served) => {
      const level = served.status >= 500 ? 'error' : 'info';
      log[level](served, 'request');
      metrics.served(served);
      if (served.status >= 500 && served.problem?.startsWith('store.') === true) {
        refusedAt = store.commitCount;
      }
      if (telemetry !== undefined) telemetry.addSpan(requestSpan(served));
    },
    url: () => url,
    trustedProxies: settings.trustedProxies,
  });
  const takeBacks: (() => void)[] = [];
  let policies: SeedOutcome = { outcome: 'unchanged', version: undefined };
  try {
    // Before anybody is let in: who asks finds policies that answer.
    for (const tenant of await system.tenants()) {
      const seeded = await seed(system, tenant, log);
      if (tenant === mainTenant) policies = seeded;
    }
    const port = await api.listen(settings.host, settings.port);
    const shown = settings.host.includes(':') ? `[${settings.host}]` : settings.host;
    url = settings.url ?? `http://${shown}:${port}`;
    await doors.doorOf(mainTenant);
    await takeUp(system, takeBacks, (message, error) => log.error({ err: error }, message));
    await system.schedule((about, error) => log.warn({ err: error, about }, 'a trigger failed'));
  } catch (error) {
    await api.close();
    await system.close();
    throw error;
  }
  const dropOldKeys = async (): Promise<void> => {
    for (const tenant of await system.tenants()) await idempotency.dropOld(tenant);
  };
  const keepHouse = (): void => {
    if (isStopping) return;
    const next = clock.now() + settings.housekeepingMs;
    takeBacks.push(
      clock.wakeAt(next, () => {
        dropOldKeys()
          .then(() => system.keepHouse())
          .catch((error: unknown) => log.error({ err: error }, 'housekeeping failed'))
          .finally(keepHouse);
      }),
    );
  };
  keepHouse();
  const broken = whenStranded(system, takeBacks, () => isStopping).then((cause) => {
    log.fatal({ err: cause }, `${strandedReason}; the process ends`);
    return cause;
  });
  const isShared = system.isShared();
  if (isShared) log.warn({ dataFolder }, 'another process works on the data folder too');
  const secret = await identity.setupSecret();
  log.info({ url, dataFolder }, 'the server is up');
  return {
    url,
    system,
    identity,
    setupUrl: secret === undefined ? undefined : `${url}/setup#${secret}`,
    isShared,
    policies,
    inject: api.inject,
    broken,
    async stop() {
      isStopping = true;
      api.refuse();
      for (const takeBack of takeBacks.splice(0)) takeBack();
      const drained = system.drain(settings.drainMs);
      await api.close();
      const isDone = await drained;
      log.info({ isDone }, 'the server has stopped');
      await telemetry?.close();
      await system.close();
      return isDone;
    },
  };
}

/** Settles when a tenant could not be written, and has been unready for a while. */
function whenStranded(
  system: System,
  takeBacks: (() => void)[],
  isStopping: () => boolean,
): Promise<Failure> {
  return new Promise((resolve) => {
    const tell = (): void => {
      const cause = system.stranded();
      const failure =
        cause instanceof Failure
          ? cause
          : new Failure('store.unreachable', 'the store cannot be written', { cause });
      if (!isStopping()) resolve(failure);
    };
    let takeBack: (() => void) | undefined;
    const look = (): void => {
      if (isStopping()) return;
      const isOver = system.stranded() !== undefined;
      takeBack = system.clock.wakeAt(system.clock.now() + unreadyForMs, isOver ? tell : look);
    };
    takeBacks.push(() => takeBack?.());
    look();
  });
}

/** Sees to it that a tenant has policies. */
async function seed(system: System, tenant: string, log: Logger): Promise<SeedOutcome> {
  const desk = await system.view({ tenant, actor: systemActor }).policies();
  const seeded = await desk.seed();
  if (seeded.outcome === 'refused') log.warn({ tenant, ...seeded }, 'policies were not proposed');
  else if (seeded.outcome !== 'unchanged') log.info({ tenant, ...seeded }, 'policies were seeded');
  return seeded;
}

/** Returns a request as a span; it belongs to the trace that the client names. */
function requestSpan(served: ServedRequest): SpanRecord {
  const parent = /^00-([0-9a-f]{32})-([0-9a-f]{16})-/.exec(served.traceParent ?? '');
  const own = createHash('sha256').update(served.id).digest('hex');
  return {
    traceId: parent?.[1] ?? own.slice(0, 32),
    spanId: own.slice(32, 48),
    ...(parent?.[2] !== undefined && { parentSpanId: parent[2] }),
    name: `${served.method} ${served.route}`,
    kind: 'server',
    startedAt: served.startedAt,
    endedAt: served.startedAt + served.durationMs,
    attributes: {
      'http.request.method': served.method,
      'http.route': served.route,
      'http.response.status_code': served.status,
      'sluice.request': served.id,
    },
    hasFailed: served.status >= 500,
  };
}

/** Lets everything go on that an ended process left; while another process works there, looks again. */
async function takeUp(
  system: System,
  takeBacks: (() => void)[],
  complain: (message: string, error: unknown) => void,
): Promise<void> {
  for (const tenant of await system.tenants()) {
    const attempt = async (): Promise<void> => {
      try {
        await system.view({ tenant, actor: systemActor }).recover();
      } catch (error) {
        const isBusy = error instanceof Failure && error.code === 'store.locked';
        if (!isBusy) complain('what an ended process left cannot be taken up', error);
        takeBacks.push(system.clock.wakeAt(system.clock.now() + lookAgainMs, () => void attempt()));
      }
    };
    await attempt();
  }
}
