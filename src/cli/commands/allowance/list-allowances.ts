/** `sluice model list` and `sluice vendor list`. */
import type { AllowanceKind } from '../../../core/governance/index.ts';
import type { Perform } from '../../command.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { printRows } from '../../print-rows.ts';
import { withApplication } from '../../with-application.ts';

/** Returns what lists models or vendors. */
export function listAllowances(kind: AllowanceKind): Perform {
  return async (call, surroundings) => {
    const all = await withApplication(call, surroundings, async (application) =>
      (await application.governance()).allowances.list(kind),
    );
    const now = surroundings.now();
    printRows(call, surroundings, {
      rows: all,
      documents: all,
      columns: [
        { title: kind.toUpperCase(), text: ({ name }) => name, isFlexible: true },
        {
          title: 'STATE',
          text: ({ state, endsAt }) => (state === 'allowed' && endsAt <= now ? 'ended' : state),
        },
        { title: 'UNTIL', text: ({ endsAt }) => new Date(endsAt).toISOString().slice(0, 19) },
        { title: 'OWNER', text: ({ owner }) => owner, isFlexible: true },
        { title: 'PROPOSED BY', text: ({ proposedBy }) => proposedBy, isFlexible: true },
        { title: 'DECIDED BY', text: ({ decidedBy }) => decidedBy ?? '', isFlexible: true },
      ],
      nothing: `there are no ${kind}s; propose one with \`sluice ${kind} propose\``,
    });
    return exitCodes.success;
  };
}
