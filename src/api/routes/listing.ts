/**
 * Lists as Kestra gives them: filtered, sorted, by page with the total. Filters that the store does not
 * know are applied here, to at most `scanMax` rows, the newest first.
 */
import { z } from 'zod';
import { Failure } from '../../core/failure/index.ts';
import { type Page, pageReachMax } from '../contract/index.ts';
import type { ListFilter } from '../server/index.ts';

/** How many rows of a list are looked at for filters and orders that the store does not know. */
export const scanMax = 10_000;

/** Filters of a query. */
export const filtersSchema = z
  .array(
    z.strictObject({
      field: z.string(),
      operation: z.string(),
      value: z.union([z.string(), z.array(z.string())]),
    }),
  )
  .max(50);

/** Which page of a list. */
export interface PageRequest {
  readonly page: number;
  readonly size: number;
  readonly sort?: readonly string[] | undefined;
}

/** Returns the first row of a page; throws `request.malformed` when nothing reaches that far. */
export function firstRow({ page, size }: PageRequest): number {
  const first = (page - 1) * size;
  if (first + size > pageReachMax) {
    throw new Failure('request.malformed', `a page may reach up to row ${pageReachMax}`, {
      help: 'narrow the list by its filters',
    });
  }
  return first;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? '');
}

function compared(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const [left, right] = [textOf(a), textOf(b)];
  return left < right ? -1 : Number(left > right);
}

/** Returns `rows` in the order that `sort` asks for; `field` reads a row. */
export function sorted<T>(
  rows: readonly T[],
  sort: readonly string[] | undefined,
  field: (row: T, name: string) => unknown,
): readonly T[] {
  if (sort === undefined || sort.length === 0) return rows;
  const orders = sort.map((text) => {
    const [name = '', direction = 'asc'] = text.split(':');
    return { name, sign: direction.toLowerCase() === 'desc' ? -1 : 1 };
  });
  return rows.toSorted((a, b) => {
    for (const { name, sign } of orders) {
      const order = compared(field(a, name), field(b, name));
      if (order !== 0) return order * sign;
    }
    return 0;
  });
}

/** Returns the page of `rows` that is asked for. */
export function pageFrom<T>(rows: readonly T[], request: PageRequest): Page<T> {
  const first = firstRow(request);
  return { results: rows.slice(first, first + request.size), total: rows.length };
}

/** Tells whether `namespace` is `wanted` or below it. */
export function isWithin(namespace: string, wanted: string): boolean {
  return namespace === wanted || namespace.startsWith(`${wanted}.`);
}

type Compare = (own: string, wanted: string) => boolean;

const operations: Readonly<Record<string, Compare>> = {
  EQUALS: (own, wanted) => own === wanted,
  NOT_EQUALS: (own, wanted) => own !== wanted,
  STARTS_WITH: (own, wanted) => own.startsWith(wanted),
  ENDS_WITH: (own, wanted) => own.endsWith(wanted),
  CONTAINS: (own, wanted) => own.toLowerCase().includes(wanted.toLowerCase()),
  PREFIX: isWithin,
  GREATER_THAN: (own, wanted) => own > wanted,
  GREATER_THAN_OR_EQUAL_TO: (own, wanted) => own >= wanted,
  LESS_THAN: (own, wanted) => own < wanted,
  LESS_THAN_OR_EQUAL_TO: (own, wanted) => own <= wanted,
};

/** Throws `request.malformed` for a filter on none of `fields`, or with an operation that nothing knows. */
export function checkFilters(
  filters: readonly ListFilter[] | undefined,
  fields: readonly string[],
): void {
  for (const { field, operation } of filters ?? []) {
    if (!fields.includes(field)) {
      throw new Failure('request.malformed', `the list has no filter \`${field}\``, {
        help: `there are ${fields.map((one) => `\`${one}\``).join(', ')}`,
      });
    }
    if (!Object.hasOwn(operations, operation) && !['IN', 'NOT_IN'].includes(operation)) {
      throw new Failure('request.malformed', `filters have no operation \`${operation}\``);
    }
  }
}

/** Tells whether a row whose fields are `read` by name passes all `filters`, which were checked before. */
export function passes(
  filters: readonly ListFilter[],
  read: (field: string) => string | readonly string[] | undefined,
): boolean {
  return filters.every(({ field, operation, value }) => {
    const own = read(field) ?? [];
    const wanted = [value].flat();
    const owns = [own].flat();
    if (operation === 'IN') return owns.some((one) => wanted.includes(one));
    if (operation === 'NOT_IN') return !owns.some((one) => wanted.includes(one));
    const compare = operations[operation] ?? (() => false);
    if (operation === 'NOT_EQUALS') return !owns.some((one) => wanted.includes(one));
    return owns.some((one) => wanted.some((other) => compare(one, other)));
  });
}
