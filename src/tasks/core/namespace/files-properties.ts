/** Properties and output that the tasks on namespace files have in common. */
import { z } from 'zod';

/** The namespace whose files are meant. */
export const namespaceProperty = z.string().describe('The namespace of the files.');

/** Patterns of paths. */
export const patternsProperty = z.union([z.array(z.string()), z.string()]);

/** Paths and URIs of the files that a task has handled. */
export const filesOutput = z.strictObject({
  files: z.record(z.string(), z.string()).describe('The files: path to URI.'),
});
