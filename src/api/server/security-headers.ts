/**
 * Headers that keep browsers from doing harm, and the two checks that browsers make possible: a page of
 * another site may not send requests, and a name that somebody else points at this machine is not ours.
 */
import type { FastifyRequest } from 'fastify';
import { Failure } from '../../core/failure/index.ts';

/** Which pages may use the server. */
export interface OriginRules {
  /** Origins whose pages may; none by default. */
  readonly allowed: readonly string[];
  /** Origins of the server's own pages. */
  readonly own: () => readonly string[];
  /** Names under which the server is reached; empty: any. */
  readonly hosts: readonly string[];
}

/** Returns the headers of every answer. */
export function securityHeaders(url: string): Record<string, string> {
  return {
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': 'no-store',
    ...(url.startsWith('https:') && {
      'strict-transport-security': 'max-age=31536000; includeSubDomains',
    }),
  };
}

/** Throws `request.malformed` for a header that decides and is there twice: Node keeps the first, a proxy before it perhaps the other. */
export function refuseDoubled({ raw: { rawHeaders } }: FastifyRequest): void {
  const names = rawHeaders.filter((_, at) => at % 2 === 0).map((name) => name.toLowerCase());
  for (const name of ['host', 'authorization', 'origin']) {
    if (names.indexOf(name) !== names.lastIndexOf(name)) {
      throw new Failure('request.malformed', `the header \`${name}\` is there more than once`);
    }
  }
}

function nameOf(host: string): string {
  return host.replace(/:\d+$/, '').toLowerCase();
}

/** Returns headers that let the page of an allowed origin read the answer; throws `access.denied` for others that would change something. */
export function guardOrigin(rules: OriginRules, request: FastifyRequest): Record<string, string> {
  const { origin, host } = request.headers;
  if (host === undefined) throw new Failure('request.malformed', 'the header `Host` is missing');
  if (rules.hosts.length > 0 && !rules.hosts.includes(nameOf(host))) {
    throw new Failure('access.denied', 'the server is not reached under this name', {
      help: 'set `server.url` or `server.hosts` to the name that you use',
    });
  }
  if (origin !== undefined && rules.allowed.includes(origin)) {
    return {
      'access-control-allow-origin': origin,
      'access-control-allow-methods': 'GET, POST, PUT, PATCH, DELETE',
      'access-control-allow-headers':
        'authorization, content-type, idempotency-key, if-match, last-event-id',
      'access-control-expose-headers': 'etag, x-request-id, retry-after',
      'access-control-max-age': '600',
      vary: 'origin',
    };
  }
  const site = request.headers['sec-fetch-site'];
  // Browsers that do not say where a page is from still say whose it is.
  const isForeign = site === undefined && origin !== undefined && !rules.own().includes(origin);
  const isElsewhere = site === 'cross-site' || site === 'same-site' || isForeign;
  if (isElsewhere && request.method !== 'GET') {
    throw new Failure('access.denied', 'a page of another site may not send this', {
      help: 'add its origin to `server.corsOrigins` if it may',
    });
  }
  return {};
}
