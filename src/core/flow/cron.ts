/**
 * Checks cron expressions: five fields (six with seconds, in front), names of months and days,
 * lists, ranges and steps, `L`, `W` and `#`, and nicknames. When a schedule fires is the scheduler's.
 */

const nicknames = new Set([
  '@yearly',
  '@annually',
  '@monthly',
  '@weekly',
  '@daily',
  '@midnight',
  '@hourly',
]);

interface Field {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly names?: readonly string[];
  /** Forms beyond numbers: `L`, `LW`, `15W`, `5L`, `5#2`. */
  readonly special?: RegExp;
}

const months = 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split(' ');
const days = 'SUN MON TUE WED THU FRI SAT'.split(' ');

const fields: readonly Field[] = [
  { name: 'second', min: 0, max: 59 },
  { name: 'minute', min: 0, max: 59 },
  { name: 'hour', min: 0, max: 23 },
  {
    name: 'day of month',
    min: 1,
    max: 31,
    special: /^(?:L|LW|L-(?:[1-9]|[12]\d|30)|(?:[1-9]|[12]\d|3[01])W)$/i,
  },
  { name: 'month', min: 1, max: 12, names: months },
  {
    name: 'day of week',
    min: 0,
    max: 7,
    names: days,
    special: /^(?:L|(?:[0-7]|SUN|MON|TUE|WED|THU|FRI|SAT)(?:L|#[1-5]))$/i,
  },
];

function numberIn(field: Field, text: string): number | undefined {
  const named = field.names?.indexOf(text.toUpperCase()) ?? -1;
  if (named >= 0) return named + (field.min === 1 ? 1 : 0);
  if (!/^\d{1,2}$/.test(text)) return undefined;
  const number = Number(text);
  return number >= field.min && number <= field.max ? number : undefined;
}

function partIsRight(field: Field, part: string): boolean {
  if (field.special?.test(part) === true) return true;
  const [range = '', step, more] = part.split('/');
  if (more !== undefined) return false;
  if (step !== undefined && !/^[1-9]\d{0,2}$/.test(step)) return false;
  if (range === '*') return true;
  if (range === '?') return step === undefined && field.name.startsWith('day');
  const [from = '', to, rest] = range.split('-');
  if (rest !== undefined) return false;
  const first = numberIn(field, from);
  if (first === undefined) return false;
  if (to === undefined) return true;
  const last = numberIn(field, to);
  return last !== undefined && (first <= last || field.names !== undefined);
}

/** Returns what is wrong with `text` as a cron expression, or undefined when it is one. */
export function cronProblem(text: string): string | undefined {
  const trimmed = text.trim();
  if (trimmed.startsWith('@')) {
    return nicknames.has(trimmed.toLowerCase()) ? undefined : 'it is not a known nickname';
  }
  const given = trimmed.split(/\s+/);
  if (trimmed === '' || given.length < 5 || given.length > 6) {
    return `it has ${trimmed === '' ? 0 : given.length} fields instead of 5, or 6 with seconds`;
  }
  const expected = given.length === 6 ? fields : fields.slice(1);
  for (const [index, field] of expected.entries()) {
    const whole = given[index] ?? '';
    for (const part of whole.split(',')) {
      if (!partIsRight(field, part)) {
        return `\`${part}\` is no ${field.name} (${field.min} to ${field.max})`;
      }
    }
  }
  return undefined;
}
