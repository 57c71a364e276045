/**
 * What is gone from an export or a published ledger is compared with the entries that record erasures:
 * recorded, not recorded (broken), or not to be told from what is shown.
 */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { verifyElsewhere } from '../../src/app/verify-elsewhere.ts';
import { createFlowWorld, type FlowWorld } from '../support/run-flow.ts';

const flow = `
id: thanks
namespace: shop
inputs:
  - {id: email, type: STRING, governance: {classes: [personal.email], subject: "customer:812"}}
tasks:
  - {id: thank, type: core.debug.Return, format: "Thank you, {{ inputs.email }}"}
`;
const trusting = { environment: {} };

async function exported(world: FlowWorld, name: string, part: object = {}) {
  const { lines } = await world.application.ledger.export(part);
  let text = '';
  for await (const line of lines) text += line;
  return verifyElsewhere(await world.file(name, text), trusting);
}

async function published(world: FlowWorld, name: string) {
  const folder = join(world.folder, name);
  await world.application.ledger.publish(folder, { hasPayloads: true });
  return verifyElsewhere(folder, trusting);
}

async function thanked(): Promise<FlowWorld> {
  const world = await createFlowWorld();
  expect((await world.run(flow, { inputs: { email: 'jane@shop.test' } })).state).toBe('SUCCESS');
  return world;
}

test('an erasure that is recorded is told as such, and one whose record is not shown as well [G-050]', async () => {
  const world = await thanked();
  const { subjects, ledger } = world.application;
  const [subject] = await subjects.list(1);
  const { entry } = await subjects.erase(subject?.handle ?? '', { reason: 'asked for it' });
  const all = { verdict: { verdict: 'erased' }, erasures: 'recorded' };
  expect(await exported(world, 'all.jsonl')).toMatchObject(all);
  expect(await published(world, 'public')).toMatchObject(all);
  const unknown = { verdict: { verdict: 'erased' }, erasures: 'not-shown' };
  expect(await exported(world, 'part.jsonl', { to: entry.seq - 1 })).toMatchObject(unknown);
  const [last] = await ledger.search({ type: 'execution-ended', limit: 1 });
  const stream = last?.stream ?? '';
  expect(await exported(world, 'stream.jsonl', { stream })).toMatchObject(unknown);
});

test('what is gone without a record is broken where a record would have to be shown [G-050]', async () => {
  const world = await thanked();
  const groups = await world.store.groups({});
  expect(groups.length).toBeGreaterThan(0);
  await world.store.erase({
    tenant: 'main',
    groups: groups.slice(0, 1),
    executions: [],
    redact: (text) => text,
    forgotten: () => [],
    writes: [],
  });
  const [{ seq, name } = { seq: 0, name: '' }] = groups;
  const broken = { verdict: 'broken', seq, reason: expect.stringContaining(`\`${name}\``) };
  expect(await exported(world, 'all.jsonl')).toMatchObject({ verdict: broken });
  expect(await published(world, 'public')).toMatchObject({ verdict: broken });
  expect(await exported(world, 'part.jsonl', { to: seq })).toMatchObject({
    verdict: { verdict: 'erased' },
    erasures: 'not-shown',
  });
});
