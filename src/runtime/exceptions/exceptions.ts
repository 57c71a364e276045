/**
 * Exceptions as records of a register: granted, used, closed, each an entry in the write that does it.
 *
 * INVARIANT: however many use one at once, it is used as often as was granted and not once more.
 */
import { Failure } from '../../core/failure/index.ts';
import {
  type ClosingReason,
  type Exception,
  exceptionProblems,
  type ExceptionUse,
  mayUse,
  overBecause,
} from '../../core/governance/index.ts';
import type { RegisterDesk, RegisterWork } from '../registers/index.ts';

const kind = 'exception';
const useKind = 'exception-use';

/** What is asked for when an exception is granted. */
export type ExceptionOrder = Pick<
  Exception,
  'id' | 'control' | 'scope' | 'reason' | 'owner' | 'countMax' | 'endsAt'
>;

async function close(
  work: RegisterWork,
  exception: Exception,
  because: ClosingReason,
  by: string,
  reason = '',
): Promise<Exception> {
  const closed: Exception = { ...exception, closed: { because, at: work.at, by } };
  await work.put(kind, exception.id, closed);
  const { id, used, countMax } = exception;
  const stream = `exception:${id}`;
  work.enter({
    stream,
    type: 'exception-closed',
    actor: by,
    payload: { id, because, used, countMax, reason },
  });
  return closed;
}

/** Closes what is over; returns what is there then. */
async function present(work: RegisterWork): Promise<readonly Exception[]> {
  const all: Exception[] = [];
  for (const { content } of await work.list<Exception>(kind)) {
    const because = content.closed === undefined ? overBecause(content, work.at) : undefined;
    all.push(because === undefined ? content : await close(work, content, because, 'engine'));
  }
  return all;
}

/** Grants an exception; throws `input.invalid`, `exception.exists`. */
export function grantException(
  desk: RegisterDesk,
  order: ExceptionOrder,
  actor: string,
  at: number,
): Promise<Exception> {
  const problems = exceptionProblems(order, at);
  if (problems.length > 0) {
    return Promise.reject(
      new Failure('input.invalid', problems.join('; '), { details: { problems } }),
    );
  }
  return desk.do(async (work) => {
    if ((await work.read<Exception>(kind, order.id)) !== undefined) {
      throw new Failure('exception.exists', `there is an exception \`${order.id}\` already`);
    }
    const granted: Exception = { ...order, grantedBy: actor, grantedAt: work.at, used: 0 };
    await work.put(kind, order.id, granted);
    const { scope, ...fields } = order;
    const stream = `exception:${order.id}`;
    const payload = { ...fields, scope: { ...scope } };
    work.enter({ stream, type: 'exception-granted', actor, payload });
    return () => granted;
  });
}

/** Closes an exception before its time; throws `exception.not-found`. */
export function withdrawException(
  desk: RegisterDesk,
  id: string,
  reason: string,
  actor: string,
): Promise<Exception> {
  return desk.do(async (work) => {
    const found = (await present(work)).find((one) => one.id === id);
    if (found === undefined) {
      throw new Failure('exception.not-found', `there is no exception \`${id}\``);
    }
    const closed =
      found.closed === undefined ? await close(work, found, 'withdrawn', actor, reason) : found;
    return () => closed;
  });
}

/** Returns every exception; what is over is closed first. */
export function listExceptions(desk: RegisterDesk): Promise<readonly Exception[]> {
  return desk.do(async (work) => {
    const all = await present(work);
    return () => all;
  });
}

/** Closes what is over; gives the moment at which the next one ends. */
export function closeEndedExceptions(desk: RegisterDesk): Promise<number | undefined> {
  return desk.do(async (work) => {
    const ends = (await present(work))
      .filter(({ closed }) => closed === undefined)
      .map(({ endsAt }) => endsAt);
    return () => (ends.length === 0 ? undefined : Math.min(...ends));
  });
}

/** Tells whether what was paid for holds: until somebody took it back, or its time was over. */
function holds({ closed, endsAt }: Exception, at: number): boolean {
  return endsAt > at && (closed === undefined || closed.because === 'used-up');
}

/** Returns the exception that covers a use, or that it has used already; it is not used by that. */
export async function exemptionFor(
  desk: RegisterDesk,
  use: ExceptionUse & { readonly useId?: string },
  at: number,
): Promise<Exception | undefined> {
  const paid =
    use.useId === undefined
      ? undefined
      : await desk.read<{ exception: string }>(useKind, use.useId);
  if (paid !== undefined) {
    const known = await desk.read<Exception>(kind, paid.exception);
    return known !== undefined && holds(known, at) ? known : undefined;
  }
  const all = await desk.list<Exception>(kind);
  return all.map(({ content }) => content).find((one) => mayUse(one, use, at));
}

/**
 * Uses an exception once; undefined where none covers it. The same `useId` again uses it once, so that a
 * repeated attempt does not pay twice. The last use closes it.
 */
export function useException(
  desk: RegisterDesk,
  use: ExceptionUse & { readonly useId: string },
  actor: string,
): Promise<Exception | undefined> {
  return desk.do(async (work) => {
    const paid = await work.read<{ exception: string }>(useKind, use.useId);
    if (paid !== undefined) {
      const known = await work.read<Exception>(kind, paid.exception);
      return () => (known !== undefined && holds(known, work.at) ? known : undefined);
    }
    const found = (await present(work)).find((one) => mayUse(one, use, work.at));
    if (found === undefined) return () => undefined;
    const used: Exception = { ...found, used: found.used + 1 };
    await work.put(kind, used.id, used);
    await work.put(useKind, use.useId, { exception: used.id });
    const { id, used: count, countMax } = used;
    const payload = { id, useId: use.useId, used: count, countMax };
    work.enter({ stream: `exception:${id}`, type: 'exception-used', actor, payload });
    if (count >= countMax) await close(work, used, 'used-up', 'engine');
    return () => used;
  });
}
