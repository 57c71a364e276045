/**
 * Notices that are to be sent: written together with what they tell of, sent after that, tried again with
 * growing distance when nobody took them, given up in the end. What could not be sent stays and is seen.
 *
 * INVARIANT: nothing is told that is not durable, and what is durable is told at least once however often
 * processes end; a notice has one id in all of its attempts.
 */
import type { Approval } from '../../core/governance/index.ts';
import { allDecidersOf, decidersOf } from '../../core/governance/index.ts';
import { Failure } from '../../core/failure/index.ts';
import { decodeValue, encodeValue, type Value } from '../../core/value/index.ts';
import type { ApprovalNotice, NoticeWay } from '../../ports/approval-notices.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Random } from '../../ports/random.ts';
import type { NewEntry, RegisterRecord, Store, Write } from '../../ports/store.ts';

const kind = 'approval-notice';
const pageSize = 200;
const minuteMs = 60_000;
/** How long after an attempt the next one is made; after the last the notice is given up. */
const distancesMs = [0.1, 0.5, 2, 10, 30, 120, 360, 720, 1_440, 1_440].map((one) => one * minuteMs);
/** How long a process that sends keeps others from sending the same. */
const holdMs = minuteMs;
const restMs = minuteMs;

/** A notice as it stands in the book. */
export interface KeptNotice {
  readonly notice: ApprovalNotice;
  readonly way: string;
  readonly state: 'pending' | 'abandoned';
  readonly attempts: number;
  /** When it is sent next. */
  readonly dueAt: number;
  /** Why the last attempt failed; null before. */
  readonly problem: string | null;
}

/** Notices that are to be sent. */
export interface NoticeBook {
  /** Returns the records of a notice, to be written together with what it tells of. */
  recordsOf(event: ApprovalNotice['event'], approval: Approval): readonly RegisterRecord[];
  /** Has what was just written sent soon, where notices are sent at all. */
  wake(): void;
  /** Sends what is due, once. */
  sendDue(): Promise<void>;
  /** Returns what is to be sent about an approval, or could not be. */
  about(approval: string): Promise<readonly KeptNotice[]>;
  /** Sends what is due now and from now on; gives what ends that. */
  start(complain: (error: unknown) => void): () => void;
}

/** What the book needs. */
export interface NoticeBookParts {
  readonly tenant: string;
  readonly store: Store;
  readonly commit: (write: Write) => Promise<unknown>;
  readonly clock: Clock;
  readonly random: Random;
  readonly ways: readonly NoticeWay[];
}

interface Found {
  readonly record: RegisterRecord;
  readonly kept: KeptNotice;
}

function recordOf(tenant: string, kept: KeptNotice, version: number): RegisterRecord {
  const { notice, way, state } = kept;
  return {
    tenant,
    kind,
    id: `${notice.id}-${way}`,
    version,
    keys: { state, approval: notice.approval },
    document: encodeValue(kept as unknown as Value),
  };
}

/** Returns the notice of `event`, as everybody is told. */
function noticeOf(
  tenant: string,
  event: ApprovalNotice['event'],
  approval: Approval,
  at: number,
): ApprovalNotice {
  const isOpen = approval.state === 'open';
  const isGlass = event === 'glass-broken' || event === 'glass-unexamined';
  return {
    id: `${approval.id}-${event}`,
    tenant,
    event,
    approval: approval.id,
    title: approval.title,
    deciders: isOpen ? decidersOf(approval) : isGlass ? allDecidersOf(approval) : [],
    deadlineAt: isGlass ? (approval.brokenGlass?.reviewDueAt ?? null) : approval.deadlineAt,
    at,
  };
}

