/** What policy is told of flows: what the graph and the register say, whatever the flow says of itself. */
import { beforeEach, expect, test } from 'vitest';
import { createMemoryStore } from '../../adapters/memory/memory-store.ts';
import { createSystemSealer } from '../../adapters/system/system-sealer.ts';
import { readTypeCatalogue } from '../../app/type-catalogue.ts';
import { type Flow, parseFlow } from '../../core/flow/index.ts';
import { Failure } from '../../core/failure/index.ts';
import type { Store } from '../../ports/store.ts';
import { createCommitter, createWriteWatch, type WriteWatch } from '../committer/index.ts';
import { registerDesk, type RegisterDesk } from '../registers/index.ts';
import { addToFlow, createKnownFlows, type KnownFlows, moveFlow } from './index.ts';

const catalogue = readTypeCatalogue();
const tenant = 'main';
const name = { namespace: 'shop', flowId: 'f' };
const log = '{id: log, type: core.log.Log, message: hi}';
const mail = '{id: mail, type: email.MailSend, from: a@b.c, to: b@b.c, host: x, subject: s}';

const clock = { now: () => now, wakeAt: () => () => undefined };
let now = 0;
let reads = 0;
let elsewhere = 0;
let store: Store;
let watch: WriteWatch;
let registers: RegisterDesk;
let revisions: Map<string, Flow[]>;
let known: KnownFlows;

/** Saves the next revision of a flow, as far as the library tells of it. */
function save(id: string, text: string): void {
  const source = `id: ${id}\nnamespace: shop\n${text}`;
  const { flow, diagnostics } = parseFlow(source, { file: 'f.yaml', catalogue });
  if (flow === undefined) throw new Error(JSON.stringify(diagnostics));
  revisions.set(id, [...(revisions.get(id) ?? []), flow]);
  watch.wrote([{ entries: [], flows: [] }]);
}

beforeEach(() => {
  now = 1_000;
  reads = 0;
  revisions = new Map();
  store = createMemoryStore(createSystemSealer());
  watch = createWriteWatch(
    { changesElsewhere: async () => elsewhere },
    clock,
    ({ flows, registerRecords }) => flows !== undefined || registerRecords !== undefined,
  );
  const committer = createCommitter({
    async commit(writes) {
      const committed = await store.commit(writes);
      watch.wrote(writes);
      return committed;
    },
    besideFrom: undefined,
  });
  registers = registerDesk({ tenant, store, committer, clock });
  known = createKnownFlows({
    tenant,
    catalogue,
    watch,
    store: {
      registerRecord: (id) => {
        reads += 1;
        return store.registerRecord(id);
      },
    },
    library: {
      async find(namespace, id, wanted) {
        reads += 1;
        const all = revisions.get(id) ?? [];
        const revision = wanted ?? all.length;
        const flow = all[revision - 1];
        if (namespace !== 'shop' || flow === undefined)
          throw new Failure('flow.not-found', 'there is none');
        return { flow, revision };
      },
    },
  });
});

const factsOf = async (revision?: number) => (await known.find(name, revision)).facts;
const move = (from: 'development' | 'testing', to: 'development' | 'testing') =>
  moveFlow(registers, name, { from, to, by: 'ada', revision: 1, reason: '' }, { facts: {} });

test('a flow that says it is deployed and harmless is neither', async () => {
  save('f', `governance: {stage: deployment, riskTier: minimal}\ntasks: [${mail}]\n`);
  expect(await factsOf()).toMatchObject({
    flowId: 'f',
    stage: 'development',
    riskTier: 'limited',
    autonomy: 'none',
  });
});

test('the tier is the highest of what is computed, declared and said by people [G-054]', async () => {
  save('f', `governance: {riskTier: high}\ntasks: [${log}]\n`);
  expect(await factsOf()).toMatchObject({ riskTier: 'high' });
  await addToFlow(registers, name, { riskTier: 'limited' }, 'ada');
  expect(await factsOf()).toMatchObject({ riskTier: 'high' });
  await addToFlow(registers, name, { riskTier: 'prohibited' }, 'ada');
  expect(await factsOf()).toMatchObject({ riskTier: 'prohibited' });
});

test('a move in the register is told to the next who asks', async () => {
  save('f', `tasks: [${log}]\n`);
  expect(await factsOf(1)).toMatchObject({ stage: 'development' });
  await move('development', 'testing');
  expect(await factsOf(1)).toMatchObject({ stage: 'testing' });
  await move('testing', 'development');
  expect(await factsOf(1)).toMatchObject({ stage: 'development' });
});

test('each revision has its own tier, and one stage', async () => {
  save('f', `tasks: [${mail}]\n`);
  save('f', `tasks: [${log}]\n`);
  await move('development', 'testing');
  expect(await factsOf(1)).toMatchObject({ stage: 'testing', riskTier: 'limited' });
  expect(await factsOf(2)).toMatchObject({ stage: 'testing', riskTier: 'minimal' });
  expect(await factsOf()).toMatchObject({ riskTier: 'minimal' });
});

test('a flow does what the flows do that it starts, in their newest revision', async () => {
  const start = '{id: sub, type: core.flow.Subflow, namespace: shop, flowId: other}';
  save('f', `tasks: [${start}]\n`);
  // Nobody knows what it will do.
  expect(await factsOf()).toMatchObject({ riskTier: 'high' });
  save('other', `tasks: [${mail}]\n`);
  expect(await factsOf()).toMatchObject({ riskTier: 'limited' });
  save('other', `tasks: [${log}]\n`);
  expect(await factsOf()).toMatchObject({ riskTier: 'minimal' });
});

test('what has not changed is looked up once, and computed once', async () => {
  save('f', `tasks: [${log}]\n`);
  const first = await known.find(name, 1);
  const before = reads;
  for (let time = 0; time < 100; time += 1) expect(await known.find(name, 1)).toBe(first);
  await Promise.all(Array.from({ length: 50 }, () => known.find(name, 1)));
  expect(reads).toBe(before);
  // Something else was written: looked up again, and found to be the same.
  watch.wrote([{ entries: [], flows: [] }]);
  expect((await known.find(name, 1)).assessment).toBe(first.assessment);
  expect(reads).toBeGreaterThan(before);
});

test('a move by another process is told no later than a quarter of a second after', async () => {
  save('f', `tasks: [${log}]\n`);
  expect(await factsOf(1)).toMatchObject({ stage: 'development' });
  // A committer that nobody watches stands for another process.
  const there = registerDesk({ tenant, store, committer: createCommitter(store), clock });
  const move = { from: 'development', to: 'testing', by: 'ben', revision: 1, reason: '' } as const;
  await moveFlow(there, name, move, { facts: {} });
  elsewhere += 1;
  now += 250;
  expect(await factsOf(1)).toMatchObject({ stage: 'testing' });
});

test('a flow that is not there is not kept as missing', async () => {
  await expect(factsOf()).rejects.toMatchObject({ code: 'flow.not-found' });
  save('f', `tasks: [${log}]\n`);
  expect(await factsOf()).toMatchObject({ flowId: 'f' });
});
