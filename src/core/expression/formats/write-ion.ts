/** Values as Ion text: JSON with symbols as keys, and dates with the name of their kind. */
import { Double, isList, isTime, type TimeValue, type Value } from '../../value/index.ts';
import { Stop } from '../stop.ts';
import { decimalText } from '../values/number-text.ts';
import { timeText } from '../values/time-text.ts';
import { nestingMax } from '../values/value-text.ts';

const plainSymbol = /^[A-Za-z_$][A-Za-z0-9_$]*$/;
const words: ReadonlySet<string> = new Set(['null', 'true', 'false', 'nan']);

function symbolText(name: string): string {
  if (plainSymbol.test(name) && !words.has(name)) return name;
  const escaped = JSON.stringify(name).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
  return `'${escaped}'`;
}

function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? '+inf' : '-inf';
  const text = decimalText(value);
  return text.includes('E') ? text : `${text}e0`;
}

function kindOfTime(value: TimeValue): string {
  if (value instanceof Temporal.Instant) return 'Instant';
  if (value instanceof Temporal.ZonedDateTime) return 'ZonedDateTime';
  if (value instanceof Temporal.PlainDateTime) return 'LocalDateTime';
  if (value instanceof Temporal.PlainDate) return 'LocalDate';
  return value instanceof Temporal.PlainTime ? 'LocalTime' : 'Duration';
}

/** Returns a value as Ion text on one line. */
export function writeIon(value: Value, depth = 0): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  if (typeof value === 'number') {
    return Number.isSafeInteger(value) ? String(value) : floatText(value);
  }
  if (value instanceof Double) return floatText(value.value);
  if (isTime(value)) return `${kindOfTime(value)}::${JSON.stringify(timeText(value))}`;
  if (depth > nestingMax) {
    throw new Stop('expression.depth-limit-reached', 'the value is nested too deeply for Ion');
  }
  if (isList(value)) return `[${value.map((one) => writeIon(one, depth + 1)).join(',')}]`;
  const entries = Object.keys(value).map(
    (key) => `${symbolText(key)}:${writeIon(value[key] as Value, depth + 1)}`,
  );
  return `{${entries.join(',')}}`;
}
