/** The kill switch: from the order to the last effect, here and in other processes. */
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createApplication } from '../../src/app/create-application.ts';
import { decodeValue } from '../../src/core/value/index.ts';
import { startApiServer } from '../support/api-server.ts';
import { callCommandLine } from '../support/call-command-line.ts';
import { startLoopbackServer } from '../support/loopback-server.ts';
import { createFlowWorld, type FlowWorld } from '../support/run-flow.ts';

/** How long everything may take to stop. */
const soonMs = 2_000;

const sleeper = (id: string, namespace = 'shop.mail', more = '') => `
id: ${id}
namespace: ${namespace}
${more}
tasks:
  - {id: wait, type: core.flow.Sleep, duration: PT30S}
  - {id: send, type: core.debug.Return, format: sent}
`;

async function start(world: Pick<FlowWorld, 'application'>, flow: string): Promise<string> {
  const saved = await world.application.saveFlow(flow, 'flow.yaml');
  const { namespace, id: flowId } = saved.flow;
  return world.application.start({ namespace, flowId, inputs: {} });
}

async function stateOf({ application }: Pick<FlowWorld, 'application'>, id: string) {
  return (await application.execution(id))?.state.current;
}

const order = { mode: 'kill', reason: 'wrong prices' } as const;

test('what runs is stopped at once, requests and scripts in flight included', async () => {
  const server = await startLoopbackServer(() => ({ hangs: true }));
  const world = await createFlowWorld({
    SLUICE_ALLOW_PRIVATE_HOSTS: '127.0.0.1',
    PATH: process.env['PATH'],
  });
  const busy = await start(
    world,
    `
id: busy
namespace: shop.mail
tasks:
  - id: all
    type: core.flow.Parallel
    tasks:
      - {id: call, type: core.http.Request, uri: "${server.url}/slow"}
      - {id: script, type: scripts.shell.Commands, commands: ["touch begun; sleep 30; touch ended"], taskRunner: {type: core.runner.Process}}
  - {id: after, type: core.debug.Return, format: never}
`,
  );
  const waiting = await start(world, sleeper('waiting'));
  const elsewhere = await start(world, sleeper('elsewhere', 'shop.stock'));
  await expect.poll(() => server.requests.length, { timeout: 5_000 }).toBe(1);
  const { killSwitches } = await world.application.governance();
  const began = performance.now();
  const set = await killSwitches.set({ kind: 'namespace', id: 'shop.mail', ...order });
  expect(performance.now() - began).toBeLessThan(soonMs);
  expect(set).toMatchObject({ executions: 2, left: [] });
  expect(set.tookMs).toBeLessThan(soonMs);
  expect(await Promise.all([busy, waiting, elsewhere].map((id) => stateOf(world, id)))).toEqual([
    'KILLED',
    'KILLED',
    'RUNNING',
  ]);
  const document = await world.application.execution(busy);
  expect(document?.taskRunList.map(({ taskId }) => taskId)).not.toContain('after');
  const again = start(world, sleeper('waiting'));
  await expect(again).rejects.toMatchObject({ code: 'kill-switch.set' });
  await killSwitches.release({ kind: 'namespace', id: 'shop.mail' }, 'prices are mended');
  expect(await stateOf(world, await start(world, sleeper('waiting')))).toBe('RUNNING');
  const stream = 'kill-switch:namespace:shop.mail';
  const entries = await world.application.ledger.search({ stream, limit: 9 });
  expect(entries.map(({ type }) => type)).toEqual([
    'kill-switch-released',
    'kill-switch-took-effect',
    'kill-switch-set',
  ]);
  expect(decodeValue(entries[1]?.payload ?? '')).toMatchObject({ executions: 2, left: [] });
  await killSwitches.set({ kind: 'everything', id: '', ...order });
});

