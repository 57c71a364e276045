/** Fetching through the guard, against real servers on this machine. */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createGuardedFetch, type Hop, nextHop } from './guarded-fetch.ts';

interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

let seen: Seen[] = [];
let other: http.Server;
let server: http.Server;
let base: string;
let otherBase: string;

const answers: Record<string, (response: http.ServerResponse, url: URL) => void> = {
  '/text': (response) => response.setHeader('x-kind', 'text').end('hello'),
  '/gzip': (response) => response.setHeader('content-encoding', 'gzip').end(gzipSync('packed')),
  '/brotli': (response) =>
    response.setHeader('content-encoding', 'br').end(brotliCompressSync('packed')),
  '/broken-gzip': (response) =>
    response.setHeader('content-encoding', 'gzip').end(gzipSync('packed').subarray(0, 12)),
  '/odd-packing': (response) => response.setHeader('content-encoding', 'rar').end('x'),
  '/bomb': (response) =>
    response.setHeader('content-encoding', 'gzip').end(gzipSync(Buffer.alloc(5_000_000))),
  '/status': (response, url) => response.writeHead(Number(url.searchParams.get('code'))).end(),
  '/redirect': (response, url) =>
    response
      .writeHead(Number(url.searchParams.get('code') ?? 302), {
        location: url.searchParams.get('to') ?? '',
      })
      .end('go on'),
  '/loop': (response) => response.writeHead(302, { location: '/loop' }).end(),
  '/silence': () => undefined,
  '/drip': (response) => {
    response.write('a');
    const timer = setInterval(() => response.write('a'), 20);
    response.on('close', () => clearInterval(timer));
  },
  '/cut': (response) => {
    response.writeHead(200, { 'content-length': '100' });
    response.write('a');
    setTimeout(() => response.destroy(), 20);
  },
};

function listen(): Promise<http.Server> {
  const made = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const url = new URL(request.url ?? '/', 'http://x');
      seen.push({
        method: request.method ?? '',
        url: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
      });
      (answers[url.pathname] ?? answers['/text'])?.(response, url);
    });
  });
  return new Promise((resolve) => made.listen(0, '127.0.0.1', () => resolve(made)));
}

beforeAll(async () => {
  [server, other] = [await listen(), await listen()];
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  otherBase = `http://localhost:${(other.address() as AddressInfo).port}`;
});
afterAll(() => {
  for (const one of [server, other]) {
    one.closeAllConnections();
    one.close();
  }
});

const open = createGuardedFetch({ allowPrivate: true });
const last = (): Seen => seen.at(-1) ?? { method: '', url: '', headers: {}, body: '' };

