/**
 * What went wrong, as clients read it: a problem document (RFC 9457) from the catalogue of failures, with
 * the property `message` that clients of Kestra look for.
 *
 * INVARIANT: nothing native leaves: an error that is no `Failure` becomes one sentence without its text.
 */
import { catalogue, Failure } from '../../core/failure/index.ts';
import type { ProblemDocument } from '../contract/index.ts';

/** A problem and how it is answered. */
export interface Problem {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly document: ProblemDocument;
}

/** Keys of `details` that may be shown; all others may hold what is none of the caller's business. */
const shownDetails = [
  'diagnostics',
  'problems',
  'allowed',
  'retryAfterMs',
  'needs',
  'approval',
] as const;

function shown(details: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    shownDetails.flatMap((key) => (details[key] === undefined ? [] : [[key, details[key]]])),
  );
}

/** Returns `details` whose problems all have the one form, those that are only a sentence too. */
function inForm(details: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { problems } = details;
  if (!Array.isArray(problems)) return details;
  const formed = problems.map((one: unknown) => (typeof one === 'string' ? { message: one } : one));
  return { ...details, problems: formed };
}

function headersOf(failure: Failure): Record<string, string> {
  const headers: Record<string, string> = {};
  const { allowed, retryAfterMs } = failure.details;
  if (Array.isArray(allowed)) headers['allow'] = allowed.join(', ');
  if (typeof retryAfterMs === 'number') {
    headers['retry-after'] = String(Math.max(1, Math.ceil(retryAfterMs / 1000)));
  }
  if (failure.code === 'identity.step-up-needed') {
    headers['www-authenticate'] =
      'Bearer realm="sluice", error="insufficient_user_authentication", max_age=300';
  }
  if (failure.code === 'identity.missing' || failure.code === 'identity.wrong') {
    headers['www-authenticate'] = 'Basic realm="sluice", charset="UTF-8", Bearer realm="sluice"';
  }
  return headers;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/** Returns the problem that `error` is to the client of the request `requestId`. */
export function problemOf(error: unknown, requestId: string): Problem {
  const instance = `urn:request:${requestId}`;
  if (!(error instanceof Failure)) {
    const message = 'something went wrong inside the server';
    return {
      status: 500,
      headers: {},
      document: {
        type: 'urn:sluice:problem:unexpected',
        title: 'Unexpected error',
        status: 500,
        code: 'unexpected',
        detail: message,
        message,
        help: `the log of the server has more under the request id \`${requestId}\``,
        instance,
        isRetryable: false,
      },
    };
  }
  const { title, status } = catalogue[error.code];
  // What is wrong with the store names places of the machine; the log has them.
  const message =
    error.code.startsWith('store.') && status >= 500 ? lowerFirst(title) : error.message;
  return {
    status,
    headers: headersOf(error),
    document: {
      type: `urn:sluice:problem:${error.code}`,
      title,
      status,
      code: error.code,
      detail: message,
      message,
      help: error.help,
      instance,
      isRetryable: error.isRetryable,
      ...shown(inForm(error.details)),
    },
  };
}
