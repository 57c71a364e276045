/** `sluice retention run`. */
import type { Application } from '../../../app/application.ts';
import type { Perform } from '../../command.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { printDone } from '../../print-rows.ts';
import { withApplication } from '../../with-application.ts';

type Outcome = Awaited<ReturnType<Application['retention']['run']>>;

function textOf({ isDryRun, due, held, entries }: Outcome): string {
  const lines = due.map(({ place }) => `${isDryRun ? 'would erase' : 'erased'} ${place}`);
  for (const { place, hold } of held) {
    lines.push(`held ${place}: ${hold.kind} ${hold.id}, set by ${hold.setBy}: ${hold.reason}`);
  }
  if (lines.length === 0) return 'nothing has had its time';
  if (entries.length > 0) lines.push(`recorded in entry ${entries.join(', ')} of the ledger`);
  return lines.join('\n');
}

/** Erases the values whose time has come. */
export const runRetention: Perform = async (call, surroundings) => {
  const outcome = await withApplication(call, surroundings, ({ retention }) =>
    retention.run({ isDryRun: call.has('dry-run') }),
  );
  printDone(call, surroundings, textOf(outcome), { ...outcome });
  return exitCodes.success;
};
