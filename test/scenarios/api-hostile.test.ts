/**
 * Requests of those who mean ill, beside the hundred malformed ones: bytes that two readers would read in
 * two ways, forms without end, headers that want to be something else, bodies that never come. Each gets a
 * problem document with the right status or closes the connection; nothing is done, and nothing leaks.
 */
import { connect } from 'node:net';
import { rmSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiWorld, flowText, startApiServer } from '../support/api-server.ts';

const at = '/api/v1/main';
let world: ApiWorld;
let before = 0;

const leaks = /node_modules|\.ts:\d+|ZodError|SQLITE|FST_ERR|HPE_|\/tmp\/|permit ?\(|forbid ?\(/;

async function lastSeq(): Promise<number> {
  const path = `${at}/ledger/entries?limit=1`;
  return (await world.json<{ results: { seq: number }[] }>('GET', path)).results[0]?.seq ?? 0;
}

beforeAll(async () => {
  world = await startApiServer({
    SLUICE_SERVER_REQUEST_BURST: '100000',
    SLUICE_SERVER_BODY_BYTES_MAX: '65536',
    SLUICE_SERVER_UPLOAD_BYTES_MAX: '100000',
  });
  const inputs = 'inputs: [{id: count, type: INT, defaults: 1}]\n';
  await world.json('POST', `${at}/flows`, {
    type: 'application/x-yaml',
    body: flowText('hello', '  - {id: a, type: core.log.Log, message: x}', inputs),
  });
  before = await lastSeq();
}, 20_000);
afterAll(async () => {
  await world.server.stop();
  rmSync(world.dataFolder, { recursive: true });
});

/** Writes bytes to the server and gives everything that it answers until it closes, or is quiet for long. */
function raw(text: string | Buffer, quietMs = 400): Promise<string> {
  const { hostname, port } = new URL(world.url);
  return new Promise((resolve, reject) => {
    let got = '';
    const socket = connect(Number(port), hostname, () => socket.write(text));
    socket.setTimeout(quietMs, () => socket.destroy());
    socket.on('data', (chunk) => (got += String(chunk)));
    socket.on('close', () => resolve(got));
    socket.on('error', reject);
  });
}

function headersOf(more: readonly string[] = []): string {
  const own = Object.entries(world.session).map(([name, value]) => `${name}: ${value}`);
  return ['host: localhost', 'user-agent: node', ...own, ...more].join('\r\n');
}

const statusesIn = (text: string): readonly number[] =>
  [...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => Number(status));

const start = `POST ${at}/executions/demo/hello HTTP/1.1`;
const kill = `GET ${at}/flows/search HTTP/1.1\r\nhost: localhost\r\n\r\n`;

describe('what two readers would read in two ways closes the connection', () => {
  const cases: readonly (readonly [string, () => string])[] = [
    [
      'a length and chunks',
      () =>
        `${start}\r\n${headersOf(['content-length: 5', 'transfer-encoding: chunked'])}\r\n\r\n0\r\n\r\n${kill}`,
    ],
    [
      'chunks and a length',
      () =>
        `${start}\r\n${headersOf(['transfer-encoding: chunked', 'content-length: 5'])}\r\n\r\n0\r\n\r\n${kill}`,
    ],
    [
      'two lengths',
      () => `${start}\r\n${headersOf(['content-length: 0', 'content-length: 50'])}\r\n\r\n${kill}`,
    ],
    [
      'a length that is no number',
      () => `${start}\r\n${headersOf(['content-length: +5'])}\r\n\r\n{"a":1}`,
    ],
    [
      'chunks that are something else',
      () => `${start}\r\n${headersOf(['transfer-encoding: xchunked'])}\r\n\r\n0\r\n\r\n${kill}`,
    ],
    [
      'a chunk of no size',
      () => `${start}\r\n${headersOf(['transfer-encoding: chunked'])}\r\n\r\nzz\r\n{}\r\n0\r\n\r\n`,
    ],
    ['a space before the colon', () => `${start}\r\n${headersOf(['x-a : b'])}\r\n\r\n`],
    ['a folded header', () => `${start}\r\n${headersOf(['x-a: b\r\n c: d'])}\r\n\r\n`],
    ['a null in a header', () => `${start}\r\n${headersOf(['x-a: b\0c'])}\r\n\r\n`],
    [
      'lines that end in a line feed only',
      () => `${start}\n${headersOf().replaceAll('\r', '')}\n\n`,
    ],
    ['a version of nobody', () => `${start.replace('1.1', '9.9')}\r\n${headersOf()}\r\n\r\n`],
    ['a method of nobody', () => `${start.replace('POST', 'STEAL')}\r\n${headersOf()}\r\n\r\n`],
  ];
  test.each(cases)('%s', async (_name, text) => {
    const got = await raw(text());
    expect(statusesIn(got)).toEqual([400]);
    expect(got).toContain('application/problem+json');
    expect(got).toMatch(/connection: close/i);
    expect(got).not.toMatch(leaks);
  });

  test('headers and addresses without end are too large', async () => {
    const wide = await raw(`${start}\r\n${headersOf([`x-a: ${'a'.repeat(20_000)}`])}\r\n\r\n`);
    expect(statusesIn(wide)).toEqual([431]);
    expect(wide).toContain('"code":"request.headers-too-large"');
    const long = await raw(`GET /${'a'.repeat(20_000)} HTTP/1.1\r\n${headersOf()}\r\n\r\n`);
    expect(statusesIn(long)).toEqual([431]);
  });

  test('a second request in one connection is a request of its own, of nobody', async () => {
    const body = '{"count":"x"}';
    const first = `${start}\r\n${headersOf([`content-length: ${body.length}`, 'content-type: application/json'])}\r\n\r\n${body}`;
    expect(statusesIn(await raw(first + kill))).toEqual([422, 401]);
  });

  test('a request that names no host is malformed', async () => {
    const got = await raw(`GET ${at}/flows/search HTTP/1.1\r\n\r\n`);
    expect(statusesIn(got)).toEqual([400]);
    expect(got).toContain('"code":"request.malformed"');
  });

  test('a body that stops coming does nothing, and the server goes on', async () => {
    const text = `${start}\r\n${headersOf(['content-length: 500', 'content-type: application/json'])}\r\n\r\n{"count":`;
    expect(await raw(text, 200)).toBe('');
    expect((await world.call('GET', '/health')).status).toBe(200);
  });
});

interface Sent {
  readonly method?: string;
  readonly path: string;
  readonly body?: string | Buffer | FormData;
  readonly headers?: Readonly<Record<string, string>>;
}

const json = { 'content-type': 'application/json' };
const executions = `${at}/executions`;

/** Returns a form as bytes. */
function form(parts: readonly string[], boundary = 'x'): Sent {
  const body = `${parts.map((part) => `--${boundary}\r\n${part}\r\n`).join('')}--${boundary}--\r\n`;
  const headers = { 'content-type': `multipart/form-data; boundary=${boundary}` };
  return { method: 'POST', path: `${executions}/demo/hello`, body, headers };
}
const field = (name: string, value = '1'): string =>
  `content-disposition: form-data; name="${name}"\r\n\r\n${value}`;
const file = (name: string, filename: string, value = 'x'): string =>
  `content-disposition: form-data; name="${name}"; filename="${filename}"\r\n\r\n${value}`;

const cases: readonly (readonly [string, number, Sent])[] = [
  ['a form of too many fields', 413, form(Array.from({ length: 601 }, (_, n) => field(`f${n}`)))],
  [
    'a form of too many files',
    413,
    form(Array.from({ length: 101 }, (_, n) => file(`f${n}`, 'a'))),
  ],
  ['a file that is too large', 413, form([file('files', 'a', 'x'.repeat(120_000))])],
  ['a field whose name has no end', 413, form([field('n'.repeat(70_000))])],
  ['a form whose boundary never comes', 400, { ...form([]), body: '--y\r\nnothing' }],
  [
    'a form without a boundary',
    400,
    { ...form([]), headers: { 'content-type': 'multipart/form-data' } },
  ],
  [
    'a form that names a prototype',
    400,
    form([field('__proto__', '{"a":1}'), field('count', 'x')]),
  ],
  ['a text where a number belongs', 422, form([field('count', '1; DROP TABLE flows')])],
  [
    'JSON that names a prototype',
    422,
    {
      method: 'POST',
      path: `${executions}/demo/hello`,
      body: '{"__proto__":{"count":1},"count":"x"}',
      headers: json,
    },
  ],
  [
    'bytes that are no UTF-8',
    400,
    {
      method: 'POST',
      path: `${executions}/latest`,
      body: Buffer.from([0x5b, 0x22, 0xff, 0x22, 0x5d]),
      headers: json,
    },
  ],
  [
    'JSON in UTF-16',
    400,
    {
      method: 'POST',
      path: `${executions}/latest`,
      body: Buffer.from('[]', 'utf16le'),
      headers: { 'content-type': 'application/json; charset=utf-16' },
    },
  ],
  [
    'a body that is packed',
    415,
    {
      method: 'POST',
      path: `${executions}/latest`,
      body: gzipSync('[]'),
      headers: { ...json, 'content-encoding': 'gzip' },
    },
  ],
  [
    'two content types',
    415,
    {
      method: 'POST',
      path: `${executions}/latest`,
      body: '[]',
      headers: { 'content-type': 'text/html, application/json' },
    },
  ],
  [
    'JSON as deep as a well',
    400,
    {
      method: 'POST',
      path: `${executions}/latest`,
      body: `${'['.repeat(30_000)}${']'.repeat(30_000)}`,
      headers: json,
    },
  ],
  [
    'JSON with a number of no size',
    400,
    {
      method: 'POST',
      path: `${executions}/latest`,
      body: `[${'9'.repeat(400)}e999]`,
      headers: json,
    },
  ],
  ['a page twice', 400, { path: `${at}/flows/search?page=1&page=2` }],
  ['a namespace twice', 400, { path: `${executions}/search?namespace=demo&namespace=other` }],
  ['a namespace as an object', 400, { path: `${executions}/search?namespace[$ne]=demo` }],
  [
    'filters as deep as a well',
    400,
    {
      path: `${executions}/search?filters=${encodeURIComponent(`${'['.repeat(2_000)}${']'.repeat(2_000)}`)}`,
    },
  ],
  ['a filter on a prototype', 400, { path: `${executions}/search?filters[__proto__][EQUALS]=1` }],
  [
    'an order that is none',
    400,
    { path: `${executions}/search?sort=${'a:desc,'.repeat(3)}&size=0` },
  ],
  ['a place in the ledger that is none', 400, { path: `${at}/ledger/entries?before=last` }],
  [
    'a path that climbs',
    403,
    { path: `${at}/namespaces/demo/files?path=%2e%2e%2f%2e%2e%2fetc%2fpasswd` },
  ],
  [
    'a path that climbs backwards',
    404,
    { path: `${at}/namespaces/demo/files?path=..%5c..%5cetc%5cpasswd` },
  ],
  [
    'a path that climbs in a folder',
    403,
    { path: `${at}/namespaces/demo/files/directory?path=a/../../b` },
  ],
  [
    'a move that climbs',
    403,
    { method: 'PUT', path: `${at}/namespaces/demo/files?from=a&to=../b` },
  ],
  [
    'a file of another execution',
    404,
    { path: `${executions}/nothing/file?path=kestra:///demo/hello/executions/other/a.txt` },
  ],
  ['a file of this machine', 404, { path: `${executions}/nothing/file?path=file:///etc/passwd` }],
  [
    '`If-Match` of several',
    400,
    { method: 'DELETE', path: `${at}/flows/demo/hello`, headers: { 'if-match': '"1", "2"' } },
  ],
  [
    '`If-Match` of something else',
    412,
    {
      method: 'DELETE',
      path: `${at}/flows/demo/hello`,
      headers: { 'if-match': '"99999999999999999999"' },
    },
  ],
  [
    'a method in a header',
    404,
    { path: `${executions}/nothing`, headers: { 'x-http-method-override': 'DELETE' } },
  ],
  ['a method in a query', 405, { method: 'POST', path: `${executions}/search?_method=GET` }],
  ['a method that is for nobody', 405, { method: 'PATCH', path: `${at}/flows` }],
  [
    'a page of another site',
    403,
    {
      method: 'POST',
      path: `${executions}/demo/hello`,
      headers: { 'sec-fetch-site': 'cross-site' },
    },
  ],
  [
    'a name of another server',
    403,
    { path: `${at}/flows/search`, headers: { host: 'evil.example' } },
  ],
  ['an address that is encoded twice', 400, { path: `${at}/flows/demo/%252e%252e` }],
  ['an id as long as a book', 400, { path: `${executions}/${'a'.repeat(600)}` }],
  [
    'labels without end',
    400,
    { method: 'POST', path: `${executions}/demo/hello?labels=${'x'.repeat(9_000)}` },
  ],
  [
    'an event of a stream that is none',
    404,
    { path: `${executions}/nothing/follow`, headers: { 'last-event-id': '-1' } },
  ],
];

describe('a problem document with the right status', () => {
  test('there are many of them', () => {
    expect(cases.length).toBeGreaterThanOrEqual(38);
  });

  test.each(cases)('%s', async (_name, status, { method = 'GET', path, body, headers = {} }) => {
    // `fetch` sets the host by itself.
    const answered =
      headers['host'] === undefined
        ? await fetch(`${world.url}${path}`, {
            method,
            headers: { ...world.session, ...headers },
            ...(body !== undefined && { body: body as string }),
          })
        : undefined;
    const text =
      answered === undefined
        ? await raw(
            `${method} ${path} HTTP/1.1\r\nhost: ${headers['host'] ?? ''}\r\nconnection: close\r\n\r\n`,
          )
        : await answered.text();
    const told = answered === undefined ? statusesIn(text)[0] : answered.status;
    expect([told, text]).toEqual([status, expect.any(String)]);
    const document = text.slice(text.indexOf('{"type"'));
    expect(JSON.parse(document)).toMatchObject({ status });
    expect(text).not.toMatch(leaks);
    expect(({} as Record<string, unknown>)['count']).toBeUndefined();
  });
});

test('a key that was used is good for no other body', async () => {
  const send = (count: number) =>
    world.call('POST', `${executions}/demo/hello/validate`, {
      type: 'application/json',
      body: JSON.stringify({ count }),
      headers: { 'idempotency-key': 'one-key' },
    });
  expect((await send(1)).status).toBe(200);
  expect((await send(1)).headers.get('idempotent-replayed')).toBe('true');
  expect((await send(2)).status).toBe(422);
});

test('a range of a file is no other file: all of it is sent', async () => {
  const body = new FormData();
  body.set('fileContent', new Blob(['0123456789']), '../../../etc/cron.d/evil');
  const path = `${at}/namespaces/demo/files?path=numbers.txt`;
  expect((await world.call('POST', path, { body })).status).toBe(200);
  for (const range of ['bytes=0-3', 'bytes=-1', 'bytes=5-1', `bytes=${'0-,'.repeat(900)}`]) {
    const answered = await world.call('GET', path, { headers: { range } });
    expect([range, answered.status, await answered.text()]).toEqual([range, 200, '0123456789']);
  }
});

test('nothing was started, and the log holds no failure of the server', async () => {
  const entries = await world.json<{ results: { seq: number; type: string }[] }>(
    'GET',
    `${at}/ledger/entries?limit=200`,
  );
  const types = entries.results.filter((one) => one.seq > before).map((one) => one.type);
  // What was asked of policy and which keys were used stands there; so does the one file of a test.
  const done = types.filter(
    (one) => !/^(?:policy-decided|idempotency-key-|file-|namespace-file)/.test(one),
  );
  expect(done).toEqual([]);
  expect(world.log.join('')).not.toContain('"level":50');
});
