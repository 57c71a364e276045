/**
 * A hundred malformed policies. Each is named with its file, line and column, none can be loaded, and so
 * none grants anything. Beside them stand packs and cases that are no YAML, or not of the right shape.
 */
import { expect, test } from 'vitest';
import type { Failure } from '../../src/core/failure/index.ts';
import type { PolicyDiagnostic } from '../../src/core/policy/index.ts';
import { readCases, readPack } from '../../src/runtime/policy/index.ts';
import { openEngine, setOf } from '../support/policy-world.ts';

/** What is wrong, the text after the head, the code, and the line when it is not the first. */
type Malformed = readonly [title: string, text: string, code: string, line?: number];

const permit = '@id("p") permit (principal, action, resource)';
const forbid = '@id("p") @reason("r") forbid (principal, action, resource)';
const runs = '@id("p") @reason("r") forbid (principal, action in Action::"run-external", resource)';
const gate = (annotations: string) =>
  `@id("p") @reason("r") ${annotations} forbid (principal, action, resource);`;

const syntax = 'policy.syntax-wrong';
const type = 'policy.type-wrong';
const annotation = 'policy.annotation-wrong';
const attribute = 'policy.attribute-unknown';
const never = 'policy.never-applies';

const texts: readonly Malformed[] = [
  // What is no Cedar.
  ['prose', 'everybody may do everything', syntax],
  ['no semicolon', permit, syntax],
  ['two semicolons', `${permit};;`, syntax],
  ['no head', '@id("p") permit;', syntax],
  ['half a head', '@id("p") permit (principal, action);', syntax],
  ['a head in another order', '@id("p") permit (action, principal, resource);', syntax],
  ['a head with four parts', '@id("p") permit (principal, action, resource, context);', syntax],
  ['another effect', '@id("p") allow (principal, action, resource);', syntax],
  ['a capital effect', '@id("p") PERMIT (principal, action, resource);', syntax],
  ['an open brace', `${permit} when { true ;`, syntax],
  ['an open string', `${permit} when { principal.handle == "x };`, syntax],
  ['an open bracket', `${permit} when { ["a".contains("a") };`, syntax],
  ['an empty condition', `${permit} when { };`, syntax],
  ['a condition of two', `${permit} when { true true };`, syntax],
  ['a condition without braces', `${permit} when true;`, syntax],
  ['a condition in single quotes', `${permit} when { principal.handle == 'x' };`, syntax],
  ['half a comparison', `${permit} when { 1 < };`, syntax],
  ['an assignment', `${permit} when { principal.handle = "x" };`, syntax],
  ['words for signs', `${permit} when { true and true };`, syntax],
  ['a chain of comparisons', `${permit} when { 1 < 2 < 3 };`, syntax],
  ['an unknown variable', `${permit} when { user.handle == "x" };`, syntax],
  ['an unknown function', `${permit} when { now() > 1 };`, syntax],
  ['an unknown method', `${permit} when { principal.handle.startsWith("x") };`, syntax],
  ['a method without arguments', `${permit} when { principal.roles.contains() };`, syntax],
  ['a number that is too large', `${permit} when { 9223372036854775808 == 1 };`, syntax],
  ['a number with a fraction', `${permit} when { 1.5 > 1 };`, syntax],
  ['a condition after the end', `${permit}; when { true };`, syntax],
  ['an annotation after the effect', 'permit @id("p") (principal, action, resource);', syntax],
  ['an annotation twice', `@id("p") ${permit};`, syntax],
  ['an annotation without quotes', '@id(p) permit (principal, action, resource);', syntax],
  ['an open comment', `${permit} /* all */;`, syntax],
  ['a NUL', `${permit}\u0000;`, syntax],
  ['JSON', '{"effect": "permit"}', syntax],
  [
    'an entity without quotes',
    '@id("p") permit (principal == User::ada, action, resource);',
    syntax,
  ],
  [
    'an action without a type',
    '@id("p") permit (principal, action == "execute", resource);',
    syntax,
  ],
  [
    'a resource among many',
    '@id("p") permit (principal, action, resource in [Flow::"a"]);',
    syntax,
  ],
  ['a wildcard in the head', '@id("p") permit (*, action, resource);', syntax],
  ['a pattern that is none', `${permit} when { principal.handle like 7 };`, syntax],
  ['five negations', `${permit} when { !!!!!true };`, syntax],
  ['an error in the third line', `// a\n\n${permit} when { };`, syntax, 3],
  ['an error after letters of two bytes', `// é é é\n${permit} when { "ü" == };`, syntax, 2],
  // What is Cedar and refused.
  [
    'a template for principals',
    '@id("p") permit (principal == ?principal, action, resource);',
    'policy.template-refused',
  ],
  [
    'a template for resources',
    '@id("p") permit (principal, action, resource in ?resource);',
    'policy.template-refused',
  ],
  [
    'brackets that are nested too deeply',
    `${permit} when { ${'('.repeat(60)}true${')'.repeat(60)} };`,
    'policy.too-large',
  ],
  [
    'too many letters',
    `${permit} when { ["${'x'.repeat(25_000)}"].contains("x") };`,
    'policy.too-large',
  ],
  [
    'a chain that is too long',
    `${permit} when { context${'.a'.repeat(2_000)} == 1 };`,
    'policy.too-complex',
  ],
  [
    'a branch that is too long',
    `${permit} when { ${'if true then true else '.repeat(850)}true };`,
    'policy.too-complex',
  ],
  ['a name twice', `${permit};\n${permit};`, 'policy.id-duplicate', 2],
  [
    'a group of actions in a condition',
    `${permit} when { action in Action::"run-task" };`,
    'policy.action-in-condition',
  ],
  // What does not fit the schema.
  ['an unknown action', '@id("p") permit (principal, action == Action::"fly", resource);', type],
  [
    'a misspelt action',
    '@id("p") permit (principal, action == Action::"exceute", resource);',
    type,
  ],
  [
    'an unknown task type',
    '@id("p") permit (principal, action == Action::"run:core.fly.Away", resource);',
    type,
  ],
  [
    'an unknown action among others',
    '@id("p") permit (principal, action in [Action::"view", Action::"fly"], resource);',
    type,
  ],
  ['an unknown kind of principal', '@id("p") permit (principal is Robot, action, resource);', type],
  ['an unknown kind of resource', '@id("p") permit (principal, action, resource is Rocket);', type],
  ['a resource as a principal', '@id("p") permit (principal is Flow, action, resource);', never],
  [
    'an action that is not for the resource',
    '@id("p") permit (principal, action == Action::"execute", resource is Model);',
    never,
  ],
  ['an attribute that principals lack', `${permit} when { principal.age > 18 };`, type],
  ['an attribute that resources lack', `${permit} when { resource.owner == "x" };`, type],
  ['an unknown fact', `${permit} when { context.mood == "good" };`, type],
  [
    'a fact of another action',
    '@id("p") permit (principal, action == Action::"verify-ledger", resource) when { context.stage == "x" };',
    type,
  ],
  [
    'a misspelt fact in a guard',
    `${forbid} unless { context has stgae && context.stgae == "x" };`,
    attribute,
  ],
  [
    'a misspelt attribute in a guard',
    `${forbid} when { principal has role && principal.role == "x" };`,
    attribute,
  ],
  [
    'an argument that no task type has',
    `${runs} when { context.args has recipent && context.args.recipent.trust == "x" };`,
    attribute,
  ],
  [
    'a fact without a guard',
    '@id("p") permit (principal, action == Action::"execute", resource) when { context.stage == "x" };',
    type,
  ],
  [
    'a fact whose guard is behind it',
    '@id("p") permit (principal, action == Action::"execute", resource) when { context.stage == "x" && context has stage };',
    type,
  ],
  [
    'a fact whose guard is another’s',
    '@id("p") permit (principal, action == Action::"execute", resource) when { context has riskTier && context.stage == "x" };',
    type,
  ],
  [
    'a fact in the other branch',
    '@id("p") permit (principal, action == Action::"execute", resource) when { context has stage || context.stage == "x" };',
    type,
  ],
  [
    'an argument without a guard',
    '@id("p") permit (principal, action == Action::"run:email.MailSend", resource) when { context.args.to.trust == "trusted" };',
    type,
  ],
  ['a number as a text', `${permit} when { principal.handle == 7 };`, type],
  ['a text that is compared as a number', `${permit} when { principal.handle > 7 };`, type],
  ['a set that is compared as a text', `${permit} when { principal.roles == "operator" };`, type],
  ['a set of two kinds', `${permit} when { [1, "a"].contains(1) };`, type],
  ['an empty set', `${permit} when { [].contains("a") };`, type],
  ['a text as a condition', `${permit} when { "yes" };`, type],
  ['a number as a condition', `${permit} when { 1 };`, type],
  ['a sum of texts', `${permit} when { "a" + "b" == "ab" };`, type],
  [
    'branches of two kinds',
    `${permit} when { (if principal.handle == "x" then 1 else "a") == 1 };`,
    type,
  ],
  ['a role that is asked of a text', `${permit} when { principal.handle.contains("a") };`, type],
  ['a condition that never holds', `${permit} when { false };`, never],
  ['two kinds at once', `${permit} when { principal is User && principal is Agent };`, never],
  // Annotations.
  ['no name', 'permit (principal, action, resource);', 'policy.id-missing'],
  ['an empty name', '@id("") permit (principal, action, resource);', annotation],
  ['a name with spaces', '@id("a b") permit (principal, action, resource);', annotation],
  ['a name in capitals', '@id("ABC") permit (principal, action, resource);', annotation],
  ['no reason', '@id("p") forbid (principal, action, resource);', 'policy.reason-missing'],
  ['an empty reason', '@id("p") @reason("") forbid (principal, action, resource);', annotation],
  ['a misspelt annotation', gate('@obligaton("approval")'), 'policy.annotation-unknown'],
  ['an unknown obligation', gate('@obligation("prayer")'), annotation],
  ['an approval by nobody', gate('@obligation("approval")'), 'policy.approvers-missing'],
  ['an approver without a kind', gate('@obligation("approval") @approvers("ada")'), annotation],
  [
    'an approver of an unknown kind',
    gate('@obligation("approval") @approvers("robot:r2")'),
    annotation,
  ],
  ['approvers without an approval', gate('@approvers("role:a")'), 'policy.annotation-alone'],
  [
    'a quorum of nobody',
    gate('@obligation("approval") @approvers("role:a") @quorum("0")'),
    annotation,
  ],
  [
    'a quorum below nobody',
    gate('@obligation("approval") @approvers("role:a") @quorum("-1")'),
    annotation,
  ],
  [
    'a deadline in words',
    gate('@obligation("approval") @approvers("role:a") @deadline("soon")'),
    annotation,
  ],
  [
    'an escalation without a deadline',
    gate('@obligation("approval") @approvers("role:a") @escalate("role:b")'),
    'policy.annotation-alone',
  ],
  ['a mask of nothing', gate('@obligation("mask")'), 'policy.classes-missing'],
  ['a mask of no class', gate('@mask("everything!")'), annotation],
  [
    'an obligation of a permit',
    '@id("p") @obligation("reason") permit (principal, action, resource);',
    'policy.obligation-misplaced',
  ],
  ['an unknown mode', gate('@mode("maybe")'), annotation],
];

