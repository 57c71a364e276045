/** `sluice config show`. */
import type { Perform } from '../../command.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { findConfiguration } from '../../read-configuration.ts';
import { printRows } from '../../print-rows.ts';

/** Shows every setting and where its value comes from. */
export const showConfig: Perform = async (call, surroundings) => {
  const { shown } = await findConfiguration(call, surroundings);
  printRows(call, surroundings, {
    rows: shown,
    documents: shown,
    columns: [
      { title: 'SETTING', text: (one) => one.path },
      { title: 'VALUE', text: (one) => one.value },
      { title: 'FROM', text: (one) => one.from },
    ],
    nothing: 'there are no settings',
  });
  return exitCodes.success;
};
