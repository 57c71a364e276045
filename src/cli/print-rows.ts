/** Lists: a table for people, one JSON array for programs. */
import type { Call, Surroundings } from './command.ts';
import { paintFor } from './output/colour.ts';
import { json } from './output/json.ts';
import { type Column, table } from './output/table.ts';

/** Prints `rows`; `documents` are what programs read, `nothing` what people read when there are none. */
export function printRows<T>(
  call: Call,
  { out, err, environment }: Surroundings,
  {
    rows,
    documents,
    columns,
    nothing,
  }: {
    readonly rows: readonly T[];
    readonly documents: readonly unknown[];
    readonly columns: readonly Column<T>[];
    readonly nothing: string;
  },
): void {
  if (call.text('output') === 'json') out.write(json(documents));
  else if (rows.length > 0) {
    out.write(table(rows, columns, { paint: paintFor(out, environment), room: out.columns }));
  } else if (!call.has('quiet')) err.write(`${nothing}\n`);
}

/** Prints what was done: a sentence for people, a document for programs. */
export function printDone(
  call: Call,
  { out }: Surroundings,
  sentence: string,
  document: Readonly<Record<string, unknown>>,
): void {
  if (call.text('output') === 'json') out.write(json(document));
  else if (!call.has('quiet')) out.write(`${sentence}\n`);
}
