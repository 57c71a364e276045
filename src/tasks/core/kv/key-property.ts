/** Keys and namespaces of pairs as properties. */
import { z } from 'zod';

/** The key of a pair. */
export const keyProperty = z
  .string()
  .regex(/^[a-zA-Z0-9][a-zA-Z0-9._-]*$/)
  .describe('The key: letters, digits, dots, dashes and underscores.');

/** The namespace of a pair. */
export const namespaceProperty = z
  .string()
  .optional()
  .describe('The namespace of the pair; that of the flow when absent.');
