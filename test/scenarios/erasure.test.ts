/** Erasing people from everything that is kept: what is about them stands under their keys, and goes with them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { openSqliteStore } from '../../src/adapters/sqlite/sqlite-store.ts';
import { createSystemSealer } from '../../src/adapters/system/system-sealer.ts';
import { createIdempotency } from '../../src/api/server/idempotency.ts';
import { createApplication, openSystem } from '../../src/app/create-application.ts';
import type { Store } from '../../src/ports/store.ts';
import { createFlowWorld, type FlowWorld } from '../support/run-flow.ts';
import { scanFolder } from '../support/scan-folder.ts';

const email = 'jane.doe+42@example-shop.test';
const word = 'Süßwasserfisch "812"';
const planted = [email, word, 'customer:812'];

const flow = `
id: welcome
namespace: shop.tests
inputs:
  - id: customerId
    type: STRING
    required: false
    governance: { classes: [personal.id], subject: "customer:{{ inputs.customerId }}" }
  - id: email
    type: STRING
    governance: { classes: [personal.email], subject: "customer:{{ inputs.customerId }}" }
  - id: note
    type: STRING
    defaults: "to {{ inputs.email }}"
  - id: letter
    type: FILE
    required: false
    governance: { classes: [personal.letter], subject: "customer:{{ inputs.customerId }}" }
labels:
  kind: welcome
tasks:
  - id: greet
    type: core.debug.Return
    format: "Hello {{ inputs.email }}"
  - id: say
    type: core.log.Log
    message: "wrote to {{ outputs.greet.value }}"
  - id: label
    type: core.execution.Labels
    labels: { to: "{{ inputs.email }}" }
  - id: keep
    type: core.kv.Set
    key: last-mail
    value: "{{ inputs.note }}"
  - id: store
    type: core.storage.Write
    content: "{{ inputs.email }} wrote"
    extension: .txt
  - id: each
    type: core.flow.ForEach
    values: ["{{ inputs.email }}"]
    tasks:
      - id: again
        type: core.debug.Return
        format: "{{ taskrun.value }}"
        taskCache: { enabled: true }
  - id: post
    type: core.http.Request
    allowFailure: true
    method: POST
    uri: "http://127.0.0.1:9/to?mail={{ inputs.email }}"
    body: "{{ inputs.email }}"
  - id: wrong
    type: core.execution.Fail
    allowFailure: true
    errorMessage: "no {{ inputs.email }}"
outputs:
  - id: greeting
    type: STRING
    value: "{{ outputs.greet.value }}"
`;

async function welcome(world: FlowWorld, customerId = '812') {
  const letter = await world.file(`letter-of-somebody.txt`, `${word} writes`);
  const result = await world.run(flow, { inputs: { customerId, email, letter } });
  expect(['SUCCESS', 'WARNING']).toContain(result.state);
  return result;
}

function dataFolderOf(world: FlowWorld): string {
  return join(world.folder, '.sluice');
}

async function handleOf(world: FlowWorld, name = 'customer:812'): Promise<string> {
  return (await world.application.subjects.find(name))?.handle ?? '';
}

test('what is about somebody is read as before and stands nowhere in clear', async () => {
  const world = await createFlowWorld();
  const result = await welcome(world);
  expect(result.document.inputs).toMatchObject({ email, note: `to ${email}` });
  expect(result.document.outputs).toEqual({ greeting: `Hello ${email}` });
  expect(result.document.labels).toContainEqual({ key: 'to', value: email });
  expect(result.messages('say')).toEqual([`wrote to Hello ${email}`]);
  expect(result.taskRun('again').value).toBe(email);
  expect(result.taskRun('wrong').state.current).toBe('WARNING');
  const again = await world.reopen();
  const { application } = again;
  expect(await application.keyValues('shop.tests').get('last-mail')).toMatchObject({
    value: `to ${email}`,
  });
  const { uri } = result.taskRun('store').outputs as { uri: string };
  expect(new TextDecoder().decode(await application.readFile(uri))).toBe(`${email} wrote`);
  expect(scanFolder(dataFolderOf(again), planted)).toEqual([]);
  const intents = await application.ledger.search({ type: 'effect-intended', limit: 9 });
  expect(intents).toHaveLength(1);
  // The search would find what stands there.
  expect(scanFolder(dataFolderOf(again), ['last-mail', 'shop.tests'])).not.toEqual([]);
  expect(await application.ledger.verify()).toMatchObject({ verdict: 'valid' });
});

test('what a script is about to do stands nowhere in clear where it is about somebody', async () => {
  const world = await createFlowWorld();
  const result = await world.run(
    `
id: script
namespace: shop.tests
inputs:
  - id: email
    type: STRING
    governance: { classes: [personal.email], subject: "customer:812" }
tasks:
  - id: sh
    type: scripts.shell.Commands
    taskRunner: { type: core.runner.Process }
    env: { MAIL: "{{ inputs.email }}" }
    commands:
      - test "$MAIL" = "{{ inputs.email }}"
`,
    { inputs: { email } },
  );
  expect(result.state).toBe('SUCCESS');
  const again = await world.reopen();
  const { application } = again;
  expect(await application.ledger.search({ type: 'effect-intended', limit: 9 })).toHaveLength(1);
  expect(scanFolder(dataFolderOf(again), [email])).toEqual([]);
  const handle = (await application.subjects.find('customer:812'))?.handle ?? '';
  await application.subjects.erase(handle, { reason: 'asked for' });
  expect(await application.ledger.verify()).toMatchObject({ verdict: 'erased' });
});

test('an erased subject is found nowhere, and the ledger says that it was erased [G-050]', async () => {
  const world = await createFlowWorld();
  const { document } = await welcome(world);
  await welcome(world);
  const handle = await handleOf(world);
  const { application } = world;
  const before = await application.subjects.show(handle);
  expect(before.counts).toMatchObject({ executions: 2, pairs: 1 });
  expect(before.counts.entries).toBeGreaterThan(10);
  expect(before.counts.files).toBeGreaterThan(3);
  const certificate = await application.subjects.erase(handle, {
    reason: 'asked for it',
    basis: 'gdpr-17',
  });
  expect(certificate).toMatchObject({ handle, basis: 'gdpr-17', counts: before.counts });
  expect(certificate.note).toContain(`subject: ${handle}\n`);
  const verdict = await application.ledger.verify();
  expect(verdict).toMatchObject({ verdict: 'erased', erasedCount: before.counts.groups });
  const shown = await application.execution(document.id);
  expect(shown?.inputs).toMatchObject({ email: '«erased»', note: '«erased»' });
  expect(shown?.outputs).toEqual({ greeting: '«erased»' });
  // Labels are marked as a whole.
  expect(shown?.labels).toContainEqual({ key: 'to', value: '«erased»' });
  const logs = await application.logs({ executionId: document.id });
  expect(logs.map(({ message }) => message)).toContain('«erased»');
  expect(await application.keyValues('shop.tests').get('last-mail')).toBeUndefined();
  expect(await application.subjects.find('customer:812')).toBeUndefined();
  await expect(application.replay(document.id)).rejects.toMatchObject({ code: 'execution.erased' });
  await application.close();
  expect(scanFolder(dataFolderOf(world), planted)).toEqual([]);
  const db = new DatabaseSync(join(dataFolderOf(world), 'sluice.db'));
  expect(db.prepare('SELECT count(*) AS n FROM subject_traces').get()).toEqual({ n: 0 });
  expect(db.prepare('SELECT count(*) AS n FROM entry_groups').get()).toEqual({ n: 0 });
  db.close();
  expect(readdirSync(dataFolderOf(world))).toContain('subjects.db');
});

test('the same person is another handle after an erasure, and what was erased is erased once', async () => {
  const world = await createFlowWorld();
  await welcome(world);
  const handle = await handleOf(world);
  const first = await world.application.subjects.erase(handle, { reason: 'asked' });
  const again = await world.application.subjects.erase(handle, { reason: 'asked again' });
  expect(again.entry).toEqual(first.entry);
  await welcome(world);
  expect(await handleOf(world)).not.toBe(handle);
  expect(await world.application.ledger.verify()).toMatchObject({ verdict: 'erased' });
});

test('what is about two people goes with the first of them; the rest of the other stays', async () => {
  const world = await createFlowWorld();
  const both = `
id: both
namespace: shop.tests
inputs:
  - {id: a, type: STRING, governance: {classes: [personal.name], subject: "person:a"}}
  - {id: b, type: STRING, governance: {classes: [personal.name], subject: "person:b"}}
tasks:
  - {id: join, type: core.debug.Return, format: "{{ inputs.a }} and {{ inputs.b }}"}
`;
  const { document } = await world.run(both, { inputs: { a: 'Ada-1', b: 'Bob-2' } });
  const { application } = world;
  await application.subjects.erase(await handleOf(world, 'person:a'), { reason: 'asked' });
  const shown = await application.execution(document.id);
  expect(shown?.inputs).toEqual({ a: '«erased»', b: 'Bob-2' });
  expect(shown?.taskRunList[0]?.outputs).toEqual({ value: '«erased»' });
  expect(await application.ledger.verify()).toMatchObject({ verdict: 'erased' });
});

test('a group that is gone without a recorded erasure breaks the ledger', async () => {
  const world = await createFlowWorld();
  await welcome(world);
  await world.application.close();
  const db = new DatabaseSync(join(dataFolderOf(world), 'sluice.db'));
  const { seq } = db.prepare('SELECT min(seq) AS seq FROM entry_groups').get() as { seq: number };
  db.prepare('DELETE FROM entry_groups WHERE seq = ?').run(seq);
  db.close();
  const { application } = await world.reopen();
  expect(await application.ledger.verify()).toMatchObject({ verdict: 'broken', seq });
});

const waiting = `
id: waiting
namespace: shop.tests
inputs:
  - {id: email, type: STRING, governance: {classes: [personal.email], subject: "customer:812"}}
tasks:
  - {id: wait, type: core.flow.Pause}
  - {id: after, type: core.debug.Return, format: "{{ inputs.email }}"}
`;

test('an execution that has not ended refuses the erasure of whom it is about, or is killed', async () => {
  const world = await createFlowWorld();
  const { document, state } = await world.run(waiting, { inputs: { email } });
  expect(state).toBe('PAUSED');
  const handle = await handleOf(world);
  const { subjects } = world.application;
  await expect(subjects.erase(handle, { reason: 'asked' })).rejects.toMatchObject({
    code: 'execution.unfinished',
    details: { executions: [document.id] },
  });
  expect((await world.application.execution(document.id))?.inputs).toEqual({ email });
  await subjects.erase(handle, { reason: 'asked', isForced: true });
  const shown = await world.application.execution(document.id);
  expect(shown).toMatchObject({ state: { current: 'KILLED' }, inputs: { email: '«erased»' } });
});

test('a hold refuses the erasure, and the refusal is an entry', async () => {
  const world = await createFlowWorld();
  const { document } = await welcome(world);
  const handle = await handleOf(world);
  const { holds, ledger, subjects } = world.application;
  for (const target of [
    { kind: 'subject', id: handle },
    { kind: 'execution', id: document.id },
    { kind: 'namespace', id: 'shop' },
  ] as const) {
    await holds.set(target, 'a dispute');
    await expect(subjects.erase(handle, { reason: 'asked' })).rejects.toMatchObject({
      code: 'hold.in-force',
      details: target,
    });
    expect(await holds.list()).toMatchObject([{ ...target, reason: 'a dispute' }]);
    await holds.release(target, 'settled');
  }
  expect(await ledger.search({ type: 'erasure-refused', limit: 9 })).toHaveLength(3);
  await expect(holds.release({ kind: 'subject', id: handle }, '')).rejects.toMatchObject({
    code: 'hold.not-found',
  });
  expect((await subjects.erase(handle, { reason: 'asked' })).handle).toBe(handle);
});

/** Returns `store` of which one call of `method` fails, as when the process ends there. */
function failingOnce(store: Store, method: 'commit' | 'erase', nth: number): Store {
  let calls = 0;
  const fail = async <T>(work: () => Promise<T>): Promise<T> => {
    calls += 1;
    if (calls === nth) throw new Error('the process ended here');
    return work();
  };
  return {
    ...store,
    ...(method === 'erase'
      ? { erase: (erasure) => fail(() => store.erase(erasure)) }
      : {
          commit: (writes) =>
            writes.length === 0 ? store.commit(writes) : fail(() => store.commit(writes)),
        }),
    get commitCount() {
      return store.commitCount;
    },
  };
}

