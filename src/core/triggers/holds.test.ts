/**
 * Every documented condition against a table; then trees of them, and facts that are not known yet.
 * [triggers.evaluate-conditions]
 */
import {
  assert as check,
  constantFrom,
  integer,
  letrec,
  oneof,
  array,
  property,
  record,
  subarray,
} from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mapOf, type Value, type ValueMap } from '../value/index.ts';
import { type Condition, readCondition, templatesIn } from './condition.ts';
import { type Facts, holds } from './holds.ts';

const at = (text: string): Temporal.ZonedDateTime => Temporal.ZonedDateTime.from(text);

/** What the templates of the table give. */
const rendered: Readonly<Record<string, Value>> = {
  '{{ yes }}': true,
  '{{ no }}': false,
  '{{ nothing }}': null,
  '{{ zero }}': '0',
  '{{ word }}': 'False',
  '{{ christmas }}': '2026-12-25T10:00:00+01:00[Europe/Vienna]',
};

/** A Wednesday, the third of its month, at a quarter past four in the afternoon. */
const facts: Required<Facts> = {
  flow: { namespace: 'shop.orders', flowId: 'refund' },
  state: 'WARNING',
  labels: [
    { key: 'team', value: 'north' },
    { key: 'tier', value: '2' },
  ],
  attempts: [['SUCCESS'], ['FAILED', 'SUCCESS']],
  hasOutputs: true,
  date: at('2026-06-17T16:15:00+02:00[Europe/Vienna]'),
  rendered: (template) => rendered[template],
};

const condition = (type: string, properties: Record<string, Value> = {}): Condition =>
  readCondition(mapOf({ type: `core.condition.${type}`, ...properties }));

const filter = (field: 'FLOW_ID' | 'NAMESPACE' | 'STATE', test: string, ...values: string[]) =>
  ({ kind: 'filter', field, test, values }) as Condition;
const value = (expression: string, test: string) =>
  ({ kind: 'value', expression, test }) as Condition;

