/** Retention: values go when their time has come, and no sooner. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { TenantView } from '../../src/app/application.ts';
import { createFlowWorld, type FlowWorld } from '../support/run-flow.ts';
import { scanFolder } from '../support/scan-folder.ts';

const email = 'jane.doe+42@example-shop.test';
const card = '4012-8888-8888-1881';

const flowWith = (governance: string, id = 'order') => `
id: ${id}
namespace: shop.orders
${governance}
inputs:
  - {id: email, type: STRING, governance: {classes: [personal.email], subject: "customer:812"}}
  - {id: card, type: STRING, governance: {classes: [payment]}}
tasks:
  - {id: thank, type: core.log.Log, message: "Thank you, {{ inputs.email }}"}
  - {id: charge, type: core.debug.Return, format: "charged {{ inputs.card }}"}
  - {id: keep, type: core.kv.Set, key: last, value: "{{ inputs.email }}"}
  - {id: write, type: core.storage.Write, content: "{{ inputs.card }}"}
`;

async function order(world: FlowWorld, flow = flowWith('')) {
  const result = await world.run(flow, { inputs: { email, card } });
  expect(result.state).toBe('SUCCESS');
  return result;
}

const rule = (
  dataClass: string,
  period: string,
  namespace = '*',
  atLeast: string | null = null,
) => ({
  dataClass,
  namespace,
  period,
  atLeast,
});

test('values of the class whose time has come go, the others stay [G-050] [G-139]', async () => {
  const world = await createFlowWorld();
  const ordered = await order(world);
  const { document } = ordered;
  const { application } = world;
  const { ledger, retention } = application;
  expect((await retention.run()).due).toEqual([]);
  await retention.set(rule('*', 'P1D'));
  expect((await retention.run()).due).toEqual([]);
  await retention.set(rule('payment', 'PT0S', 'shop'));
  const dry = await retention.run({ isDryRun: true });
  expect(dry.due).toContainEqual(
    expect.objectContaining({ place: `execution:${document.id}`, kind: 'execution' }),
  );
  expect(await ledger.verify()).toMatchObject({ verdict: 'valid' });
  const outcome = await retention.run();
  expect(outcome.due).toEqual(dry.due);
  expect(outcome.certificates).toMatchObject([
    { reason: 'retention', counts: { executions: 1, files: 1, pairs: 0 } },
  ]);
  const shown = await application.execution(document.id);
  expect(shown?.inputs).toEqual({ email, card: '«erased»' });
  expect(shown?.taskRunList.find(({ taskId }) => taskId === 'charge')?.outputs).toEqual({
    value: '«erased»',
  });
  const { uri } = ordered.taskRun('write').outputs as { uri: string };
  await expect(application.readFile(uri)).rejects.toMatchObject({ code: 'file.not-found' });
  expect(await application.keyValues('shop.orders').get('last')).toMatchObject({ value: email });
  expect(await ledger.verify()).toMatchObject({ verdict: 'erased' });
  expect((await retention.run()).due).toEqual([]);

  await retention.set(rule('personal', 'PT0S'));
  expect((await retention.run()).due.map(({ kind }) => kind)).toContain('pair');
  expect((await application.execution(document.id))?.inputs).toEqual({
    email: '«erased»',
    card: '«erased»',
  });
  expect(await application.keyValues('shop.orders').get('last')).toBeUndefined();
  expect(await ledger.verify()).toMatchObject({ verdict: 'erased' });
  // The subject is known still; younger values would be about the same person.
  expect(await application.subjects.find('customer:812')).toBeDefined();
  await application.close();
  expect(scanFolder(join(world.folder, '.sluice'), [email, card])).toEqual([]);
});

test('a flow asks for less time than the rules, never for more than they say at least', async () => {
  const world = await createFlowWorld();
  const { document } = await order(world, flowWith('governance: {data: {retention: PT0S}}'));
  const kept = await order(world, flowWith('', 'other'));
  const { retention } = world.application;
  await retention.set(rule('*', 'P90D', '*', 'P30D'));
  expect((await retention.run()).due).toEqual([]);
  await retention.set(rule('*', 'P90D'));
  const { due } = await retention.run();
  const places = due.map(({ place }) => place);
  expect(places).toContain(`execution:${document.id}`);
  expect(places).not.toContain(`execution:${kept.document.id}`);
  await retention.remove(rule('*', 'P90D'));
  await expect(retention.remove(rule('*', 'P90D'))).rejects.toMatchObject({
    code: 'retention.rule-not-found',
  });
  await expect(retention.set(rule('*', 'soon'))).rejects.toMatchObject({ code: 'cli.usage-wrong' });
});

test('a hold keeps what has had its time and says who set it [G-139]', async () => {
  const world = await createFlowWorld();
  const { document } = await order(world);
  const { holds, ledger, retention } = world.application;
  await holds.set({ kind: 'namespace', id: 'shop' }, 'audit');
  await retention.set(rule('*', 'PT0S'));
  const { due, held } = await retention.run();
  expect(due).toEqual([]);
  expect(held).toContainEqual({
    place: `execution:${document.id}`,
    hold: expect.objectContaining({ setBy: 'user:local', reason: 'audit' }),
  });
  expect(await ledger.search({ type: 'retention-refused', limit: 9 })).toHaveLength(1);
  await holds.release({ kind: 'namespace', id: 'shop' }, 'done');
  expect((await retention.run()).due).not.toEqual([]);
});

const purging = (task: string) => `
id: purging
namespace: ops
tasks:
  - id: purge
${task}
`;

test('a hold refuses deletion by people and by purging tasks, and each refusal is an entry [G-139]', async () => {
  const world = await createFlowWorld();
  const { document } = await order(world);
  // What this machine's commands get sees as much as the API.
  const application = world.application as TenantView;
  const { holds, ledger } = application;
  const purges = [
    '    type: core.execution.PurgeExecutions\n    endDate: "{{ now() }}"',
    '    type: core.log.PurgeLogs\n    endDate: "{{ now() }}"',
    '    type: core.kv.PurgeKV\n    namespaces: [shop.orders]\n    expiredOnly: false',
  ];
  const all = { logs: true, metrics: true, files: true };
  const [uri = ''] = (await world.store.files('main', `execution:${document.id}`)).map(
    (one) => one.uri,
  );
  const [subject] = await application.subjects.list(5);
  const targets = [
    { kind: 'namespace', id: 'shop' },
    { kind: 'execution', id: document.id },
    { kind: 'subject', id: subject?.handle ?? '' },
  ] as const;
  for (const target of targets) {
    await holds.set(target, 'case 12');
    const held = { code: 'hold.in-force', message: expect.stringContaining(target.id) };
    await expect(application.deleteExecutions([document.id], all)).rejects.toMatchObject(held);
    await expect(application.deleteLogs({ flowId: 'order' })).rejects.toMatchObject(held);
    for (const task of target.kind === 'execution' ? purges.slice(0, 2) : purges) {
      const result = await world.run(purging(task));
      expect(result.state, task).toBe('FAILED');
      expect(result.messages('purge').join()).toContain('a hold on the');
    }
    const refusals = await ledger.search({ type: 'deletion-refused', limit: 99 });
    expect(
      refusals.filter(({ stream }) => stream === `hold:${target.kind}:${target.id}`),
    ).not.toEqual([]);
    expect((await application.execution(document.id))?.state.current).toBe('SUCCESS');
    expect(await application.file(uri)).toBeDefined();
    expect(await application.keyValues('shop.orders').get('last')).toBeDefined();
    await holds.release(target, 'settled');
  }
  for (const task of purges) {
    expect((await world.run(purging(task))).state, task).toBe('SUCCESS');
  }
  expect(await application.execution(document.id)).toBeUndefined();
});

test('an execution that has not ended keeps its values', async () => {
  const world = await createFlowWorld();
  const { document } = await world.run(
    `
id: waiting
namespace: shop
inputs:
  - {id: email, type: STRING, governance: {classes: [personal.email]}}
tasks:
  - {id: wait, type: core.flow.Pause}
  - {id: after, type: core.debug.Return, format: "{{ inputs.email }}"}
`,
    { inputs: { email } },
  );
  const { retention } = world.application;
  await retention.set(rule('*', 'PT0S'));
  expect((await retention.run()).due).toEqual([]);
  await world.application.resume(document.id, {});
  const ended = await world.rest(document.id);
  expect(ended.taskRun('after').outputs).toEqual({ value: email });
  expect((await retention.run()).due).toHaveLength(1);
});
