/** A question has one text, however it was put together; another question has another text. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalQuestion, readQuestion } from './canonical-question.ts';
import type { Question } from './question.ts';

const name = fc.stringMatching(/^[a-z]{1,6}$/);
const origin = fc.record({
  trust: fc.constantFrom('trusted' as const, 'constrained' as const, 'untrusted' as const),
  bits: fc.nat(9),
  classes: fc.array(fc.record({ name, subject: fc.option(name) }), { maxLength: 3 }),
});
const facts = fc.record(
  {
    stage: name,
    amount: fc.integer(),
    hasOwner: fc.boolean(),
    effects: fc.array(name, { maxLength: 3 }),
  },
  { requiredKeys: [] },
);
const questions: fc.Arbitrary<Question> = fc.record({
  principal: fc.record({
    kind: fc.constantFrom('user' as const, 'agent' as const),
    id: name,
    tenant: name,
    roles: fc.array(fc.record({ role: name, namespace: fc.constantFrom('*', 'shop', 'shop.eu') })),
    groups: fc.array(name),
    onBehalfOf: fc.array(name),
    authentication: fc.record({
      factors: fc.array(name),
      freshness: fc.constantFrom('fresh' as const, 'old' as const),
    }),
  }),
  action: fc.constantFrom('execute' as const, 'run:core.log.Log' as const),
  resource: fc.record({
    type: fc.constantFrom('Flow' as const, 'Task' as const),
    id: fc.string(),
    tenant: name,
    namespace: fc.option(fc.constantFrom('shop', 'shop.eu', 'payroll')),
  }),
  situation: fc.record(
    {
      arguments: fc.dictionary(
        name,
        fc
          .record({ isAddressLike: fc.boolean() })
          .chain((more) => origin.map((one) => ({ ...one, ...more }))),
        { maxKeys: 3 },
      ),
      control: origin,
      facts,
    },
    { requiredKeys: [] },
  ),
});

/** The same question, every list and map turned round. */
function shuffled(question: Question): Question {
  const { principal, situation } = question;
  const turned = <T extends object>(map: T): T =>
    Object.fromEntries(Object.entries(map).toReversed()) as T;
  return {
    ...question,
    principal: {
      ...principal,
      roles: principal.roles.toReversed(),
      groups: [...principal.groups, ...principal.groups].toReversed(),
    },
    situation: {
      ...situation,
      ...(situation.arguments === undefined ? {} : { arguments: turned(situation.arguments) }),
      ...(situation.facts === undefined ? {} : { facts: turned(situation.facts) }),
    },
  };
}

test('a question that was kept is asked again as the same question', () => {
  fc.assert(
    fc.property(questions, (question) => {
      const text = canonicalQuestion(question);
      expect(canonicalQuestion(readQuestion(text))).toBe(text);
    }),
  );
});

test('the order in which a question was put together does not matter', () => {
  fc.assert(
    fc.property(questions, (question) => {
      expect(canonicalQuestion(shuffled(question))).toBe(canonicalQuestion(question));
    }),
  );
});

const base: Question = {
  principal: {
    kind: 'user',
    id: 'ada',
    tenant: 'main',
    roles: [{ role: 'operator', namespace: 'shop' }],
    groups: ['a'],
    onBehalfOf: [],
    authentication: { factors: ['totp'], freshness: 'fresh' },
  },
  action: 'run:core.log.Log',
  resource: { type: 'Task', id: 'shop/f#t', tenant: 'main', namespace: 'shop' },
  situation: {
    arguments: { message: { trust: 'trusted', bits: 0, classes: [], isAddressLike: false } },
    control: { trust: 'trusted', bits: 0, classes: [] },
    facts: { stage: 'testing', amount: 1 },
  },
};

test.each<readonly [string, Question]>([
  ['the person', { ...base, principal: { ...base.principal, id: 'ben' } }],
  ['the kind', { ...base, principal: { ...base.principal, kind: 'agent' } }],
  ['the tenant', { ...base, principal: { ...base.principal, tenant: 'other' } }],
  ['a role', { ...base, principal: { ...base.principal, roles: [] } }],
  ['a group', { ...base, principal: { ...base.principal, groups: ['b'] } }],
  ['whom it acts for', { ...base, principal: { ...base.principal, onBehalfOf: ['ben'] } }],
  ['the action', { ...base, action: 'execute' }],
  ['the resource', { ...base, resource: { ...base.resource, id: 'shop/f#u' } }],
  ['the namespace', { ...base, resource: { ...base.resource, namespace: null } }],
  ['a fact', { ...base, situation: { ...base.situation, facts: { stage: 'testing', amount: 2 } } }],
  ['a missing fact', { ...base, situation: { ...base.situation, facts: { stage: 'testing' } } }],
  ['no control', { ...base, situation: { arguments: {}, facts: {} } }],
  ['no arguments', { ...base, situation: { ...base.situation, arguments: {} } }],
])('another text follows from another thing: %s', (_, other) => {
  expect(canonicalQuestion(other)).not.toBe(canonicalQuestion(base));
});

test('unknown arguments and no arguments are two questions', () => {
  const none = canonicalQuestion({ ...base, situation: { arguments: {} } });
  expect(canonicalQuestion({ ...base, situation: {} })).not.toBe(none);
});
