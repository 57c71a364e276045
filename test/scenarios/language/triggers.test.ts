/** Triggers and conditions as data: what a flow may say of them, what is refused and with which words. */
import { beforeEach, expect, test } from 'vitest';
import type { Failure } from '../../../src/core/failure/index.ts';
import type { Diagnostic, Trigger } from '../../../src/core/flow/index.ts';
import { createFlowWorld, type FlowWorld } from '../../support/run-flow.ts';

let world: FlowWorld;

beforeEach(async () => {
  world = await createFlowWorld();
});

function flow(triggers: string): string {
  return `id: triggered
namespace: shop.tests
tasks:
  - id: hello
    type: core.debug.Return
triggers:${triggers}
`;
}

async function accepted(triggers: string): Promise<readonly Trigger[]> {
  const { flow: saved } = await world.application.saveFlow(flow(triggers), 'flow.yaml');
  return saved.triggers;
}

async function refused(triggers: string): Promise<readonly string[]> {
  try {
    await world.application.saveFlow(flow(triggers), 'flow.yaml');
  } catch (error) {
    const { diagnostics } = (error as Failure).details as { diagnostics: readonly Diagnostic[] };
    return diagnostics.map((one) => one.message);
  }
  throw new Error('the flow was accepted');
}

test('what every trigger may say is read and kept [triggers.common]', async () => {
  const [trigger] = await accepted(`
  - id: daily
    type: core.trigger.Schedule
    cron: "0 9 * * *"
    description: each morning
    disabled: true
    labels: { by: clock }
    inputs: { day: "{{ trigger.date }}" }
    stopAfter: [FAILED]
    logLevel: WARN
    allowConcurrent: true
    failOnTriggerError: true
    conditions:
      - type: core.condition.Weekend`);
  expect(trigger).toMatchObject({ id: 'daily', type: 'core.trigger.Schedule', isDisabled: true });
  expect(
    await refused(`
  - id: a
    type: core.trigger.Schedule
    cron: "0 9 * * *"
    labels: { system.from: me }`),
  ).toHaveLength(1);
  expect(
    await refused(`
  - id: a
    type: core.trigger.Schedule
    cron: "0 9 * * *"
  - id: a
    type: core.trigger.Schedule
    cron: "0 9 * * *"`),
  ).toHaveLength(1);
  expect(
    (
      await refused(`
  - id: a
    type: core.trigger.Clock`)
    ).join(),
  ).toContain('core.trigger.Clock');
});

test('Schedule checks its cron, its zone and what it does about missed dates [triggers.schedule]', async () => {
  await accepted(`
  - id: seconds
    type: io.kestra.plugin.core.trigger.Schedule
    cron: "*/10 0 9 * * MON-FRI"
    withSeconds: true
    timezone: Europe/Vienna
    lateMaximumDelay: PT1H
    recoverMissedSchedules: LAST
  - id: nickname
    type: core.trigger.Schedule
    cron: "@daily"
  - id: dates
    type: core.trigger.ScheduleOnDates
    timezone: Europe/Vienna
    dates: ["2026-12-24T09:00:00", "2026-12-31T09:00:00+01:00"]`);
  for (const wrong of [
    'cron: "61 9 * * *"',
    'cron: "0 9 * *"',
    'cron: "@sometimes"',
    'cron: "0 9 * * *"\n    timezone: Europe/Nowhere',
    'cron: "0 9 * * *"\n    recoverMissedSchedules: SOME',
    'cron: "0 9 * * *"\n    interval: PT1M',
    'timezone: Europe/Vienna',
  ]) {
    expect([
      wrong,
      await refused(`\n  - id: a\n    type: core.trigger.Schedule\n    ${wrong}`),
    ]).toEqual([wrong, [expect.any(String)]]);
  }
});

test('Webhook wants a key and no MultipleCondition [triggers.webhook]', async () => {
  await accepted(`
  - id: hook
    type: core.trigger.Webhook
    key: "{{ secret('HOOK') }}"
    wait: true
    returnOutputs: true
    responseContentType: text/plain
    responseCode: 202
    conditions:
      - type: core.condition.Expression
        expression: "{{ trigger.body.kind == 'order' }}"`);
  expect(await refused('\n  - id: a\n    type: core.trigger.Webhook')).toHaveLength(1);
  expect(
    await refused(`\n  - id: a\n    type: core.trigger.Webhook\n    key: ${'k'.repeat(257)}`),
  ).toHaveLength(1);
  expect(
    await refused(`
  - id: a
    type: core.trigger.Webhook
    key: k
    conditions:
      - type: core.condition.MultipleCondition
        id: m
        conditions: {}`),
  ).toHaveLength(1);
});

