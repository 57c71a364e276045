/**
 * Commits in a thread beside this one: writes go there as text, and are answered when they are on the
 * disk, while this thread goes on. The thread has a connection of its own and shares nothing else.
 *
 * INVARIANT: one commit at a time is under way; whoever is not answered does not know whether it is durable.
 */
import { Worker } from 'node:worker_threads';
import { Failure } from '../../core/failure/index.ts';
import type { FailureCode } from '../../core/failure/index.ts';
import type { Write } from '../../ports/store.ts';
import type { Committed } from './commit-store.ts';
import type { FailureNote, ThreadAnswer, ThreadRequest, ThreadSettings } from './serve-store.ts';

/** A committing thread. */
export interface CommitThread {
  /** True from when it answers until it ends. */
  readonly isReady: boolean;
  /** Resolves when it is ready; rejects when it ends before. */
  readonly ready: Promise<void>;
  /** Commits writes that `writeTexts` made. */
  commit(texts: readonly string[]): Promise<Committed & { readonly flushMs: number }>;
  close(): Promise<void>;
}

/** Returns `writes` as the thread reads them; undefined when they are too long for texts. */
export function writeTexts(writes: readonly Write[]): readonly string[] | undefined {
  try {
    return writes.map((write) => JSON.stringify(write));
  } catch (error) {
    // What is too long for one text fits into the store field by field.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function failureOf({ code, ...note }: FailureNote): Failure {
  const { message, help, isRetryable } = note;
  return new Failure(code as FailureCode, message, { help, isRetryable });
}

interface Waiting {
  readonly resolve: (committed: Committed & { readonly flushMs: number }) => void;
  readonly reject: (error: Error) => void;
}

/** Starts a thread that runs the module `script`, which calls `serveCommits`. */
export function startCommitThread(script: URL, settings: ThreadSettings): CommitThread {
  const worker = new Worker(script, { workerData: settings });
  let isReady = false;
  let hasEnded = false;
  let waiting: Waiting | undefined;
  const exited = new Promise<void>((resolve) => {
    worker.once('exit', () => resolve());
  });
  const started = Promise.withResolvers<void>();
  // Who does not wait for it hears of its end by `isReady`.
  started.promise.catch(() => undefined);
  const take = (): Waiting | undefined => {
    const taken = waiting;
    waiting = undefined;
    worker.unref();
    return taken;
  };
  const end = (cause: unknown): void => {
    isReady = false;
    hasEnded = true;
    const message = 'the thread that writes the store has ended';
    const failure = new Failure('store.unreachable', message, { cause });
    started.reject(failure);
    take()?.reject(failure);
  };
  worker.on('error', end);
  worker.on('exit', (code) => end(new Error(`exit code ${code}`)));
  worker.on('message', (answer: ThreadAnswer) => {
    if (answer === 'ready') {
      isReady = true;
      started.resolve();
    } else if ('bug' in answer) take()?.reject(new Error(answer.bug));
    else if ('failure' in answer) take()?.reject(failureOf(answer.failure));
    else take()?.resolve(answer);
  });
  // The process may end while nothing is under way.
  worker.unref();
  const send = (request: ThreadRequest): void => worker.postMessage(request);
  return {
    get isReady() {
      return isReady;
    },
    ready: started.promise,
    commit: (texts) =>
      new Promise((resolve, reject) => {
        waiting = { resolve, reject };
        worker.ref();
        send(texts);
      }),
    async close() {
      if (hasEnded) return;
      worker.ref();
      send('close');
      await exited;
    },
  };
}