describe('the gate', () => {
  const closed = createGuardedFetch();

  test.each([
    'http://localhost/',
    'http://127.0.0.1/',
    'http://127.1/',
    'http://2130706433/',
    'http://0x7f000001/',
    'http://0177.0.0.1/',
    'http://127.0.0.1./',
    'http://１２７.0.0.1/',
    'http://0/',
    'http://[::1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[::ffff:7f00:1]/',
    'http://[64:ff9b::7f00:1]/',
    'http://10.0.0.1/',
    'http://192.168.1.1/',
    'http://169.254.169.254/latest/meta-data/',
    'http://metadata.google.internal/',
    'http://metadata.google.internal./',
    'http://METADATA/',
    'ftp://example.com/',
    'file:///etc/passwd',
    'data:text/plain,x',
    'not a url',
    '',
  ])('refuses %j', async (url) => {
    seen = [];
    await expect(closed(url)).rejects.toMatchObject({ code: 'http.address-refused' });
    expect(seen).toEqual([]);
  });

  test('refuses credentials in a URL without repeating them', async () => {
    const error = await open('http://someone:pass-word@example.com/').catch((one: unknown) => one);
    expect(error).toMatchObject({ code: 'http.address-refused' });
    expect(String(error)).not.toContain('pass-word');
  });

  test.each([['127.0.0.1'], ['8.8.8.8', '10.0.0.1'], ['2606:4700::1', '::1'], ['::ffff:10.0.0.1']])(
    'refuses a name with the addresses %j',
    async (...addresses) => {
      const guarded = createGuardedFetch({ resolve: async () => addresses });
      await expect(guarded('http://shop.example/')).rejects.toMatchObject({
        code: 'http.address-refused',
      });
    },
  );

  test('connects to the address it judged, however the name answers later', async () => {
    const port = new URL(base).port;
    let calls = 0;
    const guarded = createGuardedFetch({
      allowPrivate: ['shop.example'],
      resolve: async () => {
        calls += 1;
        return calls === 1 ? ['127.0.0.1'] : ['127.0.0.2'];
      },
    });
    const response = await guarded(`http://shop.example:${port}/text`);
    expect(await response.text()).toBe('hello');
    expect(calls).toBe(1);
    expect(last().headers.host).toBe(`shop.example:${port}`);
  });

  test('lets pass the hosts the configuration names, by name or with the port, and no others', async () => {
    const { host } = new URL(base);
    for (const allowPrivate of [true, ['127.0.0.1'], [host]] as const) {
      const response = await createGuardedFetch({ allowPrivate })(`${base}/text`);
      expect(await response.text()).toBe('hello');
    }
    for (const allowPrivate of [false, ['127.0.0.2'], ['127.0.0.1:1'], ['localhost']] as const) {
      await expect(createGuardedFetch({ allowPrivate })(`${base}/text`)).rejects.toMatchObject({
        code: 'http.address-refused',
      });
    }
  });

  test('refuses metadata addresses even when everything private is allowed', async () => {
    for (const url of ['http://169.254.169.254/', 'http://[fd00:ec2::254]/', 'http://metadata/']) {
      await expect(open(url)).rejects.toMatchObject({ code: 'http.address-refused' });
    }
    const guarded = createGuardedFetch({
      allowPrivate: true,
      resolve: async () => ['169.254.169.254'],
    });
    await expect(guarded('http://shop.example/')).rejects.toMatchObject({
      code: 'http.address-refused',
    });
  });

  test('does not listen to proxies of the environment', async () => {
    process.env['HTTP_PROXY'] = process.env['http_proxy'] = otherBase;
    process.env['NODE_USE_ENV_PROXY'] = '1';
    try {
      seen = [];
      await (await open(`${base}/text`)).text();
      expect(seen.map(({ url }) => url)).toEqual(['/text']);
    } finally {
      for (const name of ['HTTP_PROXY', 'http_proxy', 'NODE_USE_ENV_PROXY'])
        delete process.env[name];
    }
  });
});

