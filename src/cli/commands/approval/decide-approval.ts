/**
 * `sluice approval approve`, `reject`, `send-back`, `withdraw`, `endorse`, `break-glass` and `examine`:
 * decided, then the execution goes on in this process.
 */
import type { ApprovalDesk, DecidedApproval } from '../../../app/approval-desk.ts';
import type { Value } from '../../../core/value/index.ts';
import type { Call, Perform } from '../../command.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { usageFailure } from '../../parse-arguments.ts';
import { printDone } from '../../print-rows.ts';
import { readInputs } from '../../read-inputs.ts';
import { withApplication } from '../../with-application.ts';

interface Said {
  readonly id: string;
  readonly reason: string;
  readonly inputs: Readonly<Record<string, Value>>;
  readonly call: Call;
}

function deciding(
  what: string,
  decide: (desk: ApprovalDesk, said: Said) => Promise<DecidedApproval>,
  { needsReason = true, takesInputs = false } = {},
): Perform {
  return async (call, surroundings) => {
    const [id = ''] = call.args;
    const reason = call.text('reason') ?? '';
    if (needsReason && reason.trim() === '') {
      throw usageFailure('option `--reason TEXT` is missing', 'say why');
    }
    const inputs = takesInputs ? await readInputs(call, surroundings) : {};
    const decided = await withApplication(call, surroundings, async (application) => {
      const done = await decide(await application.approvals(), { id, reason, inputs, call });
      const { state, executionId } = done.approval;
      // What goes on because of it goes on in this process.
      if (state !== 'open' && executionId !== '') await application.rest(executionId);
      return done;
    });
    const { approval, receipt } = decided;
    const sentence = `the approval \`${id}\` is ${what}: it is ${approval.state}; receipt ${receipt.seq}`;
    printDone(call, surroundings, sentence, { ...decided });
    return exitCodes.success;
  };
}

function digestOf(call: Call): { readonly digest?: string } {
  const digest = call.text('digest');
  if (digest === undefined) return {};
  if (/^[0-9a-f]{16,}$/.test(digest)) return { digest };
  throw usageFailure(
    '`--digest` is no digest',
    'copy 16 letters or more from `sluice approval show`',
  );
}

/** Agrees. */
export const approve = deciding(
  'approved',
  (desk, { id, reason, inputs, call }) =>
    desk.approve(id, {
      reason,
      ...(Object.keys(inputs).length > 0 && { inputs }),
      ...digestOf(call),
    }),
  { needsReason: false, takesInputs: true },
);

/** Refuses. */
export const reject = deciding('rejected', (desk, { id, reason }) => desk.reject(id, reason));

/** Sends back. */
export const sendBack = deciding('sent back', (desk, { id, reason }) => desk.sendBack(id, reason));

/** Takes back what one has asked for. */
export const withdraw = deciding('taken back', (desk, { id, reason }) => desk.withdraw(id, reason));

/** Vouches for values. */
export const endorse = deciding('vouched for', (desk, { id, reason, call }) => {
  const names = call.texts('argument');
  if (names.length === 0) {
    throw usageFailure('option `--argument NAME` is missing', 'name whose value you vouch for');
  }
  return desk.endorse(id, names, reason);
});

/** Goes on without the approvers. */
export const breakGlass = deciding('gone around', (desk, { id, reason }) =>
  desk.breakGlass(id, reason),
);

/** Notes what was found about a broken glass. */
export const examine = deciding('examined', (desk, { id, reason, call }) => {
  const isAccepted = call.has('accept');
  if (isAccepted === call.has('object')) {
    throw usageFailure('say `--accept` or `--object`', 'say which of the two you found');
  }
  return desk.examine(id, isAccepted, reason);
});
