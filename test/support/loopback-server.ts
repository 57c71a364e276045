/** A real HTTP server on the loopback address, for tests of what goes over the network. */
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** A request that the server has received whole. */
export interface ReceivedRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What the server answers; with `hangs` nothing, with `stalls` without an end. */
export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly hangs?: boolean;
  readonly stalls?: boolean;
}

/** A running server. */
export interface LoopbackServer {
  /** `http://127.0.0.1:<port>`, without a slash at the end. */
  readonly url: string;
  /** What it has received, oldest first. */
  readonly requests: readonly ReceivedRequest[];
}

/** Starts a server that gives `answer` for each request; ends it with the test. */
export async function startLoopbackServer(
  answer: (request: ReceivedRequest) => Answer,
): Promise<LoopbackServer> {
  const requests: ReceivedRequest[] = [];
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const received: ReceivedRequest = {
        method: incoming.method ?? '',
        path: incoming.url ?? '',
        headers: incoming.headers,
        body: Buffer.concat(chunks).toString(),
      };
      requests.push(received);
      const {
        status = 200,
        headers = {},
        body = '',
        hangs = false,
        stalls = false,
      } = answer(received);
      if (hangs) return;
      outgoing.writeHead(status, headers);
      if (stalls) outgoing.write(body);
      else outgoing.end(body);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}
