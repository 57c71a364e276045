/**
 * Sends server-sent events until they end, the client leaves, the server stops, or who asked for them may
 * not have them any more; a heartbeat shows life.
 *
 * INVARIANT: nobody gets events for longer than `lookEveryMs`, and what a look takes, after what they
 * signed in with was taken back.
 */
import { once } from 'node:events';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Failure } from '../../core/failure/index.ts';
import { eventText, heartbeat } from './event-stream.ts';
import { problemOf } from './problem.ts';
import type { Answer } from './route.ts';

const heartbeatMs = 15_000;
const lookEveryMs = 1_000;

/** When a stream ends before its events do. */
export interface StreamEnd {
  readonly stopping: AbortSignal;
  /** Returns why it has to end; undefined while it may go on. */
  readonly reason: () => Promise<Failure | undefined>;
}

/** Sends the events of `given`. */
export async function sendEvents(
  given: Answer,
  request: FastifyRequest,
  reply: FastifyReply,
  { stopping, reason }: StreamEnd,
): Promise<void> {
  const { raw } = reply;
  const headers = reply.getHeaders() as Record<string, string>;
  reply.hijack();
  raw.writeHead(given.status, {
    ...headers,
    ...given.headers,
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  let isEnded = false;
  const end = (why: unknown): void => {
    if (isEnded || raw.destroyed) return;
    isEnded = true;
    // It carries no id: who comes back goes on behind the last event that had one.
    const { document } = problemOf(why, String(request.id));
    raw.end(eventText({ event: 'closed', data: document }));
  };
  const look = async (): Promise<void> => {
    try {
      const why = await reason();
      if (why !== undefined) end(why);
    } catch (error) {
      // Who cannot be asked about is not sent anything; the client comes back.
      request.log.error({ err: error, requestId: request.id }, 'a stream could not be looked at');
      end(error);
    }
  };
  let looking: Promise<void> | undefined;
  const looks = setInterval(() => {
    looking ??= look().finally(() => {
      looking = undefined;
    });
  }, lookEveryMs);
  const alive = setInterval(() => isEnded || raw.write(heartbeat), heartbeatMs);
  const isOver = (): boolean => isEnded || raw.destroyed || stopping.aborted;
  try {
    for await (const event of given.events ?? []) {
      if (isOver()) break;
      if (!raw.write(eventText(event)))
        await Promise.race([once(raw, 'drain'), once(raw, 'close')]);
    }
  } catch (error) {
    request.log.error({ err: error, requestId: request.id }, 'a stream of events failed');
  } finally {
    clearInterval(looks);
    clearInterval(alive);
    if (!isEnded) raw.end();
  }
}
