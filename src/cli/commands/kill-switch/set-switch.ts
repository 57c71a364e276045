/** `sluice kill-switch set`. */
import { describeTarget } from '../../../core/governance/index.ts';
import type { Perform } from '../../command.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { printDone } from '../../print-rows.ts';
import { withApplication } from '../../with-application.ts';
import { readSwitch } from './read-switch.ts';

/** Stops something. */
export const setSwitch: Perform = async (call, surroundings) => {
  const { target, reason } = readSwitch(call);
  const mode = call.text('mode') === 'pause' ? 'pause' : 'kill';
  const set = await withApplication(call, surroundings, async (application) =>
    (await application.governance()).killSwitches.set({ ...target, mode, reason }),
  );
  const done = mode === 'kill' ? 'killed' : 'held';
  const left = set.left.length === 0 ? '' : `; still running: ${set.left.join(', ')}`;
  const sentence = `${describeTarget(target)} is stopped; ${set.executions} ${done} within ${set.tookMs} ms${left}`;
  printDone(call, surroundings, sentence, { ...set });
  return set.left.length === 0 ? exitCodes.success : exitCodes.failed;
};
