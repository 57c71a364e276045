/** The engine decides as its port says: errors deny, obligations stand against a yes only, nothing leaks. */
import { expect, test } from 'vitest';
import { ask, load, openEngine, setOf } from '../../../test/support/policy-world.ts';

const operators = `@id("operators") @reason("Operators run flows")
permit (principal, action, resource) when { principal.roles.contains("operator") };`;

function forbid(id: string, when: string, annotations = ''): string {
  return `@id("${id}") @reason("Because of ${id}") ${annotations}
forbid (principal, action == Action::"execute", resource is Flow) ${when};`;
}

const approval = '@obligation("approval") @approvers("role:approver")';

test('what a policy permits is a yes, with the policy and its reason', async () => {
  const policies = await load(operators);
  expect(policies.decide(ask())).toEqual({
    verdict: 'allow',
    policies: [{ id: 'operators', effect: 'permit', reason: 'Operators run flows' }],
    obligations: [],
    version: policies.version,
  });
});

test('what nothing permits is a no', async () => {
  const policies = await load(operators);
  expect(policies.decide(ask({ roles: [] }))).toMatchObject({
    verdict: 'deny',
    cause: 'nothing-permits',
  });
});

test('a set without policies answers no', async () => {
  const policies = await openEngine().load({ packs: [] });
  expect(policies.decide(ask())).toMatchObject({ verdict: 'deny', cause: 'no-policies' });
});

test('policies that are all only observed answer no', async () => {
  const policies = await load(operators, { mode: 'observe' });
  expect(policies.decide(ask())).toMatchObject({ verdict: 'deny', cause: 'no-policies' });
});

test('policies that were let go of answer no', async () => {
  const policies = await load(operators);
  expect(policies.decide(ask()).verdict).toBe('allow');
  policies.release();
  expect(policies.decide(ask())).toMatchObject({ verdict: 'deny', cause: 'no-policies' });
});

test('a principal of another tenant gets a no, whatever is permitted', async () => {
  const policies = await load('@id("all") permit (principal, action, resource);');
  expect(policies.decide(ask()).verdict).toBe('allow');
  expect(policies.decide(ask({ principal: { tenant: 'other' } }))).toMatchObject({
    verdict: 'deny',
    cause: 'other-tenant',
  });
});

test.each([
  ['an unknown action', { action: 'fly' as never }, 'action-unknown'],
  ['an unknown task type', { action: 'run:core.fly.Away' as const }, 'action-unknown'],
  ['an action of a prototype', { action: 'constructor' as never }, 'action-unknown'],
  ['a group of actions', { action: 'run-task' as never }, 'action-unknown'],
  [
    'a resource the action is not for',
    { resource: { type: 'Model' as const } },
    'question-invalid',
  ],
  ['an unknown resource', { resource: { type: '__proto__' as never } }, 'question-invalid'],
  ['an unknown kind', { principal: { kind: 'root' as never } }, 'question-invalid'],
  ['roles that are no list', { principal: { roles: 7 as never } }, 'question-invalid'],
])('%s gets a no', async (_, parts, cause) => {
  const policies = await load(
    '@id("all") permit (principal, action, resource) when { principal.roles.contains("operator") };',
  );
  expect(policies.decide(ask(parts))).toMatchObject({ verdict: 'deny', cause });
});

test('a question with no parts at all gets a no', async () => {
  const policies = await load(operators);
  expect(policies.decide({} as never)).toMatchObject({
    verdict: 'deny',
    cause: 'question-invalid',
  });
});

test('a forbid without obligation is final, whatever others ask for [G-088]', async () => {
  const policies = await load(
    `${operators} ${forbid('gate', '', approval)} ${forbid('never', '')}`,
  );
  const answer = policies.decide(ask());
  expect(answer).toMatchObject({ verdict: 'deny', obligations: [] });
  expect(answer.policies.map(({ id }) => id)).toEqual(['gate', 'never']);
});

test('all obligations of all forbids stand in the answer', async () => {
  const policies = await load(
    `${operators} ${forbid('gate', '', approval)} ${forbid('veil', '', '@mask("personal")')}`,
  );
  const { verdict, obligations } = policies.decide(ask());
  expect(verdict).toBe('obliged');
  expect(obligations.map(({ kind, policy }) => `${policy}: ${kind}`)).toEqual([
    'gate: approval',
    'veil: mask',
  ]);
});

