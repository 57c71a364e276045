/**
 * The triggers and conditions that belong to the language itself: schedules, webhooks, reactions to
 * other flows. They are data that the scheduler reads; the catalogue may add types and comes first.
 */
import { executionStates } from './shapes.ts';
import type { PropertySchema, TypeEntry } from './type-catalogue.ts';

const text: PropertySchema = { type: 'string' };
const flag: PropertySchema = { type: 'boolean' };
const duration: PropertySchema = { type: 'string', format: 'duration' };
const states: PropertySchema = { type: 'array', items: { enum: executionStates } };
const timezone: PropertySchema = { type: 'string', format: 'timezone' };
const missed: PropertySchema = { enum: ['ALL', 'LAST', 'NONE'] };
const dateTime: PropertySchema = { type: 'string', format: 'date-time' };
const time: PropertySchema = { type: 'string', format: 'time' };
const conditions: PropertySchema = { type: 'array', items: { type: 'object', required: ['type'] } };
const day: PropertySchema = {
  enum: ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'],
};

function object(
  properties: Readonly<Record<string, PropertySchema>>,
  required: readonly string[] = [],
): PropertySchema {
  return { type: 'object', properties, required, additionalProperties: false };
}

const timeWindow = object({
  type: { enum: ['DURATION_WINDOW', 'SLIDING_WINDOW', 'DAILY_TIME_DEADLINE', 'DAILY_TIME_WINDOW'] },
  window: duration,
  windowAdvance: duration,
  deadline: time,
  startTime: time,
  endTime: time,
});

const filter = object(
  {
    field: { enum: ['FLOW_ID', 'NAMESPACE', 'STATE', 'EXPRESSION'] },
    type: {
      enum: [
        'EQUAL_TO',
        'NOT_EQUAL_TO',
        'IN',
        'NOT_IN',
        'IS_TRUE',
        'IS_FALSE',
        'IS_NULL',
        'IS_NOT_NULL',
        'STARTS_WITH',
        'ENDS_WITH',
        'REGEX',
        'CONTAINS',
      ],
    },
    value: {},
    values: { type: 'array' },
  },
  ['field', 'type'],
);

const flowFilter = object({ namespace: text, flowId: text, states, labels: {} }, ['namespace']);

const preconditions = object(
  {
    id: text,
    timeWindow,
    resetOnSuccess: flag,
    flows: { type: 'array', items: flowFilter },
    where: {
      type: 'array',
      items: object(
        { id: text, operand: { enum: ['AND', 'OR'] }, filters: { type: 'array', items: filter } },
        ['id', 'filters'],
      ),
    },
  },
  ['id'],
);

function entry(
  kind: 'trigger' | 'condition',
  type: string,
  summary: string,
  schema: PropertySchema,
  aliases: readonly string[] = [],
): TypeEntry {
  return {
    type,
    kind,
    summary,
    aliases,
    propertyAliases: {},
    lenientAliases: [],
    ignoredProperties: [],
    schema,
    rendering: {},
  };
}

/** Conditions: the old name of each ends in `Condition`. */
function condition(
  name: string,
  properties: Readonly<Record<string, PropertySchema>>,
  required: readonly string[] = [],
): TypeEntry {
  const summary = 'Narrows when a trigger fires';
  return entry('condition', `core.condition.${name}`, summary, object(properties, required), [
    `core.condition.${name}Condition`,
    `io.kestra.core.models.conditions.types.${name}Condition`,
  ]);
}

