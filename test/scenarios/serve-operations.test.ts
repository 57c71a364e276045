/**
 * Running the server: killed in the middle of work, asked to stop, started twice on a folder, out of disk,
 * watched. Each as a process of its own, as an operator meets it.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Failure } from '../../src/core/failure/index.ts';
import { administrator, apiServerOfTest, flowText } from '../support/api-server.ts';

const sluice = new URL('../../bin/sluice', import.meta.url).pathname;
const yaml = 'application/x-yaml';
const basic = `Basic ${Buffer.from(`${administrator.name}:${administrator.password}`).toString('base64')}`;

function folderOfTest(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-operations-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

interface Served {
  readonly child: ChildProcess;
  readonly url: string;
  readonly setupUrl: string;
  readonly text: () => string;
  readonly ended: Promise<number | null>;
  call(method: string, path: string, body?: string, type?: string): Promise<Response>;
}

async function until(isTrue: () => boolean | Promise<boolean>, what: () => string): Promise<void> {
  for (let tries = 0; !(await isTrue()); tries += 1) {
    if (tries > 400) throw new Error(`it did not come:\n${what()}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** Starts a server as a process; `before` are words of a shell that come first. */
async function start(
  folder: string,
  more: { readonly before?: string; readonly environment?: NodeJS.ProcessEnv } = {},
): Promise<Served> {
  const command = `${more.before ?? ''} exec ${sluice} serve --data ${folder} --port 0`;
  const child = spawn('bash', ['-c', command], {
    stdio: 'pipe',
    env: { ...process.env, SLUICE_SERVER_DRAIN: 'PT5S', ...more.environment },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let text = '';
  child.stdout.on('data', (chunk) => (text += String(chunk)));
  child.stderr.on('data', (chunk) => (text += String(chunk)));
  const ended = new Promise<number | null>((resolve) => child.on('exit', resolve));
  await until(
    () => text.includes('Ctrl-C stops it'),
    () => text,
  );
  const url = /up at (http:\S+)/.exec(text)?.[1] ?? '';
  return {
    child,
    url,
    setupUrl: /http:\S+\/setup#\S+/.exec(text)?.[0] ?? '',
    text: () => text,
    ended,
    call: (method, path, body, type = 'application/json') =>
      fetch(`${url}${path}`, {
        method,
        headers: { authorization: basic, ...(body !== undefined && { 'content-type': type }) },
        ...(body !== undefined && { body }),
      }),
  };
}

/** Makes the first administrator, who builds and runs flows too. */
async function setUp(served: Served): Promise<void> {
  const { name: username, password } = administrator;
  const secret = new URL(served.setupUrl).hash.slice(1);
  const body = JSON.stringify({ secret, username, password, alsoRuns: true });
  const made = await served.call('POST', '/api/v1/setup', body);
  expect(made.status).toBe(204);
}

const sleeping = (seconds: number): string =>
  flowText('sleeping', `  - {id: wait, type: core.flow.Sleep, duration: PT${seconds}S}`);
async function begin(served: Served, seconds: number): Promise<string> {
  const saved = await served.call('POST', '/api/v1/main/flows', sleeping(seconds), yaml);
  expect([saved.status, saved.ok ? '' : await saved.text()]).toEqual([200, '']);
  const begun = await served.call('POST', '/api/v1/main/executions/demo/sleeping');
  const { id } = (await begun.json()) as { id: string };
  await until(async () => (await stateOf(served, id)) === 'RUNNING', served.text);
  return id;
}
async function stateOf(served: Served, id: string): Promise<string> {
  const answered = await served.call('GET', `/api/v1/main/executions/${id}`);
  return ((await answered.json()) as { state: { current: string } }).state.current;
}

test('killed in the middle of work, it goes on at the next start, and knows its people', async () => {
  const folder = folderOfTest();
  const first = await start(folder);
  await setUp(first);
  const id = await begin(first, 0.4);
  first.child.kill('SIGKILL');
  await first.ended;
  const second = await start(folder);
  expect(second.setupUrl).toBe('');
  await until(async () => (await stateOf(second, id)) === 'SUCCESS', second.text);
  expect(second.text()).not.toContain('works on this data folder too');
}, 60_000);

test('asked to stop, it answers nothing new, lets what runs end, and ends with 0', async () => {
  const folder = folderOfTest();
  const served = await start(folder);
  await setUp(served);
  const id = await begin(served, 0.8);
  served.child.kill('SIGTERM');
  await until(async () => {
    const ready = await fetch(`${served.url}/health/readiness`).catch(() => undefined);
    return ready === undefined || ready.status === 503;
  }, served.text);
  const refused = await served.call('GET', '/api/v1/main/me').catch(() => undefined);
  expect([503, undefined]).toContain(refused?.status);
  expect(await served.ended).toBe(0);
  expect(served.text()).toContain('"isDone":true');
  const shown = spawnSync(sluice, ['execution', 'show', id, '--data', folder, '-o', 'json'], {
    encoding: 'utf8',
  });
  expect(JSON.parse(shown.stdout)).toMatchObject({
    state: { current: 'SUCCESS' },
  });
}, 60_000);

test('a second one on the same folder says that there is another', async () => {
  const folder = folderOfTest();
  const first = await start(folder);
  await setUp(first);
  const second = await start(folder);
  expect(first.text()).not.toContain('Another process works on this data folder too');
  expect(second.text()).toContain('Another process works on this data folder too');
  const id = await begin(second, 0.1);
  await until(async () => (await stateOf(first, id)) === 'SUCCESS', first.text);
}, 60_000);

test('when the disk takes no more, it is unready, says why, and ends with 1', async () => {
  const folder = folderOfTest();
  const calm = await start(folder);
  await setUp(calm);
  calm.child.kill('SIGTERM');
  await calm.ended;
  // A limit of the size of files stands for a full disk: writes are refused in the same way.
  const served = await start(folder, { before: "trap '' XFSZ; ulimit -f 600;" });
  const id = await begin(served, 6);
  const put = (key: number, length: number) =>
    served.call('PUT', `/api/v1/main/namespaces/demo/kv/key${key}`, `"${'x'.repeat(length)}"`);
  const isReady = async () => (await fetch(`${served.url}/health/readiness`)).ok;
  let refused: Response | undefined;
  // What is large is refused first; while something small fits, the server is ready and says so.
  for (let key = 0; key < 60 && (refused === undefined || (await isReady())); key += 1) {
    const answered = await put(key, refused === undefined ? 100_000 : 1_000);
    if (!answered.ok) refused = answered;
  }
  expect(refused?.status).toBe(503);
  // Where the folder is, is nobody's business who asks over HTTP.
  expect(await refused?.text()).not.toContain(folder);
  const ready = await fetch(`${served.url}/health/readiness`);
  const readiness = await ready.text();
  expect([ready.status, JSON.parse(readiness)]).toMatchObject([503, { status: 'DOWN' }]);
  expect(readiness).toContain('cannot be written');
  expect(readiness).not.toContain(folder);
  // What runs cannot go on: the process ends, for a supervisor to start it again.
  expect(await served.ended).toBe(1);
  expect(served.text()).toContain('server cannot go on');
  expect(served.text()).not.toContain(administrator.password);
  // What was durable is there when there is room again.
  const again = await start(folder);
  expect((await again.call('GET', '/api/v1/main/namespaces/demo/kv/key0')).status).toBe(200);
  await until(async () => (await stateOf(again, id)) === 'SUCCESS', again.text);
}, 60_000);

test('it is ready again when writing works again, and the ledger says so', async () => {
  const world = await apiServerOfTest();
  const { store } = world.server.system;
  const commit = store.commit.bind(store);
  let isFull = true;
  store.commit = async (writes) => {
    if (isFull) throw new Failure('store.unreachable', 'the disk under `/secret/place` fails');
    return commit(writes);
  };
  const put = () =>
    world.call('PUT', '/api/v1/main/namespaces/demo/kv/k', { type: 'application/json', body: '1' });
  const refused = await put();
  expect([refused.status, (await refused.text()).includes('/secret/place')]).toEqual([503, false]);
  const ready = async () => (await fetch(`${world.url}/health/readiness`)).status;
  expect(await ready()).toBe(503);
  isFull = false;
  expect(await ready()).toBe(200);
  expect((await put()).status).toBe(200);
  const entries = await (await world.call('GET', '/api/v1/main/ledger/entries?limit=5')).text();
  expect(entries).toContain('store-written-again');
});

describe('what cannot be a configuration', () => {
  test.each([
    ['a folder', (folder: string) => folder, 'it is a folder'],
    ['not there', (folder: string) => join(folder, 'absent.yaml'), 'there is no such file'],
    [
      'no text',
      (folder: string) => {
        const path = join(folder, 'bytes.yaml');
        writeFileSync(path, Buffer.from([0xff, 0xfe, 0x00, 0x80]));
        return path;
      },
      'no UTF-8 text',
    ],
    [
      'a list',
      (folder: string) => {
        const path = join(folder, 'list.yaml');
        writeFileSync(path, '- server\n');
        return path;
      },
      'no map of settings',
    ],
    [
      'broken beside a secret',
      (folder: string) => {
        const path = join(folder, 'secret.yaml');
        writeFileSync(path, 'telemetry:\n  headers: "key=planted-secret-7,oops"\n');
        return path;
      },
      'is not `name=value,name=value`',
    ],
  ])('is told as such: %s', (_name, make, told) => {
    const folder = folderOfTest();
    const words = ['serve', '--data', folder, '--config', make(folder), '--port', '0'];
    const ran = spawnSync(sluice, words, { encoding: 'utf8' });
    expect([ran.status, ran.stdout]).toEqual([2, '']);
    expect(ran.stderr).toContain(told);
    expect(ran.stderr).not.toContain('planted-secret');
  });
});

test('secrets stand in no line of the log, no span, no number and no setting that is shown', async () => {
  const planted = 'planted-secret-of-this-test';
  const sent: string[] = [];
  const collector = createServer((request, response) => {
    request.on('data', (chunk) => sent.push(String(chunk)));
    request.on('end', () => response.end('{}'));
  });
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void collector.close());
  const endpoint = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
  const provider = {
    id: 'away',
    title: 'Away',
    issuer: 'http://127.0.0.1:1',
    clientId: 'x',
    clientSecret: planted,
  };
  const environment = {
    SLUICE_TELEMETRY_ENDPOINT: endpoint,
    SLUICE_TELEMETRY_HEADERS: `x-key=${planted}`,
    SLUICE_IDENTITY_PROVIDERS: JSON.stringify([provider]),
    SECRET_PLANTED: Buffer.from(planted).toString('base64'),
  };
  const world = await apiServerOfTest({ ...environment, SLUICE_LOG_LEVEL: 'trace' });
  const tasks = `  - {id: a, type: core.log.Log, message: "it is {{ secret('PLANTED') }}"}\n  - {id: b, type: core.execution.Fail, errorMessage: "no {{ secret('PLANTED') }}"}`;
  await world.json('POST', '/api/v1/main/flows', { body: flowText('planted', tasks), type: yaml });
  await world.call('POST', '/api/v1/main/executions/demo/planted?wait=true');
  const login = await world.call('GET', '/api/v1/login/away');
  expect(login.status).toBe(502);
  expect(await login.text()).not.toContain(planted);
  await world.call('POST', '/api/v1/login', {
    type: 'application/json',
    body: JSON.stringify({ username: 'ada', password: planted }),
  });
  await world.call('GET', `/api/v1/main/me?access_token=${planted}`);
  await world.call('GET', '/api/v1/main/me', { headers: { authorization: `Bearer ${planted}` } });
  const numbers = await (await world.call('GET', '/metrics')).text();
  await world.server.stop();
  expect(sent.join('')).toContain('demo.planted');
  for (const text of [world.log.join(''), sent.join(''), numbers]) {
    expect(text).not.toContain(planted);
    expect(text).not.toContain(environment.SECRET_PLANTED);
  }
  for (const words of [
    ['config', 'show'],
    ['config', 'show', '-o', 'json'],
    ['config', 'check'],
  ]) {
    const ran = spawnSync(sluice, words, {
      encoding: 'utf8',
      cwd: world.dataFolder,
      env: { ...process.env, ...environment },
    });
    expect([ran.status, ran.stdout.includes(planted), ran.stderr.includes(planted)]).toEqual([
      0,
      false,
      false,
    ]);
  }
}, 60_000);

test('every request has an id, which the answer, the problem and the log name alike', async () => {
  const world = await apiServerOfTest();
  const answered = await fetch(`${world.url}/api/v1/main/me`, {
    headers: { 'x-request-id': 'chosen by somebody else' },
  });
  const id = answered.headers.get('x-request-id') ?? '';
  expect(id).toMatch(/^\w{10,}$/);
  expect(await answered.json()).toMatchObject({ instance: `urn:request:${id}` });
  const line = world.log
    .map((one) => JSON.parse(one) as Record<string, unknown>)
    .find((one) => one['id'] === id);
  expect(line).toMatchObject({ method: 'GET', route: '/api/v1/{tenant}/me', status: 401 });
});

test('the numbers are what Prometheus reads', async () => {
  const world = await apiServerOfTest();
  await world.call('GET', '/api/v1/main/me');
  const answered = await world.call('GET', '/metrics');
  expect(answered.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  const lines = (await answered.text()).split('\n');
  expect(lines.pop()).toBe('');
  const typed = new Map<string, string>();
  const seen = new Set<string>();
  const label = /[a-zA-Z_]\w*="(?:[^"\\\n]|\\["\\n])*"/.source;
  const sample = new RegExp(
    `^([a-zA-Z_:][\\w:]*)(?:\\{(?:${label}(?:,${label})*)?\\})? (?:-?\\d+(?:\\.\\d+)?(?:e[+-]?\\d+)?|NaN|[+-]Inf)$`,
  );
  for (const line of lines) {
    const about = /^# (HELP|TYPE) ([a-zA-Z_:][\w:]*) (.+)$/.exec(line);
    if (about !== null) {
      const [, kind, name = '', rest = ''] = about;
      if (kind === 'TYPE') {
        expect(rest).toMatch(/^(?:counter|gauge|histogram|summary|untyped)$/);
        expect([name, typed.has(name)]).toEqual([name, false]);
        typed.set(name, rest);
      }
      continue;
    }
    const match = sample.exec(line);
    expect([line, match !== null]).toEqual([line, true]);
    const name = (match?.[1] ?? '').replace(/_(?:bucket|sum|count)$/, '');
    expect([line, typed.has(name) || typed.has(match?.[1] ?? '')]).toEqual([line, true]);
    const key = line.slice(0, line.lastIndexOf(' '));
    expect([key, seen.has(key)]).toEqual([key, false]);
    seen.add(key);
  }
  expect(seen.size).toBeGreaterThan(5);
});
