/**
 * The way of policies into force, and what is kept on it: only tested policies decide, others review, a
 * replay says what changes, each step is an entry, and without policies every answer is no.
 */
import { createHash } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ask, openEngine, packOf, setOf } from '../../../test/support/policy-world.ts';
import { createCedarPolicyEngine } from '../../adapters/cedar/cedar-policy-engine.ts';
import { createMemoryStore } from '../../adapters/memory/memory-store.ts';
import { createSystemSealer } from '../../adapters/system/system-sealer.ts';
import type { PolicySet, Principal } from '../../core/policy/index.ts';
import { decodeValue } from '../../core/value/index.ts';
import type { Store } from '../../ports/store.ts';
import { createCommitter } from '../committer/index.ts';
import {
  activatePolicies,
  coverPolicies,
  createDecider,
  type Decider,
  findActive,
  findVersion,
  listVersions,
  type PolicyParts,
  proposePolicies,
  recordedDecisions,
  replayProposal,
  reviewPolicies,
} from './index.ts';

const engine = openEngine();
const always = { from: 0, to: Number.MAX_SAFE_INTEGER };
let now = 0;
let store: Store;
let parts: PolicyParts;
let decider: Decider;

function partsOn(tenant: string): PolicyParts {
  const clock = {
    now: () => now,
    wakeAt: () => () => undefined,
  } as unknown as PolicyParts['clock'];
  const digests = {
    digest: (text: string) => createHash('sha256').update(text).digest('hex'),
    keyedDigest: (text: string) => createHash('sha256').update(`key ${text}`).digest('hex'),
  } as PolicyParts['digests'];
  return { tenant, store, committer: createCommitter(store), engine, digests, clock };
}

beforeEach(() => {
  now = 1_000_000;
  store = createMemoryStore(createSystemSealer());
  parts = partsOn('main');
  decider = createDecider(parts);
});
afterEach(async () => {
  decider.close();
  await store.close();
});

function person(id: string, role = 'risk-officer'): { readonly principal: Principal } {
  const { principal } = ask({ principal: { id }, roles: [role] });
  return { principal };
}

/** A set of one policy with the cases it needs: operators may do everything. */
function simple(more = '', cases = ''): PolicySet {
  const text = `@id("operators") permit (principal, action, resource) when { principal.roles.contains("operator") };${more}`;
  const tests = `cases:
  - { title: yes, principal: { roles: [operator] }, action: execute, expect: allow }
  - { title: no, action: execute, expect: deny }
${cases}`;
  return setOf(text, { tests: [{ path: 'a.tests.yaml', text: tests }] });
}

async function entries(type?: string) {
  const all = await store.allEntries(0, 100);
  return all
    .filter((one) => type === undefined || one.type === type)
    .map(({ payload, ...rest }) => ({ ...rest, payload: decodeValue(payload) as never }));
}

const owner = person('ben', 'local-owner');

async function enforceDefault(): Promise<string> {
  const { version } = await proposePolicies(
    parts,
    decider,
    { packs: [packOf('default')] },
    { ...owner, reason: 'first' },
  );
  await activatePolicies(parts, decider, version.version, owner);
  return version.version;
}

test('without policies every question gets a no, and the no is an entry', async () => {
  expect(await decider.ask(ask())).toMatchObject({ verdict: 'deny', cause: 'no-policies' });
  const [entry] = await entries('policy-decided');
  expect(entry).toMatchObject({ actor: 'ada', stream: 'policy', tenant: 'main' });
  expect(entry?.payload).toMatchObject({ action: 'execute', cause: 'no-policies' });
});

test('the first policies are put in force without a decision, and the entry says so', async () => {
  const version = await enforceDefault();
  expect(decider.version).toBe(version);
  const [activated] = await entries('policy-activated');
  expect(activated?.payload).toMatchObject({
    version,
    isFirst: true,
    isRollback: false,
    before: null,
  });
  expect((await entries()).map(({ type }) => type)).toEqual([
    'policy-proposed',
    'policy-activated',
  ]);
  expect((await findVersion(parts, version.slice(0, 10)))?.content.activations).toHaveLength(1);
});

