/**
 * The side of the committing thread: a connection of its own to the same file, which commits what it is
 * sent and answers when that is on the disk. Writes come as text, because a text crosses between threads
 * at the cost of copying it, and objects at the cost of describing each.
 */
import type { MessagePort } from 'node:worker_threads';
import { Failure } from '../../core/failure/index.ts';
import type { Sealer } from '../../ports/sealer.ts';
import type { Write } from '../../ports/store.ts';
import { type Committed, createCommits } from './commit-store.ts';
import { connect, type Driver, openDriver } from './open-store.ts';

/** Which file to write. */
export interface ThreadSettings {
  readonly path: string;
  readonly busyTimeoutMs: number;
}

/** What the thread is sent: one text for each write, or the word to end. */
export type ThreadRequest = readonly string[] | 'close';

/** A failure as it crosses between threads. */
export interface FailureNote {
  readonly code: string;
  readonly message: string;
  readonly help: string;
  readonly isRetryable: boolean;
}

/** What the thread answers; first of all that it is ready. */
export type ThreadAnswer =
  | 'ready'
  | (Committed & { readonly flushMs: number })
  | { readonly failure: FailureNote }
  | { readonly bug: string };

function noteOf(error: unknown): ThreadAnswer {
  if (!(error instanceof Failure))
    return { bug: error instanceof Error ? (error.stack ?? '') : String(error) };
  const { code, message, help, isRetryable } = error;
  return { failure: { code, message, help, isRetryable } };
}

/** Commits what comes through `port` until it is told to end. */
export function serveCommits(
  port: MessagePort,
  settings: ThreadSettings,
  sealer: Sealer,
  open: (path: string, busyTimeoutMs: number) => Driver = openDriver,
): void {
  const connection = connect(open(settings.path, settings.busyTimeoutMs), settings.path);
  const commits = createCommits(connection, sealer);
  const answer = (message: ThreadAnswer): void => port.postMessage(message);
  port.on('message', (request: ThreadRequest) => {
    if (request === 'close') {
      connection.close();
      port.close();
      return;
    }
    try {
      const committed = commits.commit(request.map((text) => JSON.parse(text) as Write));
      answer({ ...committed, flushMs: connection.flushMs() });
    } catch (error) {
      answer(noteOf(error));
    }
  });
  answer('ready');
}
