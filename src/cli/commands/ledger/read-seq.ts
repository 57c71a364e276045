/** Places and times that name entries on the command line. */
import type { Call } from '../../command.ts';
import { usageFailure } from '../../parse-arguments.ts';

/** Returns the place of an entry. */
export function readSeq(text: string): number {
  const seq = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(seq) && seq > 0) return seq;
  throw usageFailure(
    `\`${text}\` is no place in the ledger`,
    'places are whole numbers from 1 on; `sluice ledger search` lists them',
  );
}

const dayMs = 86_400_000;

/** Returns the moment that an option names, in epoch milliseconds; of a day its `edge`. */
export function readTime(call: Call, option: string, edge: 'first' | 'last'): number | undefined {
  const text = call.text(option);
  if (text === undefined) return undefined;
  const at = Date.parse(text);
  if (!/^\d{4}-\d\d-\d\d/.test(text) || Number.isNaN(at)) {
    throw usageFailure(
      `option \`--${option}\` needs a time, not \`${text}\``,
      'write 2026-01-31 or 2026-01-31T12:00:00Z',
    );
  }
  return edge === 'last' && text.length === 10 ? at + dayMs - 1 : at;
}
