/** Exceptions and intakes on the command line and over the API. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startApiServer } from '../support/api-server.ts';
import { callCommandLine } from '../support/call-command-line.ts';
import { createFlowWorld } from '../support/run-flow.ts';

test('the command line grants, lists and withdraws an exception', async () => {
  const world = await createFlowWorld();
  const sluice = callCommandLine(join(world.folder, '.sluice'));
  const words = 'exception grant sale --control price-cap --of shop/reprice --count 50';
  const more = ['--until', '2099-12-31', '--owner', 'ada', '--reason', 'summer sale'];
  const granted = await sluice(...words.split(' '), ...more);
  expect([granted.code, granted.out]).toEqual([
    0,
    'flow `shop/reprice` is exempt from `price-cap` 50 times, until 2100-01-01T00:00:00\n',
  ]);
  expect((await sluice('exception', 'list')).out).toMatch(/sale +price-cap .* 0 of 50/);
  expect((await sluice('exception', 'withdraw', 'sale')).code).toBe(0);
  expect(JSON.parse((await sluice('exception', 'list', '-o', 'json')).out)).toEqual([]);
  const past = await sluice(...words.split(' '), '--until', '2001-01-01', ...more.slice(2));
  expect([past.code, past.err]).toEqual([2, expect.stringContaining('not in the future')]);
});

test('an idea is entered from the questionnaire and waits in its queue [G-248] [G-090] [G-172]', async () => {
  const world = await createFlowWorld();
  const sluice = callCommandLine(join(world.folder, '.sluice'));
  const form = (await sluice('intake', 'questions')).out;
  const filled = form
    .replace('title:', 'title: Reprice slow movers')
    .replace('owner:', 'owner: pricing-team')
    .replace('  effect:', '  effect: money');
  const file = join(world.folder, 'idea.yaml');
  writeFileSync(file, filled.replace('  audience:', '  audience: customers'));
  const submitted = await sluice('intake', 'submit', file);
  expect(submitted.code).toBe(0);
  expect(submitted.out).toContain('provisional risk tier: prohibited\n');
  expect(submitted.out).toContain('not answered: decides-about-people, personal-data, autonomy');
  writeFileSync(file, `${filled.replace('  decides-about-people:', '  decides-about-people: no')}`);
  expect((await sluice('intake', 'submit', file)).out).toContain(
    'place 1 in the queue `committee`',
  );
  const listed = JSON.parse((await sluice('intake', 'list', '-o', 'json')).out) as object[];
  expect(listed).toMatchObject([{ queue: 'committee', position: 1 }, { queue: 'refused' }]);
  writeFileSync(file, 'title: x\nowner: y\nanswers: {effect: magic}\n');
  expect((await sluice('intake', 'submit', file)).code).toBe(2);
});

test('the API grants an exception and takes an idea', async () => {
  const world = await startApiServer();
  const json = (body: object) => ({ body: JSON.stringify(body), type: 'application/json' });
  const exception = {
    id: 'sale',
    control: 'price-cap',
    scope: { kind: 'flow', id: 'shop/reprice' },
    reason: 'sale',
    owner: 'ben',
    countMax: 2,
    endsAt: new Date(Date.now() + 30 * 86_400_000).toISOString(),
  };
  const path = '/api/v1/main/exceptions';
  expect(await world.json('POST', path, json(exception))).toMatchObject({ id: 'sale', used: 0 });
  expect((await world.call('POST', path, json(exception))).status).toBe(409);
  expect(await world.json('POST', `${path}/sale/withdraw`, json({ reason: 'over' }))).toMatchObject(
    {
      closed: { because: 'withdrawn' },
    },
  );
  const idea = { title: 'Thank customers', owner: 'care', answers: { effect: 'messages' } };
  const entered = await world.json<{ id: string }>('POST', '/api/v1/main/intakes', json(idea));
  expect(entered).toMatchObject({ tier: 'prohibited', position: 1 });
  expect(await world.json('GET', `/api/v1/main/intakes/${entered.id}`)).toMatchObject(idea);
  expect(await world.json('GET', '/api/v1/main/intakes/questions')).toHaveLength(6);
});
