/**
 * Exceptions: something is exempt from a control for a time and for a number of uses, somebody answers
 * for it, and it closes by itself.
 */
import { countedAs, type Scope, type Situated } from './scope.ts';

/** Why an exception is over. */
export type ClosingReason = 'used-up' | 'ended' | 'withdrawn';

/** Something that is exempt from a control. */
export interface Exception {
  readonly id: string;
  /** The control or policy that does not hold: `price-change-cap`. */
  readonly control: string;
  readonly scope: Scope;
  readonly reason: string;
  /** Who answers for it. */
  readonly owner: string;
  /** How often it may be used. */
  readonly countMax: number;
  /** Epoch milliseconds. */
  readonly endsAt: number;
  readonly grantedBy: string;
  readonly grantedAt: number;
  readonly used: number;
  readonly closed?: { readonly because: ClosingReason; readonly at: number; readonly by: string };
}

/** What is asked of an exception. */
export interface ExceptionUse {
  readonly control: string;
  readonly where: Situated;
}

const dayMs = 86_400_000;

/** Returns what is wrong with an exception that is to be granted at the moment `at`, as clauses. */
export function exceptionProblems(
  exception: Pick<
    Exception,
    'id' | 'control' | 'scope' | 'reason' | 'owner' | 'countMax' | 'endsAt'
  >,
  at: number,
): readonly string[] {
  const { id, control, scope, reason, owner, countMax, endsAt } = exception;
  const problems: string[] = [];
  if (!/^[a-z0-9][a-z0-9._-]{0,99}$/.test(id)) {
    problems.push(`the id \`${id}\` is not lower case letters, digits, dots and hyphens`);
  }
  if (control === '') problems.push('the control is not named');
  if (scope.kind !== 'everything' && scope.id === '')
    problems.push(`the ${scope.kind} is not named`);
  if (reason.trim() === '') problems.push('a reason is missing');
  if (owner === '') problems.push('nobody answers for it');
  if (!Number.isSafeInteger(countMax) || countMax < 1) {
    problems.push('the number of uses is no whole number from 1');
  }
  if (!Number.isFinite(endsAt) || endsAt <= at) problems.push('its end is not in the future');
  return problems;
}

/** Returns how many days an exception lasts, begun days counted whole. */
export function lifetimeDays({ endsAt }: Pick<Exception, 'endsAt'>, from: number): number {
  return Math.ceil((endsAt - from) / dayMs);
}

/** Returns why an exception that is not closed yet is over; undefined while it may be used. */
export function overBecause(exception: Exception, at: number): ClosingReason | undefined {
  if (exception.used >= exception.countMax) return 'used-up';
  return exception.endsAt <= at ? 'ended' : undefined;
}

/** Tells whether an exception may be used for what is asked. */
export function mayUse(
  exception: Exception,
  { control, where }: ExceptionUse,
  at: number,
): boolean {
  return (
    exception.closed === undefined &&
    overBecause(exception, at) === undefined &&
    exception.control === control &&
    countedAs(exception.scope, where) !== undefined
  );
}