test('something may be exempt where every final forbid names a control and a permit would hold', async () => {
  const cap = forbid('cap', 'when { true }', '@control("price-cap")');
  const both = [operators, cap, forbid('asked', 'when { true }', approval)].join('\n');
  const policies = await load(both);
  expect(policies.decide(ask())).toMatchObject({
    verdict: 'deny',
    obligations: [],
    exemptible: {
      forbids: [{ policy: 'cap', control: 'price-cap' }],
      obligations: [{ kind: 'approval', policy: 'asked' }],
    },
  });
  // Nothing is to be looked for where no exception could help.
  expect(policies.decide(ask({ roles: [] }))).not.toHaveProperty('exemptible');
  const hopeless = await load(`${both}\n${forbid('final', 'when { true }')}`);
  expect(hopeless.decide(ask())).toMatchObject({ verdict: 'deny' });
  expect(hopeless.decide(ask())).not.toHaveProperty('exemptible');
});

test('an obligation does not open what nothing permits', async () => {
  const policies = await load(`${operators} ${forbid('gate', '', approval)}`);
  expect(policies.decide(ask()).verdict).toBe('obliged');
  expect(policies.decide(ask({ roles: ['viewer'] }))).toMatchObject({
    verdict: 'deny',
    cause: 'nothing-permits',
    obligations: [],
  });
});

test('a forbid guarded by `unless` refuses where the fact is missing, wrong or of another type', async () => {
  const policies = await load(
    `${operators} ${forbid('gate', 'unless { context has stage && context.stage == "testing" }')}`,
  );
  expect(policies.decide(ask({ facts: { stage: 'testing' } })).verdict).toBe('allow');
  for (const facts of [
    {},
    { stage: 'design' },
    { stage: 7 as never },
    { stage: ['testing'] as never },
  ]) {
    expect(policies.decide(ask({ facts })).verdict).toBe('deny');
  }
});

test('a condition that errs denies, also in a forbid that Cedar would skip', async () => {
  const policies = await load(
    `${operators} ${forbid('sum', 'when { context has stage && context.stage like "x*" }', '@missing("passes")')}`,
  );
  expect(policies.decide(ask({ facts: { stage: 'test' } })).verdict).toBe('allow');
  const answer = policies.decide(ask({ facts: { stage: 12 as never } }));
  expect(answer).toMatchObject({ verdict: 'deny', cause: 'evaluation-failed' });
  expect(answer.policies.map(({ id }) => id)).toEqual(['sum']);
  expect(JSON.stringify(answer)).not.toMatch(/type error|expected|long|like/i);
});

test('an overflow of a sum denies', async () => {
  const text = `${operators} @id("sum") @reason("Sum") @missing("passes")
forbid (principal, action == Action::"run:core.log.Log", resource)
when { context has amount && context has amountSoFar && context.amount + context.amountSoFar > 10 };`;
  const policies = await load(text);
  const question = (amount: number) =>
    ask({
      action: 'run:core.log.Log',
      resource: { type: 'Task' },
      situation: { arguments: {}, facts: { amount, amountSoFar: Number.MAX_SAFE_INTEGER } },
    });
  expect(policies.decide(question(-Number.MAX_SAFE_INTEGER)).verdict).toBe('allow');
  expect(policies.decide(question(1e19)).cause).toBe('evaluation-failed');
  expect(policies.decide(question(0.5)).cause).toBe('evaluation-failed');
  expect(policies.decide(question(Number.NaN)).cause).toBe('evaluation-failed');
});

test('arguments that nobody told about deny where a policy asks for them', async () => {
  const text = `${operators} @id("address") @reason("Address")
forbid (principal, action in Action::"run-external", resource) unless { context.addressTrust == "trusted" };`;
  const policies = await load(text);
  const mail = (situation: Parameters<typeof ask>[0] extends infer P ? P : never) =>
    policies.decide(
      ask({ action: 'run:email.MailSend', resource: { type: 'Task' }, ...situation }),
    );
  expect(mail({ situation: { arguments: {} } }).verdict).toBe('allow');
  expect(mail({ situation: {} })).toMatchObject({ verdict: 'deny', cause: 'evaluation-failed' });
});

test('a group of actions holds for the effect of the task type', async () => {
  const text = `${operators} @id("outside") @reason("Outside")
forbid (principal, action in Action::"run-external", resource);`;
  const policies = await load(text);
  const run = (action: `run:${string}`) =>
    policies.decide(ask({ action, resource: { type: 'Task' } })).verdict;
  expect([run('run:email.MailSend'), run('run:core.log.Log'), run('run:core.kv.Set')]).toEqual([
    'deny',
    'allow',
    'allow',
  ]);
});

