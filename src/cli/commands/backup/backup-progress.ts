/** How far a backup or a restore is: one line on a terminal that is written over, nothing elsewhere. */
import type { BackupProgress } from '../../../app/backup/make-backup.ts';
import type { Call, Surroundings } from '../../command.ts';

const names = { store: 'store', files: 'files', check: 'checking' } as const;
const eraseLine = '\r\u001b[2K';
const atMostEveryMs = 50;

/** Calls `work` with what shows its progress, and wipes the line after. */
export async function withBackupProgress<T>(
  call: Call,
  surroundings: Surroundings,
  work: (onProgress: (progress: BackupProgress) => void) => Promise<T>,
): Promise<T> {
  const { err } = surroundings;
  if (!err.isTerminal || call.has('quiet')) return work(() => {});
  let shownAt = 0;
  try {
    return await work(({ part, done, total }) => {
      if (done < total && surroundings.now() - shownAt < atMostEveryMs) return;
      shownAt = surroundings.now();
      const percent = total === 0 ? 100 : Math.floor((done / total) * 100);
      err.write(`${eraseLine}${names[part]}: ${percent} % (${done} of ${total})`);
    });
  } finally {
    err.write(eraseLine);
  }
}
