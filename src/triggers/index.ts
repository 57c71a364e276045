/** Every trigger type that asks from time to time. */
import type { PollingTrigger } from '../ports/trigger.ts';
import { duckdbTrigger } from './duckdb-trigger.ts';
import { httpTrigger } from './http-trigger.ts';
import { scriptTriggers } from './script-triggers.ts';

/** The trigger types, in order of their names. */
export const pollingTriggers: readonly PollingTrigger[] = [
  httpTrigger,
  duckdbTrigger,
  ...scriptTriggers,
];
