/** `allow` and `deny` of models and vendors. */
import type { AllowanceKind } from '../../../core/governance/index.ts';
import type { Perform } from '../../command.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { printDone } from '../../print-rows.ts';
import { neededText } from '../../read-options.ts';
import { withApplication } from '../../with-application.ts';

/** Returns what allows or denies a model or vendor. */
export function decideAllowance(kind: AllowanceKind, verb: 'allow' | 'deny'): Perform {
  return async (call, surroundings) => {
    const [name = ''] = call.args;
    const reason = neededText(call, 'reason');
    const decided = await withApplication(call, surroundings, async (application) =>
      (await application.governance()).allowances[verb](kind, name, reason),
    );
    const { state, endsAt } = decided;
    const until =
      state === 'allowed' ? ` until ${new Date(endsAt).toISOString().slice(0, 19)}` : '';
    printDone(call, surroundings, `the ${kind} \`${name}\` is ${state}${until}`, { ...decided });
    return exitCodes.success;
  };
}
