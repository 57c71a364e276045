/**
 * Values with a form of their own: regular expressions as Java writes them, time zones, dates, cron.
 * Each check says only whether the text has the form; sentences belong to the caller.
 */
import { matchWhole } from '../expression/index.ts';
import { cronProblem } from './cron.ts';
import { parseDuration } from './duration.ts';
import type { DiagnosticCode } from './diagnostic-catalogue.ts';

/** Tells whether `read` accepts; range errors are its way to refuse. */
function accepts(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch (error) {
    if (error instanceof RangeError || error instanceof SyntaxError) return false;
    throw error;
  }
}

/** Tells whether `text` names a time zone. */
function isTimezone(text: string): boolean {
  if (/^(?:GMT|UTC|UT)?[-+]\d{1,2}(?::?\d{2})?$/.test(text) || text === 'Z') return true;
  return accepts(() => Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(text));
}

/** The named forms that a schema may ask for. */
export const formats: Readonly<
  Record<
    string,
    { code: DiagnosticCode; name: string; problem: (text: string) => string | undefined }
  >
> = {
  duration: form(
    'flow.duration-invalid',
    'a duration',
    (text) => parseDuration(text) !== undefined,
  ),
  regex: { code: 'flow.regex-invalid', name: 'a regular expression', problem: patternProblem },
  timezone: form('flow.timezone-invalid', 'a time zone', isTimezone),
  date: form('flow.date-invalid', 'a date', (text) => accepts(() => Temporal.PlainDate.from(text))),
  time: form('flow.date-invalid', 'a time', isTimeOfDay),
  'date-time': form('flow.date-invalid', 'a date with time', isDateTime),
  json: form('flow.json-invalid', 'JSON', (text) => accepts(() => JSON.parse(text) as unknown)),
  cron: { code: 'flow.cron-invalid', name: 'a cron expression', problem: cronProblem },
};

function form(code: DiagnosticCode, name: string, isRight: (text: string) => boolean) {
  return {
    code,
    name,
    problem: (text: string) => (isRight(text) ? undefined : `it is not ${name}`),
  };
}

/** Returns why `pattern` cannot be used: it is none, or matching it could take any time (look-around). */
function patternProblem(pattern: string): string | undefined {
  const verdict = matchWhole(pattern, '');
  return verdict.ok ? undefined : verdict.message;
}

function isTimeOfDay(text: string): boolean {
  if (text.includes('-') && !text.includes('T')) {
    return accepts(() => Temporal.PlainTime.from(text.replace(/[-+]\d\d:\d\d$/, '')));
  }
  return accepts(() => Temporal.PlainTime.from(text.replace(/(?:Z|[-+]\d\d:\d\d)$/, '')));
}

function isDateTime(text: string): boolean {
  return accepts(() => Temporal.PlainDateTime.from(text.replace(/Z$/, '')));
}
