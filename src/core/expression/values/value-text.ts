/**
 * Values as text: as they are printed, as JSON, and in the plain form that macros and `~` use.
 *
 * INVARIANT: printing ends for every value; one nested deeper than `nestingMax` is refused.
 */
import { Double, isList, isTime, type Value, type ValueMap } from '../../value/index.ts';
import { Stop } from '../stop.ts';
import { numberText } from './number-text.ts';
import { timeText } from './time-text.ts';

/** The deepest nesting of lists and maps that is read or written. */
export const nestingMax = 256;

function tooDeep(): Stop {
  return new Stop('expression.depth-limit-reached', 'the value is nested too deeply', {
    help: `lists and maps may be nested ${nestingMax} deep`,
  });
}

/** Returns a value as JSON text; entries of maps that are null are left out when `dropsNull`. */
export function jsonText(value: Value, dropsNull: boolean, depth = 0): string {
  if (value === null) return 'null';
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'number':
    case 'bigint':
      return numberInJson(value);
    default:
  }
  if (value instanceof Double) return numberInJson(value);
  if (isTime(value)) return JSON.stringify(timeText(value, true));
  if (depth >= nestingMax) throw tooDeep();
  if (isList(value)) {
    return `[${value.map((one) => jsonText(one, dropsNull, depth + 1)).join(',')}]`;
  }
  return mapInJson(value, dropsNull, depth);
}

function numberInJson(value: number | bigint | Double): string {
  const text = numberText(value);
  return text === 'NaN' || text.endsWith('Infinity') ? `"${text}"` : text;
}

function mapInJson(map: ValueMap, dropsNull: boolean, depth: number): string {
  let text = '{';
  for (const key of Object.keys(map)) {
    const entry = map[key] as Value;
    if (dropsNull && entry === null) continue;
    if (text.length > 1) text += ',';
    text += `${JSON.stringify(key)}:${jsonText(entry, dropsNull, depth + 1)}`;
  }
  return `${text}}`;
}

/** Returns a value as JSON text of several lines, two spaces per level. */
export function prettyJsonText(value: Value, indent = ''): string {
  if (indent.length / 2 >= nestingMax) throw tooDeep();
  const inner = `${indent}  `;
  if (isList(value) && value.length > 0) {
    const items = value.map((one) => inner + prettyJsonText(one, inner));
    return `[\n${items.join(',\n')}\n${indent}]`;
  }
  if (value === null || typeof value !== 'object' || isList(value)) return jsonText(value, false);
  if (value instanceof Double || isTime(value)) return jsonText(value, false);
  const keys = Object.keys(value);
  if (keys.length === 0) return '{}';
  const entries = keys.map(
    (key) => `${inner}${JSON.stringify(key)}: ${prettyJsonText(value[key] as Value, inner)}`,
  );
  return `{\n${entries.join(',\n')}\n${indent}}`;
}

/** Returns a value in the plain form: `{k=v}`, `[1, 2]`, `null`. */
export function plainText(value: Value, depth = 0): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (typeof value === 'number' || typeof value === 'bigint' || value instanceof Double) {
    return numberText(value);
  }
  if (isTime(value)) return timeText(value);
  if (depth >= nestingMax) throw tooDeep();
  if (isList(value)) return `[${value.map((one) => plainText(one, depth + 1)).join(', ')}]`;
  const entries = Object.keys(value).map(
    (key) => `${key}=${plainText(value[key] as Value, depth + 1)}`,
  );
  return `{${entries.join(', ')}}`;
}

/** Returns a value as `~` joins it: in the plain form, null as nothing. */
export function joinedText(value: Value): string {
  if (typeof value === 'string') return value;
  return value === null ? '' : plainText(value);
}

/** Returns a value as `{{ }}` prints it: null as nothing, lists and maps as JSON without null entries. */
export function printedText(value: Value): string {
  if (typeof value === 'string') return value;
  if (value === null) return '';
  if (typeof value !== 'object')
    return typeof value === 'boolean' ? String(value) : numberText(value);
  if (value instanceof Double) return numberText(value);
  return isTime(value) ? timeText(value) : jsonText(value, true);
}
