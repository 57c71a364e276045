/** Tasks that speak HTTP, against a real server on the loopback address, which must be allowed. */
import { beforeEach, describe, expect, test } from 'vitest';
import { type LoopbackServer, startLoopbackServer } from '../../support/loopback-server.ts';
import { createFlowWorld, type FlowResult, type FlowWorld } from '../../support/run-flow.ts';

const allowed = { SLUICE_ALLOW_PRIVATE_HOSTS: '127.0.0.1' };
let world: FlowWorld;
let server: LoopbackServer;

beforeEach(async () => {
  world = await createFlowWorld(allowed);
  server = await startLoopbackServer(({ path }) => {
    if (path === '/moved') return { status: 302, headers: { location: '/stock' } };
    if (path === '/events') return { body: 'id: 1\nevent: price\ndata: {"sku": "J-1"}\n\n' };
    if (path === '/empty') return { body: '' };
    if (path === '/full') return { status: 409, body: 'full' };
    return {
      headers: { 'content-type': 'application/json', 'x-shop': 'one' },
      body: '{"count": 7}',
    };
  });
});

async function run(tasks: string, more = ''): Promise<FlowResult> {
  return world.run(`id: stock\nnamespace: shop.stock\n${more}tasks:${tasks}\n`);
}

describe('Request', () => {
  test('gives code, headers and body of the answer [http.request]', async () => {
    const result = await run(`
  - id: ask
    type: io.kestra.plugin.core.http.Request
    uri: "${server.url}/{{ 'stock' }}"
    params:
      sku: [J-1, J-2]
    headers:
      X-From: "{{ flow.id }}"
  - id: count
    type: core.debug.Return
    format: "{{ fromJson(outputs.ask.body).count + 1 }}"`);
    expect(result.taskRun('ask').outputs).toMatchObject({
      code: 200,
      body: '{"count": 7}',
      headers: { 'x-shop': ['one'] },
    });
    expect(result.taskRun('count').outputs).toEqual({ value: '8' });
    expect(server.requests[0]).toMatchObject({ method: 'GET', path: '/stock?sku=J-1&sku=J-2' });
    expect(server.requests[0]?.headers['x-from']).toBe('stock');
  });

  test('sends a body, a form, and files of a form [http.body]', async () => {
    const result = await run(`
  - id: json
    type: core.http.Request
    uri: ${server.url}/parcels
    method: POST
    body: |
      {"order": "{{ flow.id }}"}
  - id: form
    type: core.http.Request
    uri: ${server.url}/parcels
    method: PUT
    contentType: application/x-www-form-urlencoded
    formData:
      order: "8 1"
  - id: list
    type: core.storage.Write
    content: jumper
  - id: upload
    type: core.http.Request
    uri: ${server.url}/parcels
    method: POST
    contentType: multipart/form-data
    formData:
      note: hello
      list:
        name: list.txt
        content: "{{ outputs.list.uri }}"`);
    expect(result.state).toBe('SUCCESS');
    const [json, form, upload] = server.requests;
    expect(JSON.parse(json?.body ?? '')).toEqual({ order: 'stock' });
    expect(json?.headers['content-type']).toContain('application/json');
    expect(form?.body).toBe('order=8+1');
    expect(upload?.body).toContain('filename="list.txt"');
    expect(upload?.body).toContain('jumper');
  });

  test('fails for codes from 400 on unless they are allowed [http.codes]', async () => {
    const result = await run(`
  - id: lenient
    type: core.http.Request
    uri: ${server.url}/full
    allowFailed: true
  - id: one
    type: core.http.Request
    uri: ${server.url}/full
    options:
      allowedResponseCodes: [409]
  - id: strict
    type: core.http.Request
    uri: ${server.url}/full`);
    expect(result.taskRun('lenient').outputs).toMatchObject({ code: 409, body: 'full' });
    expect(result.taskRun('one').outputs).toMatchObject({ code: 409 });
    expect(result.state).toBe('FAILED');
    expect(result.document.error).toMatchObject({
      code: 'http.status',
      message: expect.stringContaining('409') as string,
    });
  });

  test('follows redirects unless told otherwise, says who asks in old and newer words [http.options]', async () => {
    const result = await run(`
  - id: follow
    type: core.http.Request
    uri: ${server.url}/moved
  - id: stay
    type: core.http.Request
    uri: ${server.url}/moved
    options:
      followRedirects: false
      auth: { type: BEARER, token: abc-def }
  - id: old
    type: core.http.Request
    uri: ${server.url}/stock
    options:
      basicAuthUser: ada
      basicAuthPassword: lovelace
      readTimeout: PT5S`);
    expect(result.taskRun('follow').outputs).toMatchObject({ code: 200 });
    expect(result.taskRun('stay').outputs).toMatchObject({ code: 302 });
    const [, , stay, old] = server.requests;
    expect(stay?.headers.authorization).toBe('Bearer abc-def');
    expect(old?.headers.authorization).toBe(`Basic ${btoa('ada:lovelace')}`);
  });
});