/** The triggers and conditions of the language. */
export const triggerTypes: readonly TypeEntry[] = [
  entry(
    'trigger',
    'core.trigger.Schedule',
    'Starts executions by a cron expression',
    object(
      {
        cron: { type: 'string', format: 'cron' },
        withSeconds: flag,
        timezone,
        lateMaximumDelay: duration,
        recoverMissedSchedules: missed,
        scheduleConditions: conditions,
      },
      ['cron'],
    ),
  ),
  entry(
    'trigger',
    'core.trigger.ScheduleOnDates',
    'Starts executions at given dates',
    object(
      { dates: { type: 'array', items: dateTime }, timezone, recoverMissedSchedules: missed },
      ['dates'],
    ),
  ),
  entry(
    'trigger',
    'core.trigger.Webhook',
    'Starts an execution for each request to its address',
    object(
      {
        key: { type: 'string', minLength: 1, maxLength: 256 },
        wait: flag,
        returnOutputs: flag,
        responseContentType: text,
        responseCode: { type: 'integer' },
      },
      ['key'],
    ),
  ),
  entry(
    'trigger',
    'core.trigger.Flow',
    'Starts an execution when executions of other flows end',
    object({
      states,
      preconditions,
      dependsOn: {
        type: 'array',
        items: object(
          {
            flowId: text,
            namespace: text,
            states,
            labels: {},
            when: { type: ['string', 'boolean'] },
          },
          ['flowId'],
        ),
      },
      mode: { enum: ['ALL', 'ANY', 'AT_LEAST'] },
      minSatisfied: { type: 'integer', minimum: 1 },
      window: object({
        deadline: text,
        from: text,
        to: text,
        every: duration,
        offset: duration,
        lookback: duration,
        fireOnce: flag,
      }),
      onMiss: object({ behavior: { enum: ['FAIL'] }, labels: {} }),
    }),
  ),
  entry(
    'trigger',
    'core.trigger.McpToolTrigger',
    'Offers the flow as a tool to models',
    object(
      {
        toolName: text,
        title: text,
        toolDescription: text,
        mcpServer: text,
        annotations: { type: 'object' },
      },
      ['toolName', 'title', 'toolDescription'],
    ),
  ),
  condition('DateTimeBetween', { after: dateTime, before: dateTime, date: text }),
  condition('DayWeek', { dayOfWeek: day, date: text }, ['dayOfWeek']),
  condition(
    'DayWeekInMonth',
    {
      dayOfWeek: day,
      dayInMonth: { enum: ['FIRST', 'SECOND', 'THIRD', 'FOURTH', 'LAST'] },
      date: text,
    },
    ['dayOfWeek', 'dayInMonth'],
  ),
  condition('Weekend', { date: text }),
  condition('PublicHoliday', { country: text, subDivision: text, date: text }),
  condition('TimeBetween', { after: text, before: text, date: text }),
  condition('ExecutionFlow', { namespace: text, flowId: text }, ['namespace', 'flowId']),
  condition(
    'ExecutionNamespace',
    { namespace: text, comparison: { enum: ['EQUALS', 'PREFIX', 'SUFFIX'] }, prefix: flag },
    ['namespace'],
  ),
  condition('ExecutionLabels', { labels: {} }, ['labels']),
  condition('ExecutionOutputs', { expression: text }, ['expression']),
  condition('ExecutionStatus', { in: states, notIn: states }),
  condition('Expression', { expression: text }, ['expression']),
  condition('HasRetryAttempt', { in: states, notIn: states }),
  entry(
    'condition',
    'core.condition.FlowCondition',
    'Narrows a trigger to one flow',
    object({ namespace: text, flowId: text }, ['namespace', 'flowId']),
    ['io.kestra.core.models.conditions.types.FlowCondition'],
  ),
  entry(
    'condition',
    'core.condition.FlowNamespaceCondition',
    'Narrows a trigger to a namespace',
    object({ namespace: text, prefix: flag, comparison: text }, ['namespace']),
    ['io.kestra.core.models.conditions.types.FlowNamespaceCondition'],
  ),
  entry(
    'condition',
    'core.condition.MultipleCondition',
    'Waits until several conditions have held within a window',
    object(
      {
        id: text,
        conditions: { type: 'object' },
        timeWindow,
        resetOnSuccess: flag,
        window: duration,
        windowAdvance: duration,
      },
      ['id', 'conditions'],
    ),
    ['io.kestra.core.models.conditions.types.MultipleCondition'],
  ),
  condition('Not', { conditions }, ['conditions']),
  condition('Or', { conditions }, ['conditions']),
];