/** Returns the book of notices of a tenant. */
export function createNoticeBook(parts: NoticeBookParts): NoticeBook {
  const { tenant, store, clock, random, ways } = parts;
  let complain: (error: unknown) => void = () => undefined;
  let takeBack: (() => void) | undefined;
  let isStarted = false;
  let underWay: Promise<void> | undefined;
  let isWanted = false;

  const entryOf = (type: string, { notice, way, attempts, problem }: KeptNotice): NewEntry => ({
    tenant,
    at: clock.now(),
    stream: `approval:${notice.approval}`,
    type,
    actor: 'engine',
    payload: encodeValue({
      approval: notice.approval,
      notice: notice.id,
      way,
      attempts,
      ...(problem !== null && { problem }),
    }),
  });

  /** Writes what became of a notice; false when another process was first. */
  const isWritten = async (write: Write): Promise<boolean> => {
    try {
      await parts.commit(write);
      return true;
    } catch (error) {
      if (error instanceof Failure && error.code === 'store.conflict') return false;
      throw error;
    }
  };

  const pending = async (): Promise<readonly Found[]> => {
    const found: Found[] = [];
    for (let after: string | undefined; ; ) {
      const page: readonly RegisterRecord[] = await store.registerRecords({
        tenant,
        kind,
        key: { name: 'state', value: 'pending' },
        limit: pageSize,
        ...(after !== undefined && { after }),
      });
      for (const record of page) {
        found.push({ record, kept: decodeValue(record.document) as unknown as KeptNotice });
      }
      after = page.at(-1)?.id;
      if (page.length < pageSize || after === undefined) return found;
    }
  };

  /** Returns what becomes of a notice of which an attempt failed. */
  const afterFailure = (kept: KeptNotice, error: unknown): KeptNotice => {
    const problem = error instanceof Failure ? error.message : 'it could not be sent';
    const distance = distancesMs[kept.attempts - 1];
    const isOver = distance === undefined || (error instanceof Failure && !error.isRetryable);
    if (isOver) return { ...kept, state: 'abandoned', problem };
    const [chance = 0] = random.bytes(1);
    // Spread, so that what failed together does not come back together.
    const dueAt = clock.now() + Math.round(distance * (1 + chance / 1_024));
    return { ...kept, dueAt, problem };
  };

  const sendOne = async ({ record, kept: before }: Found): Promise<void> => {
    const way = ways.find(({ name }) => name === before.way);
    if (way === undefined) return;
    const attempts = before.attempts + 1;
    const kept: KeptNotice = { ...before, attempts, dueAt: clock.now() + holdMs };
    const taken = recordOf(tenant, kept, record.version + 1);
    const isTaken = await isWritten({
      entries: [entryOf('notice-begun', kept)],
      registerRecords: [taken],
    });
    if (!isTaken) return;
    try {
      await way.send(kept.notice);
    } catch (error) {
      complain(error);
      const after = afterFailure(kept, error);
      await isWritten({
        entries: [
          entryOf(after.state === 'pending' ? 'notice-delayed' : 'notice-abandoned', after),
        ],
        registerRecords: [recordOf(tenant, after, taken.version + 1)],
      });
      return;
    }
    await isWritten({
      entries: [entryOf('notice-sent', { ...kept, problem: null })],
      removedRegisterRecords: [{ tenant, kind, id: record.id }],
    });
  };

  const sendAllDue = async (): Promise<void> => {
    const due = (await pending()).filter(({ kept }) => kept.dueAt <= clock.now());
    await Promise.all(due.map(sendOne));
  };

  const nextAt = async (): Promise<number> =>
    Math.min(clock.now() + restMs, ...(await pending()).map(({ kept }) => kept.dueAt));

  const look = (): void => {
    takeBack?.();
    takeBack = undefined;
    if (!isStarted) return;
    book
      .sendDue()
      .then(nextAt)
      .then((at) => {
        if (!isStarted) return;
        takeBack?.();
        takeBack = clock.wakeAt(Math.max(at, clock.now() + 50), look);
      })
      .catch((error: unknown) => {
        complain(error);
        if (isStarted) takeBack = clock.wakeAt(clock.now() + restMs, look);
      });
  };

  const book: NoticeBook = {
    recordsOf(event, approval) {
      const at = clock.now();
      const notice = noticeOf(tenant, event, approval, at);
      return ways.map(({ name }) => {
        const kept = { notice, way: name, attempts: 0, dueAt: at, problem: null } as const;
        return recordOf(tenant, { ...kept, state: 'pending' }, 1);
      });
    },
    wake() {
      if (isStarted) look();
    },
    sendDue() {
      // What was written while others are sent is looked for once more.
      isWanted = true;
      underWay ??= (async () => {
        try {
          while (isWanted) {
            isWanted = false;
            await sendAllDue();
          }
        } finally {
          underWay = undefined;
        }
      })();
      return underWay;
    },
    async about(approval) {
      const records = await store.registerRecords({
        tenant,
        kind,
        key: { name: 'approval', value: approval },
        limit: pageSize,
      });
      return records.map(({ document }) => decodeValue(document) as unknown as KeptNotice);
    },
    start(complainTo) {
      complain = complainTo;
      isStarted = true;
      look();
      return () => {
        isStarted = false;
        takeBack?.();
      };
    },
  };
  return book;
}
