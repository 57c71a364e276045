/**
 * Fetching over the network for tasks. The name in a URL is resolved once, every address it has is
 * judged, and the connection goes to one of the addresses that were judged: a name that answers
 * differently the second time gains nothing. Each redirect passes the same gate.
 *
 * INVARIANT: no byte is sent to a private, local or metadata address unless the configuration names the
 * host; no credentials go to another origin; an answer has a bound in time and, unpacked, in size.
 */
import type { IncomingMessage } from 'node:http';
import { isIP, type LookupFunction } from 'node:net';
import { Readable, Transform } from 'node:stream';
import { Failure } from '../../core/failure/index.ts';
import type { Fetch } from '../../ports/fetch.ts';
import { checkName, isAllowed, judgedAddresses, refused, resolveByMachine } from './judge-host.ts';

/** How fetching is guarded. */
export interface GuardedFetchOptions {
  /** Hosts (`localhost`, `10.0.0.7:8080`) that may be private or local; true: all of them. */
  readonly allowPrivate?: boolean | readonly string[];
  /** From the call to the last byte of the answer. */
  readonly timeoutMs?: number;
  /** The most bytes of an answer, unpacked. */
  readonly bodyBytesMax?: number;
  /** Resolves a name to its addresses; for tests. */
  readonly resolve?: (name: string) => Promise<readonly string[]>;
}

/** The options with nothing left out. */
export interface Limits {
  readonly allowPrivate: boolean | readonly string[];
  readonly timeoutMs: number;
  readonly bodyBytesMax: number;
  readonly resolve: (name: string) => Promise<readonly string[]>;
}

/** One request on its way, from redirect to redirect. */
export interface Hop {
  readonly url: URL;
  readonly method: string;
  readonly headers: Headers;
  readonly body: Uint8Array | undefined;
  /** Whether this hop may go to a private address. */
  readonly mayBePrivate: boolean;
}

const redirectMax = 3;
const redirectStatuses = new Set([301, 302, 303, 307, 308]);
const bodilessStatuses = new Set([204, 205, 304]);
/** What is meant for one origin only: what another could use to act in the sender's name, and its name. */
const credentialHeaders = ['authorization', 'cookie', 'proxy-authorization', 'x-api-key', 'host'];
/** What belongs to the connection, which is ours. */
const connectionHeaders =
  'connection content-length expect keep-alive te trailer transfer-encoding upgrade'.split(' ');

function checkUrl(url: URL): void {
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw refused(url.protocol, 'only `http` and `https` are fetched');
  }
  if (url.username !== '' || url.password !== '') {
    throw refused(url.host, 'credentials in a URL end up in logs; send a header instead');
  }
  checkName(url);
}

/** Returns a look-up that knows only the addresses that were judged. */
function pinnedLookup(addresses: readonly string[]): LookupFunction {
  const all = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_name, options, callback) => {
    const [first] = all;
    if (options.all === true) callback(null, all);
    else callback(null, first?.address ?? '', first?.family ?? 4);
  };
}

/** Sends one hop; gives the answer's head, its body still to be read. */
async function send(
  hop: Hop,
  addresses: readonly string[],
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const { url, method, headers, body } = hop;
  // Loaded at the first use: most runs of the command line fetch nothing.
  const client = await (url.protocol === 'https:' ? import('node:https') : import('node:http'));
  return new Promise((resolve, reject) => {
    const request = client.request(url, {
      method,
      signal,
      // An agent of its own: no connection is taken over from a request that was judged by other rules,
      // and no proxy of the environment comes between.
      agent: new client.Agent({ keepAlive: false }),
      headers: {
        accept: '*/*',
        'user-agent': 'sluice',
        'accept-encoding': 'gzip, deflate, br',
        ...Object.fromEntries(headers),
        ...(body === undefined ? {} : { 'content-length': String(body.length) }),
      },
      lookup: pinnedLookup(addresses),
    });
    request.once('response', resolve);
    request.once('error', reject);
    request.end(body);
  });
}

