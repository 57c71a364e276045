/** All functions that need nothing of the world, by name. */
import type { BuiltIn } from '../filters/filter.ts';
import { coreFunctions } from './core-functions.ts';
import { dateFunctions } from './date-functions.ts';
import { outputFunctions } from './output-functions.ts';

/** All built-in functions by name. */
export const functions: ReadonlyMap<string, BuiltIn> = new Map([
  ...coreFunctions,
  ...dateFunctions,
  ...outputFunctions,
]);
