/** `sluice hold release`. */
import type { Perform } from '../../command.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { printDone } from '../../print-rows.ts';
import { withApplication } from '../../with-application.ts';
import { readHold } from './read-hold.ts';

/** Releases a hold. */
export const releaseHold: Perform = async (call, surroundings) => {
  const { target, reason } = readHold(call);
  await withApplication(call, surroundings, ({ holds }) => holds.release(target, reason));
  const sentence = `the hold on the ${target.kind} \`${target.id}\` is released`;
  printDone(call, surroundings, sentence, { ...target, reason });
  return exitCodes.success;
};
