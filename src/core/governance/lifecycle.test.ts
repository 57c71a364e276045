/** The life of a flow: which moves there are, what runs, what the register holds of it. */
import { expect, test } from 'vitest';
import { createTypeCatalogue, type Flow, parseFlow, type TypeEntry } from '../flow/index.ts';
import { assessFlow } from './assess-flow.ts';
import { additionProblems, flowCard, type FlowEntry, flowFacts } from './flow-card.ts';
import { testStanding } from './test-standing.ts';
import { moveProblem, needsOwner, runsIn, type Stage, stageOf, stages } from './lifecycle.ts';

test('a flow goes forward one by one, back to any, and retires from everywhere', () => {
  const moves = stages.flatMap((from) =>
    stages.filter((to) => moveProblem(from, to) === undefined).map((to) => `${from} ${to}`),
  );
  expect(moves).toEqual([
    'design development',
    'design retirement',
    'development design',
    'development testing',
    'development retirement',
    'testing design',
    'testing development',
    'testing deployment',
    'testing retirement',
    'deployment design',
    'deployment development',
    'deployment testing',
    'deployment monitoring',
    'deployment retirement',
    'monitoring design',
    'monitoring development',
    'monitoring testing',
    'monitoring deployment',
    'monitoring retirement',
    'retirement design',
  ]);
  expect(moveProblem('development', 'deployment')).toBe('testing comes before deployment');
});

test('what is designed or retired does not run; from testing on somebody answers [G-001]', () => {
  expect(stages.filter(runsIn)).toEqual(['development', 'testing', 'deployment', 'monitoring']);
  expect(stages.filter(needsOwner)).toEqual(['testing', 'deployment', 'monitoring']);
});

test.each([
  [undefined, undefined, 'development'],
  [undefined, 'design', 'design'],
  [undefined, 'retirement', 'retirement'],
  [undefined, 'deployment', 'development'],
  ['testing', 'monitoring', 'testing'],
  ['monitoring', 'design', 'monitoring'],
] as const)(
  'registered as %s and declared as %s a flow is in %s',
  (registered, declared, stage) => {
    expect(stageOf(registered, declared)).toBe(stage);
  },
);

function entryOf(type: string, effect: NonNullable<TypeEntry['effect']>): TypeEntry {
  return {
    type,
    kind: 'runnable',
    summary: 'A type.',
    aliases: [],
    propertyAliases: {},
    lenientAliases: [],
    ignoredProperties: [],
    schema: { type: 'object', properties: {}, additionalProperties: true },
    rendering: {},
    effect,
  };
}

const catalogue = createTypeCatalogue([
  entryOf('core.log.Log', { kind: 'none', touches: [] }),
  entryOf('email.MailSend', { kind: 'external', touches: ['network'] }),
]);

function flowOf(governance: string, type = 'core.log.Log'): Flow {
  const text = `id: f\nnamespace: shop\n${governance}\ntasks:\n  - {id: a, type: ${type}}\n`;
  const { flow } = parseFlow(text, { file: 'f', catalogue, compile: () => undefined as never });
  if (flow === undefined) throw new Error('the flow is not valid');
  return flow;
}

function cardOf(flow: Flow, entry: Partial<FlowEntry> = {}, author: string | null = 'ben') {
  const assessment = assessFlow(flow, {
    effectOf: (type) => catalogue.find(type)?.entry.effect,
    subflow: () => undefined,
  });
  const full: FlowEntry = { namespace: 'shop', flowId: 'f', moves: [], reviews: [], ...entry };
  return flowCard(flow, {
    revision: 2,
    author,
    entry: full,
    assessment,
    tests: testStanding(2, undefined),
    allowances: [],
    switches: [],
    startsUnready: [],
    at: 0,
  });
}

test('people add to what a flow says of itself, and raise its tier and never lower it [G-054]', () => {
  const mailing = flowOf('governance: {owner: shop-team}', 'email.MailSend');
  expect(cardOf(mailing)).toMatchObject({ owner: 'shop-team', riskTier: 'limited' });
  const raised = cardOf(mailing, { owner: 'ada', riskTier: 'high' });
  expect(raised).toMatchObject({ owner: 'ada', riskTier: 'high' });
  expect(raised.reasons.at(-1)).toEqual({ tier: 'high', reason: 'people say so' });
  expect(cardOf(mailing, { riskTier: 'minimal' }).riskTier).toBe('limited');
  expect(additionProblems(raised, 'limited', { riskTier: 'minimal' })).toHaveLength(1);
  expect(additionProblems(raised, 'limited', { reviewDate: '31.1.2027' })).toHaveLength(1);
  const tested = cardOf(mailing, { stage: 'testing', owner: 'ada' });
  expect(additionProblems(tested, 'limited', { owner: '' })).toEqual([
    'in testing somebody must answer for the flow',
  ]);
});

test('what cannot be computed is false and says why', () => {
  const { gates } = cardOf(
    flowOf('governance: {riskTier: high, models: [openai/gpt]}', 'email.MailSend'),
  );
  const open = Object.entries(gates).filter(([, { holds }]) => !holds);
  expect(open.map(([name, { reason }]) => `${name}: ${reason}`)).toEqual([
    'hasOwner: nobody answers for the flow',
    'testsPassed: no tests were run on revision 2',
    'reportsFresh: no bias report is recorded; no quality report is recorded',
    'modelsApproved: nobody has proposed the model `openai/gpt`',
    'vendorsApproved: nobody has proposed the vendor `openai`',
    'effectsGated: no gate stands before `a` (a)',
    'isReviewed: nobody but its author has reviewed revision 2',
  ]);
});

test('a review counts for its revision and by somebody else only', () => {
  const review = (by: string, revision: number) => ({ by, revision, at: 0, note: '' });
  const isReviewed = (by: string, revision: number, author: string | null = 'ben') =>
    cardOf(flowOf(''), { reviews: [review(by, revision)] }, author).gates.isReviewed.holds;
  expect(isReviewed('ada', 2)).toBe(true);
  expect(isReviewed('ada', 1)).toBe(false);
  expect(isReviewed('ben', 2)).toBe(false);
  expect(isReviewed('ada', 2, null)).toBe(false);
});

test('policy hears the stage, the tier, who was involved, and each gate', () => {
  const facts = flowFacts(cardOf(flowOf(''), { stage: 'testing' as Stage }), 'ada');
  expect(facts).toMatchObject({
    stage: 'testing',
    riskTier: 'minimal',
    involved: ['ben', 'ada'],
    hasOwner: false,
    effectsGated: true,
  });
});
