/**
 * Every door is told the same of a flow: what its graph and the register say. A move in the register, and
 * a role that is taken away, hold for the next run of a task, also where its answer was known before.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { openStore } from '../../src/app/open-store.ts';
import type { FactName } from '../../src/core/policy/index.ts';
import type { Store } from '../../src/ports/store.ts';
import { apiServerOfTest, sessionFor } from '../support/api-server.ts';
import { everybody, openApprovalWorld } from '../support/approval-world.ts';

const name = { namespace: 'shop', flowId: 'greet' };
const hello = '  - {id: hello, type: core.debug.Return, format: hello}\n';
const mail = `  - id: never
    type: core.flow.If
    condition: "{{ false }}"
    then:
      - {id: mail, type: email.MailSend, from: a@b.c, to: b@b.c, host: localhost, subject: hi}
`;
const flow = (governance: string, tasks = hello) =>
  `id: greet\nnamespace: shop\n${governance}\ntasks:\n${tasks}`;
/** Which of a fact's values let a text be returned. */
const only = (fact: FactName, value: string) => `${everybody}
@id("only") @title("Only ${value}") @reason("Only where it is ${value}")
forbid (principal, action == Action::"run:core.debug.Return", resource)
unless { context has ${fact} && context.${fact} == "${value}" };
`;
const cases = `  - title: nothing is known
    principal: {id: olga, roles: [operator]}
    action: run:core.debug.Return
    expect: deny
    policies: [only]
`;

async function openWorld(options: { readonly dataFolder?: string; readonly store?: Store } = {}) {
  const world = await openApprovalWorld(options);
  onTestFinished(() => world.close());
  return {
    ...world,
    /** Starts the flow and returns how it ended. */
    async run() {
      const id = await world.as('rita').start({ ...name, inputs: {} });
      return (await world.as('rita').rest(id)).state.current;
    },
    async flows() {
      return (await world.as('olaf').governance()).flows;
    },
  };
}

test('a flow that calls itself minimal is decided about as what its graph shows', async () => {
  const world = await openWorld();
  await world.enforce(only('riskTier', 'minimal'), cases);
  await world.as('rita').saveFlow(flow('governance: {riskTier: minimal}', hello), 'f.yaml');
  expect(await world.run()).toBe('SUCCESS');
  await world.as('rita').saveFlow(flow('governance: {riskTier: minimal}', hello + mail), 'f.yaml');
  expect((await (await world.flows()).show(name)).riskTier).toBe('limited');
  expect(await world.run()).toBe('FAILED');
});

test('a flow that calls itself deployed is decided about as one in development', async () => {
  const world = await openWorld();
  await world.enforce(only('stage', 'deployment'), cases);
  await world.as('rita').saveFlow(flow('governance: {stage: deployment}'), 'f.yaml');
  expect(await world.run()).toBe('FAILED');
});

test('a move in the register holds for the next run, and so does the way back', async () => {
  const world = await openWorld();
  await world.as('rita').saveFlow(flow('governance: {owner: ada}'), 'f.yaml');
  await world.enforce(only('stage', 'testing'), cases);
  const desk = await world.flows();
  const ended: (string | undefined)[] = [];
  for (const to of ['testing', 'development', 'testing'] as const) {
    ended.push(await world.run(), await world.run());
    await desk.move(name, to, '');
  }
  ended.push(await world.run());
  expect(ended).toEqual(['FAILED', 'FAILED', 'SUCCESS', 'SUCCESS', 'FAILED', 'FAILED', 'SUCCESS']);
});

test('what another process moves or puts in force is seen a moment later', async () => {
  const world = await openWorld();
  await world.as('rita').saveFlow(flow('governance: {owner: ada}'), 'f.yaml');
  await world.enforce(only('stage', 'development'), cases);
  expect(await world.run()).toBe('SUCCESS');
  const other = await openWorld({ dataFolder: world.dataFolder });
  await (await other.flows()).move(name, 'testing', '');
  await sleep(260);
  expect(await world.run()).toBe('FAILED');
  await other.enforce(everybody);
  await sleep(260);
  expect(await world.run()).toBe('SUCCESS');
});

test('a run of a task whose answer is known looks nothing up', async () => {
  const dataFolder = mkdtempSync(join(tmpdir(), 'looks-'));
  onTestFinished(() => rmSync(dataFolder, { recursive: true }));
  const store = await openStore(dataFolder);
  let looks = 0;
  const registerRecord = store.registerRecord.bind(store);
  store.registerRecord = (id) => {
    looks += 1;
    return registerRecord(id);
  };
  const world = await openWorld({ dataFolder, store });
  await world.enforce(everybody);
  const looksOf = async (tasks: string): Promise<number> => {
    await world.as('rita').saveFlow(flow('', tasks), 'f.yaml');
    // The first run keeps the questions.
    expect(await world.run()).toBe('SUCCESS');
    looks = 0;
    expect(await world.run()).toBe('SUCCESS');
    return looks;
  };
  const many = Array.from({ length: 40 }, (_, at) => hello.replace('hello', `t${at}`)).join('');
  expect(await looksOf(many)).toBe(await looksOf(hello));
});

test('who has lost a role runs nothing more, also where the answer was known', async () => {
  const { server } = await apiServerOfTest();
  const { users } = server.identity;
  const role = { role: 'operator', namespace: '*', tenant: 'main' };
  const otto = await users.create({ tenant: 'main', name: 'otto', roles: [role] }, 'test');
  const view = server.system.view({ tenant: 'main', actor: otto });
  await view.saveFlow(flow(''), 'f.yaml');
  const run = async () => (await view.rest(await view.start({ ...name, inputs: {} }))).state;
  expect((await run()).current).toBe('SUCCESS');
  await users.change(otto, { type: 'user-roles-set', actor: 'test' }, () => ({ roles: [] }));
  expect((await run()).current).toBe('FAILED');
});

test('the door of the API is told the stage of the register and the tier that people raised', async () => {
  const world = await apiServerOfTest();
  const { server } = world;
  const role = { role: 'builder', namespace: '*', tenant: 'main' };
  const bea = await server.identity.users.create(
    { tenant: 'main', name: 'bea', roles: [role] },
    'test',
  );
  const headers = await sessionFor(server, bea);
  const view = server.system.view({ tenant: 'main', actor: bea });
  // Builders run what is not deployed, and saying so of oneself is no deployment.
  await view.saveFlow(flow('governance: {stage: deployment, owner: ada}'), 'f.yaml');
  const start = async () =>
    (await world.call('POST', '/api/v1/main/executions/shop/greet', { headers })).status;
  expect(await start()).toBe(200);
  const { flows } = await view.governance();
  await flows.set(name, { riskTier: 'prohibited' });
  expect(await start()).toBe(403);
});
