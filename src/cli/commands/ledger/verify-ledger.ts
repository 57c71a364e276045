/** `sluice ledger verify`. */
import { encodeBase64, type LedgerVerdict } from '../../../core/ledger/index.ts';
import type { Perform } from '../../command.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { printDone } from '../../print-rows.ts';
import { readLocalText } from '../../read-local-file.ts';
import { withApplication } from '../../with-application.ts';

function entries(count: number): string {
  return count === 1 ? '1 entry' : `${count} entries`;
}

function sentenceOf(verdict: LedgerVerdict): string {
  if (verdict.verdict === 'broken') {
    const { seq, lastSeq, reason } = verdict;
    const where = seq === lastSeq ? `entry ${seq}` : `entries ${seq} to ${lastSeq}`;
    return `broken at ${where}: ${reason}`;
  }
  const { size, unsealedCount } = verdict;
  const erased =
    verdict.verdict === 'erased'
      ? `; ${verdict.erasedCount} payloads were erased, the first in entry ${verdict.firstSeq}`
      : '';
  const unsealed =
    unsealedCount === 0
      ? ''
      : `; no checkpoint covers the last ${unsealedCount}: \`sluice ledger checkpoint\` signs one`;
  return `${verdict.verdict}: ${entries(size)}${erased}${unsealed}`;
}

/** Verifies the ledger. */
export const verifyLedger: Perform = async (call, surroundings) => {
  const notes: string[] = [];
  for (const file of call.texts('from')) notes.push(await readLocalText(file, surroundings));
  const keys = call.texts('vkey');
  const verdict = await withApplication(call, surroundings, ({ ledger }) =>
    ledger.verify({ notes, ...(keys.length === 0 ? {} : { verifierKeys: keys }) }),
  );
  const document =
    verdict.verdict === 'broken' ? verdict : { ...verdict, root: encodeBase64(verdict.root) };
  printDone(call, surroundings, sentenceOf(verdict), document);
  return verdict.verdict === 'broken' ? exitCodes.failed : exitCodes.success;
};
