/**
 * What is answered where a connection brings no request that could be read: not HTTP, two lengths, headers
 * without end, a body that does not arrive. The connection is closed, so that nothing is read of what
 * follows.
 *
 * INVARIANT: bytes whose place in the stream is not certain are never taken for another request.
 */
import type { Socket } from 'node:net';
import { Failure } from '../../core/failure/index.ts';
import { problemOf } from './problem.ts';

const lines: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  408: 'Request Timeout',
  431: 'Request Header Fields Too Large',
};

function failureOf(error: unknown): Failure {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'HPE_HEADER_OVERFLOW') {
    return new Failure('request.headers-too-large', 'the headers are too large', { cause: error });
  }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return new Failure('request.timed-out', 'the request did not arrive in time', { cause: error });
  }
  return new Failure('request.malformed', 'this is no HTTP', { cause: error });
}

/** Answers what could not be read, and closes the connection. */
export function answerBroken(error: unknown, socket: Socket): void {
  if (!socket.writable || ('code' in (error as object) && isReset(error))) {
    socket.destroy();
    return;
  }
  const { status, document } = problemOf(failureOf(error), 'none');
  const body = JSON.stringify(document);
  socket.end(
    [
      `HTTP/1.1 ${status} ${lines[status] ?? 'Bad Request'}`,
      'connection: close',
      'content-type: application/problem+json',
      `content-length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ].join('\r\n'),
  );
}

function isReset(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ECONNRESET';
}