test('a policy that is only observed is told and does not deny', async () => {
  const policies = await load(`${operators} ${forbid('gate', '', '@mode("observe")')}`);
  expect(policies.decide(ask())).toMatchObject({
    verdict: 'allow',
    policies: [{ id: 'operators' }],
    observed: { verdict: 'deny', policies: [{ id: 'gate' }] },
  });
});

test('a permit that is only observed permits nothing', async () => {
  const policies = await load(
    `${operators} @id("viewers") @mode("observe") permit (principal, action, resource) when { principal.roles.contains("viewer") };`,
  );
  expect(policies.decide(ask({ roles: ['viewer'] }))).toMatchObject({
    verdict: 'deny',
    cause: 'nothing-permits',
    observed: { verdict: 'allow' },
  });
});

test('the mode of a policy goes before that of its pack', async () => {
  const policies = await load(
    `${operators.replace('@reason', '@mode("enforce") @reason')} ${forbid('gate', '')}`,
    { mode: 'observe' },
  );
  expect(policies.decide(ask())).toMatchObject({ verdict: 'allow', observed: { verdict: 'deny' } });
});

test('answers are told apart by everything that policies read, and by nothing else', async () => {
  const policies = await load(
    `${operators} ${forbid('ada', 'unless { principal.handle != "ben" && resource.handle != "shop/x" && resource.namespaces.contains("shop") }')}`,
  );
  const verdicts = [
    ask(),
    ask({ principal: { id: 'ben' } }),
    ask({ principal: { id: 'cem' } }),
    ask({ resource: { id: 'shop/x' } }),
    ask({ resource: { namespace: 'shop.eu' } }),
    ask({ resource: { namespace: 'payroll' } }),
    ask({ resource: { namespace: null } }),
    ask({ roles: ['viewer'] }),
    ask(),
  ].map((question) => policies.decide(question).verdict);
  expect(verdicts).toEqual([
    'allow',
    'deny',
    'allow',
    'deny',
    'allow',
    'deny',
    'deny',
    'deny',
    'allow',
  ]);
});

test('a policy about one principal is about that one', async () => {
  const policies = await load(
    '@id("one") permit (principal == User::"ada", action, resource == Flow::"shop/refund");',
  );
  expect(policies.decide(ask()).verdict).toBe('allow');
  expect(policies.decide(ask({ principal: { id: 'ben' } })).verdict).toBe('deny');
  expect(policies.decide(ask({ resource: { id: 'shop/other' } })).verdict).toBe('deny');
  expect(policies.decide(ask({ principal: { kind: 'agent' } })).verdict).toBe('deny');
});

test('the version is that of what decides: text and mode, not its order or its file', async () => {
  const [a, b] = [operators, forbid('gate', '')];
  const version = async (...texts: readonly string[]) =>
    (await load('', { policies: texts.map((text, at) => ({ path: `${at}.cedar`, text })) }))
      .version;
  expect(await version(a, b)).toBe(await version(b, a));
  expect(await version(a)).not.toBe(await version(a, b));
  expect((await load(a, { mode: 'observe' })).version).not.toBe(await version(a));
});

test('a text that breaks the parser is refused, and everything else goes on deciding', async () => {
  const engine = openEngine();
  const policies = await engine.load(setOf(operators));
  const deep = `@id("deep") permit (principal, action, resource) when { context${'.a'.repeat(3_000)} == 1 };`;
  const { diagnostics } = await engine.read(setOf(`${deep}\n${operators}`));
  expect(diagnostics.map(({ code }) => code)).toContain('policy.too-complex');
  await expect(engine.load(setOf(deep))).rejects.toMatchObject({ code: 'policy.invalid' });
  expect(policies.decide(ask()).verdict).toBe('allow');
  expect((await engine.load(setOf(operators))).decide(ask()).verdict).toBe('allow');
});

test('text is laid out in one way, and what is no Cedar is not', async () => {
  const engine = openEngine();
  const formatted = await engine.format('@id("x")permit(principal,action,resource)when{1<2};');
  expect(formatted).toBe('@id("x")\npermit (principal, action, resource)\nwhen { 1 < 2 };\n');
  expect(await engine.format(formatted ?? '')).toBe(formatted);
  expect(await engine.format('permit (')).toBeUndefined();
  expect(await engine.format('('.repeat(5_000))).toBeUndefined();
});
