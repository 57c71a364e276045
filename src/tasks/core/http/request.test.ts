/** Tests of `core.http.Request`, against a real server on the loopback address. */
import { expect, test } from 'vitest';
import { taskContract } from '../../../../test/contract/task.contract.ts';
import { type Answer, startLoopbackServer } from '../../../../test/support/loopback-server.ts';
import { createTaskWorld } from '../../../../test/support/task-world.ts';
import { requestTask } from './request.ts';

const auth = { options: { auth: { type: 'BEARER', token: 'quite-secret-token' } } };

async function serve(answer: Answer): Promise<string> {
  return (await startLoopbackServer(() => answer)).url;
}

taskContract(requestTask, {
  valid: async () => ({ uri: await serve({ body: 'hello' }), ...auth }),
  waiting: async () => ({ uri: await serve({ hangs: true }) }),
  failing: [
    {
      title: 'for a code from 400 on',
      properties: async () => ({
        uri: await serve({ status: 404 }),
        options: { auth: { type: 'BASIC', username: 'shop', password: 'quite-secret-password' } },
      }),
      code: 'http.status',
    },
    {
      title: 'when nobody listens',
      properties: { uri: 'http://127.0.0.1:1/?token=x', ...auth },
      code: 'http.unreachable',
    },
    {
      title: 'when no answer begins in time',
      properties: async () => ({
        uri: await serve({ hangs: true }),
        options: { timeout: { connectTimeout: 'PT0.05S' } },
      }),
      code: 'http.unreachable',
    },
    {
      title: 'when an answer stops flowing',
      properties: async () => ({
        uri: await serve({ headers: { 'content-length': '10' }, body: 'abc', stalls: true }),
        options: { readIdleTimeout: 'PT0.05S' },
      }),
      code: 'http.unreachable',
    },
    {
      title: 'for an address that the guard refuses',
      properties: { uri: 'http://192.0.2.1/' },
      code: 'http.address-refused',
    },
    {
      title: 'for another scheme',
      properties: { uri: 'file:///etc/hosts' },
      code: 'task.input-invalid',
    },
    {
      title: 'for a password in the address',
      properties: { uri: 'http://shop:pass@127.0.0.1/' },
      code: 'task.input-invalid',
    },
    {
      title: 'for a body that GET cannot have',
      properties: { uri: 'http://127.0.0.1:1/', body: 'x' },
      code: 'task.input-invalid',
    },
    {
      title: 'for a header that cannot be sent',
      properties: { uri: 'http://127.0.0.1:1/', headers: { 'x-key': 'a\nb' } },
      code: 'task.input-invalid',
    },
    {
      title: 'for an answer that is too long',
      properties: async () => ({
        uri: await serve({ body: 'hello' }),
        options: { maxContentLength: 4 },
      }),
      code: 'task.failed',
    },
    {
      title: 'for a name without a password',
      properties: { uri: 'http://127.0.0.1:1/', options: { auth: { username: 'shop' } } },
      code: 'task.input-invalid',
    },
  ],
});

test('gives code, headers as lists, and the body as text', async () => {
  const uri = await serve({ status: 201, headers: { 'X-Order': '812' }, body: '{"a":1}' });
  const output = await createTaskWorld().run(requestTask, { uri });
  expect(output).toMatchObject({
    uri,
    code: 201,
    headers: { 'x-order': ['812'] },
    body: '{"a":1}',
  });
});

test('gives null as the body of an empty answer', async () => {
  const uri = await serve({ status: 204 });
  expect(await createTaskWorld().run(requestTask, { uri })).toMatchObject({
    code: 204,
    body: null,
  });
});

test.each([
  { allowFailed: true },
  { options: { allowFailed: true } },
  { options: { allowedResponseCodes: [409] } },
])('accepts a code from 400 on with %j', async (more) => {
  const uri = await serve({ status: 409, body: 'known' });
  const output = await createTaskWorld().run(requestTask, { uri, ...more });
  expect(output).toMatchObject({ code: 409, body: 'known' });
});

test('sends parameters, headers and who asks', async () => {
  const server = await startLoopbackServer(() => ({}));
  await createTaskWorld().run(requestTask, {
    uri: `${server.url}/parcels?a=1`,
    params: { sku: ['J-1', 'J-2'], count: 2 },
    headers: { 'X-Shop': 'north', 'X-Count': 3 },
    options: { basicAuthUser: 'shop', basicAuthPassword: 'pass' },
  });
  expect(server.requests[0]).toMatchObject({
    method: 'GET',
    path: '/parcels?a=1&sku=J-1&sku=J-2&count=2',
    headers: { 'x-shop': 'north', 'x-count': '3', authorization: `Basic ${btoa('shop:pass')}` },
  });
});

test.each([
  [{ body: '{"a":1}' }, 'application/json', '{"a":1}'],
  [{ body: 'hello' }, 'text/plain; charset=UTF-8', 'hello'],
  [{ body: '<a/>', contentType: 'application/xml' }, 'application/xml', '<a/>'],
  [
    { formData: { order: 812, note: 'a b' } },
    'application/x-www-form-urlencoded;charset=UTF-8',
    'order=812&note=a+b',
  ],
])('sends %j as %s', async (more, contentType, body) => {
  const server = await startLoopbackServer(() => ({}));
  await createTaskWorld().run(requestTask, { uri: server.url, method: 'POST', ...more });
  expect(server.requests[0]?.headers['content-type']).toBe(contentType);
  expect(server.requests[0]?.body).toBe(body);
});

test('sends files of a form with their names', async () => {
  const server = await startLoopbackServer(() => ({}));
  const world = createTaskWorld();
  const uri = world.addFile('photo.txt', 'a photo');
  await world.run(requestTask, {
    uri: server.url,
    method: 'POST',
    formData: { order: '812', photo: { name: 'front.txt', content: uri }, other: uri },
  });
  const { headers, body } = server.requests[0] ?? { headers: {}, body: '' };
  expect(headers['content-type']).toMatch(/^multipart\/form-data; boundary=/);
  expect(body).toContain('name="order"\r\n\r\n812');
  expect(body).toContain('name="photo"; filename="front.txt"');
  expect(body).toContain('name="other"; filename="photo.txt"');
  expect(body.match(/a photo/g)).toHaveLength(2);
});

test.each([
  [true, 200],
  [false, 302],
])('with followRedirects %s answers %i', async (followRedirects, code) => {
  const server = await startLoopbackServer(({ path }) =>
    path === '/old' ? { status: 302, headers: { location: '/fresh' } } : { body: 'here' },
  );
  const output = await createTaskWorld().run(requestTask, {
    uri: `${server.url}/old`,
    options: { followRedirects },
  });
  expect(output.code).toBe(code);
});

test('reads the charset that the answer names', async () => {
  const uri = await serve({
    headers: { 'content-type': 'text/plain; charset=ISO-8859-1' },
    body: new Uint8Array([0xe9]),
  });
  expect(await createTaskWorld().run(requestTask, { uri })).toMatchObject({ body: 'é' });
});

test.each([
  [500, true],
  [429, true],
  [404, false],
])('says for code %i whether trying again may help: %s', async (status, isRetryable) => {
  const uri = await serve({ status });
  await expect(createTaskWorld().run(requestTask, { uri })).rejects.toMatchObject({
    isRetryable,
    details: { code: status },
  });
});
