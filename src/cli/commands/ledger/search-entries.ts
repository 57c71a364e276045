/** `sluice ledger search`. */
import type { Perform } from '../../command.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { printRows } from '../../print-rows.ts';
import { readCount } from '../../read-names.ts';
import { withApplication } from '../../with-application.ts';
import { readTime } from './read-seq.ts';

/** Finds entries. */
export const searchEntries: Perform = async (call, surroundings) => {
  const [actor, type, stream] = [call.text('actor'), call.text('type'), call.text('stream')];
  const text = call.text('text');
  const [from, to] = [readTime(call, 'from', 'first'), readTime(call, 'to', 'last')];
  const limit = readCount(call, 'limit') ?? 25;
  const entries = await withApplication(call, surroundings, ({ ledger }) =>
    ledger.search({
      limit,
      ...(actor === undefined ? {} : { actor }),
      ...(type === undefined ? {} : { type }),
      ...(stream === undefined ? {} : { stream }),
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
      ...(text === undefined ? {} : { text }),
    }),
  );
  const timeOf = (at: number): string => new Date(at).toISOString();
  printRows(call, surroundings, {
    rows: entries,
    documents: entries.map(({ at, ...entry }) => ({ ...entry, at: timeOf(at) })),
    columns: [
      { title: 'SEQ', text: ({ seq }) => `${seq}` },
      { title: 'AT', text: ({ at }) => timeOf(at).slice(0, 19) },
      { title: 'TYPE', text: ({ type: what }) => what },
      { title: 'ACTOR', text: ({ actor: who }) => who, isFlexible: true },
      { title: 'STREAM', text: ({ stream: where }) => where, isFlexible: true },
    ],
    nothing: 'there are no such entries',
  });
  return exitCodes.success;
};
