/** Flows in the register: additions, gates, stages, and what does not run. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { decodeValue } from '../../src/core/value/index.ts';
import { startApiServer } from '../support/api-server.ts';
import { callCommandLine } from '../support/call-command-line.ts';
import { packOf } from '../support/policy-world.ts';
import { createFlowWorld } from '../support/run-flow.ts';

const flow = (more = '') => `
id: greet
namespace: shop
${more}
tasks:
  - {id: hello, type: core.debug.Return, format: hello}
`;
const name = { namespace: 'shop', flowId: 'greet' };

test('a flow goes through its life, and what is designed or retired does not run [G-040] [G-095] [G-001]', async () => {
  const world = await createFlowWorld();
  const { flows } = await world.application.governance();
  await world.save(flow('governance: {stage: design}'));
  const start = () => world.application.start({ namespace: 'shop', flowId: 'greet', inputs: {} });
  await expect(start()).rejects.toMatchObject({ code: 'flow.stage-forbids' });
  await flows.move(name, 'development', 'agreed');
  await expect(flows.move(name, 'deployment', '')).rejects.toMatchObject({
    code: 'flow.stage-wrong',
    message: expect.stringContaining('testing comes before deployment') as string,
  });
  await expect(flows.move(name, 'testing', '')).rejects.toMatchObject({ code: 'flow.stage-wrong' });
  await flows.set(name, { owner: 'ada', reviewDate: '2027-01-31' });
  await flows.move(name, 'testing', 'ready');
  await expect(flows.set(name, { owner: '' })).rejects.toMatchObject({ code: 'input.invalid' });
  expect((await world.rest(await start())).state).toBe('SUCCESS');
  const card = await flows.move(name, 'retirement', 'nobody uses it');
  expect(card).toMatchObject({ owner: 'ada', stage: 'retirement', reviewDate: '2027-01-31' });
  expect(card.moves.map(({ to }) => to)).toEqual(['development', 'testing', 'retirement']);
  await expect(start()).rejects.toMatchObject({ code: 'flow.stage-forbids' });
  const entries = await world.application.ledger.search({ stream: 'flow:shop/greet', limit: 9 });
  expect(entries.map(({ type }) => type)).toEqual([
    'flow-stage-changed',
    'flow-stage-changed',
    'flow-registered',
    'flow-stage-changed',
    'flow-saved',
  ]);
});

test('a flow that says it is deployed is not: only the register moves it', async () => {
  const world = await createFlowWorld();
  await world.save(flow('governance: {stage: deployment, owner: ada}'));
  const { flows } = await world.application.governance();
  expect(await flows.show(name)).toMatchObject({ stage: 'development', owner: 'ada' });
});

test('policies in force decide about the gate, over what is computed [G-093]', async () => {
  const world = await createFlowWorld();
  await world.save(flow('governance: {owner: ada}'));
  const policies = await world.application.policies();
  const set = { packs: [packOf('default')] };
  const { version } = await policies.propose(set, { reason: 'the first' });
  await policies.activate(version.version);
  const governance = await world.application.governance();
  await governance.flows.move(name, 'testing', 'ready');
  const refused = await governance.flows.move(name, 'deployment', 'hurry').catch((e: unknown) => e);
  expect(refused).toMatchObject({ code: 'policy.denied' });
  expect((await governance.flows.show(name)).stage).toBe('testing');
  const [decided] = await world.application.ledger.search({ type: 'policy-decided', limit: 1 });
  expect(decodeValue(decided?.payload ?? '')).toMatchObject({
    action: 'change-stage',
    decision: {
      verdict: 'deny',
      policies: expect.arrayContaining(['stages.live-gate']) as string[],
    },
  });
  const stop = { mode: 'kill', reason: 'drill' } as const;
  await governance.killSwitches.set({ kind: 'everything', id: '', ...stop });
  await governance.killSwitches.set({ kind: 'flow', id: 'shop/greet', ...stop });
  const decisions = await world.application.ledger.search({ type: 'policy-decided', limit: 2 });
  expect(decisions.map(({ payload }) => decodeValue(payload))).toMatchObject([
    { action: 'kill', resource: { type: 'Flow' }, decision: { verdict: 'allow' } },
    { action: 'kill', resource: { type: 'Installation' }, decision: { verdict: 'allow' } },
  ]);
});

test('the command line shows what is missing, adds and moves', async () => {
  const world = await createFlowWorld();
  await world.save(flow());
  const sluice = callCommandLine(join(world.folder, '.sluice'));
  const refused = await sluice('flow', 'stage', 'shop/greet', '--to', 'testing');
  expect([refused.code, refused.err]).toEqual([
    2,
    expect.stringContaining('cannot go to testing: nobody answers for the flow'),
  ]);
  const set = await sluice(
    'flow',
    'register',
    'set',
    'shop/greet',
    '--owner',
    'ada',
    '--tier',
    'high',
  );
  expect(set.out).toContain('owner: ada\nrisk tier: high\n  high: people say so\n');
  expect(set.out).toContain('  no  testsPassed: no tests were run on revision 1');
  expect((await sluice('flow', 'stage', 'shop/greet', '--to', 'testing')).out).toBe(
    'the flow `shop/greet` is in testing\n',
  );
  const listed = JSON.parse(
    (await sluice('flow', 'register', 'list', '-o', 'json')).out,
  ) as object[];
  expect(listed).toMatchObject([{ flowId: 'greet', stage: 'testing', riskTier: 'high' }]);
});

test('the API shows, completes, reviews and moves a flow', async () => {
  const world = await startApiServer();
  const yaml = { body: flow(), type: 'application/x-yaml' };
  await world.json('POST', '/api/v1/main/flows', yaml);
  const path = '/api/v1/main/registers/flows/shop/greet';
  const json = (body: object) => ({ body: JSON.stringify(body), type: 'application/json' });
  expect(await world.json('PATCH', path, json({ owner: 'ben' }))).toMatchObject({ owner: 'ben' });
  expect(await world.json('POST', `${path}/reviews`, json({ note: 'fine' }))).toMatchObject({
    gates: { isReviewed: { holds: false } },
    reviews: [{ note: 'fine', revision: 1 }],
  });
  expect((await world.call('POST', `${path}/stage`, json({ to: 'monitoring' }))).status).toBe(403);
  expect(await world.json('POST', `${path}/stage`, json({ to: 'testing' }))).toMatchObject({
    stage: 'testing',
  });
  expect((await world.call('POST', `${path}/stage`, json({ to: 'testing' }))).status).toBe(409);
  // From here on policy wants somebody else than the author.
  const refused = await world.call('POST', `${path}/stage`, json({ to: 'deployment' }));
  expect([refused.status, await refused.text()]).toEqual([
    403,
    expect.stringContaining('duties.own-revision') as string,
  ]);
  expect(await world.json('GET', '/api/v1/main/registers/flows')).toMatchObject([
    { flowId: 'greet', stage: 'testing' },
  ]);
});
