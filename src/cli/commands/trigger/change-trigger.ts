/** `sluice trigger disable|enable|unlock|restart`. */
import type { TriggerOrder } from '../../../app/triggers.ts';
import type { Perform } from '../../command.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { printDone } from '../../print-rows.ts';
import { withApplication } from '../../with-application.ts';
import { nameOf, readTriggerName, triggerDocument } from './trigger-document.ts';

const done: Readonly<Record<string, string>> = {
  disable: 'is switched off',
  enable: 'is switched on',
  unlock: 'waits for no execution any more',
  restart: 'begins anew',
};

/** Does to a trigger what the verb says. */
export const changeTrigger: Perform = async (call, surroundings) => {
  const { verb } = call.command;
  const name = readTriggerName(call);
  const row = await withApplication(call, surroundings, (application) =>
    application.changeTrigger(name, { kind: verb } as TriggerOrder),
  );
  printDone(
    call,
    surroundings,
    `${nameOf(row)} ${done[verb] ?? 'is changed'}`,
    triggerDocument(row),
  );
  return exitCodes.success;
};