test('where no policies are in force only the owner of the data folder changes them', async () => {
  for (const role of ['admin', 'risk-officer', 'security-officer']) {
    await expect(
      proposePolicies(parts, decider, simple(), { ...person('eve', role), reason: '' }),
    ).rejects.toMatchObject({ code: 'policy.denied' });
  }
  const { version } = await proposePolicies(parts, decider, simple(), { ...owner, reason: '' });
  await expect(
    activatePolicies(parts, decider, version.version, person('eve')),
  ).rejects.toMatchObject({ code: 'policy.denied' });
  expect(await findActive(parts)).toBeUndefined();
});

test('policies in force that no longer fit the schema decide nothing, and the owner replaces them', async () => {
  const task = { type: 'shop.Refund', effect: 'external', touches: [], properties: [] } as const;
  const wide = createCedarPolicyEngine([task]);
  const before = { ...parts, engine: wide };
  const old = createDecider(before);
  const set = simple(
    '@id("refunds") permit (principal, action == Action::"run:shop.Refund", resource) when { principal.roles.contains("operator") };',
    '  - { title: refund, principal: { roles: [operator] }, action: run:shop.Refund, expect: allow, policies: [refunds] }\n',
  );
  const { version } = await proposePolicies(before, old, set, { ...owner, reason: '' });
  await activatePolicies(before, old, version.version, owner);
  await expect(decider.refresh()).rejects.toMatchObject({ code: 'policy.invalid' });
  expect(decider.decide(ask()).answer.cause).toBe('no-policies');
  const next = await proposePolicies(parts, decider, simple(), { ...owner, reason: '' });
  await activatePolicies(parts, decider, next.version.version, owner);
  expect(decider.decide(ask()).answer.verdict).toBe('allow');
});

test('policies whose tests fail are a proposal and are never put in force [G-014]', async () => {
  const set = simple('', '  - { title: wrong, action: execute, expect: allow }\n');
  const { version, tests } = await proposePolicies(parts, decider, set, {
    ...owner,
    reason: '',
  });
  expect([tests.passed, version.tests.passed]).toEqual([false, false]);
  await expect(activatePolicies(parts, decider, version.version, owner)).rejects.toMatchObject({
    code: 'policy.tests-failed',
  });
  expect(await findActive(parts)).toBeUndefined();
});

test('policies with an error are not even a proposal', async () => {
  const set = setOf('permit (principal, action, resource);');
  await expect(
    proposePolicies(parts, decider, set, { ...person('ben'), reason: '' }),
  ).rejects.toMatchObject({ code: 'policy.invalid' });
  expect(await listVersions(parts)).toEqual([]);
  expect(await entries()).toEqual([]);
});

test('the same policies proposed again are the same proposal', async () => {
  const first = await proposePolicies(parts, decider, simple(), { ...owner, reason: 'a' });
  const again = await proposePolicies(parts, decider, simple(), {
    ...person('cem', 'local-owner'),
    reason: 'b',
  });
  expect(again.version).toEqual(first.version);
  expect(await entries('policy-proposed')).toHaveLength(1);
});

test('under policies, other policies need a review by somebody else and a replay', async () => {
  await enforceDefault();
  const { version } = await proposePolicies(parts, decider, simple(), {
    ...person('ben', 'builder'),
    reason: 'x',
  });
  const id = version.version;
  const activate = (who: string) => activatePolicies(parts, decider, id, person(who));
  await expect(activate('rita')).rejects.toMatchObject({ code: 'policy.denied' });
  await expect(
    reviewPolicies(parts, decider, id, { ...person('ben'), note: '' }),
  ).rejects.toMatchObject({ code: 'policy.denied' });
  await reviewPolicies(parts, decider, id, { ...person('rita'), note: 'read it' });
  await expect(activate('rita')).rejects.toMatchObject({ code: 'policy.denied' });
  await replayProposal(parts, id, always, person('rita'));
  await expect(activate('ben')).rejects.toMatchObject({ code: 'policy.denied' });
  await activate('rita');
  expect(decider.version).toBe(id);
  // Each refusal is an entry, and so is the yes to what is privileged.
  const decided = await entries('policy-decided');
  expect(
    decided.map(
      ({ actor, payload }) =>
        `${actor} ${(payload as { decision: { verdict: string } }).decision.verdict}`,
    ),
  ).toEqual(['rita deny', 'ben deny', 'rita allow', 'rita deny', 'ben deny', 'rita allow']);
});

