/** The front door of runtime/key-values: the pairs of a namespace. */
export { createKeyValues, type KeyValueParts } from './key-values.ts';