test.each([
  ['commit', 'erasure-begun', 1],
  ['erase', 'subject-erased', 1],
] as const)(
  'an erasure that ends at its %s of `%s` is completed by the next',
  async (method, type, nth) => {
    const world = await createFlowWorld();
    const { document } = await welcome(world);
    const handle = await handleOf(world);
    await world.application.close();
    const dataFolder = dataFolderOf(world);
    const path = join(dataFolder, 'sluice.db');
    const sealed = await openSqliteStore({ sealer: createSystemSealer(), path });
    const store = failingOnce(sealed, method, nth);
    const broken = await createApplication({ dataFolder, store });
    await expect(broken.subjects.erase(handle, { reason: 'asked' })).rejects.toThrow('ended here');
    await broken.close();
    expect(scanFolder(dataFolder, planted)).toEqual([]);
    const { application } = await world.reopen();
    expect(await application.ledger.search({ type, limit: 1 })).toEqual([]);
    expect(await application.ledger.verify()).toMatchObject({ verdict: 'valid' });
    if (method === 'erase') {
      expect(await application.subjects.find('customer:812')).toMatchObject({ isErasing: true });
      expect((await application.execution(document.id))?.inputs).toMatchObject({
        email: '«erased»',
      });
      const request = { namespace: 'shop.tests', flowId: 'welcome' };
      await expect(
        application.start({ ...request, inputs: { customerId: '812', email } }),
      ).rejects.toMatchObject({ code: 'subject.erasing' });
      await application.recover();
    } else await application.subjects.erase(handle, { reason: 'asked' });
    expect(await application.subjects.resume()).toEqual([]);
    expect(await application.ledger.search({ type: 'subject-erased', limit: 9 })).toHaveLength(1);
    expect(await application.subjects.find('customer:812')).toBeUndefined();
    expect(await application.ledger.verify()).toMatchObject({ verdict: 'erased' });
    await application.close();
    expect(scanFolder(dataFolder, planted)).toEqual([]);
  },
);

