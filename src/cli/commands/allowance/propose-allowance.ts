/** `sluice model propose` and `sluice vendor propose`. */
import type { AllowanceKind } from '../../../core/governance/index.ts';
import type { Perform } from '../../command.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { printDone } from '../../print-rows.ts';
import { endOfDay, neededText } from '../../read-options.ts';
import { withApplication } from '../../with-application.ts';

/** Returns what proposes a model or vendor. */
export function proposeAllowance(kind: AllowanceKind): Perform {
  return async (call, surroundings) => {
    const [name = ''] = call.args;
    const order = {
      kind,
      name,
      owner: neededText(call, 'owner'),
      reason: neededText(call, 'reason'),
      endsAt: endOfDay(neededText(call, 'until')),
    };
    const proposed = await withApplication(call, surroundings, async (application) =>
      (await application.governance()).allowances.propose(order),
    );
    const sentence = `the ${kind} \`${name}\` is proposed; somebody else allows it`;
    printDone(call, surroundings, sentence, { ...proposed });
    return exitCodes.success;
  };
}
