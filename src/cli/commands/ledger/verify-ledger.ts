/**
 * `sluice ledger verify`: of the data folder, with its anchors and witnesses, or of what was made of a
 * ledger and stands elsewhere. The verdict is one sentence; who else vouches for it has a line each.
 */
import { resolve } from 'node:path';
import type { LedgerReport } from '../../../app/application.ts';
import type { ElsewhereVerdict, ShownErasures } from '../../../app/verify-elsewhere.ts';
import { encodeBase64, type LedgerVerdict } from '../../../core/ledger/index.ts';
import type { Call, Perform, Surroundings } from '../../command.ts';
import { dataFolder } from '../../data-folder.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { oneLine } from '../../output/terminal-text.ts';
import { usageFailure } from '../../parse-arguments.ts';
import { printDone } from '../../print-rows.ts';
import { readLocalText } from '../../read-local-file.ts';
import { withApplication } from '../../with-application.ts';

function entries(count: number): string {
  return count === 1 ? '1 entry' : `${count} entries`;
}

function erasedPart(count: number, first: number): string {
  return `; ${count} payloads were erased, the first in entry ${first}`;
}

function brokenSentence(verdict: Extract<LedgerVerdict, { readonly verdict: 'broken' }>): string {
  const { seq, lastSeq, reason } = verdict;
  const where = seq === lastSeq ? `entry ${seq}` : `entries ${seq} to ${lastSeq}`;
  return `broken at ${where}: ${reason}`;
}

function sentenceOf(verdict: LedgerVerdict): string {
  if (verdict.verdict === 'broken') return brokenSentence(verdict);
  const { size, unsealedCount } = verdict;
  const erased =
    verdict.verdict === 'erased' ? erasedPart(verdict.erasedCount, verdict.firstSeq) : '';
  const unsealed =
    unsealedCount === 0
      ? ''
      : `; no checkpoint covers the last ${unsealedCount}: \`sluice ledger checkpoint\` signs one`;
  return `${verdict.verdict}: ${entries(size)}${erased}${unsealed}`;
}

function documentOf<V extends LedgerVerdict>(verdict: V): Readonly<Record<string, unknown>> {
  return verdict.verdict === 'broken'
    ? { ...verdict }
    : { ...verdict, root: encodeBase64(verdict.root) };
}

function timeOf(at: number): string {
  return new Date(at).toISOString().slice(0, 19);
}

/** Returns who else vouches for the ledger, a line each. */
function vouchers({ anchors, cosignatures }: LedgerReport): readonly string[] {
  return [
    ...anchors.map(({ kind, target, lastSize, lastAt, failure, trouble }) => {
      const last =
        lastSize === undefined || lastAt === undefined
          ? 'not anchored yet at'
          : `last anchored at ${timeOf(lastAt)}, ${entries(lastSize)}, to`;
      const wrong = trouble ?? failure;
      return `  ${last} ${kind} ${target}${wrong === undefined ? '' : `; trouble: ${wrong}`}`;
    }),
    ...cosignatures.map(
      ({ witness, size, time }) =>
        `  cosigned by ${witness} at ${timeOf(time * 1000)}, ${entries(size)}`,
    ),
  ].map((line) => `  ${oneLine(line.trim())}`);
}

function elsewhereSentence(found: ElsewhereVerdict): string {
  switch (found.kind) {
    case 'export': {
      const { verdict } = found;
      if (verdict.verdict === 'broken') {
        const where = verdict.seq === undefined ? '' : ` (entry ${verdict.seq})`;
        return `broken at line ${verdict.line}${where}: ${verdict.reason}`;
      }
      const { count, from, to, stream, checkpoint } = verdict.statement;
      const erased =
        verdict.verdict === 'erased' ? erasedPart(verdict.erasedCount, verdict.firstErased) : '';
      const told = erasureTold(found.erasures);
      const part = stream === null ? '' : ` of \`${stream}\``;
      return `${verdict.verdict}: ${entries(count)}${part}, from ${from} to ${to} of a ledger of ${checkpoint.size}${erased}${told}`;
    }
    case 'receipt': {
      const { verdict } = found;
      return verdict.verdict === 'broken'
        ? `broken: ${verdict.reason}`
        : `valid: entry ${verdict.seq} is in the ledger \`${verdict.checkpoint.origin}\` of ${entries(verdict.checkpoint.size)}`;
    }
    case 'published': {
      const { verdict, hasPayloads } = found;
      if (verdict.verdict === 'erased' && !hasPayloads) {
        return `valid: ${entries(verdict.size)}; payloads are not published`;
      }
      return `${sentenceOf(verdict)}${erasureTold(found.erasures)}`;
    }
  }
}

function erasureTold(erasures: ShownErasures | undefined): string {
  if (erasures === undefined) return '';
  return erasures === 'recorded'
    ? '; every erasure is recorded in it'
    : '; the entries that would record the erasure are not in it';
}

