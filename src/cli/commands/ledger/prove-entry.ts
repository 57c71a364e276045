/** `sluice ledger prove`. */
import type { Perform } from '../../command.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { json } from '../../output/json.ts';
import { withApplication } from '../../with-application.ts';
import { entryDocument } from './entry-document.ts';
import { readSeq } from './read-seq.ts';

/** Prints the proof of an entry. */
export const proveEntry: Perform = async (call, surroundings) => {
  const { out } = surroundings;
  const seq = readSeq(call.args[0] ?? '');
  const [proof, entry] = await withApplication(call, surroundings, async ({ ledger }) => [
    await ledger.prove(seq),
    await ledger.entry(seq),
  ]);
  const isJson = call.text('output') === 'json';
  out.write(isJson ? json({ proof, header: entryDocument(entry).header }) : proof);
  return exitCodes.success;
};
