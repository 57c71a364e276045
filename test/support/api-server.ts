/**
 * A server over a folder of its own on a free port, with people who may sign in; for tests. The policies
 * are those that come with the product, so who does something needs a role for it.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { forgeryToken, setCookie } from '../../src/runtime/identity/index.ts';
import { readConfiguration } from '../../src/app/configuration.ts';
import { type RunningServer, serve } from '../../src/app/serve.ts';
import { answerTrouble } from './answer-check.ts';

/** A server and how to speak to it. */
export interface ApiWorld {
  readonly server: RunningServer;
  readonly url: string;
  readonly dataFolder: string;
  /** The header of somebody who may do all but what needs a second factor. */
  readonly authorization: string;
  /** The headers of a session of somebody who may do all, proven just now by two factors. */
  readonly session: Readonly<Record<string, string>>;
  readonly log: string[];
  /**
   * Sends a request with that session; `path` starts behind the address. Throws when the answer is not
   * what its route says.
   */
  call(method: string, path: string, options?: CallOptions): Promise<Response>;
  /** The same, for the JSON of the answer; throws when the status is no success. */
  json<T = Record<string, unknown>>(
    method: string,
    path: string,
    options?: CallOptions,
  ): Promise<T>;
}

/** What goes with a request. */
export interface CallOptions {
  readonly body?: string | FormData;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The first administrator of a server that was made for a test; who also does everything else. */
export const administrator = { name: 'ada', password: 'a lighthouse in june' };

const allRoles = [
  'admin',
  'builder',
  'operator',
  'auditor',
  'risk-officer',
  'privacy-officer',
  'security-officer',
  'local-owner',
];

/** Returns the headers of a session that `user` has just begun with a password and a code. */
export async function sessionFor(
  { identity, url }: RunningServer,
  user: string,
  factors: readonly string[] = ['password', 'totp'],
): Promise<Readonly<Record<string, string>>> {
  const kept = await identity.users.find(user);
  if (kept === undefined) throw new Error(`there is no user ${user}`);
  const { tenant, authority } = kept.content;
  const secret = await identity.sessions.begin(
    { user, tenant, factors, authority, idToken: null, provider: null },
    { userAgent: 'node', remoteAddress: '127.0.0.1' },
  );
  const cookie = setCookie('session', url, secret).split(';')[0] ?? '';
  return { cookie, 'x-forgery-token': forgeryToken(secret) };
}

/** Starts a server with an administrator. `environment` may set settings. */
export async function startApiServer(
  environment: Readonly<Record<string, string>> = {},
  folder?: string,
): Promise<ApiWorld> {
  const dataFolder = folder ?? mkdtempSync(join(tmpdir(), 'sluice-api-'));
  const { configuration, diagnostics } = readConfiguration({
    environment: { SLUICE_SERVER_PORT: '0', SLUICE_SERVER_DRAIN: 'PT2S', ...environment },
  });
  if (configuration === undefined) throw new Error(JSON.stringify(diagnostics));
  const log: string[] = [];
  const server = await serve({
    configuration,
    dataFolder,
    environment,
    logTo: { write: (line) => void log.push(line) },
  });
  const { url, setupUrl } = server;
  if (setupUrl !== undefined) {
    const secret = new URL(setupUrl).hash.slice(1);
    const made = await fetch(`${url}/api/v1/setup`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        secret,
        username: administrator.name,
        password: administrator.password,
      }),
    });
    if (made.status !== 204) throw new Error(await made.text());
  }
  const { identity } = server;
  const everything = allRoles.map((role) => ({ role, namespace: '*', tenant: '*' }));
  const ada = await identity.users.byName('main', administrator.name);
  if (ada === undefined) throw new Error('the administrator is missing');
  await identity.users.change(ada.id, { type: 'user-roles-set', actor: 'test' }, () => ({
    roles: everything,
  }));
  const known = await identity.users.byName('main', 'grace');
  const grace =
    known?.id ??
    (await identity.users.create({ tenant: 'main', name: 'grace', roles: everything }, 'test'));
  const session = await sessionFor(server, grace);
  const basic = Buffer.from(`${administrator.name}:${administrator.password}`).toString('base64');
  const authorization = `Basic ${basic}`;
  const call: ApiWorld['call'] = async (method, path, options = {}) => {
    const answered = await fetch(`${url}${path}`, {
      method,
      headers: {
        ...session,
        ...(options.type !== undefined && { 'content-type': options.type }),
        ...options.headers,
      },
      ...(options.body !== undefined && { body: options.body }),
    });
    const isStream = answered.headers.get('content-type')?.startsWith('text/event-stream') ?? false;
    const trouble = isStream
      ? undefined
      : await answerTrouble(method, `${url}${path}`, answered.clone());
    if (trouble !== undefined) throw new Error(trouble);
    return answered;
  };
  return {
    server,
    url,
    dataFolder,
    authorization,
    session,
    log,
    call,
    async json(method, path, options) {
      const answered = await call(method, path, options);
      const text = await answered.text();
      if (!answered.ok) throw new Error(`${answered.status} ${text}`);
      return JSON.parse(text);
    },
  };
}

/** Starts a server that stops, and whose folder goes, when the test has ended. */
export async function apiServerOfTest(
  environment: Readonly<Record<string, string>> = {},
): Promise<ApiWorld> {
  const world = await startApiServer(environment);
  onTestFinished(async () => {
    await world.server.stop();
    rmSync(world.dataFolder, { recursive: true });
  });
  return world;
}

/** Returns a flow as YAML: `tasks` are lines of a list. */
export function flowText(id: string, tasks: string, more = ''): string {
  return `id: ${id}\nnamespace: demo\n${more}tasks:\n${tasks}\n`;
}
