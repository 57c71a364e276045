/** `sluice run`: saves a flow from a file, executes it and waits until it rests. */
import type { Application, SavedFlow } from '../../app/application.ts';
import { Failure } from '../../core/failure/index.ts';
import type { Diagnostic } from '../../core/flow/index.ts';
import { unmarked } from '../../core/value/index.ts';
import type { Call, Perform, Surroundings } from '../command.ts';
import { driveExecution } from '../drive-execution.ts';
import { paintFor } from '../output/colour.ts';
import { diagnosticText } from '../output/print-diagnostics.ts';
import { usageFailure } from '../parse-arguments.ts';
import { readInputs, readLabels, readPresets } from '../read-inputs.ts';
import { readLocalText } from '../read-local-file.ts';
import { diagnosticsOf, reportTrouble } from '../report-trouble.ts';
import { parseAct } from '../then-acts.ts';
import { withApplication } from '../with-application.ts';

/** Reads each file once, in order; standard input can be one of them only. */
async function readSources(
  files: readonly string[],
  surroundings: Surroundings,
): Promise<Map<string, string>> {
  const sources = new Map<string, string>();
  for (const file of files) {
    if (sources.has(file)) throw usageFailure(`\`${file}\` is given twice`);
    sources.set(file, await readLocalText(file, surroundings));
  }
  return sources;
}

/** Saves every file; throws one `flow.invalid` with the diagnostics of all that are invalid. */
async function save(
  application: Application,
  sources: ReadonlyMap<string, string>,
): Promise<{ readonly last: SavedFlow; readonly warnings: readonly Diagnostic[] }> {
  const refused: Diagnostic[] = [];
  const warnings: Diagnostic[] = [];
  let last: SavedFlow | undefined;
  for (const [file, source] of sources) {
    try {
      last = await application.saveFlow(source, file);
      warnings.push(...last.warnings);
    } catch (error) {
      const diagnostics = error instanceof Failure ? diagnosticsOf(error) : undefined;
      if (diagnostics === undefined) throw error;
      refused.push(...diagnostics);
    }
  }
  if (refused.length > 0 || last === undefined) {
    throw new Failure('flow.invalid', 'the flow is invalid', {
      details: { diagnostics: [...refused, ...warnings] },
    });
  }
  return { last, warnings };
}

function printWarnings(
  call: Call,
  { err, environment }: Surroundings,
  warnings: readonly Diagnostic[],
  sources: ReadonlyMap<string, string>,
): void {
  if (call.has('quiet') || (call.text('output') === 'json' && !err.isTerminal)) return;
  const paint = paintFor(err, environment);
  for (const one of warnings) err.write(diagnosticText(one, sources.get(one.file), paint));
}

/** Runs a flow from a file. */
export const run: Perform = async (call, surroundings) => {
  const acts = call.texts('then').map(parseAct);
  const [inputs, presets] = [
    await readInputs(call, surroundings),
    await readPresets(call, surroundings),
  ];
  const labels = readLabels(call);
  const sources = await readSources([...call.texts('with'), ...call.args], surroundings);
  return await withApplication(call, surroundings, async (application) => {
    try {
      const { last, warnings } = await save(application, sources);
      printWarnings(call, surroundings, warnings, sources);
      for (const { namespace, key, value } of presets) {
        await application.keyValues(namespace).set(key, unmarked(value));
      }
      const { namespace, id: flowId } = last.flow;
      // What runs is what the file says, or nothing: never the live revision in its place.
      const chosen = last.liveRevision === undefined ? {} : { revision: last.revision };
      return await driveExecution(
        { call, surroundings, application },
        () => application.start({ namespace, flowId, ...chosen, inputs, labels }),
        acts,
      );
    } catch (error) {
      // Only here is the text at hand that the diagnostics point into.
      if (!(error instanceof Failure) || diagnosticsOf(error) === undefined) throw error;
      return reportTrouble(error, call.text('output') === 'json', surroundings, sources);
    }
  });
};
