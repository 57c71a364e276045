/** `sluice trigger backfill`. */
import type { TriggerOrder } from '../../../app/triggers.ts';
import { emptyMap } from '../../../core/value/index.ts';
import type { Call, Perform, Surroundings } from '../../command.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { usageFailure } from '../../parse-arguments.ts';
import { printDone } from '../../print-rows.ts';
import { readInputs, readLabels } from '../../read-inputs.ts';
import { withApplication } from '../../with-application.ts';
import { nameOf, readTriggerName, timeOf, triggerDocument } from './trigger-document.ts';

function momentIn(call: Call, option: string): number | undefined {
  const text = call.text(option);
  if (text === undefined) return undefined;
  const at = Date.parse(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text);
  if (!Number.isNaN(at)) return at;
  throw usageFailure(`\`--${option} ${text}\` is no date`, 'write 2026-03-01T09:00:00Z');
}

async function orderOf(call: Call, surroundings: Surroundings): Promise<TriggerOrder> {
  const asked = (['pause', 'continue', 'delete'] as const).filter((one) => call.has(one));
  const [verb] = asked;
  const start = momentIn(call, 'start');
  if (asked.length > 1 || (verb !== undefined && start !== undefined)) {
    throw usageFailure(
      'only one of `--start`, `--pause`, `--continue` and `--delete` may be given',
    );
  }
  if (verb !== undefined) return { kind: `${verb}-backfill` };
  if (start === undefined) throw usageFailure('option `--start DATE` is missing');
  const end = momentIn(call, 'end');
  return {
    kind: 'backfill',
    start,
    ...(end !== undefined && { end }),
    inputs: Object.assign(emptyMap(), await readInputs(call, surroundings)),
    labels: readLabels(call),
  };
}

/** Has a trigger walk through past dates, or holds, continues or ends that. */
export const backfillTrigger: Perform = async (call, surroundings) => {
  const name = readTriggerName(call);
  const order = await orderOf(call, surroundings);
  const row = await withApplication(call, surroundings, (application) =>
    application.changeTrigger(name, order),
  );
  const { backfill } = row.state;
  const sentence =
    backfill === undefined
      ? `the backfill of ${nameOf(row)} is ended`
      : `${nameOf(row)} ${backfill.isPaused ? 'is held' : 'goes on'} at ${timeOf(backfill.current)}, ${backfill.done} of ${backfill.total ?? 'very many'} dates done`;
  printDone(call, surroundings, sentence, triggerDocument(row));
  return exitCodes.success;
};
