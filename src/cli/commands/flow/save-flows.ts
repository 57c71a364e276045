/** `sluice flow save`. */
import type { SavedFlow } from '../../../app/application.ts';
import { Failure } from '../../../core/failure/index.ts';
import type { Diagnostic } from '../../../core/flow/index.ts';
import type { Perform } from '../../command.ts';
import { paintFor } from '../../output/colour.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { json } from '../../output/json.ts';
import { diagnosticText, validationDocument } from '../../output/print-diagnostics.ts';
import { readLocalText } from '../../read-local-file.ts';
import { diagnosticsOf } from '../../report-trouble.ts';
import { withApplication } from '../../with-application.ts';

function savedDocument({ flow, revision, isChanged, liveRevision }: SavedFlow): unknown {
  const live = liveRevision === undefined ? {} : { liveRevision };
  return { namespace: flow.namespace, id: flow.id, revision, isChanged, ...live };
}

function savedLine({ flow, revision, isChanged, liveRevision }: SavedFlow): string {
  const what = isChanged ? 'saved as' : 'unchanged,';
  const live = liveRevision === undefined ? '' : `; revision ${liveRevision} stays live`;
  return `${flow.namespace}/${flow.id}  ${what} revision ${revision}${live}\n`;
}

/** Saves flow files; valid ones are saved even when others are not. */
export const saveFlows: Perform = async (call, surroundings) => {
  const { out, err, environment } = surroundings;
  const sources = new Map<string, string>();
  for (const file of call.args) sources.set(file, await readLocalText(file, surroundings));
  const saved: SavedFlow[] = [];
  const diagnostics: Diagnostic[] = [];
  await withApplication(call, surroundings, async (application) => {
    for (const [file, source] of sources) {
      try {
        const one = await application.saveFlow(source, file);
        saved.push(one);
        diagnostics.push(...one.warnings);
      } catch (error) {
        const found = error instanceof Failure ? diagnosticsOf(error) : undefined;
        if (found === undefined) throw error;
        diagnostics.push(...found);
      }
    }
  });
  const document = validationDocument(diagnostics);
  if (call.text('output') === 'json') {
    out.write(json({ ...document, saved: saved.map(savedDocument) }));
  } else {
    const paint = paintFor(err, environment);
    for (const one of diagnostics) {
      if (call.has('quiet') && one.severity === 'warning') continue;
      err.write(diagnosticText(one, sources.get(one.file), paint));
    }
    if (!call.has('quiet')) for (const one of saved) out.write(savedLine(one));
  }
  return document.valid ? exitCodes.success : exitCodes.invalid;
};
