/** `sluice execution recover`. */
import type { Perform } from '../../command.ts';
import { repeatable } from '../../data-folder.ts';
import { paintFor } from '../../output/colour.ts';
import { executionLine, openQuestions, resultText } from '../../output/execution-text.ts';
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
    for (const document of documents) {
      const isAsking = openQuestions(document).length > 0;
      out.write(isAsking ? resultText(document, paint) : executionLine(document, paint));
    }
  }
  const asking = documents.find((document) => openQuestions(document).length > 0);
  if (asking !== undefined && !call.has('quiet')) {
    const next = `sluice execution resume ${asking.id} --answer happened|retry|fail`;
    err.write(`to answer: ${repeatable(call, next)}\n`);
  }
  return exitCodes.success;
};
