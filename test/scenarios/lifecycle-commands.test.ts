/** A flow goes live from the command line: whoever owns the machine asks, a colleague agrees over the API. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { apiServerOfTest, sessionFor } from '../support/api-server.ts';
import { callCommandLine } from '../support/call-command-line.ts';

const flow = `
id: sum
namespace: shop
governance: {owner: shop-team, models: [openai/gpt-5-mini]}
tasks:
  - {id: one, type: core.debug.Return, format: "1"}
`;
const suite = `
id: sums
namespace: shop
flowId: sum
testCases:
  - id: it-is-one
    assertions: [{value: '{{ outputs.one.value }}', equalTo: '1'}]
`;

test('save, tests, permissions, a colleague who agrees, live', async () => {
  const world = await apiServerOfTest();
  const { server, dataFolder } = world;
  const sluice = callCommandLine(dataFolder);
  const file = join(dataFolder, 'sum.yaml');
  writeFileSync(file, flow);
  expect((await sluice('flow', 'save', file)).out).toBe('shop/sum  saved as revision 1\n');
  expect((await sluice('flow', 'stage', 'shop/sum', '--to', 'testing')).code).toBe(0);
  const { tests } = await server.system.view({ tenant: 'main', actor: 'test' }).governance();
  await tests.record({ namespace: 'shop', flowId: 'sum' }, [{ source: suite, file: 'sum.yaml' }]);

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
  expect([early.code, early.err]).toEqual([1, expect.stringContaining('models and vendors')]);
  const model = { name: 'openai/gpt-5-mini', state: 'allowed', reason: 'evaluated' };
  expect((await send('models/decisions', model)).status).toBe(200);

  const waiting = await sluice('flow', 'stage', 'shop/sum', '--to', 'deployment');
  expect(waiting.code).toBe(1);
  const [, approval = ''] = /about `(change-[^`]+)`/.exec(waiting.err) ?? [];
  const agreed = await send(`approvals/${approval}/approve`, { reason: 'looked at it' });
  console.log(JSON.stringify(agreed), waiting.err);
  expect(agreed.body).toMatchObject({ approval: { state: 'granted' } });
  expect((await sluice('flow', 'stage', 'shop/sum', '--to', 'deployment')).out).toBe(
    'the flow `shop/sum` is in deployment\n',
  );
  writeFileSync(file, flow.replace('"1"', '"one"'));
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
}, 60_000);
