/**
 * Rows of a result: their keys are the engine's labels, and a label that is a call has its function's
 * name as a second key where nothing else is called so: `count_star()` is read as `count`, too.
 */
import type { DuckDBResult } from '@duckdb/node-api';
import {
  Double,
  emptyMap,
  isList,
  isTime,
  type Value,
  type ValueMap,
} from '../../../core/value/index.ts';
import type { ReadValue } from './duckdb-value.ts';

/** Returns second names of labels: from the name to the label. */
export function secondNames(labels: readonly string[]): ReadonlyMap<string, string> {
  const found = new Map<string, string | null>();
  for (const label of labels) {
    const name = /^([a-z]\w*?)(?:_star)?\(.*\)$/.exec(label)?.[1];
    if (name !== undefined) found.set(name, found.has(name) ? null : label);
  }
  const clear = new Map<string, string>();
  for (const [name, label] of found) {
    if (label !== null && !labels.includes(name)) clear.set(name, label);
  }
  return clear;
}

/** Yields the rows of `result` as maps, with second names when `withSecondNames`. */
export async function* rowsOf(
  result: DuckDBResult,
  read: ReadValue,
  withSecondNames: boolean,
): AsyncGenerator<ValueMap> {
  const labels = result.deduplicatedColumnNames();
  const types = result.columnTypes();
  const names = withSecondNames ? [...secondNames(labels)] : [];
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) return;
    for (const values of chunk.getRows()) {
      const row = emptyMap();
      for (const [index, label] of labels.entries()) {
        const type = types[index];
        row[label] = type === undefined ? null : read(values[index] ?? null, type);
      }
      for (const [name, label] of names) row[name] = row[label] ?? null;
      yield row;
    }
  }
}

function numberText(value: Double): string {
  if (!Number.isFinite(value.value)) return 'null';
  const text = String(value.value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

/** Returns `value` as JSON text in which decimals, large whole numbers and times keep what they are. */
export function jsonText(value: Value): string {
  if (typeof value === 'bigint') return value.toString();
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (value instanceof Double) return numberText(value);
  if (value instanceof Temporal.ZonedDateTime) {
    return JSON.stringify(value.toString({ timeZoneName: 'never' }));
  }
  if (isTime(value)) return JSON.stringify(value.toString());
  if (isList(value)) return `[${value.map(jsonText).join(',')}]`;
  const entries = Object.entries(value as ValueMap);
  return `{${entries.map(([key, one]) => `${JSON.stringify(key)}:${jsonText(one)}`).join(',')}}`;
}
