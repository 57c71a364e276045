/**
 * The HTTP server over a list of routes: who sends a request is asked first, then how often, then what,
 * then whether they may; only then does the route run. Everything that goes wrong leaves as a problem
 * document.
 *
 * INVARIANT: no route runs before its question at the door was answered with yes.
 */
import { Readable } from 'node:stream';
import multipart from '@fastify/multipart';
import {
  type FastifyBaseLogger,
  fastify,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import type { TenantView } from '../../app/application.ts';
import { Failure } from '../../core/failure/index.ts';
import type { Principal } from '../../core/policy/index.ts';
import type { Authenticator } from '../../ports/authenticator.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Door } from '../../ports/door.ts';
import type { Random } from '../../ports/random.ts';
import {
  type Admitted,
  askAbout,
  askAfterReading,
  askBeforeReading,
  reasonToEnd,
  viewOf,
} from './access-questions.ts';
import { authenticate } from './authenticate.ts';
import { answerBroken } from './broken-connection.ts';
import { isFromScript, isPageForStranger, signInFor, withoutBasic } from './for-browsers.ts';
import type { Idempotency } from './idempotency.ts';
import { mapFrameworkError } from './framework-error.ts';
import { problemOf } from './problem.ts';
import { createRateLimiter, type RateLimit } from './rate-limit.ts';
import { checkType, readBody, readPart } from './read-body.ts';
import { dropForm, emptyForm, type Form, readForm } from './read-form.ts';
import { readQuery } from './read-query.ts';
import type { Answer, Method, ReadRequest, Route, RouteRequest, Target } from './route.ts';
import {
  guardOrigin,
  type OriginRules,
  refuseDoubled,
  securityHeaders,
} from './security-headers.ts';
import { sendEvents } from './send-events.ts';

/** Bounds of requests. */
export interface ServerLimits {
  readonly bodyBytesMax: number;
  readonly uploadBytesMax: number;
  /** For each principal, and for each address that is nobody. */
  readonly rate: RateLimit;
}

/** A request that has been answered; for logs, metrics and traces. */
export interface ServedRequest {
  readonly id: string;
  readonly method: string;
  /** The path of the route with its parameters in braces; `unknown` when there is none. */
  readonly route: string;
  readonly status: number;
  readonly startedAt: number;
  readonly durationMs: number;
  readonly principal: string | undefined;
  /** The code of the problem that was answered; undefined where there was none. */
  readonly problem: string | undefined;
  /** The header `traceparent`. */
  readonly traceParent: string | undefined;
}

/** What a server is made of. */
export interface ServerParts {
  readonly routes: readonly Route[];
  readonly view: (tenant: string, principal: Principal | undefined) => TenantView;
  readonly hasTenant: (tenant: string) => Promise<boolean>;
  readonly authenticator: Authenticator;
  readonly door: Door;
  readonly idempotency: Idempotency;
  readonly clock: Clock;
  readonly random: Random;
  readonly limits: ServerLimits;
  readonly origins: OriginRules;
  readonly log: FastifyBaseLogger;
  readonly onServed: (served: ServedRequest) => void;
  /** Where the server is reached. */
  readonly url: () => string;
  /** Addresses and networks of proxies that tell truly for whom they ask. */
  readonly trustedProxies: readonly string[];
}

/** A running server. */
export interface ApiServer {
  /** Listens; gives the port. */
  listen(host: string, port: number): Promise<number>;
  /** Answers all but health with 503 from now on, and ends streams. */
  refuse(): void;
  close(): Promise<void>;
  /** Answers a request without a connection; for tests. */
  readonly inject: ReturnType<typeof fastify>['inject'];
}

/** How long requests that are under way have for their answers when the server stops. */
const answeredWithinMs = 5_000;

interface About {
  principal?: Principal;
  startedAt: number;
  route?: Route;
  problem?: string;
}

/** Returns a server that does not listen yet. */
export function createServer(parts: ServerParts): ApiServer {
  const { clock, limits } = parts;
  const limiter = createRateLimiter(limits.rate, () => clock.elapsedMs());
  const aboutOf = new WeakMap<FastifyRequest, About>();
  const stopping = new AbortController();

  const app = fastify({
    loggerInstance: parts.log,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: limits.bodyBytesMax,
    // Without it `X-Forwarded-For` is what anybody may write there.
    trustProxy: parts.trustedProxies.length > 0 ? [...parts.trustedProxies] : false,
    genReqId: () => parts.random.id(),
    requestIdHeader: false,
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: 500 },
    // Who sends slowly holds a connection for so long and no longer.
    requestTimeout: 120_000,
    forceCloseConnections: 'idle',
    handlerTimeout: 0,
    frameworkErrors: (error, request, reply) => {
      sendProblem(mapFrameworkError(error), request, reply as FastifyReply);
    },
    clientErrorHandler: answerBroken,
    // A request without it is answered as any other that is malformed.
    http: { requireHostHeader: false },
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  void app.register(multipart, {
    limits: {
      fields: 500,
      fieldSize: 1024 * 1024,
      files: 100,
      fileSize: limits.uploadBytesMax,
      parts: 600,
      fieldNameSize: 200,
    },
  });

  const sendProblem = (error: unknown, request: FastifyRequest, reply: FastifyReply): void => {
    const problem = problemOf(error, String(request.id));
    const about = aboutOf.get(request);
    if (about !== undefined) about.problem = problem.document.code;
    if (problem.status >= 500 && error instanceof Failure) {
      request.log.warn({ requestId: request.id, code: error.code }, error.message);
    }
    if (problem.document.code === 'unexpected') {
      request.log.error({ err: error, requestId: request.id }, 'a request failed unexpectedly');
    }
    if (reply.sent || reply.raw.headersSent) return;
    void reply
      .code(problem.status)
      .headers(isFromScript(request) ? withoutBasic(problem.headers) : problem.headers)
      .type('application/problem+json')
      .send(JSON.stringify(problem.document));
  };

  app.addHook('onRequest', async (request, reply) => {
    aboutOf.set(request, { startedAt: clock.elapsedMs() });
    reply.headers({ ...securityHeaders(parts.url()), 'x-request-id': request.id });
    refuseDoubled(request);
    const allowed = guardOrigin(parts.origins, request);
    reply.headers(allowed);
    if (request.method === 'OPTIONS' && Object.keys(allowed).length > 0) {
      await reply.code(204).send();
    }
  });
  app.addHook('onResponse', async (request, reply) => {
    const about = aboutOf.get(request);
    const durationMs = clock.elapsedMs() - (about?.startedAt ?? clock.elapsedMs());
    const traceParent = request.headers['traceparent'];
    parts.onServed({
      id: request.id,
      method: request.method,
      route: about?.route?.path ?? 'unknown',
      status: reply.statusCode,
      startedAt: clock.now() - durationMs,
      durationMs,
      principal: about?.principal?.id,
      problem: about?.problem,
      traceParent: typeof traceParent === 'string' ? traceParent : undefined,
    });
  });
  app.setErrorHandler((error, request, reply) => {
    sendProblem(mapFrameworkError(error), request, reply);
  });
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0] ?? '';
    const allowed = methodsAt(parts.routes, path);
    sendProblem(
      allowed.length > 0
        ? new Failure('request.method-wrong', `\`${request.method}\` is not for this address`, {
            details: { allowed },
          })
        : new Failure('request.not-found', 'there is nothing at this address'),
      request,
      reply,
    );
  });

  const takeOne = (key: string, reply: FastifyReply): void => {
    const { waitMs, left } = limiter.take(key);
    reply.header('ratelimit-limit', String(limits.rate.burst));
    reply.header('ratelimit-remaining', String(left));
    if (waitMs > 0) {
      throw new Failure('request.rate-limited', 'too many requests', {
        details: { retryAfterMs: waitMs },
      });
    }
  };

  /** Returns who sends a request, and their view; throws when they may not go on. */
  const admit = async (
    route: Route,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<Admitted> => {
    const { tenant: named } = request.params as Record<string, string>;
    const isOfCaller =
      named === undefined &&
      (route.access.kind === 'own' ||
        (route.access.kind === 'asked' && route.access.isOfCaller === true));
    if (route.access.kind === 'open') {
      const tenant = named ?? 'main';
      takeOne(`address:${request.ip}`, reply);
      if (!(await parts.hasTenant(tenant))) throw noTenant(tenant);
      const principal = nobody(tenant);
      return { principal, credential: undefined, view: parts.view(tenant, undefined) };
    }
    const known = await authenticate(parts.authenticator, {
      ...factsOf(request),
      ...(!isOfCaller && { tenant: named ?? 'main' }),
    });
    const { principal, credential, setCookie } = known;
    if (setCookie !== undefined) reply.header('set-cookie', setCookie);
    const tenant = named ?? (isOfCaller ? principal.tenant : 'main');
    const about = aboutOf.get(request);
    if (about !== undefined) about.principal = principal;
    takeOne(`principal:${principal.id}`, reply);
    if (principal.tenant !== tenant || !(await parts.hasTenant(tenant))) throw noTenant(tenant);
    return { principal, credential, view: parts.view(tenant, principal) };
  };

  const run = async (
    route: Route,
    request: FastifyRequest,
    reply: FastifyReply,
    form: Form,
    admitted: Admitted,
  ): Promise<Answer> => {
    const { principal, credential } = admitted;
    const bytes = Buffer.isBuffer(request.body) ? request.body : undefined;
    checkType(route.body, bytes, request.headers);
    const rawParams = request.params as Record<string, string>;
    const params = readPart(route.params, rawParams, 'path');
    const query = readPart(
      route.query,
      readQuery(request.query as Record<string, unknown>),
      'query',
    );
    const seeing = await askBeforeReading(parts.door, route, request, admitted);
    const body = readBody(route.body, bytes, request.headers['content-type']);
    const { view, shown } = seeing;
    const ask = (target: Target) => askAbout(parts.door, route, request, seeing, target);
    const read = { params, query, body, view, principal } as ReadRequest;
    await askAfterReading(parts.door, route, request, seeing, read);
    const leaving = new AbortController();
    const leave = (): void => leaving.abort();
    reply.raw.once('close', leave);
    const routeRequest: RouteRequest = {
      id: request.id,
      params,
      query,
      body,
      form,
      principal,
      credential,
      remoteAddress: request.ip,
      ask,
      seen: (resource) => viewOf(parts.door, resource, request, admitted),
      sees: (namespace) => shown?.includes(namespace) ?? true,
      view: form.folder === '' ? view : view.withFilesBelow(form.folder),
      header: (name) => {
        const value = request.headers[name];
        return Array.isArray(value) ? value[0] : value;
      },
      headers: headersToRead(request.headers),
      signal: AbortSignal.any([leaving.signal, stopping.signal]),
      url: parts.url(),
      method: request.method as Method,
    };
    const key = routeRequest.header('idempotency-key');
    if (key === undefined || route.method !== 'POST' || route.access.kind === 'open') {
      return route.handle(routeRequest);
    }
    if (!/^[\x21-\x7e]{1,200}$/.test(key)) {
      throw new Failure('request.malformed', 'the idempotency key is no visible text up to 200');
    }
    return parts.idempotency.once(
      {
        tenant: view.tenant,
        actor: principal.id,
        key,
        target: `${route.method} ${request.url}`,
        content: await contentOf(bytes, form),
      },
      () => route.handle(routeRequest),
    );
  };

  for (const route of parts.routes) {
    app.route({
      method: route.method,
      url: route.path.replaceAll(/\{(\w+)\}/g, ':$1'),
      handler: async (request, reply) => {
        const about = aboutOf.get(request);
        if (about !== undefined) about.route = route;
        let form = emptyForm;
        try {
          if (stopping.signal.aborted && !route.path.startsWith('/health')) {
            throw new Failure('server.stopping', 'the server is stopping');
          }
          const admitted = await admit(route, request, reply);
          if (request.isMultipart() && route.body.kind === 'form') {
            form = await readForm(request.parts(), limits.uploadBytesMax);
          }
          const given = await run(route, request, reply, form, admitted);
          if (given.events !== undefined) {
            const reason = () =>
              reasonToEnd(parts.authenticator, parts.door, route, request, admitted);
            await sendEvents(given, request, reply, { stopping: stopping.signal, reason });
            return reply;
          }
          send(given, reply);
        } catch (error) {
          if (isPageForStranger(route, request, error)) {
            void reply.code(303).header('location', signInFor(request.url)).send();
            return reply;
          }
          sendProblem(mapFrameworkError(error), request, reply);
        } finally {
          await dropForm(form);
        }
        return reply;
      },
    });
  }

  return {
    inject: app.inject.bind(app),
    async listen(host, port) {
      try {
        await app.listen({ host, port });
      } catch (cause) {
        if (cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE') {
          throw new Failure('server.address-in-use', `\`${host}:${port}\` is in use`, { cause });
        }
        throw cause;
      }
      const address = app.server.address();
      return typeof address === 'object' && address !== null ? address.port : port;
    },
    refuse: () => stopping.abort(),
    async close() {
      const closed = app.close();
      const timer = setTimeout(() => app.server.closeAllConnections(), answeredWithinMs);
      await closed.finally(() => clearTimeout(timer));
    },
  };
}

