/**
 * Models and vendors that are stopped: what is about to ask one does not run, also where a template named it,
 * and what is asking one is told to stop.
 */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openSpendingWorld, type SpendingWorld } from '../support/spending-world.ts';

let world: SpendingWorld;
beforeEach(async () => {
  world = await openSpendingWorld();
});
afterEach(() => world.close());

const agent = `
id: agent
namespace: shop
inputs: [{ id: model, type: STRING }]
tasks:
  - id: ask
    type: ai.agent.AIAgent
    provider: { type: ai.provider.OpenAI, modelName: "{{ inputs.model }}", apiKey: none }
    prompt: hello
`;
const ask = `
id: ask
namespace: shop
inputs: [{ id: model, type: STRING }]
tasks:
  - { id: ask, type: test.Ask, model: "{{ inputs.model }}" }
  - { id: after, type: core.debug.Return, format: never }
`;

async function start(source: string, model: string): Promise<string> {
  const { flow } = await world.view.saveFlow(source, 'flow.yaml');
  return world.view.start({ namespace: 'shop', flowId: flow.id, inputs: { model } });
}

async function stop(kind: 'model' | 'vendor', id: string, mode: 'kill' | 'pause' = 'kill') {
  const { killSwitches } = await world.view.governance();
  return killSwitches.set({ kind, id, mode, reason: 'it invents prices' });
}

test('what is about to ask a stopped model does not run, and what asks another does', async () => {
  await stop('model', 'openai/gpt-5-mini');
  const end = await world.view.rest(await start(agent, 'gpt-5-mini'));
  expect(end.error).toMatchObject({
    code: 'kill-switch.set',
    message: expect.stringContaining('the model `openai/gpt-5-mini`: it invents prices') as string,
  });
  const other = await world.view.rest(await start(agent, 'gpt-5'));
  // The agent itself is not part of this version.
  expect(other.error?.code).toBe('task.type-missing');
  await stop('model', 'acme/small', 'pause');
  expect((await world.view.rest(await start(ask, 'acme/small'))).error?.code).toBe(
    'kill-switch.set',
  );
  expect(world.outside.asked).toEqual([]);
});

test.each([
  ['model', 'acme/large'],
  ['vendor', 'acme'],
] as const)('what is asking is stopped with its %s', async (kind, id) => {
  const [asking, elsewhere] = [await start(ask, 'acme/large'), await start(ask, 'other/large')];
  await expect.poll(() => world.outside.asked.length).toBe(2);
  const set = await stop(kind, id);
  expect(set.left).toEqual([]);
  const end = await world.view.rest(asking);
  expect(end.state.current).toBe('KILLED');
  expect(end.taskRunList.map(({ taskId }) => taskId)).toEqual(['ask']);
  expect((await world.view.execution(elsewhere))?.state.current).toBe('RUNNING');
  await world.view.kill(elsewhere);
  await world.view.rest(elsewhere);
});
