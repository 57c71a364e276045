/** `sluice hold set`. */
import type { Perform } from '../../command.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { printDone } from '../../print-rows.ts';
import { withApplication } from '../../with-application.ts';
import { readHold } from './read-hold.ts';

/** Sets a hold. */
export const setHold: Perform = async (call, surroundings) => {
  const { target, reason } = readHold(call);
  await withApplication(call, surroundings, ({ holds }) => holds.set(target, reason));
  const sentence = `the ${target.kind} \`${target.id}\` is held`;
  printDone(call, surroundings, sentence, { ...target, reason });
  return exitCodes.success;
};