/** Returns what a request tells of who sends it. */
function factsOf(request: FastifyRequest) {
  const { authorization, cookie, origin } = request.headers;
  const userAgent = request.headers['user-agent'];
  const fetchSite = request.headers['sec-fetch-site'];
  const forgeryToken = request.headers['x-forgery-token'];
  return {
    method: request.method,
    remoteAddress: request.ip,
    ...(authorization !== undefined && { authorization }),
    ...(cookie !== undefined && { cookie }),
    ...(origin !== undefined && { origin }),
    ...(userAgent !== undefined && { userAgent }),
    ...(typeof fetchSite === 'string' && { fetchSite }),
    ...(typeof forgeryToken === 'string' && { forgeryToken }),
  };
}

function noTenant(tenant: string): Failure {
  return new Failure('tenant.not-found', `there is no tenant \`${tenant}\``);
}

function send(given: Answer, reply: FastifyReply): void {
  void reply.code(given.status).headers(given.headers ?? {});
  if (given.chunks !== undefined) {
    const chunks = Readable.from(given.chunks, { objectMode: false });
    void reply.type(given.mediaType ?? 'application/octet-stream').send(chunks);
    return;
  }
  if (given.body === undefined) {
    void reply.send();
    return;
  }
  if (given.mediaType === undefined) {
    void reply.type('application/json').send(JSON.stringify(given.body));
    return;
  }
  const { body } = given;
  const content =
    typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
  void reply.type(given.mediaType).send(content);
}

