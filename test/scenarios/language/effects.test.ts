/**
 * Effects outside: written down before they are performed, never performed twice by themselves, and
 * accounted for by somebody when the process ended in between.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openSqliteStore } from '../../../src/adapters/sqlite/sqlite-store.ts';
import { createSystemSealer } from '../../../src/adapters/system/system-sealer.ts';
import type { Application } from '../../../src/app/application.ts';
import { createApplication } from '../../../src/app/create-application.ts';
import { decodeValue, type ValueMap } from '../../../src/core/value/index.ts';
import { losingStore } from '../../support/losing-store.ts';
import { type LoopbackServer, startLoopbackServer } from '../../support/loopback-server.ts';
import { createFlowWorld } from '../../support/run-flow.ts';

const environment = { SLUICE_ALLOW_PRIVATE_HOSTS: '127.0.0.1', SECRET_TOKEN: 'aGlkZGVuLXdvcmQ=' };
const order = { namespace: 'shop', flowId: 'pay', inputs: {} };

function payFlow(url: string, more = ''): string {
  return `
id: pay
namespace: shop
tasks:
  - { id: before, type: core.debug.Return, format: "7" }
  - id: pay
    type: core.http.Request
    uri: ${url}/payments
    method: POST
    headers: { idempotency-key: "{{ taskrun.idempotencyKey }}" }
    body: '{"order": {{ outputs.before.value }}}'${more}
  - { id: after, type: core.debug.Return, format: "{{ outputs.pay.code ?? 'untold' }}" }
`;
}

interface Lost {
  readonly folder: string;
  /** How many intents the ledger held when each request arrived. */
  readonly intentsSeen: readonly number[];
}

/** Runs the payment in a process that loses its store after `commits` writes. */
async function lostPayment(commits: number, more = ''): Promise<Lost & { server: LoopbackServer }> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-lost-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const intentsSeen: number[] = [];
  const store = await openSqliteStore({
    sealer: createSystemSealer(),
    path: join(folder, 'sluice.db'),
  });
  let waiting = Promise.resolve();
  let isOver = false;
  const server = await startLoopbackServer(() => {
    if (isOver) return { status: 201 };
    waiting = store
      .searchEntries({ tenant: 'main', type: 'effect-intended', limit: 10 })
      .then((found) => void intentsSeen.push(found.length));
    return { status: 201 };
  });
  const setUp = await createApplication({ dataFolder: folder, environment });
  await setUp.saveFlow(payFlow(server.url, more), 'pay.yaml');
  await setUp.close();
  const application = await createApplication({
    dataFolder: folder,
    environment,
    store: losingStore(store, commits),
  });
  await application
    .start(order)
    .then((id) => application.rest(id))
    .catch(() => undefined);
  await waiting;
  isOver = true;
  await application.close().catch(() => undefined);
  return { folder, intentsSeen, server };
}

async function recovered(folder: string): Promise<{ application: Application; id: string }> {
  const application = await createApplication({ dataFolder: folder, environment });
  onTestFinished(() => application.close());
  await application.recover();
  const [record] = await application.executions({ limit: 10 });
  return { application, id: record?.id ?? '' };
}

/** The writes after which the effect may or may not have happened, in which the process is lost. */
async function lostInBetween(more = ''): Promise<Lost & { server: LoopbackServer }> {
  for (let commits = 1; ; commits += 1) {
    const lost = await lostPayment(commits, more);
    if (lost.intentsSeen.length > 0) return lost;
  }
}