describe('an answer', () => {
  test('is a response like any other', async () => {
    const response = await open(`${base}/text?a=b`, { headers: { 'x-own': 'yes' } });
    expect(response).toBeInstanceOf(Response);
    expect([response.status, response.ok, response.url, response.redirected]).toEqual([
      200,
      true,
      `${base}/text?a=b`,
      false,
    ]);
    expect(response.headers.get('x-kind')).toBe('text');
    expect(await response.text()).toBe('hello');
    expect(last()).toMatchObject({ method: 'GET', url: '/text?a=b', headers: { 'x-own': 'yes' } });
  });

  test.each([204, 304, 404, 500])('with the status %i is one too', async (code) => {
    const response = await open(`${base}/status?code=${code}`);
    expect(response.status).toBe(code);
    expect(await response.text()).toBe('');
  });

  test.each(['/gzip', '/brotli'])('is unpacked: %s', async (path) => {
    expect(await (await open(base + path)).text()).toBe('packed');
  });

  test('to HEAD has no body', async () => {
    const response = await open(`${base}/text`, { method: 'HEAD' });
    expect([response.status, await response.text()]).toEqual([200, '']);
  });

  test('that breaks off, is damaged or strangely packed is a failure', async () => {
    for (const path of ['/cut', '/broken-gzip', '/odd-packing']) {
      const read = async () => (await open(base + path)).text();
      await expect(read()).rejects.toMatchObject({ code: 'http.unreachable' });
    }
  });

  test('is cut off at the bound of its size, after unpacking', async () => {
    const guarded = createGuardedFetch({ allowPrivate: true, bodyBytesMax: 100_000 });
    const read = async () => (await guarded(`${base}/bomb`)).arrayBuffer();
    await expect(read()).rejects.toMatchObject({
      code: 'http.unreachable',
      isRetryable: false,
      message: expect.stringContaining('larger than 100000 bytes') as unknown,
    });
  });

  test('that does not come, or does not end, is cut off at the bound of its time', async () => {
    const guarded = createGuardedFetch({ allowPrivate: true, timeoutMs: 150 });
    await expect(guarded(`${base}/silence`)).rejects.toMatchObject({
      code: 'http.unreachable',
      message: expect.stringContaining('within 150 ms') as unknown,
    });
    const read = async () => (await guarded(`${base}/drip`)).text();
    await expect(read()).rejects.toMatchObject({ code: 'http.unreachable' });
  });

  test('that nobody waits for any more is dropped with the reason of the abort', async () => {
    const abort = new AbortController();
    const answer = open(`${base}/silence`, { signal: abort.signal });
    setTimeout(() => abort.abort(new Error('killed')), 20);
    await expect(answer).rejects.toThrow('killed');
    await expect(open(`${base}/text`, { signal: AbortSignal.abort() })).rejects.toThrow();
  });

  test('of a host that is not there is a failure that names it', async () => {
    await expect(open('http://127.0.0.1:1/secret-path')).rejects.toMatchObject({
      code: 'http.unreachable',
      message: 'the host `127.0.0.1:1` could not be reached (ECONNREFUSED)',
    });
  });
});

describe('a request', () => {
  test('carries text, forms and files', async () => {
    await (
      await open(base, {
        method: 'POST',
        body: '{"a":1}',
        headers: { 'content-type': 'application/json' },
      })
    ).text();
    expect(last()).toMatchObject({
      method: 'POST',
      body: '{"a":1}',
      headers: { 'content-type': 'application/json', 'content-length': '7' },
    });
    const form = new FormData();
    form.set('file', new Blob(['content']), 'a.txt');
    await (await open(base, { method: 'PUT', body: form })).text();
    expect(last().headers['content-type']).toMatch(/^multipart\/form-data; boundary=/);
    expect(last().body).toContain('filename="a.txt"');
    await (
      await open(new Request(base, { method: 'POST', body: new URLSearchParams({ a: 'b c' }) }))
    ).text();
    expect(last().body).toBe('a=b+c');
  });

  test('leaves the connection to us', async () => {
    await (
      await open(base, {
        headers: { 'content-length': '50', connection: 'keep-alive', expect: '100-continue' },
      })
    ).text();
    expect(last().headers).toMatchObject({ connection: 'close' });
    expect(last().headers['content-length']).toBeUndefined();
    expect(last().headers.expect).toBeUndefined();
  });
});

