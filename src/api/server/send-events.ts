/** Sends server-sent events until they end, the client leaves or the server stops; a heartbeat shows life. */
import { once } from 'node:events';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { eventText, heartbeat } from './event-stream.ts';
import type { Answer } from './route.ts';

const heartbeatMs = 15_000;

/** Sends the events of `given`. */
export async function sendEvents(
  given: Answer,
  request: FastifyRequest,
  reply: FastifyReply,
  stopping: AbortSignal,
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
  const timer = setInterval(() => raw.write(heartbeat), heartbeatMs);
  const isOver = (): boolean => raw.destroyed || stopping.aborted;
  try {
    for await (const event of given.events ?? []) {
      if (isOver()) break;
      if (!raw.write(eventText(event)))
        await Promise.race([once(raw, 'drain'), once(raw, 'close')]);
    }
  } catch (error) {
    request.log.error({ err: error, requestId: request.id }, 'a stream of events failed');
  } finally {
    clearInterval(timer);
    raw.end();
  }
}