test('an agent that stands for the author does not activate either', async () => {
  await enforceDefault();
  const { version } = await proposePolicies(parts, decider, simple(), {
    ...person('ben', 'builder'),
    reason: 'x',
  });
  await reviewPolicies(parts, decider, version.version, { ...person('rita'), note: '' });
  await replayProposal(parts, version.version, always, person('rita'));
  for (const principal of [
    { ...person('dan').principal, onBehalfOf: ['ben'] },
    { ...person('bot').principal, kind: 'agent' as const },
  ]) {
    await expect(
      activatePolicies(parts, decider, version.version, { principal }),
    ).rejects.toMatchObject({ code: 'policy.denied' });
  }
});

test('the way back to policies that were in force needs no new review', async () => {
  const first = await enforceDefault();
  const next = {
    packs: [
      {
        ...packOf('default'),
        mode: 'enforce' as const,
        policies: [
          ...packOf('default').policies,
          {
            path: 'more.cedar',
            text: '@id("more.executives") permit (principal, action == Action::"verify-ledger", resource) when { principal.roles.contains("executive") };',
          },
        ],
        tests: [
          ...packOf('default').tests,
          {
            path: 'more.tests.yaml',
            text: 'cases:\n  - { title: a, principal: { roles: [executive] }, action: verify-ledger, expect: allow, policies: [more.executives] }\n',
          },
        ],
      },
    ],
  };
  const { version } = await proposePolicies(parts, decider, next, {
    ...person('ben', 'builder'),
    reason: 'x',
  });
  await reviewPolicies(parts, decider, version.version, { ...person('rita'), note: '' });
  await replayProposal(parts, version.version, always, person('rita'));
  await activatePolicies(parts, decider, version.version, person('rita'));
  await activatePolicies(parts, decider, first, person('rita'));
  expect(decider.version).toBe(first);
  const activated = await entries('policy-activated');
  expect(activated.at(-1)?.payload).toMatchObject({
    version: first,
    isRollback: true,
    before: version.version,
  });
  expect((await findActive(parts))?.content.before).toEqual([version.version, first]);
});

test('another process’s decider takes up what was put in force when it looks again', async () => {
  const other = createDecider(parts);
  await other.refresh();
  expect(other.version).toBeUndefined();
  const version = await enforceDefault();
  expect(other.decide(ask()).answer.cause).toBe('no-policies');
  await other.refresh();
  expect(other.version).toBe(version);
  other.close();
  expect(other.decide(ask()).answer.cause).toBe('no-policies');
});

