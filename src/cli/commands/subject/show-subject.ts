/** `sluice subject show`. */
import type { Perform } from '../../command.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { printDone } from '../../print-rows.ts';
import { withApplication } from '../../with-application.ts';

/** Shows how much is known about somebody. */
export const showSubject: Perform = async (call, surroundings) => {
  const shown = await withApplication(call, surroundings, ({ subjects }) =>
    subjects.show(call.args[0] ?? ''),
  );
  const { counts, executions, many } = shown;
  const lines = [
    `${shown.handle}${shown.name === null ? '' : ` (${shown.name})`}${shown.isErasing ? ', being erased' : ''}`,
    `entries of the ledger: ${counts.entries}`,
    `executions: ${counts.executions}${executions.length === 0 ? '' : ` (${executions.slice(0, 10).join(', ')}${executions.length > 10 ? ', …' : ''})`}`,
    `pairs: ${counts.pairs}`,
    `files: ${counts.files}`,
    `caches: ${counts.caches}`,
    ...(many.groups === 0
      ? []
      : [`values about more than 32 people, perhaps this one: in ${many.entries} entries`]),
  ];
  printDone(call, surroundings, lines.join('\n'), { ...shown });
  return exitCodes.success;
};
