/** `sluice config check`. */
import type { Perform } from '../../command.ts';
import { paintFor } from '../../output/colour.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { json } from '../../output/json.ts';
import { diagnosticText, validationDocument } from '../../output/print-diagnostics.ts';
import { findConfiguration } from '../../read-configuration.ts';

/** Checks the configuration. */
export const checkConfig: Perform = async (call, surroundings) => {
  const { out, err, environment } = surroundings;
  const { diagnostics, sources } = await findConfiguration(call, surroundings);
  if (call.text('output') === 'json') out.write(json(validationDocument(diagnostics)));
  else if (diagnostics.length === 0 && !call.has('quiet'))
    out.write('the configuration is valid\n');
  else {
    const paint = paintFor(err, environment);
    for (const one of diagnostics) err.write(diagnosticText(one, sources.get(one.file), paint));
  }
  return diagnostics.length === 0 ? exitCodes.success : exitCodes.invalid;
};
