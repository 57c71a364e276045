/** `sluice flow stage`. */
import { stages } from '../../../core/governance/index.ts';
import type { Perform } from '../../command.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { usageFailure } from '../../parse-arguments.ts';
import { printDone } from '../../print-rows.ts';
import { readFlowName } from '../../read-names.ts';
import { withApplication } from '../../with-application.ts';

/** Moves a flow to another stage. */
export const stageFlow: Perform = async (call, surroundings) => {
  const { namespace, id } = readFlowName(call.args[0] ?? '');
  const to = stages.find((one) => one === call.text('to'));
  if (to === undefined) throw usageFailure('option `--to STAGE` is missing', stages.join(', '));
  const card = await withApplication(call, surroundings, async (application) =>
    (await application.governance()).flows.move(
      { namespace, flowId: id },
      to,
      call.text('reason') ?? '',
    ),
  );
  printDone(call, surroundings, `the flow \`${namespace}/${id}\` is in ${to}`, { ...card });
  return exitCodes.success;
};