test('while others come into force, a question is answered by those before or those after', async () => {
  const { principal } = ask({ principal: { id: 'ben' }, roles: ['local-owner', 'operator'] });
  const sets = [
    simple(),
    simple(
      '@id("more") permit (principal, action == Action::"kill", resource);',
      '  - { title: more, action: kill, expect: allow, policies: [more] }\n',
    ),
  ];
  // As with a large set: others have their turn while it loads.
  const slow = {
    ...engine,
    load: async (set: PolicySet) => {
      await new Promise(setImmediate);
      return engine.load(set);
    },
  };
  const shared = createDecider({ ...parts, engine: slow });
  const versions: string[] = [];
  for (const set of sets) {
    const { version } = await proposePolicies(parts, decider, set, { principal, reason: '' });
    versions.push(version.version);
  }
  await activatePolicies(parts, shared, versions[0] ?? '', { principal });
  let isOver = false;
  const asked = new Map<string, number>();
  const asking = Array.from({ length: 8 }, async (_, who) => {
    for (let time = 0; !isOver; time += 1) {
      if ((time + who) % 5 === 0) await shared.refresh();
      const { verdict, version } = shared.decide(ask()).answer;
      asked.set(`${verdict} ${version}`, (asked.get(`${verdict} ${version}`) ?? 0) + 1);
      await (time % 3 === 0 ? new Promise(setImmediate) : Promise.resolve());
    }
  });
  for (let time = 1; time <= 50; time += 1) {
    const next = versions[time % 2] ?? '';
    await activatePolicies(parts, shared, next, { principal });
    expect(shared.version).toBe(next);
  }
  isOver = true;
  await Promise.all(asking);
  expect([...asked.keys()].toSorted()).toEqual(versions.map((one) => `allow ${one}`).toSorted());
  shared.close();
});

test('two who look at once load the same policies once', async () => {
  const version = await enforceDefault();
  let loads = 0;
  const other = createDecider({
    ...parts,
    engine: {
      ...engine,
      load: (set) => {
        loads += 1;
        return engine.load(set);
      },
    },
  });
  await Promise.all(Array.from({ length: 10 }, () => other.refresh()));
  expect([other.version, loads]).toEqual([version, 1]);
  other.close();
});

test('policies of one tenant decide nothing for another', async () => {
  await enforceDefault();
  const other = createDecider(partsOn('other'));
  await other.refresh();
  expect(other.version).toBeUndefined();
  expect(await listVersions(partsOn('other'))).toEqual([]);
});

test('a yes is quiet unless it is privileged, and a question is kept once', async () => {
  const facts = { stage: 'deployment', riskTier: 'limited' };
  await enforceDefault();
  await decider.ask(ask({ facts }));
  expect(await entries('policy-decided')).toEqual([]);
  for (let time = 0; time < 3; time += 1) await decider.ask(ask({ roles: ['viewer'], facts }));
  await decider.ask(
    ask({ roles: ['auditor'], action: 'export-ledger', resource: { type: 'Ledger' } }),
  );
  expect(await entries('policy-decided')).toHaveLength(4);
  const kept = await store.registerRecords({ tenant: 'main', kind: 'policy-question', limit: 10 });
  expect(kept).toHaveLength(2);
});

test('two processes that keep the same question at once both go on', async () => {
  const other = createDecider(parts);
  await Promise.all([decider.ask(ask()), other.ask(ask()), decider.ask(ask())]);
  expect(await entries('policy-decided')).toHaveLength(3);
});

test('what was met makes the recorded verdict a yes', async () => {
  await enforceDefault();
  const question = ask({
    action: 'run:core.http.Request',
    resource: { type: 'Task' },
    situation: {
      arguments: {},
      control: { trust: 'trusted', bits: 0, classes: [] },
      facts: { stage: 'deployment', riskTier: 'limited', amount: 6000 },
    },
  });
  expect(await decider.ask(question)).toMatchObject({ verdict: 'obliged' });
  const met = { policy: 'money.above-fifty', kind: 'approval', by: 'approval:1' } as const;
  const { answer, note } = decider.decide(question, [met]);
  expect([answer.verdict, note.verdict]).toEqual(['allow', 'allow']);
});

