/** `sluice trigger list`. */
import type { Perform } from '../../command.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { printRows } from '../../print-rows.ts';
import { withApplication } from '../../with-application.ts';
import { nameOf, standOf, timeOf, triggerDocument } from './trigger-document.ts';

/** Lists triggers and how they stand. */
export const listTriggers: Perform = async (call, surroundings) => {
  const rows = await withApplication(call, surroundings, (application) =>
    application.triggers(call.text('namespace'), call.text('flow')),
  );
  printRows(call, surroundings, {
    rows,
    documents: rows.map(triggerDocument),
    columns: [
      { title: 'TRIGGER', text: nameOf, isFlexible: true },
      { title: 'TYPE', text: ({ place }) => place.trigger.type },
      { title: 'STANDS', text: standOf },
      { title: 'LAST', text: ({ state }) => timeOf(state.firedAt).slice(0, 19) },
      { title: 'NEXT', text: ({ state }) => timeOf(state.nextAt).slice(0, 19) },
      { title: 'TROUBLE', text: ({ trouble = '' }) => trouble, isFlexible: true },
    ],
    nothing: 'no flow has triggers',
  });
  return exitCodes.success;
};
