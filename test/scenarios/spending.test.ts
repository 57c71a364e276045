/**
 * What runs of tasks spend: set aside before they have any effect, counted when they are done, and never
 * lost between the two, wherever a process ends.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openSqliteStore } from '../../src/adapters/sqlite/sqlite-store.ts';
import { createSystemSealer } from '../../src/adapters/system/system-sealer.ts';
import type { Budget } from '../../src/core/governance/index.ts';
import { losingStore } from '../support/losing-store.ts';
import { startLoopbackServer } from '../support/loopback-server.ts';
import { startMailServer } from '../support/mail-server.ts';
import { openSpendingWorld, type Outside, type SpendingWorld } from '../support/spending-world.ts';

const mails: Budget = {
  id: 'mails',
  unit: 'messages',
  cap: 100,
  scope: { kind: 'namespace', id: 'shop' },
  period: 'total',
  timeZone: 'UTC',
};

async function worldWith(...budgets: readonly Budget[]): Promise<SpendingWorld> {
  const world = await openSpendingWorld();
  onTestFinished(() => world.close());
  const desk = await world.view.governance();
  for (const budget of budgets) await desk.budgets.set(budget);
  return world;
}

/** Saves a flow of `tasks`, runs it, and gives how it ended. */
async function run({ view }: SpendingWorld, tasks: string, more = '', inputs = {}) {
  await view.saveFlow(`id: f\nnamespace: shop\n${more}tasks:\n${tasks}`, 'f.yaml');
  const id = await view.start({ namespace: 'shop', flowId: 'f', inputs });
  const document = await view.rest(id);
  return { id, error: document.error, state: document.state.current };
}

test('of 200 executions at once that each send a mail, exactly 100 send it at a cap of 100 [G-006]', async () => {
  const server = await startMailServer();
  onTestFinished(() => server.close());
  const world = await worldWith(mails);
  const { view } = world;
  await view.saveFlow(
    `id: f
namespace: shop
tasks:
  - { id: mail, type: test.Mail, to: "someone@example.org", url: "${server.url}" }
errors:
  - { id: told, type: core.debug.Return, format: "{{ errorLogs()[0].message }}" }
`,
    'f.yaml',
  );
  const starts = Array.from({ length: 200 }, () =>
    view.start({ namespace: 'shop', flowId: 'f', inputs: {} }),
  );
  const ends = await Promise.all((await Promise.all(starts)).map((id) => view.rest(id)));
  const failed = ends.filter(({ state }) => state.current === 'FAILED');
  expect([server.received.length, failed.length]).toEqual([100, 100]);
  expect(new Set(failed.map(({ error }) => error?.code))).toEqual(new Set(['budget.exceeded']));
  expect(failed[0]?.error?.message).toMatch(
    /`mails` of namespace `shop` has 0 of 100 messages left/,
  );
  expect(failed[0]?.taskRunList.map(({ taskId }) => taskId)).toEqual(['mail', 'told']);
  expect(await world.counted('mails')).toEqual({ settled: 100, reserved: 0 });
}, 20_000);

test('of 50 runs at once no more is spent than the cap, and none is spent by halves [G-006]', async () => {
  const server = await startLoopbackServer(() => ({ status: 201 }));
  const world = await worldWith(
    { ...mails, id: 'ads', unit: 'money', currency: 'EUR', cap: 10_000 },
    { ...mails, id: 'calls', cap: 1_000 },
  );
  await world.view.saveFlow(
    `id: f
namespace: shop
inputs: [{ id: amount, type: INT }]
tasks:
  - id: ad
    type: core.http.Request
    uri: ${server.url}/ads
    method: POST
    body: "{{ inputs.amount }}"
    governance:
      spends: { money: "{{ inputs.amount }}", currency: EUR, messages: 1 }
`,
    'f.yaml',
  );
  const starts = Array.from({ length: 50 }, () =>
    world.view.start({ namespace: 'shop', flowId: 'f', inputs: { amount: 700 } }),
  );
  await Promise.all((await Promise.all(starts)).map((id) => world.view.rest(id)));
  expect(server.requests).toHaveLength(14);
  expect(await world.counted('ads')).toEqual({ settled: 9_800, reserved: 0 });
  expect(await world.counted('calls')).toEqual({ settled: 14, reserved: 0 });
});