test('who is erased while something about them is under way is erased from that too', async () => {
  const world = await createFlowWorld();
  const { document } = await world.run(waiting, { inputs: { email } });
  const handle = await handleOf(world);
  await world.application.subjects.erase(handle, { reason: 'asked', isForced: true });
  await expect(world.application.restart(document.id)).rejects.toMatchObject({
    code: 'execution.erased',
  });
});

test('the example of the guide knows whom its values are about', async () => {
  const world = await createFlowWorld();
  const example = join(import.meta.dirname, '../../docs/examples/order-thanks.yaml');
  const inputs = { customerId: '812', email };
  const { document, state } = await world.run(readFileSync(example, 'utf8'), { inputs });
  expect(state).toBe('SUCCESS');
  expect(document.outputs).toEqual({ letter: `To ${email}: thank you for the Walnut desk` });
  await world.application.subjects.erase(await handleOf(world), { reason: 'asked' });
  expect(await world.application.execution(document.id)).toMatchObject({
    inputs: { customerId: '«erased»', email: '«erased»', product: 'Walnut desk' },
    outputs: { letter: '«erased»' },
  });
});

test('values about more people than are told apart go when that is asked for', async () => {
  const world = await createFlowWorld();
  const ids = Array.from({ length: 33 }, (_, at) => `i${at}`);
  const inputs = ids.map(
    (id) =>
      `  - {id: ${id}, type: STRING, governance: {classes: [personal.name], subject: "p:${id}"}}`,
  );
  const all = ids.map((id) => `{{ inputs.${id} }}`).join(' ');
  const { document } = await world.run(
    `id: crowd\nnamespace: shop\ninputs:\n${inputs.join('\n')}\ntasks:\n  - {id: all, type: core.debug.Return, format: "${all}"}\n`,
    { inputs: Object.fromEntries(ids.map((id) => [id, `Name-of-${id}`])) },
  );
  const dataFolder = dataFolderOf(world);
  expect(scanFolder(dataFolder, ['Name-of-i7'])).toEqual([]);
  const { subjects } = world.application;
  const shownOutputs = async () =>
    (await world.application.execution(document.id))?.taskRunList[0]?.outputs;
  await subjects.erase(await handleOf(world, 'p:i0'), { reason: 'asked' });
  expect(await shownOutputs()).toMatchObject({ value: expect.stringContaining('Name-of-i0 ') });
  const handle = await handleOf(world, 'p:i1');
  expect((await subjects.show(handle)).many.groups).toBeGreaterThan(0);
  await subjects.erase(handle, { reason: 'asked', withMany: true });
  expect(await shownOutputs()).toEqual({ value: '«erased»' });
  expect(await world.application.ledger.verify()).toMatchObject({ verdict: 'erased' });
});

test('answers that were kept for requests sent again are told without content after an erasure', async () => {
  const world = await createFlowWorld();
  await world.run(waiting, { inputs: { email } });
  await world.application.close();
  const dataFolder = dataFolderOf(world);
  const system = await openSystem({ dataFolder });
  const { clock, committer, digests, keptAnswers: answers, store } = system;
  const idempotency = createIdempotency({
    store,
    clock,
    digests,
    answers,
    commit: (write) => committer.commit(write),
  });
  const request = { tenant: 'main', actor: 'a', key: 'k', target: 'POST /x', content: email };
  const answer = () => idempotency.once(request, async () => ({ status: 201, body: { email } }));
  expect(await answer()).toMatchObject({ status: 201, body: { email } });
  expect(await answer()).toMatchObject({ status: 201, body: { email } });
  expect(scanFolder(dataFolder, [email])).toEqual([]);
  const { subjects } = system.view({ tenant: 'main', actor: 'user:local' });
  const handle = (await subjects.find('customer:812'))?.handle ?? '';
  await subjects.erase(handle, { reason: 'asked', isForced: true });
  const again = await answer();
  expect(again.status).toBe(201);
  expect(again).not.toHaveProperty('body');
  await system.close();
});
