/** A flow is judged by its tasks; what it says of itself raises its tier and never lowers it. */
import { expect, test } from 'vitest';
import { readTypeCatalogue } from '../../app/type-catalogue.ts';
import { type Flow, parseFlow } from '../flow/index.ts';
import { assessFlow, type AssessmentWorld } from './assess-flow.ts';
import { compareAssessments } from './compare-assessments.ts';

const catalogue = readTypeCatalogue();
const world: AssessmentWorld = {
  effectOf: (type) => catalogue.find(type)?.entry.effect,
  subflow: () => undefined,
};

function flowOf(text: string): Flow {
  const source = `id: f\nnamespace: a\n${text}`;
  const { flow, diagnostics } = parseFlow(source, { file: 'f.yaml', catalogue });
  if (flow === undefined) throw new Error(JSON.stringify(diagnostics));
  return flow;
}

const assess = (text: string) => assessFlow(flowOf(text), world);
const log = '{id: log, type: core.log.Log, message: hi}';
const mail = '{id: mail, type: email.MailSend, from: a@b.c, to: b@b.c, host: x, subject: s}';
const gate = '{id: gate, type: core.flow.Pause}';
const agent = (tools: string) =>
  `{id: agent, type: ai.agent.AIAgent, prompt: p, provider: {type: ai.provider.OpenAI, modelName: gpt}${tools}}`;

test('a flow that only computes is of minimal risk', () => {
  expect(assess(`tasks: [${log}]\n`)).toMatchObject({
    tier: 'minimal',
    reasons: [],
    autonomy: 'none',
    effects: ['none'],
    effectsGated: true,
  });
});

test('effects outside make it limited, and the gate before them is proven or not', () => {
  expect(assess(`tasks: [${mail}]\n`)).toMatchObject({ tier: 'limited', effectsGated: false });
  expect(assess(`tasks: [${gate}, ${mail}]\n`)).toMatchObject({
    tier: 'limited',
    effectsGated: true,
  });
});

test('personal data with an effect that no gate stands before makes it high', () => {
  const governance = 'governance: {data: {classes: [personal.email]}}\n';
  expect(assess(`${governance}tasks: [${mail}]\n`).tier).toBe('high');
  expect(assess(`${governance}tasks: [${gate}, ${mail}]\n`).tier).toBe('limited');
});

test('an agent with tools acts, and its model and vendor are known', () => {
  const found = assess(`tasks: [${agent(', tools: [{type: ai.tool.X}]')}]\n`);
  expect(found).toMatchObject({
    tier: 'high',
    autonomy: 'act',
    models: ['openai/gpt'],
    vendors: ['openai'],
  });
  expect(found.reasons[0]?.reason).toBe('a model acts outside without a gate before it');
});

test('what a flow says of itself raises its tier and never lowers it', () => {
  const say = (tier: string, tasks: string) =>
    assess(`governance: {riskTier: ${tier}}\ntasks: [${tasks}]\n`);
  expect(say('high', log)).toMatchObject({ tier: 'high' });
  expect(say('prohibited', log)).toMatchObject({ tier: 'prohibited' });
  const lowered = say('minimal', mail);
  expect(lowered.tier).toBe('limited');
  expect(lowered.reasons.map(({ reason }) => reason)).toContain(
    'the flow says minimal, which is lower and does not count',
  );
});

test('two revisions are compared, what is worse first, with the path around a lost gate', () => {
  const before = assess(`tasks: [${gate}, ${mail}]\n`);
  const after = assess(`governance: {data: {classes: [personal]}}\ntasks: [${log}, ${mail}]\n`);
  const changes = compareAssessments(before, after);
  expect(
    changes.map(
      ({ what, change, name, isWorse }) => `${isWorse ? '!' : ' '} ${what} ${change} ${name}`,
    ),
  ).toEqual([
    '! tier raised limited to high',
    '! gate lost a/f#mail: log > mail',
    '! data-class added personal',
    '  effect added none',
    '  task-type added core.log.Log',
    '  task-type removed core.flow.Pause',
  ]);
  expect(compareAssessments(before, before)).toEqual([]);
});
