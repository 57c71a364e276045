/** `sluice flow list`. */
import type { Perform } from '../../command.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { printRows } from '../../print-rows.ts';
import { withApplication } from '../../with-application.ts';

/** Lists flows, with what the register says of how they stand. */
export const listFlows: Perform = async (call, surroundings) => {
  const rows = await withApplication(call, surroundings, async (application) => {
    const namespace = call.text('namespace');
    const { flows } = await application.governance();
    const registered = new Map(
      (await flows.registered(namespace)).map((one) => [`${one.namespace}/${one.flowId}`, one]),
    );
    return (await application.flows(namespace)).map((record) => ({
      ...record,
      standing: registered.get(`${record.namespace}/${record.id}`),
    }));
  });
  printRows(call, surroundings, {
    rows,
    documents: rows.map(({ namespace, id, revision, at, standing }) => ({
      namespace,
      id,
      revision,
      savedAt: new Date(at).toISOString(),
      stage: standing?.stage ?? null,
      liveRevision: standing?.liveRevision ?? null,
      owner: standing?.owner ?? null,
      reviewDate: standing?.reviewDate ?? null,
      isReviewDue: standing?.isReviewDue ?? false,
    })),
    columns: [
      { title: 'NAMESPACE', text: ({ namespace }) => namespace, isFlexible: true },
      { title: 'ID', text: ({ id }) => id, isFlexible: true },
      { title: 'REVISION', text: ({ revision }) => String(revision) },
      { title: 'STAGE', text: ({ standing }) => standing?.stage ?? '' },
      { title: 'LIVE', text: ({ standing }) => String(standing?.liveRevision ?? '') },
      {
        title: 'REVIEW',
        text: ({ standing }) =>
          standing?.isReviewDue === true ? 'overdue' : (standing?.reviewDate ?? ''),
        colour: ({ standing }) => (standing?.isReviewDue === true ? 'red' : undefined),
      },
      { title: 'SAVED', text: ({ at }) => new Date(at).toISOString().slice(0, 19) },
    ],
    nothing: 'there are no flows; save one with `sluice flow save FILE`',
  });
  return exitCodes.success;
};