function elsewhereDocument(found: ElsewhereVerdict): Readonly<Record<string, unknown>> {
  const { kind, verdict } = found;
  if (kind === 'published') {
    const { hasPayloads, verifierKey } = found;
    return { kind, ...documentOf(found.verdict), hasPayloads, verifierKey, ...erasuresOf(found) };
  }
  if (verdict.verdict === 'broken') return { kind, ...verdict };
  if (kind === 'receipt') {
    const { seq, checkpoint } = found.verdict as Extract<
      typeof found.verdict,
      { readonly verdict: 'valid' }
    >;
    return { kind, verdict: 'valid', seq, origin: checkpoint.origin, size: checkpoint.size };
  }
  const { statement, ...rest } = verdict as Extract<
    typeof verdict,
    { readonly statement: unknown }
  >;
  const { checkpoint, ...said } = statement;
  return {
    kind,
    ...rest,
    ...erasuresOf(found),
    statement: { ...said, origin: checkpoint.origin, size: checkpoint.size },
  };
}

function erasuresOf(found: ElsewhereVerdict): { readonly erasures?: ShownErasures } {
  if (found.kind === 'receipt' || found.erasures === undefined) return {};
  return { erasures: found.erasures };
}

async function verifyPlace(
  call: Call,
  surroundings: Surroundings,
  place: string,
  notes: readonly string[],
): Promise<number> {
  const { verifyElsewhere } = await import('../../../app/verify-elsewhere.ts');
  const { environment, workingFolder } = surroundings;
  const keys = call.texts('vkey');
  const where = /^https?:\/\//.test(place) ? place : resolve(workingFolder, place);
  const found = await verifyElsewhere(where, {
    environment,
    notes,
    witnesses: call.texts('witness'),
    ...(keys.length === 0 ? {} : { verifierKeys: keys }),
  });
  const isTrusted = keys.length > 0 || found.verdict.verdict === 'broken';
  const hint = isTrusted
    ? ''
    : '\n  under the key that it names itself; `--vkey` names one that you trust';
  printDone(call, surroundings, `${elsewhereSentence(found)}${hint}`, elsewhereDocument(found));
  return found.verdict.verdict === 'broken' ? exitCodes.failed : exitCodes.success;
}

async function isDataFolder(place: string, { workingFolder }: Surroundings): Promise<boolean> {
  const { existsSync } = await import('node:fs');
  return existsSync(resolve(workingFolder, place, 'sluice.db'));
}

/** Returns the checkpoints that were named; what is none, or no key, says nothing about the ledger. */
async function trustedNotes(call: Call, surroundings: Surroundings): Promise<readonly string[]> {
  const notes: string[] = [];
  const [files, keys] = [call.texts('from'), call.texts('vkey')];
  if (files.length === 0 && keys.length === 0) return notes;
  const { isCheckpointNote, wrongVerifierKey } = await import('../../../app/verify-elsewhere.ts');
  const wrong = wrongVerifierKey(keys);
  if (wrong !== undefined) {
    throw usageFailure(
      `\`${wrong.slice(0, 120)}\` is no verifier key of a log`,
      '`sluice ledger checkpoint` tells the key; copy all of it',
    );
  }
  for (const file of files) {
    const note = await readLocalText(file, surroundings);
    if (!isCheckpointNote(note)) {
      throw usageFailure(
        `\`${file}\` holds no checkpoint`,
        'name a file into which `sluice ledger checkpoint` was written',
      );
    }
    notes.push(note);
  }
  return notes;
}

/** Verifies the ledger, or what was made of one. */
export const verifyLedger: Perform = async (call, surroundings) => {
  const notes = await trustedNotes(call, surroundings);
  const [place] = call.args;
  const isOther = place !== undefined && !(await isDataFolder(place, surroundings));
  if (isOther) return verifyPlace(call, surroundings, place, notes);
  const keys = call.texts('vkey');
  const there: Call =
    place === undefined
      ? call
      : { ...call, text: (name) => (name === 'data' ? place : call.text(name)) };
  const folder = dataFolder(there, surroundings);
  const { existsSync } = await import('node:fs');
  // Opening a folder that is not there makes one, and a ledger of nothing is valid. One whose store was
  // lost has its keys still, and is told as what it is.
  if (!existsSync(folder)) {
    throw usageFailure(`there is no data folder \`${folder}\``, 'name another with `--data`');
  }
  const report = await withApplication(there, surroundings, ({ ledger }) =>
    ledger.verify({
      notes,
      anchorPlaces: call.texts('anchor').map((path) => resolve(surroundings.workingFolder, path)),
      witnesses: call.texts('witness'),
      ...(keys.length === 0 ? {} : { verifierKeys: keys }),
    }),
  );
  const sentence = [sentenceOf(report), ...vouchers(report)].join('\n');
  printDone(call, surroundings, sentence, documentOf(report));
  return report.verdict === 'broken' ? exitCodes.failed : exitCodes.success;
};