/** Returns the streams that unpack what was packed by `encodings`, in the order in which they are needed. */
async function unpackersOf(encodings: readonly string[], host: string): Promise<Transform[]> {
  if (encodings.length === 0) return [];
  const zlib = await import('node:zlib');
  const makers: Readonly<Record<string, () => Transform>> = {
    gzip: zlib.createGunzip,
    'x-gzip': zlib.createGunzip,
    deflate: zlib.createInflate,
    br: zlib.createBrotliDecompress,
    zstd: zlib.createZstdDecompress,
  };
  return encodings.toReversed().map((encoding) => {
    const make = Object.hasOwn(makers, encoding) ? makers[encoding] : undefined;
    if (make !== undefined && encodings.length <= 2) return make();
    throw new Failure('http.unreachable', `the answer of \`${host}\` is packed in an unknown way`, {
      isRetryable: false,
    });
  });
}

/** Returns the body of an answer, unpacked and bounded. */
async function bodyOf(
  answer: IncomingMessage,
  host: string,
  limits: Limits,
): Promise<ReadableStream> {
  const encodings = (answer.headers['content-encoding'] ?? '')
    .split(',')
    .map((one) => one.trim().toLowerCase())
    .filter((one) => one !== '' && one !== 'identity');
  const tooLarge = new Failure(
    'http.unreachable',
    `the answer of \`${host}\` is larger than ${limits.bodyBytesMax} bytes`,
    { isRetryable: false, help: 'fetch less at a time' },
  );
  let size = 0;
  const bound = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      done(size > limits.bodyBytesMax ? tooLarge : null, chunk);
    },
  });
  const steps = await unpackersOf(encodings, host);
  // It may have broken off meanwhile; a stream that is gone would neither end nor fail again.
  if (answer.destroyed && !answer.readableEnded) {
    throw new Failure('http.unreachable', `the answer of \`${host}\` broke off`);
  }
  const failing = (error: Error, to: Transform): void => {
    to.destroy(
      error instanceof Failure
        ? error
        : new Failure('http.unreachable', `the answer of \`${host}\` broke off`, { cause: error }),
    );
  };
  let from: Readable = answer;
  for (const to of [...steps, bound]) {
    const before = from;
    before.once('error', (error) => failing(error, to));
    to.once('close', () => before.destroy());
    from = before.pipe(to);
  }
  return Readable.toWeb(from) as ReadableStream;
}

function headersOf(answer: IncomingMessage): Headers {
  const headers = new Headers();
  for (let index = 0; index + 1 < answer.rawHeaders.length; index += 2) {
    headers.append(answer.rawHeaders[index] ?? '', answer.rawHeaders[index + 1] ?? '');
  }
  return headers;
}

async function responseOf(
  answer: IncomingMessage,
  hop: Hop,
  isRedirected: boolean,
  limits: Limits,
): Promise<Response> {
  const status = answer.statusCode ?? 0;
  const isBodiless = hop.method === 'HEAD' || bodilessStatuses.has(status);
  if (status < 200 || status > 599) {
    answer.destroy();
    throw new Failure('http.unreachable', `\`${hop.url.host}\` answers with the status ${status}`);
  }
  if (isBodiless) answer.resume();
  const response = new Response(isBodiless ? null : await bodyOf(answer, hop.url.host, limits), {
    status,
    statusText: answer.statusMessage ?? '',
    headers: headersOf(answer),
  });
  // A response made by hand knows neither; readers of `fetch` expect both.
  Object.defineProperty(response, 'url', { value: hop.url.href });
  Object.defineProperty(response, 'redirected', { value: isRedirected });
  return response;
}

/** Returns the hop that a redirect asks for; throws when it is not to be followed. */
export function nextHop(hop: Hop, status: number, location: string, limits: Limits): Hop {
  const url = URL.canParse(location, hop.url) ? new URL(location, hop.url) : undefined;
  if (url === undefined) {
    throw new Failure('http.unreachable', `\`${hop.url.host}\` redirects to what is no URL`);
  }
  checkUrl(url);
  if (hop.url.protocol === 'https:' && url.protocol === 'http:') {
    throw refused(url.host, 'a redirect leads from `https` to `http`');
  }
  const headers = new Headers(hop.headers);
  if (url.origin !== hop.url.origin) for (const name of credentialHeaders) headers.delete(name);
  const becomesGet =
    (status === 303 && hop.method !== 'HEAD') ||
    ((status === 301 || status === 302) && hop.method === 'POST');
  if (becomesGet) {
    const names = Array.from(headers.keys()).filter((name) => name.startsWith('content-'));
    for (const name of names) headers.delete(name);
  }
  return {
    url,
    method: becomesGet ? 'GET' : hop.method,
    headers,
    body: becomesGet ? undefined : hop.body,
    // A public host must not lead inside, not even to a private host that flows may call by name.
    mayBePrivate: hop.mayBePrivate && isAllowed(url, limits.allowPrivate),
  };
}

