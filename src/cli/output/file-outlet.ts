/** Output into a file: written beside its place and put there when it is whole. */
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import type { Outlet } from '../command.ts';
import { usageFailure } from '../parse-arguments.ts';

/** Returns the failure for a place of which the system said that it cannot be written. */
export function unwritable(path: string, error: Error): Error {
  const code = 'code' in error ? String(error.code) : 'unknown';
  return usageFailure(
    `cannot write \`${path}\` (${code})`,
    'check the path and the room on the disk',
  );
}

/** Calls `use` with an outlet into the file `path`, which is there once all of it is durable. */
export async function withFileOutlet(
  path: string,
  use: (outlet: Outlet) => Promise<void>,
): Promise<void> {
  const half = `${path}.part`;
  const stream = createWriteStream(half, { mode: 0o600, flush: true });
  let trouble: Error | undefined;
  stream.on('error', (error) => {
    trouble = error;
  });
  const settle = async (): Promise<boolean> => {
    if (trouble === undefined && stream.writableNeedDrain) {
      await new Promise<void>((resolve) => {
        const done = (): void => {
          for (const event of ['drain', 'error', 'close']) stream.off(event, done);
          resolve();
        };
        for (const event of ['drain', 'error', 'close']) stream.once(event, done);
      });
    }
    return trouble === undefined;
  };
  try {
    await use({
      write: (content) => {
        if (trouble === undefined) stream.write(content);
      },
      settle,
      isTerminal: false,
      columns: 0,
      rows: 0,
    });
    await new Promise<void>((resolve) => {
      stream.once('close', resolve);
      stream.end();
    });
    if (trouble !== undefined) throw trouble;
    await rename(half, path);
  } catch (error) {
    stream.destroy();
    await rm(half, { force: true });
    if (trouble === undefined || error !== trouble) throw error;
    throw unwritable(path, trouble);
  }
}
