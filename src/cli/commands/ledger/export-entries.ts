/** `sluice ledger export`. */
import { resolve } from 'node:path';
import type { Outlet, Perform } from '../../command.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { withFileOutlet } from '../../output/file-outlet.ts';
import { refuseOwnFolder } from '../../data-folder.ts';
import { usageFailure } from '../../parse-arguments.ts';
import { printDone } from '../../print-rows.ts';
import { readCount } from '../../read-names.ts';
import { withApplication } from '../../with-application.ts';

/** Writes lines no faster than they are read; ends early when nobody reads any more. */
async function writeLines(lines: AsyncIterable<string>, out: Outlet): Promise<void> {
  for await (const line of lines) {
    out.write(line);
    if (!(await out.settle())) return;
  }
}

/** Exports entries with their proofs. */
export const exportEntries: Perform = async (call, surroundings) => {
  const [from, to] = [readCount(call, 'from'), readCount(call, 'to')];
  const [stream, file] = [call.text('stream'), call.text('output-file')];
  if (from !== undefined && to !== undefined && from > to) {
    throw usageFailure(
      `\`--from ${from}\` lies behind \`--to ${to}\``,
      'name the first entry before the last',
    );
  }
  if (file !== undefined) {
    refuseOwnFolder(call, surroundings, resolve(surroundings.workingFolder, file));
  }
  const isPage = call.text('format') === 'html';
  await withApplication(call, surroundings, async ({ ledger }) => {
    const exported = await ledger.export({
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
      ...(stream === undefined ? {} : { stream }),
    });
    const lines = isPage
      ? (await import('../../../app/export-page.ts')).exportPage(exported)
      : exported.lines;
    if (file === undefined) return writeLines(lines, surroundings.out);
    const path = resolve(surroundings.workingFolder, file);
    await withFileOutlet(path, (outlet) => writeLines(lines, outlet));
    const { count, verifierKey } = exported;
    const sentence = `exported ${count} ${count === 1 ? 'entry' : 'entries'} to ${file}\n  key: ${verifierKey}`;
    return printDone(call, surroundings, sentence, { count, file: path, verifierKey });
  });
  return exitCodes.success;
};