const engine = openEngine();

function expectPlaced({ file, line, column, message, help }: PolicyDiagnostic): void {
  expect(file).toBe('test.cedar');
  expect(line).toBeGreaterThanOrEqual(1);
  expect(column).toBeGreaterThanOrEqual(1);
  expect(message).toMatch(/^[^\n]{3,400}$/);
  expect(help).toMatch(/^[^\n]{3,}$/);
}

test('there are a hundred of them', () => {
  expect(texts.length).toBeGreaterThanOrEqual(100);
  expect(new Set(texts.map(([title]) => title)).size).toBe(texts.length);
});

/** Returns what is wrong with `text`; loading it must fail. */
async function refusalOf(text: string): Promise<readonly PolicyDiagnostic[]> {
  const failure: unknown = await engine.load(setOf(text)).catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: 'policy.invalid' });
  return (failure as Failure).details['diagnostics'] as readonly PolicyDiagnostic[];
}

test.each(texts.map(([title, text, code, line = 1]) => [title, text, code, line] as const))(
  '%s is refused with its place and grants nothing',
  async (_, text, code, line) => {
    const diagnostics = await refusalOf(text);
    for (const one of diagnostics) expectPlaced(one);
    expect(diagnostics.map((one) => one.code)).toContain(code);
    const found = diagnostics.find((one) => one.code === code && one.severity === 'error');
    expect(found?.line).toBe(line);
  },
);

