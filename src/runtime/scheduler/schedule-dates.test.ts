/** Dates of a schedule with conditions: those that remain are the next and the one before. */
import { expect, test } from 'vitest';
import { compileTemplate } from '../../core/expression/index.ts';
import { parseFlow, type Trigger } from '../../core/flow/index.ts';
import { sampleCatalogue } from '../../../test/support/sample-catalogue.ts';
import { datesOf, zoned } from './schedule-dates.ts';

function schedule(rest: string): Trigger {
  const source = `id: f\nnamespace: a.b\ntasks: [{id: t, type: core.debug.Return}]\ntriggers:\n  - {id: s, timezone: Europe/Vienna, ${rest}}\n`;
  const { flow, diagnostics } = parseFlow(source, {
    file: 'f.yaml',
    catalogue: sampleCatalogue,
    compile: compileTemplate,
  });
  const [trigger] = flow?.triggers ?? [];
  if (trigger === undefined) throw new Error(JSON.stringify(diagnostics));
  return trigger;
}

const at = (text: string): number =>
  Temporal.PlainDateTime.from(text).toZonedDateTime('Europe/Vienna').epochMilliseconds;
const shown = (moment: number | undefined): string =>
  moment === undefined ? 'none' : zoned(moment, 'Europe/Vienna').toPlainDateTime().toString();

// [triggers.evaluate-conditions]
test('are those for which the conditions hold', () => {
  const around = (rest: string, moment: string): string[] => {
    const dates = datesOf(schedule(rest));
    return [shown(dates.before(at(moment))), shown(dates.after(at(moment)))];
  };
  const hourly = 'type: core.trigger.Schedule, cron: "0 * * * *"';
  expect(
    around(`${hourly}, conditions: [{type: core.condition.Weekend}]`, '2026-06-17T16:15'),
  ).toEqual(['2026-06-14T23:00:00', '2026-06-20T00:00:00']);
  const office =
    'conditions: [{type: core.condition.TimeBetween, after: "08:30:00", before: "17:00:00"}, {type: core.condition.Not, conditions: [{type: core.condition.PublicHoliday, country: AT}, {type: core.condition.Weekend}]}]';
  // Corpus Christi is a Thursday, 4 June.
  expect(around(`${hourly}, ${office}`, '2026-06-03T16:30')).toEqual([
    '2026-06-03T16:00:00',
    '2026-06-05T09:00:00',
  ]);
  const firstMonday =
    'scheduleConditions: [{type: core.condition.DayWeekInMonthCondition, dayOfWeek: MONDAY, dayInMonth: FIRST}]';
  const daily = 'type: core.trigger.Schedule, cron: "0 9 * * *"';
  expect(around(`${daily}, ${firstMonday}`, '2026-06-17T16:15')).toEqual([
    '2026-06-01T09:00:00',
    '2026-07-06T09:00:00',
  ]);
  const listed =
    'type: core.trigger.ScheduleOnDates, dates: ["2026-06-19T09:00:00", "2026-06-20T09:00:00"], conditions: [{type: core.condition.Weekend}]';
  expect(around(listed, '2026-06-17T16:15')).toEqual(['none', '2026-06-20T09:00:00']);
});

test('are all of them where a template has to be asked', () => {
  const trigger = schedule(
    'type: core.trigger.Schedule, cron: "0 9 * * *", when: "{{ false }}", conditions: [{type: core.condition.Expression, expression: "{{ false }}"}]',
  );
  expect(shown(datesOf(trigger).after(at('2026-06-17T16:15')))).toBe('2026-06-18T09:00:00');
});

test('are looked for in parts where there are none for long', () => {
  const never =
    'type: core.trigger.Schedule, cron: "0 9 * * *", conditions: [{type: core.condition.DateTimeBetween, before: "2000-01-01T00:00:00Z"}]';
  const dates = datesOf(schedule(never));
  expect(shown(dates.after(at('2026-06-17T16:15')))).toMatch(/^20[45]\d-/);
  expect(shown(dates.before(at('2026-06-17T16:15')))).toBe('1999-12-31T09:00:00');
});