test('another process on the data folder obeys as well', async () => {
  const world = await createFlowWorld();
  const id = await start(world, sleeper('newsletter'));
  const other = await createApplication({
    dataFolder: join(world.folder, '.sluice'),
    environment: {},
  });
  onTestFinished(() => other.close().catch(() => undefined));
  const { killSwitches } = await other.governance();
  const set = await killSwitches.set({ kind: 'flow', id: 'shop.mail/newsletter', ...order });
  expect(set).toMatchObject({ executions: 1, left: [] });
  expect(set.tookMs).toBeLessThan(soonMs);
  const result = await world.rest(id);
  expect(result.states).toEqual(['CREATED', 'RUNNING', 'KILLING', 'KILLED']);
  await expect(start(world, sleeper('newsletter'))).rejects.toMatchObject({
    code: 'kill-switch.set',
  });
});

test('what is held goes on when the switch is released, and not before', async () => {
  const world = await createFlowWorld();
  const id = await start(world, sleeper('short').replace('PT30S', 'PT0.3S'));
  const { killSwitches } = await world.application.governance();
  await killSwitches.set({ kind: 'execution', id, mode: 'pause', reason: 'look first' });
  await expect.poll(() => stateOf(world, id)).toBe('PAUSED');
  await expect(world.application.resume(id, {})).rejects.toMatchObject({ code: 'kill-switch.set' });
  await killSwitches.release({ kind: 'execution', id }, 'looked');
  expect(await stateOf(world, id)).toBe('PAUSED');
  await world.application.resume(id, {});
  const result = await world.rest(id);
  expect([result.state, result.taskIds]).toEqual(['SUCCESS', ['wait', 'send']]);
});

test.each([
  ['model', 'openai/gpt-5-mini'],
  ['vendor', 'openai'],
] as const)('a switch on a %s stops the flows that may call it', async (kind, id) => {
  const world = await createFlowWorld();
  const declared = 'governance: {models: [openai/gpt-5-mini]}';
  const using = await start(world, sleeper('using', 'shop', declared));
  const free = await start(world, sleeper('free', 'shop', 'governance: {models: [local/llama]}'));
  const paused = await start(
    world,
    `id: gate\nnamespace: shop\n${declared}\ntasks:\n  - {id: gate, type: core.flow.Pause}\n`,
  );
  await expect.poll(() => stateOf(world, paused)).toBe('PAUSED');
  const { killSwitches } = await world.application.governance();
  expect(await killSwitches.set({ kind, id, ...order })).toMatchObject({ executions: 2 });
  expect(await Promise.all([using, paused, free].map((one) => stateOf(world, one)))).toEqual([
    'KILLED',
    'KILLED',
    'RUNNING',
  ]);
  await world.application.kill(free);
});

test('the command line stops, lists and releases, and says how long it took', async () => {
  const world = await createFlowWorld();
  const id = await start(world, sleeper('newsletter'));
  const sluice = callCommandLine(join(world.folder, '.sluice'));
  const why = ['--reason', 'incident 12'];
  const set = await sluice('kill-switch', 'set', 'everything', ...why);
  expect([set.code, set.out]).toEqual([
    0,
    expect.stringMatching(/^everything is stopped; 1 killed within \d+ ms\n$/),
  ]);
  expect((await world.rest(id)).state).toBe('KILLED');
  const listed = JSON.parse((await sluice('kill-switch', 'list', '-o', 'json')).out) as object[];
  expect(listed).toMatchObject([{ kind: 'everything', mode: 'kill', reason: 'incident 12' }]);
  expect((await sluice('kill-switch', 'set', 'flow', ...why)).code).toBe(2);
  expect((await sluice('kill-switch', 'release', 'everything', ...why)).code).toBe(0);
  expect((await sluice('kill-switch', 'release', 'everything', ...why)).code).toBe(2);
});

test('the API stops and releases [G-046]', async () => {
  const world = await startApiServer();
  const body = (more: object) => ({
    body: JSON.stringify({ kind: 'namespace', id: 'shop', reason: 'incident', ...more }),
    type: 'application/json',
  });
  const path = '/api/v1/main/kill-switches';
  expect(await world.json('POST', path, body({}))).toMatchObject({ mode: 'kill', executions: 0 });
  expect(await world.json('GET', path)).toMatchObject([{ kind: 'namespace', id: 'shop' }]);
  expect((await world.call('POST', path, body({ reason: '' }))).status).toBe(400);
  expect((await world.call('POST', `${path}/release`, body({}))).status).toBe(204);
  expect((await world.call('POST', `${path}/release`, body({}))).status).toBe(404);
});