/** Codes of connections that never came to be. */
const unconnected = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

/** Returns `failure` as one of which it is certain that nothing was sent before it. */
function unsent(failure: Failure): Failure {
  const { code, message, help, isRetryable, cause, details } = failure;
  const more = { help, isRetryable, ...(cause !== undefined && { cause }) };
  return new Failure(code, message, { ...more, details: { ...details, isSent: false } });
}

async function follow(
  first: Hop,
  redirect: Request['redirect'],
  signal: AbortSignal,
  limits: Limits,
) {
  let hop = first;
  for (let redirects = 0; ; redirects += 1) {
    const notYet = (error: unknown): never => {
      const { code = '' } = error as NodeJS.ErrnoException;
      if (redirects > 0) throw error;
      if (error instanceof Failure) throw unsent(error);
      if (!unconnected.has(code)) throw error;
      throw unsent(unreached(first.url, `could not be reached (${code})`, error));
    };
    const addresses = await judgedAddresses(hop.url, hop.mayBePrivate, limits.resolve).catch(
      notYet,
    );
    const answer = await send(hop, addresses, signal).catch((error: unknown) => {
      // What a failure says once something is sent, it says of the answer.
      if (error instanceof Failure) throw error;
      return notYet(error);
    });
    const { location } = answer.headers;
    const status = answer.statusCode ?? 0;
    if (redirect === 'manual' || location === undefined || !redirectStatuses.has(status)) {
      return responseOf(answer, hop, redirects > 0, limits);
    }
    answer.destroy();
    if (redirect === 'error' || redirects === redirectMax) {
      const why = redirect === 'error' ? 'redirects' : `redirects more than ${redirectMax} times`;
      throw new Failure('http.unreachable', `\`${first.url.host}\` ${why}`, { isRetryable: false });
    }
    hop = nextHop(hop, status, location, limits);
  }
}

function unreached({ host }: URL, why: string, cause: unknown): Failure {
  return new Failure('http.unreachable', `the host \`${host}\` ${why}`, { cause });
}

/** Returns a `fetch` that refuses addresses a task must not reach. Trouble on the way is a `Failure`. */
export function createGuardedFetch(options: GuardedFetchOptions = {}): Fetch {
  const limits: Limits = {
    allowPrivate: options.allowPrivate ?? false,
    timeoutMs: options.timeoutMs ?? 120_000,
    bodyBytesMax: options.bodyBytesMax ?? 256 * 1024 * 1024,
    resolve: options.resolve ?? resolveByMachine,
  };
  return async (input, init) => {
    const text = input instanceof Request ? input.url : String(input);
    if (!URL.canParse(text)) throw refused(text, 'it is no URL');
    const url = new URL(text);
    // Before the platform sees it: its own complaint would repeat the credentials.
    checkUrl(url);
    const request = new Request(input, init);
    const timeout = AbortSignal.timeout(limits.timeoutMs);
    const signal = AbortSignal.any([request.signal, timeout]);
    try {
      signal.throwIfAborted();
      const headers = new Headers(request.headers);
      for (const name of connectionHeaders) headers.delete(name);
      const hop: Hop = {
        url,
        method: request.method,
        headers,
        body: request.body === null ? undefined : new Uint8Array(await request.arrayBuffer()),
        mayBePrivate: isAllowed(url, limits.allowPrivate),
      };
      return await follow(hop, request.redirect, signal, limits);
    } catch (error) {
      if (error instanceof Failure) throw error;
      if (request.signal.aborted) throw request.signal.reason;
      const why = timeout.aborted
        ? `did not answer within ${limits.timeoutMs} ms`
        : `could not be reached (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`;
      throw unreached(url, why, error);
    }
  };
}