test('Download stores the answer as a file; an empty one is an error unless allowed [http.download]', async () => {
  const result = await run(`
  - id: file
    type: core.http.Download
    uri: ${server.url}/stock
    saveAs: stock.json
  - id: read
    type: core.debug.Return
    format: "{{ read(outputs.file.uri) }}"
  - id: empty
    type: core.http.Download
    uri: ${server.url}/empty
    failOnEmptyResponse: false
  - id: strict
    type: core.http.Download
    uri: ${server.url}/empty`);
  expect(result.taskRun('file').outputs).toMatchObject({
    code: 200,
    length: 12,
    uri: expect.stringMatching(/stock\.json$/) as string,
  });
  expect(result.taskRun('read').outputs).toEqual({ value: '{"count": 7}' });
  expect(result.taskRun('empty').outputs).toMatchObject({ length: 0 });
  expect(result.state).toBe('FAILED');
});

test('SseRequest gives the events of a stream [http.events]', async () => {
  const result = await run(`
  - id: changes
    type: core.http.SseRequest
    uri: ${server.url}/events
  - id: first
    type: core.debug.Return
    format: "{{ fromJson(outputs.changes.events[0].data).sku }}"`);
  expect(result.taskRun('changes').outputs).toMatchObject({
    size: 1,
    events: [{ id: '1', event: 'price' }],
  });
  expect(result.taskRun('first').outputs).toEqual({ value: 'J-1' });
});

test('the `http` function asks inside an expression [http.function]', async () => {
  const result = await run(`
  - id: ask
    type: core.debug.Return
    format: "{{ http('${server.url}/stock').count }}"`);
  expect(result.taskRun('ask').outputs).toEqual({ value: '7' });
});

test('private addresses are refused with a sentence unless they are allowed [http.private]', async () => {
  world = await createFlowWorld();
  const result = await run(`
  - id: ask
    type: core.http.Request
    uri: ${server.url}/stock`);
  expect(result.state).toBe('FAILED');
  expect(result.document.error?.code).toBe('http.address-refused');
  expect(result.document.error?.message).toMatch(/`127\.0\.0\.1:\d+`.*private or local/);
  expect(server.requests).toEqual([]);
});

test('secrets in a request stay out of the logs [http.secrets]', async () => {
  world = await createFlowWorld({ ...allowed, SECRET_TOKEN: btoa('quite-secret-token') });
  const result = await run(`
  - id: ask
    type: core.http.Request
    uri: "${server.url}/full?key={{ secret('TOKEN') }}"
    headers:
      X-Key: "{{ secret('TOKEN') }}"
  - id: never
    type: core.log.Log
    message: never`);
  expect(server.requests[0]?.headers['x-key']).toBe('quite-secret-token');
  expect(JSON.stringify([result.document, result.logs])).not.toContain('quite-secret-token');
});