test('one malformed policy keeps all others of the set from being loaded', async () => {
  const set = setOf(`@id("good") permit (principal, action, resource);\n${permit} when { };`);
  await expect(engine.load(set)).rejects.toMatchObject({ code: 'policy.invalid' });
});

const manifest = 'id: a\ntitle: A\nowner: b\nversion: 1.0.0\n';

test.each<readonly [string, string | undefined, string]>([
  ['no manifest', undefined, 'policy.manifest-missing'],
  ['an empty manifest', '', 'policy.value-wrong'],
  ['a manifest that is no YAML', 'id: [', 'policy.yaml-wrong'],
  ['a manifest with a tab', 'id:\n\ttitle: a', 'policy.yaml-wrong'],
  ['a manifest that is a list', '- id', 'policy.value-wrong'],
  ['a manifest without an owner', 'id: a\ntitle: A\nversion: 1.0.0\n', 'policy.value-wrong'],
  [
    'a manifest with a number for a version',
    manifest.replace('1.0.0', '1.0'),
    'policy.value-wrong',
  ],
  ['a manifest with an unknown key', `${manifest}roles: []\n`, 'policy.key-unknown'],
  ['a manifest with a key twice', `${manifest}id: b\n`, 'policy.yaml-wrong'],
  ['a manifest with another mode', `${manifest}mode: off\n`, 'policy.value-wrong'],
])('a pack with %s is refused', (_, text, code) => {
  const files = text === undefined ? [] : [{ path: 'a/pack.yaml', text }];
  const { pack, diagnostics } = readPack(files);
  expect(pack).toBeUndefined();
  expect(diagnostics.map((one) => one.code)).toContain(code);
});

