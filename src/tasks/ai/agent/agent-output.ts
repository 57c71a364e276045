/** What an agent gives: the answer, what it cost, and what was done on the way. */
import { z } from 'zod';

const tokenUsage = z.strictObject({
  inputTokenCount: z.int().describe('Tokens read.'),
  outputTokenCount: z.int().describe('Tokens written.'),
  totalTokenCount: z.int().describe('Both together.'),
});

const text = (what: string) => z.string().describe(what);

/** The schema of an agent's outputs. */
export const agentOutput = z.strictObject({
  textOutput: text('The answer, when it is text.').optional(),
  jsonOutput: z.unknown().optional().describe('The answer, when it is JSON.'),
  tokenUsage: tokenUsage.optional().describe('What it cost in tokens.'),
  finishReason: z
    .enum(['STOP', 'LENGTH', 'TOOL_EXECUTION', 'CONTENT_FILTER', 'OTHER'])
    .optional()
    .describe('Why the model stopped.'),
  toolExecutions: z
    .array(
      z.strictObject({
        requestId: text('The id of the call.'),
        requestName: text('The name of the tool.'),
        requestArguments: z.unknown().describe('The arguments.'),
        result: text('What the tool gave.'),
      }),
    )
    .optional()
    .describe('The calls of tools.'),
  intermediateResponses: z
    .array(
      z.strictObject({
        id: text('The id of the answer.').optional(),
        completion: text('The text of the answer.').nullable(),
        tokenUsage: tokenUsage.optional().describe('What it cost in tokens.'),
        finishReason: text('Why the model stopped.').optional(),
        toolExecutionRequests: z
          .array(
            z.strictObject({
              id: text('The id of the call.'),
              name: text('The name of the tool.'),
              arguments: z.unknown().describe('The arguments.'),
            }),
          )
          .describe('The calls it asked for.'),
        requestDuration: z.number().optional().describe('How long it took, in milliseconds.'),
      }),
    )
    .optional()
    .describe('The answers before the last.'),
  requestDuration: z.number().optional().describe('How long it took, in milliseconds.'),
  outputFiles: z
    .record(z.string(), z.string())
    .optional()
    .describe('The files that match `outputFiles`: path to URI.'),
  files: z
    .record(z.string(), z.string())
    .optional()
    .describe('Every file that the agent has made: path to URI.'),
  thinking: text('What the model thought.').optional(),
  sources: z
    .array(
      z.strictObject({
        content: text('The text that was found.'),
        metadata: z.record(z.string(), z.unknown()).describe('Where it was found.'),
      }),
    )
    .optional()
    .describe('What was looked up.'),
  guardrailViolated: z.boolean().default(false).describe('Whether a guard was not kept.'),
  guardrailViolationMessage: text('What the guard says.').optional(),
});
