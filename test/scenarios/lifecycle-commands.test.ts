/** A flow goes live from the command line: whoever owns the machine asks, a colleague agrees over the API. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readTypeCatalogue } from '../../src/app/type-catalogue.ts';
import { commands } from '../../src/cli/commands/index.ts';
import { runCommandLine } from '../../src/cli/run-command-line.ts';
import { ScriptedSurroundings } from '../../src/cli/test-support/scripted-surroundings.ts';
import { type ApiWorld, apiServerOfTest, sessionFor } from '../support/api-server.ts';

const flow = `
id: sum
namespace: shop
governance: {owner: shop-team, models: [openai/gpt-5-mini]}
tasks:
  - {id: one, type: core.debug.Return, format: "one"}
`;
const suite = `
id: sums
namespace: shop
flowId: sum
testCases:
  - id: it-is-one
    assertions: [{value: '{{ outputs.one.value }}', equalTo: one}]
`;

/** Returns what calls `sluice` as whoever owns the machine, in this process. */
function commandLineOf({ server, dataFolder }: ApiWorld) {
  // The one whom this process knows as the owner of the data folder.
  const view = server.system.view({ tenant: 'main', actor: 'system', isLocal: true });
  return async (...words: readonly string[]) => {
    // A command closes what it opened; the server goes on.
    const surroundings = new ScriptedSurroundings({ ...view, close: () => Promise.resolve() });
    surroundings.catalogue = readTypeCatalogue();
    surroundings.workingFolder = dataFolder;
    const code = await runCommandLine([...words, '--data', dataFolder], commands, surroundings);
    return { code, out: surroundings.out.text, err: surroundings.err.text };
  };
}

test('save, tests, permissions, a colleague who agrees, live', async () => {
  const world = await apiServerOfTest();
  const { server, dataFolder } = world;
  const sluice = commandLineOf(world);
  const file = join(dataFolder, 'sum.yaml');
  writeFileSync(file, flow);
  expect((await sluice('flow', 'save', file)).out).toBe('shop/sum  saved as revision 1\n');
  expect((await sluice('flow', 'stage', 'shop/sum', '--to', 'testing')).code).toBe(0);
  const suiteFile = join(dataFolder, 'sum.test.yaml');
  writeFileSync(suiteFile, suite);
  const tested = await sluice('flow', 'test', 'shop/sum', suiteFile);
  expect(tested.code).toBe(0);

  // Somebody else has proposed what the owner of the machine allows, and the other way round.
  const roles = ['operator', 'builder', 'risk-officer'];
  const bound = roles.map((role) => ({ role, namespace: '*', tenant: '*' }));
  const olga = await server.identity.users.create(
    { tenant: 'main', name: 'olga', roles: bound },
    'test',
  );
  const headers = await sessionFor(server, olga);
  const send = async (path: string, body: object) => {
    const answered = await world.call('POST', `/api/v1/main/${path}`, {
      headers,
      type: 'application/json',
      body: JSON.stringify(body),
    });
    return { status: answered.status, body: (await answered.json()) as Record<string, unknown> };
  };
  const proposal = {
    owner: 'shop-team',
    reason: 'agreement signed',
    endsAt: new Date(Date.now() + 86_400_000).toISOString(),
  };
  expect((await send('vendors', { name: 'openai', ...proposal })).status).toBe(200);
  const own = { name: 'openai', state: 'allowed', reason: 'I like it' };
  expect((await send('vendors/decisions', own)).status).toBe(403);
  const words = ['--owner', 'shop-team', '--until', '2999-01-01', '--reason', 'for sums'];
  const proposed = await sluice('model', 'propose', 'openai/gpt-5-mini', ...words);
  expect(proposed.out).toContain('is proposed');
  const vendor = await sluice('vendor', 'allow', 'openai', '--reason', 'checked the terms');
  expect(vendor.out).toMatch(/^the vendor `openai` is allowed until /);

  const early = await sluice('flow', 'stage', 'shop/sum', '--to', 'deployment');
  expect([early.code, early.err]).toEqual([
    1,
    expect.stringContaining('modelsApproved: the model `openai/gpt-5-mini` waits to be allowed'),
  ]);
  const model = { name: 'openai/gpt-5-mini', state: 'allowed', reason: 'evaluated' };
  expect((await send('models/decisions', model)).status).toBe(200);

  const waiting = await sluice('flow', 'stage', 'shop/sum', '--to', 'deployment');
  expect([waiting.code, waiting.err]).toEqual([1, expect.stringContaining('waits for people')]);
  const [, approval = ''] = /about `(change-[^`]+)`/.exec(waiting.err) ?? [];
  const agreed = await send(`approvals/${approval}/approve`, { reason: 'looked at it' });
  expect(agreed.body).toMatchObject({ approval: { state: 'granted' } });
  expect((await sluice('flow', 'stage', 'shop/sum', '--to', 'deployment')).out).toBe(
    'the flow `shop/sum` is in deployment\n',
  );
  writeFileSync(file, flow.replace('"one"', '"two"'));
  expect((await sluice('flow', 'save', file)).out).toBe(
    'shop/sum  saved as revision 2; revision 1 stays live\n',
  );
  const listed = JSON.parse((await sluice('flow', 'list', '-o', 'json')).out) as object[];
  expect(listed).toMatchObject([{ id: 'sum', revision: 2, liveRevision: 1, stage: 'deployment' }]);
  const run = await sluice('run', file);
  expect([run.code, run.err]).toEqual([
    2,
    expect.stringContaining('revision 2 of `shop/sum` is not live'),
  ]);
});