test('what was really spent is counted: less where the task says so, nothing where nothing happened', async () => {
  const world = await worldWith(mails);
  const less = await run(world, '  - { id: m, type: test.Mail, to: "a;b;c", accepted: 2 }\n');
  expect(less.state).toBe('SUCCESS');
  expect(await world.counted('mails')).toEqual({ settled: 2, reserved: 0 });
  const before = await run(world, '  - { id: m, type: test.Mail, to: "a;b;c", ends: before }\n');
  expect(before.state).toBe('FAILED');
  expect(await world.counted('mails')).toEqual({ settled: 2, reserved: 0 });
  const after = await run(world, '  - { id: m, type: test.Mail, to: "a;b;c", ends: after }\n');
  expect(after.state).toBe('FAILED');
  expect(await world.counted('mails')).toEqual({ settled: 5, reserved: 0 });
});

const retry = '    retry: { type: constant, interval: PT0.01S, maxAttempts: 5 }\n';

test('each attempt that may have had its effect counts, and the same effect under its key counts once', async () => {
  const world = await worldWith(mails);
  const mail = (ends: string): string =>
    `  - id: m\n    type: test.Mail\n    to: a\n    ends: ${ends}\n    failures: 2\n${retry}`;
  expect((await run(world, mail('after'))).state).toBe('SUCCESS');
  expect(world.outside.sent).toHaveLength(3);
  expect(await world.counted('mails')).toEqual({ settled: 3, reserved: 0 });
  expect((await run(world, mail('before'))).state).toBe('SUCCESS');
  expect(await world.counted('mails')).toEqual({ settled: 4, reserved: 0 });
  const book = `  - id: b\n    type: test.Book\n    failures: 2\n    governance: { spends: { messages: 7 } }\n${retry}`;
  expect((await run(world, book)).state).toBe('SUCCESS');
  expect(world.outside.booked.size).toBe(1);
  expect(await world.counted('mails')).toEqual({ settled: 11, reserved: 0 });
});

test('an address that cannot be reached costs nothing, an answer that says no may have cost all', async () => {
  const server = await startLoopbackServer(() => ({ status: 500 }));
  const world = await worldWith(mails);
  const request = (uri: string): string =>
    `  - id: r\n    type: core.http.Request\n    uri: "${uri}"\n    method: POST\n    governance: { spends: { messages: 3 } }\n`;
  await run(world, request('http://127.0.0.1:1/'));
  await run(world, request('http://169.254.169.254/'));
  expect(await world.counted('mails')).toEqual({ settled: 0, reserved: 0 });
  await run(world, request(server.url));
  expect(await world.counted('mails')).toEqual({ settled: 3, reserved: 0 });
});

test('budgets of flows, principals and subjects count what is theirs', async () => {
  const world = await worldWith(
    { ...mails, id: 'of-flow', scope: { kind: 'flow', id: 'shop/f' }, cap: 5 },
    { ...mails, id: 'of-other', scope: { kind: 'flow', id: 'shop/other' }, cap: 0 },
    { ...mails, id: 'of-user', scope: { kind: 'principal', id: 'user:local' }, cap: 4 },
    { ...mails, id: 'each', scope: { kind: 'subject', id: '*' }, cap: 2 },
  );
  const more = `inputs:
  - { id: customer, type: STRING }
  - id: mail
    type: EMAIL
    governance: { classes: [personal.email], subject: "customer:{{ inputs.customer }}" }
`;
  const to = (customer: string) => ({ customer, mail: `${customer}@example.org` });
  const task = '  - { id: m, type: test.Mail, to: "{{ inputs.mail }}" }\n';
  for (const customer of ['ada', 'ada', 'ben']) {
    expect((await run(world, task, more, to(customer))).state).toBe('SUCCESS');
  }
  const third = await run(world, task, more, to('ada'));
  expect(third.error).toMatchObject({
    code: 'budget.exceeded',
    message: expect.stringContaining('`each` of each subject has 0 of 2') as string,
  });
  const about = (customer: string): string =>
    `  - { id: m, type: test.Mail, to: x, governance: { spends: { subject: "customer:${customer}", messages: 1 } } }\n`;
  expect((await run(world, about('ben'))).state).toBe('SUCCESS');
  expect((await run(world, about('ben'))).error?.message).toContain('`each` of each subject');
  expect((await run(world, about('cleo'))).error?.message).toContain('of principal `user:local`');
  expect(await world.counted('each')).toEqual({ settled: 4, reserved: 0 });
  expect(await world.counted('of-flow')).toEqual({ settled: 4, reserved: 0 });
  expect(await world.counted('of-other')).toEqual({ settled: 0, reserved: 0 });
});

