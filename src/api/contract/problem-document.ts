/** A problem document (RFC 9457) as every route answers it when something is wrong. */
import { z } from 'zod';

/** One thing wrong in a flow, with its place. */
export const diagnosticSchema = z
  .object({
    severity: z.enum(['error', 'warning']),
    code: z.string(),
    file: z.string(),
    line: z.int(),
    column: z.int(),
    path: z.string(),
    message: z.string(),
    help: z.string(),
  })
  .describe('One thing wrong, or doubtful, in a flow');

/** The schema of a problem document. */
export const problemSchema = z
  .object({
    type: z.string().describe('Names the kind of problem'),
    title: z.string(),
    status: z.int(),
    code: z.string().describe('The failure code: `area.what-happened`'),
    detail: z.string().describe('What is wrong, in one sentence'),
    message: z.string().describe('The same; where clients of Kestra look'),
    help: z.string().describe('What to do'),
    instance: z.string().describe('Names the request; find it in the log of the server'),
    isRetryable: z.boolean(),
    diagnostics: z.array(diagnosticSchema.partial({ path: true }).loose()).optional(),
    problems: z
      .array(z.object({ path: z.string().optional(), message: z.string() }).loose())
      .optional(),
    allowed: z.array(z.string()).optional().describe('The methods that are'),
    retryAfterMs: z.number().optional(),
    approval: z.string().optional().describe('The approval that is waited for'),
    needs: z.array(z.string()).optional().describe('What would make it allowed'),
  })
  .describe('What went wrong');

/** A problem document. */
export type ProblemDocument = z.infer<typeof problemSchema>;
