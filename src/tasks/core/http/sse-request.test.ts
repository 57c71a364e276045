/** Tests of `core.http.SseRequest`, against a real server on the loopback address. */
import { expect, test } from 'vitest';
import { taskContract } from '../../../../test/contract/task.contract.ts';
import { type Answer, startLoopbackServer } from '../../../../test/support/loopback-server.ts';
import { createTaskWorld } from '../../../../test/support/task-world.ts';
import { sseRequestTask } from './sse-request.ts';

const stream = 'event: price\nid: 1\ndata: {"sku": "J-1"}\n\ndata: second\n\n';

async function serve(answer: Answer): Promise<string> {
  return (await startLoopbackServer(() => answer)).url;
}

taskContract(sseRequestTask, {
  valid: async () => ({
    uri: await serve({ body: stream }),
    options: { auth: { type: 'BEARER', token: 'quite-secret-token' } },
  }),
  waiting: async () => ({ uri: await serve({ body: stream, stalls: true }) }),
  failing: [
    {
      title: 'for a code from 400 on',
      properties: async () => ({
        uri: await serve({ status: 503 }),
        options: { auth: { type: 'BASIC', username: 'shop', password: 'quite-secret-password' } },
      }),
      code: 'http.status',
    },
    {
      title: 'when nobody listens',
      properties: { uri: 'http://127.0.0.1:1/' },
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
      title: 'for events that are longer than wanted',
      properties: async () => ({
        uri: await serve({ body: stream }),
        options: { maxContentLength: 10 },
      }),
      code: 'task.failed',
    },
    {
      title: 'for a file that is not there',
      properties: {
        uri: 'http://127.0.0.1:1/',
        method: 'POST',
        formData: { file: 'kestra:///shop/tests/flow-under-test/executions/4kZ8sY1f/none.txt' },
      },
      code: 'file.not-found',
    },
    {
      title: 'for a file of another execution',
      properties: {
        uri: 'http://127.0.0.1:1/',
        method: 'POST',
        formData: { file: 'kestra:///shop/tests/flow-under-test/executions/other/none.txt' },
      },
      code: 'file.refused',
    },
  ],
});

test('gives the events of the stream and asks for a stream', async () => {
  const server = await startLoopbackServer(() => ({ body: stream }));
  const output = await createTaskWorld().run(sseRequestTask, { uri: server.url });
  expect(output.events).toEqual([
    { id: '1', event: 'price', data: '{"sku": "J-1"}' },
    { id: '1', event: 'message', data: 'second' },
  ]);
  expect(output).toMatchObject({ code: 200, size: 2 });
  expect(server.requests[0]?.headers.accept).toBe('text/event-stream');
});

test('stops after the events wanted, though the stream goes on', async () => {
  const uri = await serve({ body: stream, stalls: true });
  const output = await createTaskWorld().run(sseRequestTask, { uri, eventsMax: 1 });
  expect(output.events).toEqual([{ id: '1', event: 'price', data: '{"sku": "J-1"}' }]);
});