test('what is declared in no whole number fails the task, and nothing happens', async () => {
  const world = await worldWith(mails);
  const spending = (spends: string): string =>
    `  - { id: m, type: test.Mail, to: a, governance: { spends: ${spends} } }\n`;
  const rows = [
    ['{ money: "{{ 1.5 }}", currency: EUR }', '`governance.spends.money` is `1.5`'],
    ['{ messages: "{{ \'many\' }}" }', '`governance.spends.messages` is `many`'],
    ['{ messages: "{{ 0 - 1 }}" }', '`governance.spends.messages` is `-1`'],
    ['{ messages: "{{ null }}" }', '`governance.spends.messages`'],
    ['{ money: 5, currency: "{{ \'euro\' }}" }', '`governance.spends.currency` is `euro`'],
    ['{ messages: "{{ nothing.there }}" }', 'nothing'],
  ] as const;
  for (const [spends, message] of rows) {
    const { state, error } = await run(world, spending(spends));
    expect([state, error?.message]).toEqual(['FAILED', expect.stringContaining(message)]);
  }
  expect(world.outside.sent).toEqual([]);
  expect((await run(world, spending('{ messages: "{{ 13.0 }}" }'))).state).toBe('SUCCESS');
  // What the type knows is not lowered by what the author says.
  expect(
    (
      await run(
        world,
        '  - { id: m, type: test.Mail, to: "a;b", governance: { spends: { messages: 1 } } }\n',
      )
    ).state,
  ).toBe('SUCCESS');
  expect(await world.counted('mails')).toEqual({ settled: 15, reserved: 0 });
});

test('the example of the guide pays within its budget and tells of what it cannot pay', async () => {
  const server = await startLoopbackServer(() => ({ status: 201 }));
  const scope = { kind: 'subject', id: '*' } as const;
  const world = await worldWith({ ...mails, unit: 'money', currency: 'EUR', cap: 3_000, scope });
  const example = join(import.meta.dirname, '../../docs/examples/refund-within-budget.yaml');
  await world.view.saveFlow(await readFile(example, 'utf8'), 'refund.yaml');
  const refund = async (order: number, cents: number) => {
    const inputs = { order, cents, payments: server.url };
    const flow = { namespace: 'shop.orders', flowId: 'refund-within-budget' };
    return world.view.rest(await world.view.start({ ...flow, inputs }));
  };
  expect((await refund(1, 2_000)).state.current).toBe('SUCCESS');
  expect((await refund(2, 3_000)).state.current).toBe('SUCCESS');
  const third = await refund(1, 1_001);
  expect([third.state.current, third.error?.code]).toEqual(['FAILED', 'budget.exceeded']);
  expect(third.taskRunList.map(({ taskId }) => taskId)).toEqual(['refund', 'tell']);
  expect(server.requests).toHaveLength(2);
});