const table: readonly (readonly [name: string, condition: Condition, expected: boolean])[] = [
  [
    'ExecutionFlow',
    condition('ExecutionFlow', { namespace: 'shop.orders', flowId: 'refund' }),
    true,
  ],
  [
    'another flow',
    condition('ExecutionFlow', { namespace: 'shop.orders', flowId: 'order' }),
    false,
  ],
  ['another namespace', condition('ExecutionFlow', { namespace: 'shop', flowId: 'refund' }), false],
  [
    'FlowCondition',
    condition('FlowCondition', { namespace: 'shop.orders', flowId: 'refund' }),
    true,
  ],
  ['ExecutionNamespace', condition('ExecutionNamespace', { namespace: 'shop.orders' }), true],
  ['a part of it', condition('ExecutionNamespace', { namespace: 'shop' }), false],
  ['a prefix', condition('ExecutionNamespace', { namespace: 'shop', comparison: 'PREFIX' }), true],
  ['an older prefix', condition('ExecutionNamespace', { namespace: 'shop', prefix: true }), true],
  [
    'a suffix',
    condition('ExecutionNamespace', { namespace: 'orders', comparison: 'SUFFIX' }),
    true,
  ],
  [
    'no suffix',
    condition('ExecutionNamespace', { namespace: 'shop', comparison: 'SUFFIX' }),
    false,
  ],
  [
    'FlowNamespaceCondition',
    condition('FlowNamespaceCondition', { namespace: 'shop', prefix: true }),
    true,
  ],
  ['ExecutionStatus', condition('ExecutionStatus', { in: ['FAILED', 'WARNING'] }), true],
  ['not among', condition('ExecutionStatus', { in: ['FAILED'] }), false],
  ['excluded', condition('ExecutionStatus', { notIn: ['WARNING'] }), false],
  ['not excluded', condition('ExecutionStatus', { notIn: ['FAILED'] }), true],
  [
    'ExecutionLabels',
    condition('ExecutionLabels', { labels: mapOf({ team: 'north', tier: 2 }) }),
    true,
  ],
  [
    'labels as a list',
    condition('ExecutionLabels', { labels: [mapOf({ key: 'team', value: 'north' })] }),
    true,
  ],
  [
    'a label too many',
    condition('ExecutionLabels', { labels: mapOf({ team: 'north', odd: 'x' }) }),
    false,
  ],
  ['HasRetryAttempt', condition('HasRetryAttempt', { in: ['FAILED'] }), true],
  ['retried otherwise', condition('HasRetryAttempt', { in: ['KILLED'] }), false],
  ['retried at all', condition('HasRetryAttempt'), true],
  ['ExecutionOutputs', condition('ExecutionOutputs', { expression: '{{ yes }}' }), true],
  ['other outputs', condition('ExecutionOutputs', { expression: '{{ no }}' }), false],
  ['Expression', condition('Expression', { expression: '{{ yes }}' }), true],
  ['false', condition('Expression', { expression: '{{ no }}' }), false],
  ['zero', condition('Expression', { expression: '{{ zero }}' }), false],
  ['nothing', condition('Expression', { expression: '{{ nothing }}' }), false],
  ['any other word', condition('Expression', { expression: '{{ word }}' }), true],
  ['Not', condition('Not', { conditions: [mapOf({ type: 'core.condition.Weekend' })] }), true],
  [
    'Not of several',
    condition('Not', {
      conditions: [
        mapOf({ type: 'core.condition.Weekend' }),
        mapOf({ type: 'core.condition.ExecutionStatus', in: ['WARNING'] }),
      ],
    }),
    false,
  ],
  [
    'Or',
    condition('Or', {
      conditions: [
        mapOf({ type: 'core.condition.Weekend' }),
        mapOf({ type: 'core.condition.ExecutionStatus', in: ['WARNING'] }),
      ],
    }),
    true,
  ],
  ['Or of none', condition('Or', { conditions: [] }), false],
  ['Weekend', condition('Weekend'), false],
  ['a date of its own', condition('Weekend', { date: '{{ christmas }}' }), false],
  ['DayWeek', condition('DayWeek', { dayOfWeek: 'WEDNESDAY' }), true],
  ['another day', condition('DayWeek', { dayOfWeek: 'MONDAY' }), false],
  [
    'the day of another date',
    condition('DayWeek', { dayOfWeek: 'FRIDAY', date: '{{ christmas }}' }),
    true,
  ],
  [
    'DayWeekInMonth',
    condition('DayWeekInMonth', { dayOfWeek: 'WEDNESDAY', dayInMonth: 'THIRD' }),
    true,
  ],
  [
    'the second',
    condition('DayWeekInMonth', { dayOfWeek: 'WEDNESDAY', dayInMonth: 'SECOND' }),
    false,
  ],
  ['the last', condition('DayWeekInMonth', { dayOfWeek: 'WEDNESDAY', dayInMonth: 'LAST' }), false],
  [
    'the last Friday',
    condition('DayWeekInMonth', {
      dayOfWeek: 'FRIDAY',
      dayInMonth: 'LAST',
      date: '{{ christmas }}',
    }),
    true,
  ],
  [
    'DateTimeBetween',
    condition('DateTimeBetween', { after: '2026-06-17T14:14:59Z', before: '2026-06-17T14:15:01Z' }),
    true,
  ],
  ['after alone', condition('DateTimeBetween', { after: '2026-06-17T14:15:00Z' }), false],
  ['before alone', condition('DateTimeBetween', { before: '2026-06-17T14:15:01Z' }), true],
  [
    'TimeBetween',
    condition('TimeBetween', { after: '16:14:59+02:00', before: '17:00:00+02:00' }),
    true,
  ],
  [
    'a time of another zone',
    condition('TimeBetween', { after: '14:14:59Z', before: '15:00:00Z' }),
    true,
  ],
  ['a time too late', condition('TimeBetween', { before: '16:15:00+02:00' }), false],
  ['PublicHoliday', condition('PublicHoliday', { country: 'AT' }), false],
  ['a holiday', condition('PublicHoliday', { country: 'at', date: '{{ christmas }}' }), true],
  ['FLOW_ID', filter('FLOW_ID', 'EQUAL_TO', 'refund'), true],
  ['NOT_EQUAL_TO', filter('FLOW_ID', 'NOT_EQUAL_TO', 'refund'), false],
  ['NAMESPACE', filter('NAMESPACE', 'STARTS_WITH', 'shop'), true],
  ['ENDS_WITH', filter('NAMESPACE', 'ENDS_WITH', 'shop'), false],
  ['CONTAINS', filter('NAMESPACE', 'CONTAINS', 'p.o'), true],
  ['STATE', filter('STATE', 'IN', 'FAILED', 'WARNING'), true],
  ['NOT_IN', filter('STATE', 'NOT_IN', 'FAILED', 'WARNING'), false],
  ['REGEX', filter('FLOW_ID', 'REGEX', 're[a-z]+'), true],
  ['a part of a pattern', filter('FLOW_ID', 'REGEX', 're'), false],
  ['IS_TRUE', value('{{ yes }}', 'IS_TRUE'), true],
  ['IS_FALSE', value('{{ yes }}', 'IS_FALSE'), false],
  ['IS_NULL', value('{{ nothing }}', 'IS_NULL'), true],
  ['IS_NOT_NULL', value('{{ nothing }}', 'IS_NOT_NULL'), false],
];