describe('a redirect', () => {
  const to = (target: string, code = 302): string =>
    `${base}/redirect?code=${code}&to=${encodeURIComponent(target)}`;

  test('is followed, and its end is told', async () => {
    const response = await open(to('/text'));
    expect([response.url, response.redirected]).toEqual([`${base}/text`, true]);
    expect(await response.text()).toBe('hello');
  });

  test.each([
    [301, 'GET', ''],
    [302, 'GET', ''],
    [303, 'GET', ''],
    [307, 'POST', 'x'],
    [308, 'POST', 'x'],
  ])('with %i makes a POST a %s', async (code, method, body) => {
    await (await open(to('/text', code), { method: 'POST', body: 'x' })).text();
    expect(last()).toMatchObject({ method, body });
  });

  test('to another origin loses the credentials, to the same one keeps them', async () => {
    const headers = { authorization: 'Bearer x', cookie: 'a=b', 'x-api-key': 'k', 'x-own': 'yes' };
    await (await open(to('/text'), { headers })).text();
    expect(last().headers).toMatchObject(headers);
    await (await open(to(`${otherBase}/text`), { headers })).text();
    expect(last().headers['x-own']).toBe('yes');
    for (const name of ['authorization', 'cookie', 'x-api-key']) {
      expect(last().headers[name]).toBeUndefined();
    }
  });

  test('to a private address is refused, by number or by name', async () => {
    const guarded = createGuardedFetch({ allowPrivate: [new URL(base).host] });
    for (const target of [
      `${otherBase}/text`,
      'http://10.0.0.1/',
      'http://[::1]/',
      'http://169.254.169.254/',
    ]) {
      seen = [];
      await expect(guarded(to(target))).rejects.toMatchObject({ code: 'http.address-refused' });
      expect(seen).toHaveLength(1);
    }
  });

  test('to what is no web address, or carries credentials, is refused', async () => {
    for (const target of ['file:///etc/passwd', 'http://a:b@example.com/', 'ftp://example.com/']) {
      await expect(open(to(target))).rejects.toMatchObject({ code: 'http.address-refused' });
    }
    await expect(open(to('http://['))).rejects.toMatchObject({ code: 'http.unreachable' });
  });

  test('is followed three times and no more', async () => {
    const three = to(to(to('/text')));
    expect(await (await open(three)).text()).toBe('hello');
    await expect(open(to(three))).rejects.toMatchObject({ code: 'http.unreachable' });
    seen = [];
    await expect(open(`${base}/loop`)).rejects.toMatchObject({ code: 'http.unreachable' });
    expect(seen).toHaveLength(4);
  });

  test('is given back as it is, or refused, when the caller wants that', async () => {
    const response = await open(to('/text'), { redirect: 'manual' });
    expect([response.status, response.headers.get('location')]).toEqual([302, '/text']);
    await response.text();
    await expect(open(to('/text'), { redirect: 'error' })).rejects.toMatchObject({
      code: 'http.unreachable',
    });
  });

  test('leads from one private host to another only where both are named', async () => {
    const port = new URL(base).port;
    const guarded = createGuardedFetch({
      allowPrivate: ['inside.example', 'first.example'],
      resolve: async () => ['127.0.0.1'],
    });
    const from = `http://first.example:${port}/redirect?to=`;
    const to = (host: string): string => encodeURIComponent(`http://${host}:${port}/text`);
    expect(await (await guarded(from + to('inside.example'))).text()).toBe('hello');
    await expect(guarded(from + to('outside.example'))).rejects.toMatchObject({
      code: 'http.address-refused',
    });
  });

  test('from a public host leads to no private one, though flows may call that by name', () => {
    const limits = {
      allowPrivate: ['inside.example'],
      timeoutMs: 1,
      bodyBytesMax: 1,
      resolve: async () => [],
    };
    const hop = (mayBePrivate: boolean): Hop => ({
      url: new URL('https://public.example/'),
      method: 'GET',
      headers: new Headers(),
      body: undefined,
      mayBePrivate,
    });
    const next = (mayBePrivate: boolean, target: string): Hop =>
      nextHop(hop(mayBePrivate), 302, target, limits);
    expect(next(false, 'https://inside.example/').mayBePrivate).toBe(false);
    expect(next(true, 'https://inside.example/').mayBePrivate).toBe(true);
    expect(next(true, 'https://elsewhere.example/').mayBePrivate).toBe(false);
    expect(() => next(true, 'http://inside.example/')).toThrow('from `https` to `http`');
  });
});
