/**
 * Query parameters with the filters of Kestra folded into one: `filters[field][OPERATION]=value` of 2.x,
 * and the JSON objects of 0.24.
 */
import { Failure } from '../../core/failure/index.ts';

/** A filter of a list. */
export interface ListFilter {
  readonly field: string;
  readonly operation: string;
  readonly value: string | readonly string[];
}

const filterKey = /^filters\[([A-Za-z_.]{1,40})\]\[([A-Z_]{1,20})\](?:\[[^\]]{0,60}\])?$/;

function ofText(text: string): readonly ListFilter[] {
  let read: unknown;
  try {
    read = JSON.parse(text.startsWith('[') ? text : `[${text}]`);
  } catch (cause) {
    throw new Failure('request.malformed', 'a filter is not JSON', { cause });
  }
  return (read as unknown[]).map((one) => {
    const { field, operation, value } = (one ?? {}) as Record<string, unknown>;
    if (typeof field !== 'string' || typeof operation !== 'string') {
      throw new Failure('request.malformed', 'a filter has no `field` or no `operation`');
    }
    const values = Array.isArray(value) ? value.map(String) : String(value);
    return { field, operation, value: values };
  });
}

/** Returns the parameters of a query, with all filters as one list under `filters`. */
export function readQuery(raw: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const query: Record<string, unknown> = {};
  const filters: ListFilter[] = [];
  for (const [key, value] of Object.entries(raw)) {
    const match = filterKey.exec(key);
    if (match !== null) {
      const values = Array.isArray(value) ? value.map(String) : String(value);
      filters.push({ field: match[1] ?? '', operation: match[2] ?? '', value: values });
    } else if (key === 'filters') {
      for (const one of [value].flat()) filters.push(...ofText(String(one)));
    } else {
      Object.defineProperty(query, key, { value, enumerable: true });
    }
  }
  if (filters.length > 0) query['filters'] = filters;
  return query;
}
