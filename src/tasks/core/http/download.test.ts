/** Tests of `core.http.Download`, against a real server on the loopback address. */
import { expect, test } from 'vitest';
import { taskContract } from '../../../../test/contract/task.contract.ts';
import { type Answer, startLoopbackServer } from '../../../../test/support/loopback-server.ts';
import { createTaskWorld } from '../../../../test/support/task-world.ts';
import { downloadTask } from './download.ts';

const auth = {
  options: { auth: { type: 'BASIC', username: 'shop', password: 'quite-secret-password' } },
};

async function serve(answer: Answer): Promise<string> {
  return (await startLoopbackServer(() => answer)).url;
}

taskContract(downloadTask, {
  valid: async () => ({ uri: await serve({ body: 'sku,price\n' }), ...auth }),
  waiting: async () => ({ uri: await serve({ hangs: true }) }),
  failing: [
    {
      title: 'for an empty answer',
      properties: async () => ({ uri: await serve({}), ...auth }),
      code: 'http.status',
    },
    {
      title: 'for a code from 400 on',
      properties: async () => ({ uri: await serve({ status: 500, body: 'x' }), ...auth }),
      code: 'http.status',
    },
    {
      title: 'when nobody listens',
      properties: { uri: 'http://127.0.0.1:1/' },
      code: 'http.unreachable',
    },
  ],
});

test('stores the file, marked as outside, and gives its length', async () => {
  const world = createTaskWorld();
  const uri = await serve({ body: 'sku,price\n' });
  const output = await world.run(downloadTask, { uri: `${uri}/lists/prices.csv?day=1` });
  expect(output).toMatchObject({ code: 200, length: 10 });
  expect(output.uri).toMatch(/\/prices\.csv$/);
  expect(world.textOf(output.uri)).toBe('sku,price\n');
  expect(world.provenanceOf(output.uri).trust).toBe('untrusted');
  expect(world.metrics).toEqual([{ name: 'response.length', type: 'counter', value: 10 }]);
});

test.each([
  [{}, 'attachment; filename="offer.csv"', /\/offer\.csv$/],
  [{}, 'attachment; filename="../../etc/passwd"', /\/7bQx2LmP\/passwd$/],
  [{}, 'attachment; filename=".."', /\/7bQx2LmP\/download$/],
  [{ saveAs: 'mine.csv' }, 'attachment; filename="offer.csv"', /\/mine\.csv$/],
])('names the file with %j and the offer %s', async (more, disposition, name) => {
  const uri = await serve({ body: 'x', headers: { 'content-disposition': disposition } });
  const output = await createTaskWorld().run(downloadTask, { uri, ...more });
  expect(output.uri).toMatch(name);
});

test('stores an empty file when that is allowed', async () => {
  const world = createTaskWorld();
  const output = await world.run(downloadTask, {
    uri: await serve({}),
    failOnEmptyResponse: false,
  });
  expect(output.length).toBe(0);
  expect(world.textOf(output.uri)).toBe('');
});
