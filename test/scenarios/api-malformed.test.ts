/** A hundred malformed requests: each gets a problem document with the right status, and nothing is done. */
import { connect } from 'node:net';
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiWorld, flowText, startApiServer } from '../support/api-server.ts';

const json = 'application/json';
const yaml = 'application/x-yaml';
const flows = '/api/v1/main/flows';
const executions = '/api/v1/main/executions';
const spaces = '/api/v1/main/namespaces/demo';
const deep = `${'['.repeat(5_000)}${']'.repeat(5_000)}`;
const bombs = Array.from(
  { length: 9 },
  (_, index) => `a${index + 1}: &a${index + 1} [${`*a${index},`.repeat(9)}]`,
);
const bomb = `id: bomb\nnamespace: demo\na0: &a0 [x]\n${bombs.join('\n')}\ntasks: []\n`;

type Case = readonly [
  method: string,
  path: string,
  status: number,
  body?: string | undefined,
  type?: string | undefined,
  headers?: Record<string, string> | undefined,
];

const cases: readonly Case[] = [
  ...['', '0', '-1', '1.5', 'NaN', '1e9', 'x', '10001', '%00', '1;2'].map(
    (page): Case => ['GET', `${flows}/search?page=${page}`, 400],
  ),
  ...['0', '1001', '-5', 'all', ' '].map(
    (size): Case => ['GET', `${executions}/search?size=${encodeURIComponent(size)}`, 400],
  ),
  ['GET', `${executions}/search?page=10000&size=1000`, 400],
  ['GET', `${executions}/search?startDate=yesterday`, 400],
  ['GET', `${executions}/search?timeRange=soon`, 400],
  ['GET', `${executions}/search?childFilter=NEITHER`, 400],
  ['GET', `${executions}/search?filters[nope][EQUALS]=1&namespace=demo`, 400],
  ['GET', `${executions}/search?filters[namespace][NOPE]=1`, 400],
  ['GET', `${executions}/search?filters=%7Bnope`, 400],
  ['GET', `${executions}/search?filters=%7B%7D`, 400],
  ['GET', `${executions}/search?__proto__=1`, 400],
  ['GET', `${executions}/search?constructor=1`, 400],
  ...[
    '..',
    'a/../b',
    'a b',
    '<script>',
    "';--",
    'ü',
    '.hidden',
    `${'a'.repeat(200)}`,
    '%2e%2e',
    '*',
  ].map(
    (space): Case => [
      'GET',
      `${flows}/${space.includes('%') ? space : encodeURIComponent(space)}/x`,
      space === '..' || space === '%2e%2e' ? 404 : 400,
    ],
  ),
  ...['', ' ', '%zz', '%ff'].map((text): Case => ['GET', `${flows}/demo/${text}`, 400]),
  ['GET', `${flows}/demo/hello?revision=0`, 400],
  ['GET', `${flows}/demo/hello?revision=two`, 400],
  ['GET', `${flows}/demo/hello?revision=99`, 404],
  ['GET', `${flows}/demo/absent`, 404],
  ['POST', flows, 400, undefined, yaml],
  ['POST', flows, 415, 'id: a', 'image/png'],
  ['POST', flows, 415, 'id: a', 'multipart/mixed'],
  ['POST', flows, 422, 'id: [', yaml],
  ['POST', flows, 422, 'just text', yaml],
  ['POST', flows, 422, 'id: a\nid: b\n', yaml],
  ['POST', flows, 422, bomb, yaml],
  ['POST', flows, 422, deep, yaml],
  ['POST', flows, 422, flowText('Bad Id', '  - {id: a, type: core.log.Log, message: x}'), yaml],
  ['POST', flows, 422, flowText('typo', '  - {id: a, type: core.log.Lag, message: x}'), yaml],
  [
    'POST',
    flows,
    422,
    flowText('extra', '  - {id: a, type: core.log.Log, message: x, more: y}'),
    yaml,
  ],
  ['POST', flows, 413, 'x'.repeat(70_000), yaml],
  [
    'PUT',
    `${flows}/demo/absent`,
    404,
    flowText('absent', '  - {id: a, type: core.log.Log, message: x}'),
    yaml,
  ],
  [
    'PUT',
    `${flows}/demo/hello`,
    400,
    flowText('other', '  - {id: a, type: core.log.Log, message: x}'),
    yaml,
  ],
  ['DELETE', `${flows}/demo/absent`, 404],
  ['DELETE', `${flows}/demo/hello`, 400, undefined, undefined, { 'if-match': 'one' }],
  ['DELETE', `${flows}/demo/hello`, 412, undefined, undefined, { 'if-match': '"7"' }],
  ['PUT', flows, 405],
  ['PATCH', `${flows}/search`, 405],
  ['GET', '/api/v1/main/nothing', 404],
  ['GET', '/api', 404],
  ['GET', '/etc/passwd', 404],
  ['POST', `${executions}/demo/absent`, 404],
  ['POST', `${executions}/demo/hello?labels=nocolon`, 400],
  ['POST', `${executions}/demo/hello?labels=system.a:b`, 422],
  ['POST', `${executions}/demo/hello?revision=-1`, 400],
  ['POST', `${executions}/demo/hello?scheduleDate=tomorrow`, 400],
  ['POST', `${executions}/demo/hello?kind=PLAYGROUND`, 400],
  ['POST', `${executions}/demo/hello?wait=maybe`, 400],
  ['POST', `${executions}/demo/hello`, 415, 'name=Ada', 'application/x-www-form-urlencoded'],
  ['POST', `${executions}/demo/hello`, 400, '[1]', json],
  ['POST', `${executions}/demo/hello`, 400, '{"a":', json],
  ['POST', `${executions}/demo/hello`, 400, deep, json],
  ['POST', `${executions}/demo/hello`, 400, 'no boundary here', 'multipart/form-data'],
  ['POST', `${executions}/demo/hello`, 400, '--x\r\nbroken', 'multipart/form-data; boundary=x'],
  ['POST', `${executions}/demo/hello`, 422, '{"count":"many"}', json],
  ['POST', `${executions}/demo/hello`, 400, '{}', json, { 'idempotency-key': 'a b' }],
  ['POST', `${executions}/demo/hello`, 400, '{}', json, { 'idempotency-key': 'k'.repeat(201) }],
  ['GET', `${executions}/absent`, 404],
  ['GET', `${executions}/a%20b`, 400],
  ['GET', `${executions}/${'a'.repeat(65)}`, 400],
  ['POST', `${executions}/absent/resume`, 404],
  ['POST', `${executions}/absent/pause`, 404],
  ['DELETE', `${executions}/absent/kill`, 404],
  ['POST', `${executions}/absent/replay`, 404],
  ['POST', `${executions}/kill/by-ids`, 404],
  ['DELETE', `${executions}/kill/by-ids`, 400],
  ['DELETE', `${executions}/kill/by-ids`, 400, '[]', json],
  ['DELETE', `${executions}/kill/by-ids`, 400, '[1]', json],
  ['DELETE', `${executions}/kill/by-ids`, 400, '{"ids":["a"]}', json],
  ['POST', `${executions}/latest`, 400, '[{"namespace":"demo"}]', json],
  ['POST', `${executions}/latest`, 400, '{"__proto__":{"a":1}}', json],
  ['GET', '/api/v1/main/logs/search?minLevel=LOUD', 400],
  ['GET', '/api/v1/main/logs/absent', 404],
  ['GET', `${spaces}/kv/${encodeURIComponent('a b')}`, 400],
  ['GET', `${spaces}/kv/absent`, 404],
  ['PUT', `${spaces}/kv/a`, 400, '1', json, { ttl: 'soon' }],
  ['PUT', `${spaces}/kv/a`, 415, '1', 'image/png'],
  ['DELETE', `${spaces}/kv`, 400, '{"keys":"a"}', json],
  ['GET', `${spaces}/files`, 400],
  ['GET', `${spaces}/files?path=../../etc/passwd`, 403],
  ['GET', `${spaces}/files?path=a/%00`, 403],
  ['GET', `${spaces}/files?path=absent`, 404],
  ['PUT', `${spaces}/files?from=absent&to=b`, 404],
  ['POST', `${spaces}/files?path=a`, 400],
  ['GET', '/api/v1/main/ledger/entries/0', 400],
  ['GET', '/api/v1/main/ledger/entries/999999', 404],
  ['POST', '/api/v1/main/ledger/verify', 400, '{"notes":"all"}', json],
  ['POST', '/api/v1/main/tokens', 400, '{"name":""}', json],
  ['POST', '/api/v1/main/tokens', 400, '{"name":"a","lifetime":"P9Y"}', json],
  ['DELETE', '/api/v1/main/tokens/zz', 400],
  [
    'POST',
    '/api/v1/setup',
    403,
    '{"secret":"x","username":"eve","password":"a lighthouse in june"}',
    json,
  ],
  ['POST', '/api/v1/setup', 400, '{"secret":"x"}', json],
  ['POST', '/api/v1/tenants', 400, '{"id":"../x"}', json],
  ['GET', '/api/v1/plugins/core.log.Absent', 422],
  [
    'POST',
    flows,
    403,
    'id: a',
    yaml,
    { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' },
  ],
];

let world: ApiWorld;
let before = 0;
beforeAll(async () => {
  world = await startApiServer({
    SLUICE_SERVER_REQUEST_BURST: '100000',
    SLUICE_SERVER_BODY_BYTES_MAX: '65536',
  });
  const source = flowText(
    'hello',
    '  - {id: a, type: core.log.Log, message: x}',
    'inputs: [{id: count, type: INT, defaults: 1}]\n',
  );
  await world.json('POST', flows, { body: source, type: yaml });
  before =
    (await world.json<{ results: { seq: number }[] }>('GET', '/api/v1/main/ledger/entries?limit=1'))
      .results[0]?.seq ?? 0;
});
afterAll(async () => {
  await world.server.stop();
  rmSync(world.dataFolder, { recursive: true });
});

test('there are a hundred of them', () => {
  expect(cases.length).toBeGreaterThanOrEqual(100);
});

test.each(
  cases.map(
    (one) => [`${one[0]} ${one[1].slice(0, 70)} ${one[3]?.slice(0, 30) ?? ''}`, one] as const,
  ),
)('%s', async (_name, [method, path, status, body, type, headers]) => {
  const answered = await world.call(method, path, {
    ...(body !== undefined && { body }),
    ...(type !== undefined && { type }),
    ...(headers !== undefined && { headers }),
  });
  const text = await answered.text();
  expect([answered.status, text]).toEqual([status, expect.any(String)]);
  expect(answered.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(JSON.parse(text)).toMatchObject({
    status,
    code: expect.stringMatching(/^[a-z]+\.[a-z-]+$/),
  });
  expect(text).not.toMatch(
    /node_modules|\.ts:\d+|ZodError|SQLITE|FST_ERR|passwd:|Unexpected token/,
  );
});

test('what is no HTTP at all gets a problem document and the connection closes', async () => {
  const { hostname, port } = new URL(world.url);
  const text = await new Promise<string>((resolve, reject) => {
    let got = '';
    const socket = connect(Number(port), hostname, () => socket.write('\u0000nonsense\r\n\r\n'));
    socket.on('data', (chunk) => (got += String(chunk)));
    socket.on('end', () => resolve(got));
    socket.on('error', reject);
  });
  expect(text).toMatch(/^HTTP\/1\.1 400 /);
  expect(text).toContain('"code":"request.malformed"');
});

test('nothing was done, and the log holds no password', async () => {
  const entries = await world.json<{ results: { seq: number; type: string }[] }>(
    'GET',
    '/api/v1/main/ledger/entries?limit=100',
  );
  const after = entries.results.filter((one) => one.seq > before).map((one) => one.type);
  // What was asked of policy stands in the ledger; nothing came of it.
  expect(after.filter((one) => one !== 'policy-decided')).toEqual([]);
  expect(world.log.join('')).not.toMatch(/lighthouse|Basic /);
  expect(world.log.join('')).not.toContain('"level":50');
});