test('what spends nothing asks for no budget, and what no budget covers asks seldom', async () => {
  const looks: string[] = [];
  const store = await openSqliteStore({ sealer: createSystemSealer(), path: ':memory:' });
  const counting = new Proxy(store, {
    get(target, name) {
      const member = Reflect.get(target, name) as unknown;
      if (typeof member !== 'function') return member;
      return (...given: readonly { readonly kind?: string }[]) => {
        if (String(given[0]?.kind).startsWith('budget')) looks.push(String(name));
        return Reflect.apply(member, target, given) as unknown;
      };
    },
  });
  const world = await openSpendingWorld({ store: counting });
  onTestFinished(() => world.close());
  const each = (task: string): string =>
    `  - id: each\n    type: core.flow.ForEach\n    values: "{{ range(1, 30) }}"\n    tasks:\n      - { id: m, ${task} }\n`;
  expect((await run(world, each('type: core.debug.Return, format: x'))).state).toBe('SUCCESS');
  expect(looks).toEqual([]);
  const began = performance.now();
  expect((await run(world, each('type: test.Mail, to: a'))).state).toBe('SUCCESS');
  expect(world.outside.sent).toHaveLength(30);
  expect(new Set(looks)).toEqual(new Set(['registerRecords']));
  expect(looks.length).toBeLessThanOrEqual(1 + (performance.now() - began) / 250);
});

interface Lost {
  readonly dataFolder: string;
  readonly outside: Outside;
  readonly isOver: boolean;
}

const three = `id: f
namespace: shop
tasks:
  - id: each
    type: core.flow.ForEach
    values: [a, b, c]
    tasks:
      - { id: m, type: test.Mail, to: "{{ taskrun.value }}", allowFailure: true }
`;

/** Sends three mails at a cap of two in a process that loses its store after `commits` writes. */
async function lostMails(commits: number): Promise<Lost> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'spending-lost-'));
  onTestFinished(() => rm(dataFolder, { recursive: true, force: true }));
  const outside: Outside = { sent: [], booked: new Set(), asked: [] };
  const setUp = await openSpendingWorld({ dataFolder });
  await (await setUp.view.governance()).budgets.set({ ...mails, cap: 2 });
  await setUp.view.saveFlow(three, 'f.yaml');
  await setUp.close();
  const sealer = createSystemSealer();
  const store = await openSqliteStore({ sealer, path: join(dataFolder, 'sluice.db') });
  const world = await openSpendingWorld({
    dataFolder,
    outside,
    store: losingStore(store, commits),
  });
  const end = await world.view
    .start({ namespace: 'shop', flowId: 'f', inputs: {} })
    .then((id) => world.view.rest(id))
    .catch(() => undefined);
  await world.close().catch(() => undefined);
  return { dataFolder, outside, isOver: end?.state.current === 'WARNING' };
}

test('whichever write a process loses, what is counted is never above the cap and never below what was sent', async () => {
  let isAsked = false;
  for (let commits = 1; ; commits += 1) {
    const { dataFolder, outside, isOver } = await lostMails(commits);
    const world = await openSpendingWorld({ dataFolder, outside });
    const check = async (): Promise<void> => {
      const { settled, reserved } = await world.counted('mails');
      expect(settled + reserved).toBeLessThanOrEqual(2);
      expect(settled + reserved).toBeGreaterThanOrEqual(outside.sent.length);
    };
    await check();
    await world.view.recover();
    const [record] = await world.view.executions({ limit: 10 });
    if (record !== undefined) {
      let document = await world.view.rest(record.id);
      for (; document.state.current === 'PAUSED'; document = await world.view.rest(record.id)) {
        await check();
        const run = document.taskRunList.find(({ question }) => question !== undefined);
        isAsked = true;
        expect(outside.sent).toContain(run?.value);
        await world.view.answer(record.id, { answer: 'happened' });
      }
      expect(document.state.current).toBe('WARNING');
      expect(outside.sent.toSorted()).toEqual(['a', 'b']);
      expect(await world.counted('mails')).toEqual({ settled: 2, reserved: 0 });
    }
    await world.close();
    if (isOver) break;
  }
  expect(isAsked).toBe(true);
}, 60_000);
