/** `sluice restore`. */
import { resolve } from 'node:path';
import type { Loss } from '../../../app/backup/compare-ledgers.ts';
import type { Restored } from '../../../app/backup/restore-backup.ts';
import { Failure } from '../../../core/failure/index.ts';
import type { Call, Perform, Surroundings } from '../../command.ts';
import { dataFolder } from '../../data-folder.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { json } from '../../output/json.ts';
import { oneLine } from '../../output/terminal-text.ts';
import { withBackupProgress } from './backup-progress.ts';
import { counted } from './make-backup.ts';
import { readCheck } from './verify-backup.ts';

const namesMax = 10;

function timeOf(at: number): string {
  return new Date(at).toISOString();
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, namesMax).map(oneLine).join(', ');
  return names.length > namesMax ? `${shown} and ${names.length - namesMax} more` : shown;
}

function countsText(counts: Loss['types']): string {
  return listed(counts.map(({ name, count }) => `${name} ${count}`));
}

/** Returns what would be lost, line by line. */
function lossLines(loss: Loss): readonly string[] {
  const { entryCount, firstSeq, lastSeq, from, to, types, actors } = loss;
  const { executions, flows, erasures } = loss;
  return [
    `lost: ${counted(entryCount, 'entry', 'entries')}, ${firstSeq} to ${lastSeq}, from ${timeOf(from)} to ${timeOf(to)}`,
    `  by type: ${countsText(types)}`,
    `  by actor: ${countsText(actors)}`,
    ...(executions.length === 0
      ? []
      : [`  executions (${executions.length}): ${listed(executions)}`]),
    ...(flows.length === 0 ? [] : [`  flows (${flows.length}): ${listed(flows)}`]),
    ...(erasures.length === 0
      ? []
      : [
          `  erasures (${erasures.length}), what they erased may come back: ${listed(erasures.map(({ seq, type }) => `entry ${seq} ${type}`))}`,
        ]),
  ];
}

function restoredLines(done: Restored, isDryRun: boolean): readonly string[] {
  const { backup, loss, unreadable, keptAside, missingKeys } = done;
  const { size } = backup.manifest.ledger;
  const what = `${counted(size, 'entry', 'entries')} of ${backup.manifest.at}`;
  return [
    isDryRun
      ? `would restore ${what} to ${done.dataFolder}`
      : `restored ${what} to ${done.dataFolder}`,
    ...(loss === undefined ? [] : lossLines(loss)),
    ...(unreadable === undefined ? [] : [`lost: nobody can tell, because ${unreadable}`]),
    ...(loss === undefined && unreadable === undefined ? ['lost: nothing'] : []),
    ...(backup.newerCheckpoint === undefined
      ? []
      : [`older than the checkpoint of ${backup.newerCheckpoint} entries`]),
    ...(missingKeys.length === 0 ? [] : [`not at hand: ${missingKeys.join(' and ')}`]),
    ...(keptAside === undefined ? [] : [`the former data folder is kept as ${keptAside}`]),
  ];
}

function documentOf({ backup, ...rest }: Restored): Readonly<Record<string, unknown>> {
  const { manifest, digest, newerCheckpoint } = backup;
  const { at, origin, ledger } = manifest;
  const newer = newerCheckpoint === undefined ? {} : { newerCheckpoint };
  return {
    ...rest,
    backup: { path: backup.path, digest, at, origin, size: ledger.size, ...newer },
  };
}

/** Shows what would be lost before the sentence that refuses says that it would. */
function showLoss(error: unknown, call: Call, { err }: Surroundings): void {
  if (!(error instanceof Failure) || call.text('output') === 'json') return;
  const { loss } = error.details as { loss?: Loss };
  if (loss !== undefined) err.write(`${lossLines(loss).join('\n')}\n`);
}

/** Restores a backup. */
export const restoreBackup: Perform = async (call, surroundings) => {
  const check = await readCheck(call, surroundings);
  const desk = await surroundings.loadBackupDesk();
  const isDryRun = call.has('dry-run');
  const keys = call.text('keys');
  try {
    const done = await withBackupProgress(call, surroundings, (onProgress) =>
      desk.restore({
        ...check,
        onProgress,
        isDryRun,
        dataFolder: dataFolder(call, surroundings),
        discardsNewer: call.has('discard-newer'),
        acceptsErased: call.has('accept-erased'),
        withoutKeys: call.has('without-keys'),
        ...(keys === undefined ? {} : { keysFolder: resolve(surroundings.workingFolder, keys) }),
      }),
    );
    if (call.text('output') === 'json') surroundings.out.write(json(documentOf(done)));
    else if (!call.has('quiet')) {
      surroundings.out.write(`${restoredLines(done, isDryRun).join('\n')}\n`);
    }
    return exitCodes.success;
  } catch (error) {
    showLoss(error, call, surroundings);
    throw error;
  }
};
