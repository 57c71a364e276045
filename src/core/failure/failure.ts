/**
 * One class for everything that goes wrong outside: the database is unreachable, a remote answered
 * 429, a file is not there. Adapters and tasks throw it; the runtime turns it into an outcome.
 *
 * INVARIANT: its code stands in the catalogue; its message holds no secret.
 */
import { catalogue, type FailureCode } from './catalogue.ts';

/** What a failure may carry beyond its code and message. */
export interface FailureDetails {
  readonly help?: string;
  readonly cause?: unknown;
  /** Whether trying again may help; by default as the catalogue says. */
  readonly isRetryable?: boolean;
  /** Facts for programs; never a secret. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** Something outside went wrong. */
export class Failure extends Error {
  readonly code: FailureCode;
  readonly help: string;
  readonly isRetryable: boolean;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: FailureCode, message: string, more: FailureDetails = {}) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.name = 'Failure';
    this.code = code;
    this.help = more.help ?? catalogue[code].help;
    this.isRetryable = more.isRetryable ?? catalogue[code].isRetryable;
    this.details = more.details ?? {};
  }
}

/** Ends a path that a correct program cannot take. */
export function unreachable(value: never, what = 'case'): never {
  throw new Error(`bug: unknown ${what} ${String(value)}`);
}

/** Throws when `claim`, which a correct program keeps, does not hold. */
export function assert(claim: unknown, what: string): asserts claim {
  if (!claim) throw new Error(`bug: ${what}`);
}
