/** Calls of the command line over a data folder, each a process of its own. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';

/** How a call ended. */
export interface EndedCall {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

const main = join(import.meta.dirname, '../../src/cli/main.ts');

/** Returns what calls `sluice` over `dataFolder`. */
export function callCommandLine(
  dataFolder: string,
): (...words: readonly string[]) => Promise<EndedCall> {
  return (...words) =>
    new Promise((resolve) => {
      execFile(process.execPath, [main, ...words, '--data', dataFolder], (error, out, err) => {
        resolve({ code: error === null ? 0 : Number(error.code), out, err });
      });
    });
}
