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

test('what a flow says of itself raises its tier and never lowers it [G-054]', () => {
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

test('a task that moves money makes it high; other names make nothing of it [G-056]', () => {
  const paying: AssessmentWorld = {
    ...world,
    effectOf: (type) =>
      type === 'core.debug.Return'
        ? { kind: 'external', touches: ['network', 'money'] }
        : world.effectOf(type),
  };
  const pay = '{id: pay, type: core.debug.Return}';
  const before = assessFlow(flowOf(`tasks: [${gate}, ${mail}]\n`), paying);
  const after = assessFlow(flowOf(`tasks: [${gate}, ${mail}, ${pay}]\n`), paying);
  expect([before.tier, after.tier]).toEqual(['limited', 'high']);
  expect(after.reasons.map(({ reason }) => reason)).toContain('it moves money');
  const renamed = flowOf(`tasks: [${gate}, ${mail.replace('id: mail', 'id: refund-money')}]\n`);
  expect(compareAssessments(before, assessFlow(renamed, paying))).toEqual([]);
});

test('what the text cannot tell is unknown and high: a started flow, a model without a name', () => {
  const call = (id: string) => `{id: call, type: core.flow.Subflow, namespace: a, flowId: ${id}}`;
  expect(assess(`tasks: [${call('"{{ inputs.which }}"')}]\n`)).toMatchObject({
    tier: 'high',
    unknown: ['`call` starts `a/{{ inputs.which }}`, which is not known'],
  });
  expect(assess(`tasks: [${call('nowhere')}]\n`).tier).toBe('high');
  const templated = '{id: t, type: core.templating.TemplatedTask, spec: "{{ inputs.x }}"}';
  expect(assess(`tasks: [${templated}]\n`).unknown).toEqual([
    '`t` may ask a model that it does not name',
  ]);
});

test('a GET is no effect, a POST is one, and whom it reaches is told', () => {
  const ask = (more: string) =>
    assess(`tasks: [{id: h, type: core.http.Request, uri: "https://Crm.Example:8443/x"${more}}]\n`);
  expect(ask('')).toMatchObject({ tier: 'minimal', recipients: [] });
  expect(ask(', method: POST')).toMatchObject({ tier: 'limited', recipients: ['crm.example'] });
  expect(ask(', method: "{{ inputs.m }}"').tier).toBe('limited');
  const templated = assess(
    'tasks: [{id: h, type: core.http.Request, method: POST, uri: "{{ inputs.u }}/x"}]\n',
  );
  expect(templated.recipients).toEqual(['what `uri` of `h` says']);
});

test.each([
  ['people', '', 0],
  ['a day', 'cron: "0 9 * * *"', 1],
  ['quarter hours at work', 'cron: "*/15 9-17 * * MON-FRI"', 36],
  ['seconds', 'cron: "*/5 * * * * *", withSeconds: true', 17_280],
  ['a nickname', 'cron: "@hourly"', 24],
])('how often it acts is read from its triggers: %s', (_, schedule, perDay) => {
  const triggers =
    schedule === '' ? '' : `triggers: [{id: s, type: core.trigger.Schedule, ${schedule}}]\n`;
  const found = assess(`tasks: [${mail}]\n${triggers}`);
  expect(found.volume.perDay).toBe(perDay);
  expect(found.tier).toBe(perDay > 10_000 ? 'high' : 'limited');
});

test('what others start, or data repeats, has no number', () => {
  const webhook = 'triggers: [{id: w, type: core.trigger.Webhook, key: k}]\n';
  expect(assess(`tasks: [${mail}]\n${webhook}`).volume.perDay).toBeNull();
  const loop = `{id: l, type: core.flow.ForEach, values: "[1]", tasks: [${mail}]}`;
  expect(assess(`tasks: [${loop}]\n`).volume).toEqual({
    perDay: null,
    reasons: ['`mail` runs once for each item'],
  });
});
