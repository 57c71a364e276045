/** `sluice policy schema`. */
import { readFile } from 'node:fs/promises';
import type { Perform } from '../../command.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { json } from '../../output/json.ts';

/** Prints the schema that policies are checked against. */
export const printSchema: Perform = async (call, { out }) => {
  const file = new URL('../../../../generated/policy.cedarschema', import.meta.url);
  const schema = await readFile(file, 'utf8');
  out.write(call.text('output') === 'json' ? json({ schema }) : schema);
  return exitCodes.success;
};
