/** `sluice ledger prove`. */
import type { Call, Perform, Surroundings } from '../../command.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { json } from '../../output/json.ts';
import { usageFailure } from '../../parse-arguments.ts';
import { readLocalText } from '../../read-local-file.ts';
import { withApplication } from '../../with-application.ts';
import { entryDocument } from './entry-document.ts';
import { readSeq } from './read-seq.ts';

async function proveGrowth(call: Call, surroundings: Surroundings, from: string): Promise<number> {
  const note = await readLocalText(from, surroundings);
  const proof = await withApplication(call, surroundings, ({ ledger }) => ledger.proveGrowth(note));
  surroundings.out.write(call.text('output') === 'json' ? json({ proof }) : proof);
  return exitCodes.success;
}

/** Prints the proof of an entry, or of growth. */
export const proveEntry: Perform = async (call, surroundings) => {
  const { out } = surroundings;
  const [from, place] = [call.text('from'), call.args[0]];
  if ((from === undefined) === (place === undefined)) {
    throw usageFailure(
      'what is to be proven is not clear',
      'name an entry, or a checkpoint with `--from`',
    );
  }
  if (from !== undefined) return proveGrowth(call, surroundings, from);
  const seq = readSeq(place ?? '');
  const [proof, entry] = await withApplication(call, surroundings, async ({ ledger }) => [
    await ledger.prove(seq),
    await ledger.entry(seq),
  ]);
  const isJson = call.text('output') === 'json';
  out.write(isJson ? json({ proof, header: entryDocument(entry).header }) : proof);
  return exitCodes.success;
};
