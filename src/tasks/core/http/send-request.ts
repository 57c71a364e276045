/**
 * Sends a request and waits for the answer to begin. What goes wrong on the way becomes a failure that
 * names the host and never the query or a header, since those may hold secrets.
 */
import { posix } from 'node:path';
import { Failure } from '../../../core/failure/index.ts';
import type { TaskContext } from '../../../ports/task-context.ts';
import { parseDuration } from '../parse-duration.ts';
import type { RequestProperties } from './request-properties.ts';

/** How long an answer may stop flowing when nothing else is said. */
const idleTimeDefault = 'PT5M';

function readAddress({ uri, params = {} }: RequestProperties): URL {
  const address = URL.parse(uri);
  if (address === null || !/^https?:$/.test(address.protocol)) {
    throw new Failure('task.input-invalid', '`uri` is no `http` or `https` address');
  }
  if (address.username !== '' || address.password !== '') {
    throw new Failure('task.input-invalid', '`uri` holds a name or password', {
      help: 'give them in `options.auth`',
    });
  }
  for (const [name, value] of Object.entries(params)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      address.searchParams.append(name, String(one));
    }
  }
  return address;
}

function authorization({ options }: RequestProperties): string | undefined {
  const { type, token } = options.auth ?? {};
  const username = options.auth?.username ?? options.basicAuthUser;
  const password = options.auth?.password ?? options.basicAuthPassword;
  if (type === 'BEARER' || (type === undefined && token !== undefined)) {
    if (token === undefined) throw new Failure('task.input-invalid', '`auth` has no `token`');
    return `Bearer ${token}`;
  }
  if (username === undefined && type === undefined) return undefined;
  if (username === undefined || password === undefined) {
    throw new Failure('task.input-invalid', '`auth` needs both `username` and `password`');
  }
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

function isUri(text: string): boolean {
  return /^(kestra|nsfile):\/\//.test(text);
}

type FormValue = NonNullable<RequestProperties['formData']>[string];

function isFile(value: FormValue): value is string | { name: string; content: string } {
  return typeof value === 'object' || (typeof value === 'string' && isUri(value));
}

async function readForm(
  fields: NonNullable<RequestProperties['formData']>,
  contentType: string | undefined,
  context: TaskContext,
): Promise<FormData | URLSearchParams> {
  const isMultipart =
    contentType?.startsWith('multipart/') === true || Object.values(fields).some(isFile);
  if (!isMultipart) {
    return new URLSearchParams(
      Object.entries(fields).map(([name, value]) => [name, String(value as string)]),
    );
  }
  const form = new FormData();
  for (const [field, value] of Object.entries(fields)) {
    if (!isFile(value)) {
      form.append(field, String(value));
      continue;
    }
    const { name, content } =
      typeof value === 'string' ? { name: posix.basename(value), content: value } : value;
    // Copied, because a blob takes only memory of its own.
    const bytes = isUri(content) ? new Uint8Array(await context.files.read(content)) : content;
    form.append(field, new Blob([bytes]), name);
  }
  return form;
}

function isStructuredJson(text: string): boolean {
  if (!/^\s*[[{]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    // Text that only looks like JSON is sent as plain text.
    return false;
  }
}

async function readBody(
  request: RequestProperties,
  context: TaskContext,
): Promise<{ body?: string | FormData | URLSearchParams; contentType?: string }> {
  const { method, body, formData, contentType } = request;
  if (body === undefined && formData === undefined) {
    return contentType === undefined ? {} : { contentType };
  }
  if (method === 'GET' || method === 'HEAD') {
    throw new Failure('task.input-invalid', `a ${method} request has no body`, {
      help: 'choose another `method`, or send `params`',
    });
  }
  if (formData !== undefined) {
    const form = await readForm(formData, contentType, context);
    // The type of a form names its boundary, so only the form itself can say it.
    return { body: form };
  }
  const text = body ?? '';
  const guessed = isStructuredJson(text) ? 'application/json' : 'text/plain; charset=UTF-8';
  return { body: text, contentType: contentType ?? guessed };
}

function readHeaders(request: RequestProperties, contentType: string | undefined): Headers {
  const headers = new Headers();
  try {
    for (const [name, value] of Object.entries(request.headers ?? {})) {
      headers.set(name, String(value));
    }
    if (contentType !== undefined && !headers.has('content-type')) {
      headers.set('content-type', contentType);
    }
  } catch {
    // The original error quotes the value, which may be secret.
    throw new Failure('task.input-invalid', 'a header has a name or value that cannot be sent');
  }
  const credentials = authorization(request);
  if (credentials !== undefined) headers.set('authorization', credentials);
  return headers;
}

/** Returns `error` as what ends the task: the end of the task run, a failure as it is, or the network's. */
export function networkFailure(error: unknown, host: string, context: TaskContext): unknown {
  if (context.signal.aborted) return context.signal.reason;
  if (error instanceof Failure) return error;
  if (error instanceof DOMException && error.name === 'TimeoutError') {
    return new Failure('http.unreachable', `\`${host}\` did not answer in time`);
  }
  return new Failure('http.unreachable', `\`${host}\` cannot be reached`, { cause: error });
}

/** An answer that has begun. */
export interface BegunAnswer {
  readonly host: string;
  readonly code: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string[]>>;
  /** The body as it comes; ends with a failure when it stops flowing for too long. */
  chunks(): AsyncIterable<Uint8Array>;
}

function listHeaders(headers: Headers): Record<string, string[]> {
  const lists: [string, string[]][] = [];
  for (const [name, value] of headers) if (name !== 'set-cookie') lists.push([name, [value]]);
  const cookies = headers.getSetCookie();
  if (cookies.length > 0) lists.push(['set-cookie', cookies]);
  return Object.fromEntries(lists);
}

async function* readChunks(
  response: Response,
  host: string,
  idleMs: number,
  context: TaskContext,
): AsyncGenerator<Uint8Array> {
  if (response.body === null) return;
  const reader = response.body.getReader();
  const { promise: stopped, reject: stop } = Promise.withResolvers<never>();
  const idle = setTimeout(() => stop(new DOMException('no flow', 'TimeoutError')), idleMs);
  try {
    for (;;) {
      const { done, value } = await Promise.race([reader.read(), stopped]);
      if (done) return;
      idle.refresh();
      yield value;
    }
  } catch (error) {
    throw networkFailure(error, host, context);
  } finally {
    clearTimeout(idle);
    // Ends the connection when the reader stops early; an error of it has been told already.
    await reader.cancel().catch(() => undefined);
  }
}

function checkCode(code: number, host: string, request: RequestProperties): void {
  const isAllowed =
    code < 400 ||
    request.allowFailed ||
    request.options.allowFailed ||
    request.options.allowedResponseCodes?.includes(code) === true;
  if (isAllowed) return;
  throw new Failure('http.status', `\`${host}\` answered with code ${code}`, {
    isRetryable: code >= 500 || code === 408 || code === 425 || code === 429,
    details: { code },
  });
}

/** Sends `request` and returns its answer; throws `http.status` for a code that is not accepted. */
export async function sendRequest(
  request: RequestProperties,
  context: TaskContext,
): Promise<BegunAnswer> {
  // What cannot be asked asks nobody.
  context.spent('nothing');
  const address = readAddress(request);
  const { body, contentType } = await readBody(request, context);
  const headers = readHeaders(request, contentType);
  context.spent({});
  const { options } = request;
  const beginning =
    options.timeout?.connectTimeout ?? options.readTimeout ?? options.connectTimeout;
  const idle = options.timeout?.readIdleTimeout ?? options.readIdleTimeout ?? idleTimeDefault;
  const idleMs = parseDuration(idle);
  const begun = new AbortController();
  const deadline =
    beginning === undefined
      ? undefined
      : setTimeout(
          () => begun.abort(new DOMException('no answer', 'TimeoutError')),
          parseDuration(beginning),
        );
  try {
    const response = await context.fetch(address, {
      method: request.method,
      headers,
      redirect: options.followRedirects ? 'follow' : 'manual',
      signal: AbortSignal.any([context.signal, begun.signal]),
      ...(body === undefined ? {} : { body }),
    });
    context.log(
      'DEBUG',
      `${request.method} ${address.origin}${address.pathname}: ${response.status}`,
    );
    try {
      checkCode(response.status, address.host, request);
    } catch (failure) {
      await response.body?.cancel();
      throw failure;
    }
    return {
      host: address.host,
      code: response.status,
      headers: listHeaders(response.headers),
      chunks: () => readChunks(response, address.host, idleMs, context),
    };
  } catch (error) {
    if (error instanceof Failure && error.details['isSent'] === false) context.spent('nothing');
    throw networkFailure(error, address.host, context);
  } finally {
    clearTimeout(deadline);
  }
}
