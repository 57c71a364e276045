/** Cases of policies: what is expected, what is not shown, and what a missing fact does. */
import { expect, test } from 'vitest';
import { load, openEngine, packOf } from '../../../test/support/policy-world.ts';
import { readCases, testPolicies } from './test-policies.ts';

const text = `@id("operators") permit (principal, action == Action::"execute", resource) when { principal.roles.contains("operator") };
@id("stage") @reason("r") forbid (principal, action == Action::"execute", resource) unless { context has stage && context.stage == "testing" };`;

const yes =
  '{ title: yes, principal: { roles: [operator] }, action: execute, facts: { stage: testing }, expect: allow }';
const no =
  '{ title: no, principal: { roles: [operator] }, action: execute, facts: { stage: design }, expect: deny }';
const missing = '{ title: none, principal: { roles: [operator] }, action: execute, expect: deny }';

async function report(...cases: readonly string[]) {
  const file = {
    path: 'a.tests.yaml',
    text: `cases:\n${cases.map((one) => `  - ${one}`).join('\n')}\n`,
  };
  const { cases: read, diagnostics } = readCases([file], 'main');
  expect(diagnostics).toEqual([]);
  return testPolicies(await load(text), read);
}

test('the cases beside the default policies pass, show each of them and each missing fact', async () => {
  const pack = packOf('default');
  const { cases, diagnostics } = readCases(pack.tests, 'main');
  expect(diagnostics).toEqual([]);
  const { results, unshown, neverMissing, passed } = testPolicies(
    await openEngine().load({ packs: [pack] }),
    cases,
  );
  expect(results.filter(({ complaint }) => complaint !== undefined)).toEqual([]);
  expect({ unshown, neverMissing, passed }).toEqual({
    unshown: [],
    neverMissing: [],
    passed: true,
  });
  expect(results.length).toBeGreaterThan(150);
});

test('cases that show everything pass', async () => {
  expect(await report(yes, no, missing)).toMatchObject({ passed: true });
});

test('a verdict that is not expected fails with what determined it', async () => {
  const { passed, results } = await report(yes, no.replace('deny', 'allow'), missing);
  expect(passed).toBe(false);
  expect(results.map(({ complaint }) => complaint)).toEqual([
    undefined,
    'expected allow, got deny by stage',
    undefined,
  ]);
});

test('another policy than expected fails', async () => {
  const { results } = await report(
    no.replace('expect: deny', 'expect: deny, policies: [operators]'),
  );
  expect(results[0]?.complaint).toBe('expected operators to determine it, got stage');
});

test('a policy that no case shows fails', async () => {
  expect(await report(no, missing)).toMatchObject({ passed: false, unshown: ['operators'] });
});

test('a fact whose absence no case shows fails', async () => {
  expect(await report(yes, no)).toMatchObject({ passed: false, neverMissing: ['stage: stage'] });
});

test('`without` asks again without the fact', async () => {
  const both = yes.replace('expect: allow', 'expect: allow, without: { stage: deny }');
  const { passed, results } = await report(both, no);
  expect(passed).toBe(true);
  expect(results.map(({ case: one }) => one.title)).toEqual(['yes', 'yes, without stage', 'no']);
});

test('no cases at all fail', async () => {
  expect(testPolicies(await load(text), [])).toMatchObject({ passed: false });
});
