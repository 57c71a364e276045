/** The value of a pair from text: of the type that is forced, or of the one that the text shows. */
import { parseDuration } from '../../../core/flow/index.ts';
import { double, type Value } from '../../../core/value/index.ts';
import { usageFailure } from '../../parse-arguments.ts';
import { parseJson, readJson } from '../../read-json.ts';

/** The types that a value may be forced to. */
export type ForcedType =
  | 'STRING'
  | 'NUMBER'
  | 'BOOLEAN'
  | 'DATETIME'
  | 'DATE'
  | 'DURATION'
  | 'JSON';

function shown(text: string): Value {
  try {
    const value = parseJson(text);
    return typeof value === 'string' || value === null ? text : value;
  } catch {
    // Text that is no JSON is text; that is the rule the help states.
    return text;
  }
}

function time<T>(text: string, type: string, parse: (text: string) => T): T {
  try {
    return parse(text);
  } catch {
    throw usageFailure(`\`${text}\` is no ${type}`, 'write it in the ISO 8601 form');
  }
}

function numberOf(text: string): Value {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw usageFailure(`\`${text}\` is no NUMBER`);
  return /^-?\d+$/.test(text) ? readJson(String(BigInt(text)), 'the value') : double(value);
}

/** Returns the value that `text` stands for. */
export function readPairValue(text: string, type: ForcedType | undefined): Value {
  switch (type) {
    case undefined:
      return shown(text);
    case 'STRING':
      return text;
    case 'NUMBER':
      return numberOf(text);
    case 'BOOLEAN':
      if (text === 'true' || text === 'false') return text === 'true';
      throw usageFailure(`\`${text}\` is no BOOLEAN`, 'write `true` or `false`');
    case 'DATETIME':
      return time(text, type, (one) => Temporal.Instant.from(one));
    case 'DATE':
      return time(text, type, (one) => Temporal.PlainDate.from(one));
    case 'DURATION':
      return time(text, type, (one) => Temporal.Duration.from(one));
    case 'JSON':
      return readJson(text, 'the value');
  }
}

/** Returns the milliseconds of an ISO duration of at most days. */
export function readTtl(text: string): number {
  const milliseconds = parseDuration(text);
  if (milliseconds !== undefined && milliseconds > 0) return milliseconds;
  throw usageFailure(`\`${text}\` is no time to keep a pair`, 'write for example `PT1H` or `P7D`');
}
