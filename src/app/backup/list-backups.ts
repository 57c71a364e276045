/** The folder in which the server keeps backups that are asked for over the API: what is in it, and the next name. */
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Failure } from '../../core/failure/index.ts';
import type { Application } from '../application.ts';
import { type BackupManifest, manifestNames } from './backup-manifest.ts';
import { hasCode } from './durable-files.ts';

/** A backup as lists tell of it; nothing of it was checked. */
export interface BackupSummary {
  readonly name: string;
  /** When, as RFC 3339. */
  readonly at: string;
  /** Handle of who made it. */
  readonly by: string;
  readonly ledgerSize: number;
  readonly files: number;
  readonly bytes: number;
  readonly hasKeys: boolean;
}

/** Keeps backups in a folder. */
export interface BackupShelf {
  /** Returns what is there, the newest first. */
  list(): Promise<readonly BackupSummary[]>;
  /** Makes one as the actor of `view`; throws `backup.impossible`. */
  make(view: Pick<Application, 'backup'>, withKeys: boolean): Promise<BackupSummary>;
}

function summaryOf(name: string, manifest: BackupManifest): BackupSummary {
  const { at, by, ledger, files, hasKeys } = manifest;
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  return { name, at, by, ledgerSize: ledger.size, files: files.length, bytes, hasKeys };
}

async function read(folder: string, name: string): Promise<BackupSummary | undefined> {
  try {
    const text = await readFile(join(folder, name, manifestNames.manifest), 'utf8');
    return summaryOf(name, JSON.parse(text) as BackupManifest);
  } catch (error) {
    // What is not whole has no manifest, and anything else in the folder is none of ours.
    if (hasCode(error, 'ENOENT') || hasCode(error, 'ENOTDIR')) return undefined;
    throw new Failure('backup.damaged', `the backup \`${name}\` cannot be read`, { cause: error });
  }
}

/** Returns the shelf in `folder`; without one, a shelf that says how to get one. */
export function createBackupShelf(
  folder: string | undefined,
  clock: { now(): number },
): BackupShelf {
  const place = (): string => {
    if (folder !== undefined) return resolve(folder);
    throw new Failure('backup.impossible', 'the server has no folder for backups', {
      help: 'set `backups.folder` in the configuration, best to another disk',
    });
  };
  return {
    async list() {
      const shelf = place();
      let names: readonly string[] = [];
      try {
        names = await readdir(shelf);
      } catch (error) {
        if (!hasCode(error, 'ENOENT')) {
          throw new Failure('backup.impossible', 'the folder for backups cannot be read', {
            cause: error,
          });
        }
      }
      const found = await Promise.all(names.map((name) => read(shelf, name)));
      return found
        .filter((one) => one !== undefined)
        .toSorted((a, b) => (a.at < b.at ? 1 : Number(a.at > b.at) * -1));
    },
    async make(view, withKeys) {
      const stamp = new Date(clock.now()).toISOString().replaceAll(/[:.]/g, '-');
      const name = `sluice-${stamp}`;
      const { manifest } = await view.backup({ destination: join(place(), name), withKeys });
      return summaryOf(name, manifest);
    },
  };
}
