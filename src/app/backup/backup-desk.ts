/** What is asked of backups without a data folder being open: whether one is whole, and to restore it. */
import { systemVerifier } from '../../adapters/system/key-file-signer.ts';
import { systemHasher } from '../../adapters/system/system-sealer.ts';
import { type CheckedBackup, type CheckRequest, checkBackup } from './check-backup.ts';
import { restoreBackup, type Restored, type RestoreRequest } from './restore-backup.ts';

/** Checks and restores backups. */
export interface BackupDesk {
  /** Throws `backup.damaged` when it is not as it was made. */
  check(request: CheckRequest): Promise<CheckedBackup>;
  /** Throws `backup.loses-entries` and more; what was there before stays then as it was. */
  restore(request: Omit<RestoreRequest, 'actor' | 'tenant' | 'clock'>): Promise<Restored>;
}

/** Returns the desk of this machine. */
export function createBackupDesk(): BackupDesk {
  const checks = { hasher: systemHasher, verifier: systemVerifier };
  return {
    check: (request) => checkBackup(checks, request),
    restore: (request) =>
      restoreBackup(checks, { ...request, actor: 'user:local', tenant: 'main', clock: Date }),
  };
}