test('whichever write a process loses, its effect has its intent before it and is not repeated unasked [recovery.intent]', async () => {
  const seen = new Set<string>();
  for (let commits = 1; ; commits += 1) {
    const { folder, intentsSeen, server } = await lostPayment(commits);
    // INVARIANT under test: who was asked found the intent durable.
    expect(intentsSeen.every((count) => count === 1)).toBe(true);
    const before = server.requests.length;
    const { application, id } = await recovered(folder);
    const document = await application.rest(id);
    const run = document.taskRunList.find((one) => one.taskId === 'pay');
    if (run?.question === undefined) {
      expect(document.state.current).toBe('SUCCESS');
      expect(server.requests).toHaveLength(1);
      seen.add(before === 0 ? 'nothing happened' : 'all told');
    } else {
      expect(document.state.current).toBe('PAUSED');
      expect(run.question).toMatchObject({ attempt: 1, idempotencyKey: run.id });
      expect(run.question.arguments).toMatchObject({ method: 'POST', body: '{"order": 7}' });
      expect(server.requests).toHaveLength(before);
      seen.add(before === 0 ? 'intended only' : 'done and not told');
      await application.answer(id, { answer: 'retry' });
      expect((await application.rest(id)).state.current).toBe('SUCCESS');
      expect(server.requests).toHaveLength(before + 1);
      const keys = server.requests.map((one) => one.headers['idempotency-key']);
      expect(new Set(keys).size).toBe(1);
    }
    if (before > 0 && run?.question === undefined) break;
  }
  expect([...seen].toSorted()).toEqual(['all told', 'done and not told', 'nothing happened']);
}, 20_000);

describe('an effect that may or may not have happened', () => {
  test('is asked about, and what happened has the outputs that somebody tells [recovery.ask]', async () => {
    const { folder, server } = await lostInBetween();
    const { application, id } = await recovered(folder);
    await expect(application.resume(id, {})).rejects.toMatchObject({
      code: 'execution.answer-missing',
      message: expect.stringContaining('`pay` waits for an answer') as string,
    });
    await expect(application.restart(id)).rejects.toMatchObject({
      code: 'execution.answer-missing',
    });
    await application.answer(id, { answer: 'happened', outputs: { code: 201 } });
    const document = await application.rest(id);
    expect(document.state.current).toBe('SUCCESS');
    expect(document.state.histories.map((one) => one.state)).toEqual([
      'CREATED',
      'RUNNING',
      'PAUSED',
      'RESTARTED',
      'RUNNING',
      'SUCCESS',
    ]);
    expect(document.taskRunList.at(-1)?.outputs).toEqual({ value: '201' });
    expect(server.requests).toHaveLength(1);
    const [answer] = await application.ledger.search({ type: 'question-answered', limit: 5 });
    expect(answer?.actor).toBe('user:local');
    await expect(application.answer(id, { answer: 'fail' })).rejects.toMatchObject({
      code: 'execution.wrong-state',
    });
  });

  test('fails when somebody says so, without another attempt [recovery.answer-fail]', async () => {
    const { folder, server } = await lostInBetween(
      '\n    retry: { type: constant, interval: PT0.01S, maxAttempts: 3 }',
    );
    const { application, id } = await recovered(folder);
    await application.answer(id, { answer: 'fail' });
    const document = await application.rest(id);
    expect(document.state.current).toBe('FAILED');
    expect(document.error?.code).toBe('task.outcome-unknown');
    expect(server.requests).toHaveLength(1);
    // Let begin anew by a person, it is another effect.
    await application.restart(id);
    expect((await application.rest(id)).state.current).toBe('SUCCESS');
    const [first, second] = server.requests.map((one) => one.headers['idempotency-key']);
    expect(second).not.toBe(first);
  });

  test('fails or is repeated without asking where the task says so [recovery.on-unknown]', async () => {
    const failing = await lostInBetween('\n    governance: { onUnknown: fail }');
    const one = await recovered(failing.folder);
    expect((await one.application.rest(one.id)).error?.code).toBe('task.outcome-unknown');
    expect(failing.server.requests).toHaveLength(1);

    const retrying = await lostInBetween('\n    governance: { onUnknown: retry }');
    const other = await recovered(retrying.folder);
    const document = await other.application.rest(other.id);
    expect(document.state.current).toBe('SUCCESS');
    expect(document.taskRunList.find((run) => run.taskId === 'pay')?.attempts).toHaveLength(2);
    expect(retrying.server.requests).toHaveLength(2);
    const keys = retrying.server.requests.map((request) => request.headers['idempotency-key']);
    expect(new Set(keys).size).toBe(1);
  });

  test('does not keep an execution from being killed [recovery.ask-kill]', async () => {
    const { folder } = await lostInBetween();
    const { application, id } = await recovered(folder);
    await application.rest(id);
    await application.kill(id);
    const document = await application.rest(id);
    expect(document.state.current).toBe('KILLED');
    expect(document.taskRunList.find((run) => run.taskId === 'pay')).toMatchObject({
      state: { current: 'KILLED' },
    });
    expect(document.taskRunList.some((run) => run.question !== undefined)).toBe(false);
  });
});

