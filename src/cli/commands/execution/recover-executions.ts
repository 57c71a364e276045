/** `sluice execution recover`. */
import type { Perform } from '../../command.ts';
import { paintFor } from '../../output/colour.ts';
import { executionLine } from '../../output/execution-text.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { json } from '../../output/json.ts';
import { progressFor } from '../../output/progress.ts';
import { withApplication } from '../../with-application.ts';

/** Lets executions go on that were running when a process ended. */
export const recoverExecutions: Perform = async (call, surroundings) => {
  const { out, err, environment } = surroundings;
  const documents = await withApplication(call, surroundings, async (application) => {
    const progress = progressFor(call, surroundings);
    const stop = application.follow((event) => {
      progress.event(event);
    });
    try {
      const ids = await application.recover();
      return await Promise.all(ids.map((id) => application.rest(id)));
    } finally {
      stop();
      progress.close();
    }
  });
  if (call.text('output') === 'json') out.write(json(documents));
  else if (documents.length === 0 && !call.has('quiet')) err.write('nothing is to be recovered\n');
  const paint = paintFor(out, environment);
  if (call.text('output') !== 'json') {
    for (const document of documents) out.write(executionLine(document, paint));
  }
  return exitCodes.success;
};
