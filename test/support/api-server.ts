/** A server over a folder of its own on a free port, with an administrator who may sign in; for tests. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { readConfiguration } from '../../src/app/configuration.ts';
import { type RunningServer, serve } from '../../src/app/serve.ts';

/** A server and how to speak to it. */
export interface ApiWorld {
  readonly server: RunningServer;
  readonly url: string;
  readonly dataFolder: string;
  /** The header of the administrator. */
  readonly authorization: string;
  readonly log: string[];
  /** Sends a request as the administrator; `path` starts behind the address. */
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

/** The administrator of a server that was made for a test. */
export const administrator = { name: 'ada', password: 'a lighthouse in june' };

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
  const basic = Buffer.from(`${administrator.name}:${administrator.password}`).toString('base64');
  const authorization = `Basic ${basic}`;
  const call: ApiWorld['call'] = (method, path, options = {}) =>
    fetch(`${url}${path}`, {
      method,
      headers: {
        authorization,
        ...(options.type !== undefined && { 'content-type': options.type }),
        ...options.headers,
      },
      ...(options.body !== undefined && { body: options.body }),
    });
  return {
    server,
    url,
    dataFolder,
    authorization,
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
