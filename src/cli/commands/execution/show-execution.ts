/** `sluice execution show`. */
import type { Perform } from '../../command.ts';
import { paintFor } from '../../output/colour.ts';
import { headText, resultText } from '../../output/execution-text.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { json } from '../../output/json.ts';
import { renderTree } from '../../output/render-tree.ts';
import { treeOfDocument } from '../../output/run-tree.ts';
import { withApplication } from '../../with-application.ts';
import { findExecution } from './find-execution.ts';

/** Shows an execution. */
export const showExecution: Perform = async (call, surroundings) => {
  const { out, environment } = surroundings;
  const document = await withApplication(call, surroundings, (application) =>
    findExecution(application, call),
  );
  if (call.text('output') === 'json') {
    out.write(json(document));
    return exitCodes.success;
  }
  const paint = paintFor(out, environment);
  const tree = renderTree([treeOfDocument(document)], {
    now: surroundings.now(),
    columns: out.columns,
    rowsMax: 0,
    paint,
  });
  const parts = [headText(document, paint), `${tree.join('\n')}\n`, resultText(document, paint)];
  out.write(call.has('quiet') ? resultText(document, paint) : parts.join('\n'));
  return exitCodes.success;
};
