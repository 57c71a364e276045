/** `sluice approval approve`, `reject`, `send-back` and `break-glass`: decided, then the execution goes on. */
import type { ApprovalDesk, DecidedApproval } from '../../../app/approval-desk.ts';
import type { Value } from '../../../core/value/index.ts';
import type { Perform } from '../../command.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { usageFailure } from '../../parse-arguments.ts';
import { printDone } from '../../print-rows.ts';
import { readInputs } from '../../read-inputs.ts';
import { withApplication } from '../../with-application.ts';

interface Said {
  readonly id: string;
  readonly reason: string;
  readonly inputs: Readonly<Record<string, Value>>;
}

function deciding(
  what: string,
  needsReason: boolean,
  decide: (desk: ApprovalDesk, said: Said) => Promise<DecidedApproval>,
  takesInputs = false,
): Perform {
  return async (call, surroundings) => {
    const [id = ''] = call.args;
    const reason = call.text('reason') ?? '';
    if (needsReason && reason === '') {
      throw usageFailure('option `--reason TEXT` is missing', 'say why');
    }
    const inputs = takesInputs ? await readInputs(call, surroundings) : {};
    const decided = await withApplication(call, surroundings, async (application) => {
      const done = await decide(await application.approvals(), { id, reason, inputs });
      // What goes on because of it goes on in this process.
      const { state, executionId } = done.approval;
      if (state !== 'open' && executionId !== '') await application.rest(executionId);
      return done;
    });
    const { approval, receipt } = decided;
    const sentence = `the approval \`${id}\` is ${what}: it is ${approval.state}; receipt ${receipt.seq}`;
    printDone(call, surroundings, sentence, { ...decided });
    return exitCodes.success;
  };
}

/** Agrees. */
export const approve = deciding(
  'approved',
  false,
  (desk, { id, reason, inputs }) =>
    desk.approve(id, { reason, ...(Object.keys(inputs).length > 0 && { inputs }) }),
  true,
);

/** Refuses. */
export const reject = deciding('rejected', true, (desk, { id, reason }) => desk.reject(id, reason));

/** Sends back. */
export const sendBack = deciding('sent back', true, (desk, { id, reason }) =>
  desk.sendBack(id, reason),
);

/** Goes on without the approvers. */
export const breakGlass = deciding('gone around', true, (desk, { id, reason }) =>
  desk.breakGlass(id, reason),
);
