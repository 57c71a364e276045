/** `sluice kill-switch release`. */
import { describeTarget } from '../../../core/governance/index.ts';
import type { Perform } from '../../command.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { printDone } from '../../print-rows.ts';
import { withApplication } from '../../with-application.ts';
import { readSwitch } from './read-switch.ts';

/** Releases a switch. */
export const releaseSwitch: Perform = async (call, surroundings) => {
  const { target, reason } = readSwitch(call);
  await withApplication(call, surroundings, async (application) =>
    (await application.governance()).killSwitches.release(target, reason),
  );
  const sentence = `${describeTarget(target)} may start again`;
  printDone(call, surroundings, sentence, { ...target, reason });
  return exitCodes.success;
};