/** Headers as routes may hand them on: what proves who somebody is stays here. */
function headersToRead(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Readonly<Record<string, string | readonly string[] | undefined>> {
  const { authorization: _authorization, cookie: _cookie, ...rest } = headers;
  return rest;
}

/** Who acts where nobody has to say who he is. */
function nobody(tenant: string): Principal {
  return {
    kind: 'system',
    id: 'anonymous',
    tenant,
    roles: [],
    groups: [],
    onBehalfOf: [],
    authentication: { factors: [], freshness: 'old' },
  };
}

function methodsAt(routes: readonly Route[], path: string): readonly string[] {
  const found = routes.filter((route) =>
    new RegExp(
      `^${route.path.replaceAll(/[.*+?^$|()[\]\\]/g, '\\$&').replaceAll(/\{\w+\}/g, '[^/]+')}$`,
    ).test(path),
  );
  return [...new Set(found.map((route) => route.method))].toSorted();
}

/** Returns text that is equal for equal content, whatever a form's boundary is. */
async function contentOf(bytes: Buffer | undefined, form: Form): Promise<string> {
  const { createHash } = await import('node:crypto');
  const { createReadStream } = await import('node:fs');
  const digests: string[] = [];
  for (const { field, name, path } of form.files) {
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
    digests.push(JSON.stringify([field, name, hash.digest('hex')]));
  }
  const fields = [...form.fields].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([bytes?.toString('base64') ?? '', fields, digests.toSorted()]);
}