describe('conditions', () => {
  test.each(table)('%s', (_name, one, expected) => {
    expect(holds(one, facts)).toBe(expected);
  });

  const row = constantFrom(...table.map(([, one, expected]) => ({ condition: one, expected })));
  const { tree } = letrec<{ tree: { condition: Condition; expected: boolean } }>((tie) => ({
    tree: oneof(
      { maxDepth: 4, depthIdentifier: 'tree' },
      row,
      record({
        kind: constantFrom('all', 'any', 'none'),
        inner: array(tie('tree'), { maxLength: 4 }),
      }).map(({ kind, inner }) => ({
        condition: { kind, conditions: inner.map((one) => one.condition) } as Condition,
        expected:
          kind === 'all'
            ? inner.every((one) => one.expected)
            : inner.some((one) => one.expected) === (kind === 'any'),
      })),
    ),
  }));

  test('inside each other are what logic makes of them', () => {
    check(
      property(tree, ({ condition: one, expected }) => {
        expect(holds(one, facts)).toBe(expected);
      }),
    );
  });

  test('are answered the same once more is known, or not yet', () => {
    const names = Object.keys(facts) as (keyof Facts)[];
    check(
      property(tree, subarray(names), ({ condition: one, expected }, known) => {
        const some = Object.fromEntries(known.map((name) => [name, facts[name]]));
        expect([expected, undefined]).toContain(holds(one, some));
      }),
    );
  });

  test('name every template that deciding them reads', () => {
    check(
      property(tree, ({ condition: one }) => {
        const templates = new Set(templatesIn(one));
        const asked: string[] = [];
        holds(one, {
          ...facts,
          rendered: (template) => {
            asked.push(template);
            return rendered[template];
          },
        });
        expect(asked.filter((template) => !templates.has(template))).toEqual([]);
      }),
    );
  });

  test('that cannot be rendered matter only where they are looked at', () => {
    const failing: Facts = {
      ...facts,
      rendered: () => {
        throw new Error('it cannot be rendered');
      },
    };
    const expression = { kind: 'expression', expression: '{{ no }}' } as const;
    const status = condition('ExecutionStatus', { in: ['WARNING'] });
    expect(holds({ kind: 'any', conditions: [status, expression] }, failing)).toBe(true);
    expect(() => holds({ kind: 'all', conditions: [status, expression] }, failing)).toThrow();
  });

  test('over what is no date fail with a sentence', () => {
    check(
      property(integer(), (number) => {
        const odd = { ...facts, rendered: () => `x${number}` };
        expect(() => holds(condition('Weekend', { date: '{{ odd }}' }), odd)).toThrow(/no date/);
      }),
      { numRuns: 5 },
    );
    const map: ValueMap = mapOf({ type: 'core.condition.Weekend' });
    expect(readCondition(map)).toMatchObject({ kind: 'date', rule: { kind: 'weekend' } });
  });
});
