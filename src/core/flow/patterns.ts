/**
 * Values with a form of their own: regular expressions as Java writes them, time zones, dates, cron.
 * Each check says only whether the text has the form; sentences belong to the caller.
 */
import { cronProblem } from './cron.ts';
import { parseDuration } from './duration.ts';
import type { DiagnosticCode } from './diagnostic-catalogue.ts';

/** The longest pattern that is compiled. */
const patternLengthMax = 1_000;

/** Rewrites the few Java spellings that JavaScript has under another name. */
function toJavaScript(pattern: string): { source: string; flags: string } {
  const inline = /^\(\?([imsu]+)\)/.exec(pattern);
  const flags = [...new Set(inline?.[1] ?? '')].filter((flag) => 'ims'.includes(flag)).join('');
  const source = pattern
    .slice(inline?.[0].length ?? 0)
    .replace(/\\A/g, '^')
    .replace(/\\[zZ]/g, '$')
    .replace(/\\h/g, String.raw`[ \t]`)
    .replace(/\\p\{Alpha\}/g, '[A-Za-z]')
    .replace(/\\p\{Digit\}/g, '[0-9]')
    .replace(/\\p\{Alnum\}/g, '[A-Za-z0-9]')
    .replace(/\\p\{Upper\}/g, '[A-Z]')
    .replace(/\\p\{Lower\}/g, '[a-z]')
    .replace(/\\p\{Punct\}/g, String.raw`[!-\/:-@\[-\x60{-~]`)
    .replace(/((?<!\\)[*+?}])\+/g, '$1');
  return { source, flags };
}

/** Returns the pattern, anchored on both sides when `isWhole`, or undefined when it is none. */
export function compilePattern(pattern: string, isWhole: boolean): RegExp | undefined {
  if (pattern.length > patternLengthMax) return undefined;
  const { source, flags } = toJavaScript(pattern);
  const text = isWhole ? `^(?:${source})$` : source;
  // The `u` flag knows `\p{L}` but refuses needless escapes such as `\-`, which Java allows.
  for (const more of ['u', '']) {
    const compiled = tryPattern(text, flags + more);
    if (compiled !== undefined) return compiled;
  }
  return undefined;
}

function tryPattern(source: string, flags: string): RegExp | undefined {
  try {
    return new RegExp(source, flags);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

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
  regex: form(
    'flow.regex-invalid',
    'a regular expression',
    (text) => compilePattern(text, false) !== undefined,
  ),
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

function isTimeOfDay(text: string): boolean {
  if (text.includes('-') && !text.includes('T')) {
    return accepts(() => Temporal.PlainTime.from(text.replace(/[-+]\d\d:\d\d$/, '')));
  }
  return accepts(() => Temporal.PlainTime.from(text.replace(/(?:Z|[-+]\d\d:\d\d)$/, '')));
}

function isDateTime(text: string): boolean {
  return accepts(() => Temporal.PlainDateTime.from(text.replace(/Z$/, '')));
}