test('Flow takes preconditions with windows and filters, or what it depends on [triggers.flow]', async () => {
  await accepted(`
  - id: old
    type: core.trigger.Flow
    states: [SUCCESS, WARNING]
    inputs: { total: "{{ outputs.total }}" }
    preconditions:
      id: both
      resetOnSuccess: false
      timeWindow: { type: DAILY_TIME_DEADLINE, deadline: "09:00:00" }
      flows:
        - namespace: shop.tests
          flowId: first
          states: [SUCCESS]
      where:
        - id: name
          operand: OR
          filters:
            - { field: FLOW_ID, type: IN, values: [a, b] }
            - { field: EXPRESSION, type: IS_TRUE, value: "{{ true }}" }
  - id: newer
    type: core.trigger.Flow
    dependsOn:
      - flowId: first
        namespace: shop.tests
        states: [SUCCESS]
        when: "{{ true }}"
    mode: AT_LEAST
    minSatisfied: 1
    window: { every: PT1H, offset: PT5M }
    onMiss: { behavior: FAIL, labels: { late: "yes" } }`);
  const precondition = (inner: string): string => `
  - id: a
    type: core.trigger.Flow
    preconditions:
      id: p
${inner}`;
  for (const wrong of [
    '      timeWindow: { type: SLIDING_WINDOW, deadline: "09:00:00" }',
    '      timeWindow: { type: DAILY_TIME_DEADLINE, window: PT1H }',
    '      timeWindow: { type: DAILY_TIME_WINDOW, window: PT1H }',
    '      where: [{ id: w, filters: [{ field: FLOW_ID, type: IN, value: a }] }]',
    '      where: [{ id: w, filters: [{ field: FLOW_ID, type: EQUAL_TO, values: [a] }] }]',
    '      where: [{ id: w, filters: [{ field: NAME, type: EQUAL_TO, value: a }] }]',
    '      flows: [{ flowId: first }]',
  ]) {
    const messages = await refused(precondition(wrong));
    expect([wrong, messages.length > 0]).toEqual([wrong, true]);
  }
});

test('http.Trigger and McpToolTrigger are read with their properties [triggers.polling]', async () => {
  const triggers = await accepted(`
  - id: poll
    type: core.http.Trigger
    uri: https://stock.example.com
    interval: PT30S
    responseCondition: "{{ response.statusCode == 200 }}"
  - id: tool
    type: core.trigger.McpToolTrigger
    toolName: refund
    title: Refund an order
    toolDescription: Refunds one order`);
  expect(triggers.map((one) => one.type)).toEqual([
    'core.http.Trigger',
    'core.trigger.McpToolTrigger',
  ]);
  expect(
    await refused('\n  - id: a\n    type: core.http.Trigger\n    uri: x\n    interval: often'),
  ).toHaveLength(1);
});

test('every condition is read by its name and its older name [triggers.conditions]', async () => {
  const conditions = `
      - { type: core.condition.DateTimeBetween, after: "2026-01-01T00:00:00Z" }
      - { type: core.condition.DayWeek, dayOfWeek: MONDAY }
      - { type: core.condition.DayWeekInMonth, dayOfWeek: MONDAY, dayInMonth: FIRST }
      - { type: core.condition.Weekend }
      - { type: core.condition.PublicHoliday, country: AT }
      - { type: core.condition.TimeBetween, after: "09:00:00+01:00" }
      - { type: core.condition.ExecutionFlow, namespace: a, flowId: b }
      - { type: core.condition.ExecutionNamespace, namespace: a, comparison: PREFIX }
      - { type: core.condition.ExecutionLabels, labels: { a: b } }
      - { type: core.condition.ExecutionOutputs, expression: "{{ true }}" }
      - { type: core.condition.ExecutionStatus, in: [SUCCESS], notIn: [FAILED] }
      - { type: core.condition.Expression, expression: "{{ true }}" }
      - { type: core.condition.HasRetryAttempt, in: [FAILED] }
      - { type: core.condition.MultipleCondition, id: m, conditions: {} }
      - { type: core.condition.Not, conditions: [{ type: core.condition.Weekend }] }
      - { type: core.condition.Or, conditions: [{ type: core.condition.Weekend }] }`;
  const trigger = (list: string): string =>
    `\n  - id: a\n    type: core.trigger.Flow\n    conditions:${list}`;
  await accepted(trigger(conditions));
  await accepted(
    trigger(conditions.replaceAll(/(condition\.\w+?)(Condition)?([ ,])/g, '$1Condition$3')),
  );
  for (const wrong of [
    'Noon',
    'DayWeek, dayOfWeek: SOMEDAY',
    'ExecutionFlow, namespace: a',
    'Weekend, day: 1',
  ]) {
    expect([
      wrong,
      (await refused(trigger(`\n      - { type: core.condition.${wrong} }`))).length,
    ]).toEqual([wrong, 1]);
  }
});
