/** `sluice policy validate`. */
import { readLocalText } from '../../read-local-file.ts';
import type { Perform } from '../../command.ts';
import { paintFor } from '../../output/colour.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { json } from '../../output/json.ts';
import { countText, diagnosticText, validationDocument } from '../../output/print-diagnostics.ts';
import { openBench, printable } from './open-bench.ts';

/** Checks policies and their cases. */
export const validatePolicies: Perform = async (call, surroundings) => {
  const { out, err, environment } = surroundings;
  const bench = await openBench(surroundings);
  const { policies, diagnostics } = await bench.read(call.args);
  const all = printable(diagnostics);
  const document = validationDocument(all);
  if (call.text('output') === 'json') out.write(json(document));
  else {
    const paint = paintFor(out, environment);
    for (const one of all) {
      if (call.has('quiet') && one.severity === 'warning') continue;
      // A folder without a manifest is told about under a name that is no file.
      const source =
        one.code === 'policy.manifest-missing' ? '' : await readLocalText(one.file, surroundings);
      out.write(diagnosticText(one, source, paint));
    }
    const count = `${policies.length} ${policies.length === 1 ? 'policy' : 'policies'}`;
    const found = countText(document.errors.length, document.warnings.length);
    if (!call.has('quiet')) err.write(`${count}: ${found}\n`);
  }
  return document.valid ? exitCodes.success : exitCodes.invalid;
};
