/** What an error on the way to a mail server means: refused, not reached, or nobody knows. */
import { Failure } from '../../core/failure/index.ts';

/** What the library says of an error. */
export interface SendTrouble extends Error {
  readonly code?: string | undefined;
  /** What the machine says, where the code is the library's. */
  readonly originalCode?: string | undefined;
  readonly response?: string | undefined;
  readonly responseCode?: number | false | undefined;
  readonly recipient?: string | undefined;
}

/** Returns what a server says as part of a sentence. */
function quoted(answer: string): string {
  // oxlint-disable-next-line no-control-regex -- what would break the line of a log
  const line = answer.replaceAll(/[\u0000-\u001f\u007f\u2028\u2029`]+/g, ' ').trim();
  return `\`${line.length > 300 ? `${line.slice(0, 300)} …` : line}\``;
}

/**
 * Returns the failure of a mail that was not taken, or of which nobody knows. `isHandedOver`: its content
 * was on the way when the error came.
 */
export function sentOrUnknown(trouble: SendTrouble, isHandedOver: boolean): Failure {
  const { response = '', responseCode, code, originalCode } = trouble;
  const hasAnswer = typeof responseCode === 'number' && responseCode > 0;
  if (hasAnswer) {
    return new Failure('mail.not-sent', `the mail server refuses the mail: ${quoted(response)}`, {
      cause: trouble,
      isRetryable: responseCode < 500,
      details: { mayBeSent: false },
    });
  }
  const why = originalCode ?? code ?? trouble.name;
  if (!isHandedOver) {
    return new Failure('mail.not-sent', `the mail could not be sent (${why})`, {
      cause: trouble,
      isRetryable: code !== 'EAUTH',
      details: { mayBeSent: false },
    });
  }
  return new Failure('mail.not-sent', `the mail server took the mail and did not answer (${why})`, {
    cause: trouble,
    isRetryable: false,
    help: 'ask the recipients, or look at the mail server, before it is sent again',
    details: { mayBeSent: true },
  });
}
