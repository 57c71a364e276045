/** Conditions as properties: rendered text, or what YAML makes of `true` and `0`; judged by `isTruthy`. */
import { z } from 'zod';

/** Returns the schema of a condition. */
export function conditionProperty(
  description: string,
): z.ZodType<string | boolean | number | null> {
  return z.union([z.string(), z.boolean(), z.number(), z.null()]).describe(description);
}