test('an intent tells what will be done, and no secret [recovery.intent-secrets]', async () => {
  const server = await startLoopbackServer(() => ({ status: 200 }));
  const world = await createFlowWorld(environment);
  const result = await world.run(`
id: told
namespace: shop
tasks:
  - id: post
    type: core.http.Request
    uri: ${server.url}/
    method: POST
    body: "token={{ secret('TOKEN') }}"
    options: { auth: { type: BEARER, token: plain-token } }
`);
  expect(result.state).toBe('SUCCESS');
  const [entry] = await world.application.ledger.search({ type: 'effect-intended', limit: 5 });
  const intent = decodeValue(entry?.payload ?? '') as ValueMap;
  expect(intent['arguments']).toMatchObject({
    body: 'token=********',
    options: { auth: { token: '********' } },
  });
  expect(entry?.payload).not.toContain('hidden-word');
  expect(intent['digest']).toMatch(/^[0-9a-f]{64}$/);
});

test('only what has effects outside pays for an intent [recovery.intent-cost]', async () => {
  const server = await startLoopbackServer(() => ({ status: 200, body: '{}' }));
  const world = await createFlowWorld(environment);
  await world.run(`
id: quiet
namespace: shop
tasks:
  - { id: text, type: core.debug.Return, format: a }
  - { id: look, type: core.http.Request, uri: "${server.url}/" }
  - { id: keep, type: core.kv.Set, key: a, value: b }
`);
  expect(await world.application.ledger.search({ type: 'effect-intended', limit: 5 })).toEqual([]);
});

test('the key of an effect is the same for every attempt of its task run [recovery.idempotency-key]', async () => {
  let asked = 0;
  const server = await startLoopbackServer(() => {
    asked += 1;
    return { status: asked === 1 ? 503 : 200 };
  });
  const world = await createFlowWorld(environment);
  const flow = payFlow(
    server.url,
    '\n    retry: { type: constant, interval: PT0.01S, maxAttempts: 3 }',
  );
  const first = await world.run(flow);
  await world.run(flow);
  const keys = server.requests.map((request) => request.headers['idempotency-key']);
  expect(keys).toHaveLength(3);
  expect(keys[0]).toBe(keys[1]);
  expect(keys[2]).not.toBe(keys[0]);
  expect(keys[0]).toBe(first.taskRun('pay').id);
});

test('the payment of the guide is sent with its key [recovery.guide]', async () => {
  const server = await startLoopbackServer(() => ({ status: 201 }));
  const world = await createFlowWorld(environment);
  const flow = await readFile(
    join(import.meta.dirname, '../../../docs/examples/payment.yaml'),
    'utf8',
  );
  const result = await world.run(flow, { inputs: { order: 7, payments: `${server.url}/v1` } });
  expect(result.state).toBe('SUCCESS');
  expect(server.requests).toMatchObject([
    { body: '{"order": 7}', headers: { 'idempotency-key': result.taskRun('pay').id } },
  ]);
});
