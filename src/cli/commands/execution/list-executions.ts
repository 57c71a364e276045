/** `sluice execution list`. */
import type { Application } from '../../../app/application.ts';
import type { Perform } from '../../command.ts';
import { lookOf } from '../../output/colour.ts';
import { durationText } from '../../output/duration-text.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { printRows } from '../../print-rows.ts';
import { readCount } from '../../read-names.ts';
import { withApplication } from '../../with-application.ts';

type Record = Awaited<ReturnType<Application['executions']>>[number];

function isoText(at: number | null): string | undefined {
  return at === null ? undefined : new Date(at).toISOString();
}

function documentOf(record: Record): unknown {
  const { id, namespace, flowId, revision, state, labels, originalId, parentId } = record;
  return {
    id,
    namespace,
    flowId,
    flowRevision: revision,
    state,
    createdAt: isoText(record.createdAt),
    startedAt: isoText(record.startedAt),
    endedAt: isoText(record.endedAt),
    labels: Object.entries(labels).map(([key, value]) => ({ key, value })),
    originalId,
    parentId: parentId ?? undefined,
  };
}

/** Lists executions. */
export const listExecutions: Perform = async (call, surroundings) => {
  const [namespace, flowId, after] = [
    call.text('namespace'),
    call.text('flow'),
    call.text('after'),
  ];
  const states = call.texts('state').map((state) => state.toUpperCase());
  const limit = readCount(call, 'limit') ?? 25;
  const records = await withApplication(call, surroundings, (application) =>
    application.executions({
      limit,
      ...(namespace === undefined ? {} : { namespace }),
      ...(flowId === undefined ? {} : { flowId }),
      ...(states.length === 0 ? {} : { states }),
      ...(after === undefined ? {} : { after }),
    }),
  );
  printRows(call, surroundings, {
    rows: records,
    documents: records.map(documentOf),
    columns: [
      { title: 'ID', text: ({ id }) => id },
      {
        title: 'STATE',
        text: ({ state }) => `${lookOf(state).sign} ${state}`,
        colour: ({ state }) => lookOf(state).colour,
      },
      {
        title: 'FLOW',
        text: (record) => `${record.namespace}/${record.flowId}`,
        isFlexible: true,
      },
      { title: 'CREATED', text: ({ createdAt }) => isoText(createdAt)?.slice(0, 19) ?? '' },
      {
        title: 'DURATION',
        text: ({ createdAt, endedAt }) => durationText((endedAt ?? surroundings.now()) - createdAt),
      },
    ],
    nothing: 'there are no such executions',
  });
  return exitCodes.success;
};
