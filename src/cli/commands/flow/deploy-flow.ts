/** `sluice flow deploy`. */
import type { Perform } from '../../command.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { printDone } from '../../print-rows.ts';
import { readCount, readFlowName } from '../../read-names.ts';
import { withApplication } from '../../with-application.ts';

/** Makes a revision of a live flow the one that runs. */
export const deployFlow: Perform = async (call, surroundings) => {
  const { namespace, id } = readFlowName(call.args[0] ?? '');
  const revision = readCount(call, 'revision');
  const card = await withApplication(call, surroundings, async (application) => {
    const { flows } = await application.governance();
    return flows.deploy({ namespace, flowId: id }, call.text('reason') ?? '', revision);
  });
  const sentence = `revision ${card.liveRevision} of \`${namespace}/${id}\` is live`;
  printDone(call, surroundings, sentence, { ...card });
  return exitCodes.success;
};
