/**
 * Blueprints [surfaces.blueprints]: each that comes with the product is filled, valid, saved and run; what
 * somebody fills in cannot add to the flow.
 */
import { readdirSync } from 'node:fs';
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiWorld, startApiServer } from '../support/api-server.ts';

interface Card {
  readonly id: string;
  readonly title: string;
  readonly tags: readonly string[];
}
interface Execution {
  readonly id: string;
  readonly state: { readonly current: string };
}

const at = '/api/v1/main';
const ids = readdirSync(new URL('../../blueprints/', import.meta.url))
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => name.replace('.yaml', ''));
let world: ApiWorld;
beforeAll(async () => {
  world = await startApiServer();
}, 20_000);
afterAll(async () => {
  await world.server.stop();
  rmSync(world.dataFolder, { recursive: true });
});

function fill(id: string, given: object = {}): Promise<Response> {
  return world.call('POST', `${at}/blueprints/flows/${id}/use-template`, {
    type: 'application/json',
    body: JSON.stringify({ templateArgumentsInputs: given }),
  });
}

async function save(id: string, given: object = {}): Promise<{ namespace: string; id: string }> {
  const answered = await fill(id, given);
  expect(answered.status).toBe(200);
  const { generatedFlowSource } = (await answered.json()) as { generatedFlowSource: string };
  expect(generatedFlowSource).not.toMatch(/<<|<%|^extend:/m);
  return world.json('POST', `${at}/flows`, {
    type: 'application/x-yaml',
    body: generatedFlowSource,
  });
}

test('are listed, found by text and tag, shown, drawn', async () => {
  const list = `${at}/blueprints/community/flow`;
  const all = await world.json<{ results: Card[]; total: number }>('GET', `${list}?size=100`);
  expect(all.results.map(({ id }) => id)).toEqual(ids.toSorted());
  const tagged = await world.json<{ results: Card[] }>('GET', `${list}?tags=approval`);
  expect(tagged.results.map(({ id }) => id)).toEqual(['approved-refund']);
  expect(await world.json('GET', `${list}/tags`)).toContainEqual({ id: 'loop', name: 'loop' });
  for (const id of ids) {
    expect(await world.json('GET', `${list}/${id}`)).toMatchObject({ id });
    const source = await world.call('GET', `${list}/${id}/source`);
    expect(await source.text()).toContain('extend:');
    expect(await world.json('GET', `${list}/${id}/graph`)).toMatchObject({
      nodes: expect.arrayContaining([]),
    });
  }
  expect((await world.call('GET', `${list}/nothing`)).status).toBe(404);
});

test.each(ids)('%s is filled, saved and run', async (id) => {
  const flow = await save(id);
  const run = await world.json<Execution>(
    'POST',
    `${at}/executions/${flow.namespace}/${flow.id}?wait=true`,
  );
  expect(run.state.current).toBe('SUCCESS');
});

test('arguments decide what the flow does', async () => {
  const flow = await save('approved-refund', { namespace: 'shop', limit: 10 });
  const run = await world.json<Execution>('POST', `${at}/executions/shop/${flow.id}?wait=true`);
  expect(run.state.current).toBe('PAUSED');
  const answered = await fill('each-file', { values: ['a', 'b'], isCareful: false });
  const text = await answered.text();
  expect(text).toContain('values: [\\"a\\",\\"b\\"]');
  expect(text).toContain('concurrencyLimit: 4');
});

test.each([
  [{ namespace: 'a\ntasks: []' }],
  [{ namespace: { a: 1 } }],
  [{ nothing: 'x' }],
  [{ namespace: null, limit: null }],
])('arguments that would add to the flow, or are none of it, are refused: %j', async (given) => {
  const answered = await fill('approved-refund', given);
  expect([answered.status, await answered.text()]).toEqual([
    422,
    expect.stringContaining('"code":"input.invalid"'),
  ]);
});
