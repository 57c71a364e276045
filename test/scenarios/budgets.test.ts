/** Budgets: between processes, on the command line, over the API. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { storeName } from '../../src/app/data-folder.ts';
import { startApiServer } from '../support/api-server.ts';
import { callCommandLine } from '../support/call-command-line.ts';
import { createFlowWorld } from '../support/run-flow.ts';

const run = promisify(execFile);
const reserveMany = new URL('../support/reserve-many.ts', import.meta.url).pathname;

const mails = {
  id: 'mails',
  unit: 'messages',
  cap: 100,
  scope: { kind: 'namespace', id: 'shop' },
  period: 'total',
  timeZone: 'UTC',
} as const;

test('two processes that reserve at once let exactly the cap through [G-006]', async () => {
  const world = await createFlowWorld();
  const { budgets } = await world.application.governance();
  await budgets.set(mails);
  const path = join(world.folder, '.sluice', storeName);
  const processes = ['one', 'two'].map((name) =>
    run(process.execPath, [reserveMany, path, name, '100']),
  );
  const through = (await Promise.all(processes)).map(({ stdout }) => Number(stdout));
  expect(through[0]! + through[1]!).toBe(100);
  expect(await budgets.show('mails')).toMatchObject({ standings: [{ reserved: 100, left: 0 }] });
  expect(await world.application.ledger.verify()).toMatchObject({ verdict: 'valid' });
});

test('the command line sets, shows and removes a budget, and the ledger tells of it', async () => {
  const world = await createFlowWorld();
  const sluice = callCommandLine(join(world.folder, '.sluice'));
  const words = 'budget set refunds --unit money --currency EUR --cap 50000 --period day';
  const set = await sluice(...words.split(' '), '--scope', 'namespace', '--of', 'shop');
  expect([set.code, set.out]).toEqual([
    0,
    'the budget `refunds` is 500.00 EUR per day for namespace `shop`\n',
  ]);
  const shown = JSON.parse((await sluice('budget', 'show', 'refunds', '-o', 'json')).out) as object;
  expect(shown).toMatchObject({ cap: 50_000, timeZone: 'UTC', standings: [] });
  expect((await sluice('budget', 'list')).out).toMatch(/refunds +namespace `shop` +500.00 EUR/);
  const wrong = await sluice('budget', 'set', 'x', '--unit', 'tokens', '--cap', '1.5');
  expect([wrong.code, wrong.err]).toEqual([2, expect.stringContaining('needs a whole number')]);
  expect((await sluice('budget', 'remove', 'refunds')).code).toBe(0);
  expect((await sluice('budget', 'show', 'refunds')).code).toBe(2);
  const found = await world.application.ledger.search({ stream: 'budget:refunds', limit: 9 });
  expect(found.map(({ type }) => type)).toEqual(['budget-removed', 'budget-set']);
});

test('the API sets, lists and removes a budget', async () => {
  const world = await startApiServer();
  const { id, ...fields } = mails;
  const put = { body: JSON.stringify(fields), type: 'application/json' };
  expect(await world.json('PUT', '/api/v1/main/budgets/mails', put)).toMatchObject({
    id,
    cap: 100,
  });
  expect(await world.json('GET', '/api/v1/main/budgets')).toMatchObject([{ id, standings: [] }]);
  const bad = { body: JSON.stringify({ ...fields, timeZone: 'Mars' }), type: 'application/json' };
  expect((await world.call('PUT', '/api/v1/main/budgets/mails', bad)).status).toBe(422);
  expect((await world.call('DELETE', '/api/v1/main/budgets/mails')).status).toBe(204);
  expect((await world.call('GET', '/api/v1/main/budgets/mails')).status).toBe(404);
});
