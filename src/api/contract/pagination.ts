/** Pages of lists: by number, as Kestra counts them, with the total beside the results. */
import { z } from 'zod';

/** The largest page. */
const pageSizeMax = 1_000;

/** The last row that a page by number reaches; beyond it lists are narrowed, or read by cursor. */
export const pageReachMax = 10_000;

/** A text, or several of them: a query parameter may be repeated or hold a comma between values. */
export const textsSchema = z
  .union([z.string(), z.array(z.string())])
  .transform((value) =>
    (Array.isArray(value) ? value : [value]).flatMap((one) => one.split(',')).filter(Boolean),
  );

/** Query parameters of a list. */
export const pageQuery = {
  page: z.coerce.number().int().min(1).max(pageReachMax).default(1).describe('From 1'),
  size: z.coerce.number().int().min(1).max(pageSizeMax).default(10).describe('Rows of a page'),
  sort: textsSchema.optional().describe('`field:asc` or `field:desc`'),
};

/** Returns the schema of a page of `item`. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({
    results: z.array(item),
    total: z.int(),
    isPartial: z
      .boolean()
      .optional()
      .describe('True where not every row was looked at: narrow the list by time, flow or state'),
  });
}

/** A page of a list. */
export interface Page<T> {
  readonly results: readonly T[];
  readonly total: number;
  /** True where there are more rows than were looked at. */
  readonly isPartial?: boolean;
}
