/** `sluice flow list`. */
import type { Perform } from '../../command.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { printRows } from '../../print-rows.ts';
import { withApplication } from '../../with-application.ts';

/** Lists flows. */
export const listFlows: Perform = async (call, surroundings) => {
  const records = await withApplication(call, surroundings, (application) =>
    application.flows(call.text('namespace')),
  );
  printRows(call, surroundings, {
    rows: records,
    documents: records.map(({ namespace, id, revision, at }) => ({
      namespace,
      id,
      revision,
      savedAt: new Date(at).toISOString(),
    })),
    columns: [
      { title: 'NAMESPACE', text: ({ namespace }) => namespace, isFlexible: true },
      { title: 'ID', text: ({ id }) => id, isFlexible: true },
      { title: 'REVISION', text: ({ revision }) => String(revision) },
      { title: 'SAVED', text: ({ at }) => new Date(at).toISOString().slice(0, 19) },
    ],
    nothing: 'there are no flows; save one with `sluice flow save FILE`',
  });
  return exitCodes.success;
};
