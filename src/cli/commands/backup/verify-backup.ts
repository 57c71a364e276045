/** `sluice backup verify`. */
import { resolve } from 'node:path';
import type { Call, Perform, Surroundings } from '../../command.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { printDone } from '../../print-rows.ts';
import { readLocalText } from '../../read-local-file.ts';
import { withBackupProgress } from './backup-progress.ts';
import { bytesText, counted } from './make-backup.ts';

/** Returns which backup a call names and what it is checked against. */
export async function readCheck(call: Call, surroundings: Surroundings) {
  const notes: string[] = [];
  for (const file of call.texts('from')) notes.push(await readLocalText(file, surroundings));
  const path = resolve(surroundings.workingFolder, call.args[0] ?? '');
  return { path, notes, verifierKeys: call.texts('vkey') };
}

/** Verifies a backup. */
export const verifyBackup: Perform = async (call, surroundings) => {
  const check = await readCheck(call, surroundings);
  const desk = await surroundings.loadBackupDesk();
  const { manifest, digest, bytes, verdict, path, newerCheckpoint } = await withBackupProgress(
    call,
    surroundings,
    (onProgress) => desk.check({ ...check, onProgress }),
  );
  const { at, by, origin, verifierKey, ledger, files, hasKeys, missing, replaced } = manifest;
  const isOlder = newerCheckpoint !== undefined;
  const what = `${counted(ledger.size, 'entry', 'entries')}, ${counted(files.length, 'file', 'files')}, ${bytesText(bytes)}, made ${at} by ${by}, ${hasKeys ? 'with' : 'without'} keys`;
  const sentence = isOlder
    ? `older: the backup has ${ledger.size} entries, a checkpoint of ${newerCheckpoint} was signed`
    : `${verdict.verdict}: ${what}`;
  printDone(call, surroundings, sentence, {
    verdict: isOlder ? 'older' : verdict.verdict,
    ...(isOlder ? { newerCheckpoint } : {}),
    path,
    at,
    by,
    origin,
    verifierKey,
    digest,
    bytes,
    files: files.length,
    size: ledger.size,
    checkpoint: ledger.checkpoint,
    hasKeys,
    missing,
    replaced,
  });
  return isOlder ? exitCodes.failed : exitCodes.success;
};