test.each<readonly [string, string, number]>([
  ['cases: [', 'policy.yaml-wrong', 1],
  ['cases: 7', 'policy.value-wrong', 1],
  ['case: []', 'policy.key-unknown', 1],
  ['cases:\n  - 7', 'policy.value-wrong', 2],
  ['cases:\n  - action: execute\n    expect: allow', 'policy.value-wrong', 2],
  ['cases:\n  - title: a\n    action: fly\n    expect: deny', 'policy.value-wrong', 3],
  ['cases:\n  - title: a\n    action: execute', 'policy.value-wrong', 2],
  ['cases:\n  - title: a\n    action: execute\n    expect: maybe', 'policy.value-wrong', 4],
  [
    'cases:\n  - title: a\n    action: execute\n    expect: deny\n    fcats: {}',
    'policy.key-unknown',
    5,
  ],
  [
    'cases:\n  - title: a\n    action: execute\n    expect: deny\n    facts: { stgae: x }',
    'policy.key-unknown',
    5,
  ],
  [
    'cases:\n  - title: a\n    action: execute\n    expect: deny\n    facts: { amount: 1.5 }',
    'policy.value-wrong',
    5,
  ],
  [
    'cases:\n  - title: a\n    action: execute\n    expect: deny\n    facts: { stage: 1 }',
    'policy.value-wrong',
    5,
  ],
  [
    'cases:\n  - title: a\n    action: execute\n    expect: deny\n    without: { stage: deny }',
    'policy.value-wrong',
    5,
  ],
  [
    'cases:\n  - title: a\n    action: execute\n    expect: deny\n    principal: { role: [x] }',
    'policy.key-unknown',
    5,
  ],
  [
    'cases:\n  - title: a\n    action: execute\n    expect: deny\n    principal: { kind: robot }',
    'policy.value-wrong',
    5,
  ],
  [
    'cases:\n  - title: a\n    action: execute\n    expect: deny\n    resource: { type: Rocket }',
    'policy.value-wrong',
    5,
  ],
  [
    'cases:\n  - title: a\n    action: call-tool\n    expect: deny\n    control: perhaps',
    'policy.value-wrong',
    5,
  ],
  [
    'cases:\n  - title: a\n    action: call-tool\n    expect: deny\n    arguments: [to]',
    'policy.value-wrong',
    5,
  ],
  [
    'cases:\n  - title: a\n    action: call-tool\n    expect: deny\n    arguments: { to: { classes: ["A B C"] } }',
    'policy.value-wrong',
    5,
  ],
  [
    'cases:\n  - title: a\n    action: call-tool\n    expect: deny\n    arguments: { to: { isAddressLike: 7 } }',
    'policy.value-wrong',
    5,
  ],
])('the cases %j are refused', (text, code, line) => {
  const { diagnostics } = readCases([{ path: 'a.tests.yaml', text }], 'main');
  expect(diagnostics.map((one) => `${one.code} ${one.line}`)).toContain(`${code} ${line}`);
});

test('a bomb of aliases is refused', () => {
  const lines = Array.from(
    { length: 12 },
    (_, at) => `a${at + 1}: &a${at + 1} [${`*a${at},`.repeat(9)}]`,
  );
  const text = `a0: &a0 [x]\n${lines.join('\n')}\ncases: []\n`;
  const { diagnostics } = readCases([{ path: 'a.tests.yaml', text }], 'main');
  expect(diagnostics.map((one) => one.code)).toContain('policy.yaml-wrong');
});