test('a replay tells in groups which verdicts a draft changes, and nothing else [G-234]', async () => {
  await enforceDefault();
  const roles = (role: string, facts = {}) =>
    ask({
      roles: [role],
      principal: { id: role },
      facts: { stage: 'deployment', riskTier: 'limited', ...facts },
    });
  for (let time = 0; time < 3; time += 1) await decider.ask(roles('viewer'));
  await decider.ask(roles('auditor'));
  await decider.ask(roles('executive', { riskTier: 'prohibited' }));
  const draft = simple(
    '@id("viewers") permit (principal, action == Action::"execute", resource) when { principal.roles.containsAny(["viewer", "auditor"]) };',
    '  - { title: viewer, principal: { roles: [viewer] }, action: execute, expect: allow }\n',
  );
  const { version } = await proposePolicies(parts, decider, draft, {
    ...person('ben', 'builder'),
    reason: 'x',
  });
  const report = await replayProposal(parts, version.version, always, person('rita'));
  expect(report).toMatchObject({ decisions: 5, questions: 3, unknown: 0, changed: 4 });
  expect(report.groups).toEqual([
    {
      action: 'execute',
      resource: 'Flow',
      before: 'deny',
      after: 'allow',
      policies: ['viewers'],
      count: 4,
      questions: 2,
      examples: [
        { principal: 'viewer', resource: 'shop/refund' },
        { principal: 'auditor', resource: 'shop/refund' },
      ],
    },
  ]);
  expect((await findVersion(parts, version.version))?.content.replay).toMatchObject({ changed: 4 });
});

test('a replay looks at its days only', async () => {
  for (const at of [1_000, 2_000, 3_000, 4_000, 5_000]) {
    now = at;
    await decider.ask(ask());
  }
  const count = async (from: number, to: number) =>
    (await recordedDecisions(parts, { from, to })).reduce((sum, one) => sum + one.count, 0);
  expect(await count(0, 9_000)).toBe(5);
  expect(await count(2_000, 4_000)).toBe(3);
  expect(await count(2_001, 3_999)).toBe(1);
  expect(await count(5_001, 9_000)).toBe(0);
});

test('a decision that travels in the entry of what it allowed is found, too', async () => {
  await enforceDefault();
  const decision = decider.decide(ask({ facts: { stage: 'deployment', riskTier: 'limited' } }));
  await decider.keep(decision);
  const payload = JSON.stringify({ type: 'task-started', decision: decision.note });
  const entry = {
    tenant: 'main',
    at: now,
    stream: 'execution:1',
    type: 'task-started',
    actor: 'ada',
    payload,
  };
  await parts.committer.commit({ entries: [entry] });
  expect(await recordedDecisions(parts, always)).toMatchObject([
    { verdict: 'allow', policies: ['roles.operates'], count: 1 },
  ]);
});

test('coverage names actions without policies and policies that nothing met', async () => {
  const text = `@id("operators") permit (principal, action == Action::"execute", resource) when { principal.roles.contains("operator") };
@id("tier") @reason("r") forbid (principal, action == Action::"execute", resource) unless { context has riskTier && context.riskTier == "high" };`;
  const { policies } = await engine.read(setOf(text));
  const recorded = [
    { digest: 'd', verdict: 'deny' as const, policies: ['tier'], count: 2, lastAt: 0 },
  ];
  const coverage = coverPolicies(policies, recorded);
  const execute = coverage.actions.find(({ action }) => action === 'execute');
  expect(execute).toEqual({ action: 'execute', permits: 1, forbids: 1, tiers: ['high'] });
  expect(coverage.neverPermitted).toContain('view');
  expect(coverage.neverPermitted).not.toContain('execute');
  expect(coverage.neverForbidden).toContain('view');
  expect(coverage).toMatchObject({ neverMatched: ['operators'], decisions: 2 });
});

test('a question is kept under a keyed digest, with marks of whom it names beside it', async () => {
  const origin = { trust: 'untrusted', bits: 0, isAddressLike: false } as const;
  const about = {
    ...ask(),
    situation: {
      arguments: {
        to: { ...origin, classes: [{ name: 'personal.email', subject: 'subject-1' }] },
      },
    },
  };
  const decision = decider.decide(about);
  await decider.keep(decision);
  const { digest } = decision.note;
  expect(digest).toBe(parts.digests.keyedDigest(decision.text));
  const record = await store.registerRecord({
    tenant: 'main',
    kind: 'policy-question',
    id: digest,
  });
  expect(JSON.parse(record?.document ?? '')).toMatchObject({
    text: decision.text,
    textMarks: { own: { classes: [{ name: 'personal.email', subject: 'subject-1' }] } },
  });
});
