/** `sluice subject erase`. */
import type { Perform } from '../../command.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { usageFailure } from '../../parse-arguments.ts';
import { printDone } from '../../print-rows.ts';
import { withApplication } from '../../with-application.ts';

/** Erases everything about somebody. */
export const eraseSubject: Perform = async (call, surroundings) => {
  const reason = call.text('reason') ?? '';
  if (reason === '') throw usageFailure('option `--reason TEXT` is missing', 'say why');
  const basis = call.text('basis');
  const certificate = await withApplication(call, surroundings, ({ subjects }) =>
    subjects.erase(call.args[0] ?? '', {
      reason,
      ...(basis !== undefined && { basis }),
      isForced: call.has('force'),
      withMany: call.has('with-many'),
    }),
  );
  printDone(call, surroundings, certificate.note.trimEnd(), { ...certificate });
  return exitCodes.success;
};
