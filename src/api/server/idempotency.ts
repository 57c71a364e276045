/**
 * Requests that are sent again because nobody knows whether they arrived: the first one with an
 * `Idempotency-Key` runs, those after it get its answer.
 *
 * INVARIANT: a key belongs to one principal, one route and one content; for anything else it is refused.
 * What began and did not end (the process was killed) is never run again by itself: its outcome is
 * unknown, and that is said.
 */
import { Failure } from '../../core/failure/index.ts';
import { decodeValue, encodeValue, isMap, type ValueMap } from '../../core/value/index.ts';
import type { Digests } from '../../ports/cipher.ts';
import type { Clock } from '../../ports/clock.ts';
import type { RegisterRecord, Store, Write } from '../../ports/store.ts';
import type { KeptAnswers } from '../../runtime/subjects/index.ts';
import type { Answer } from './route.ts';

/** What keeping keys needs. */
export interface IdempotencyParts {
  readonly store: Pick<Store, 'registerRecord' | 'registerRecords'>;
  readonly commit: (write: Write) => Promise<void>;
  readonly clock: Clock;
  readonly digests: Pick<Digests, 'keyedDigest'>;
  /** Seals the answers that are kept. */
  readonly answers: KeptAnswers;
}

/** A request with a key. */
export interface KeyedRequest {
  readonly tenant: string;
  readonly actor: string;
  readonly key: string;
  /** Method and path. */
  readonly target: string;
  /** Text that is equal for equal content. */
  readonly content: string;
}

const kind = 'idempotency-key';
const keptMs = 24 * 3_600_000;
const answerBytesMax = 256 * 1024;
const dropMax = 1_000;

interface Kept {
  readonly record: RegisterRecord;
  readonly document: ValueMap;
}

/** Returns what answers keyed requests once. */
export function createIdempotency({ store, commit, clock, digests, answers }: IdempotencyParts) {
  const find = async (tenant: string, id: string): Promise<Kept | undefined> => {
    const record = await store.registerRecord({ tenant, kind, id });
    if (record === undefined) return undefined;
    const document = decodeValue(record.document);
    return isMap(document) ? { record, document } : undefined;
  };

  const write = async (
    request: KeyedRequest,
    id: string,
    version: number,
    document: ValueMap,
    type: string,
  ): Promise<void> => {
    await commit({
      entries: [
        {
          tenant: request.tenant,
          at: clock.now(),
          stream: `${kind}:${id}`,
          type,
          actor: request.actor,
          payload: encodeValue({ id }),
        },
      ],
      registerRecords: [
        { tenant: request.tenant, kind, id, version, keys: {}, document: encodeValue(document) },
      ],
    });
  };

  const answerAgain = ({ document }: Kept, content: string): Answer => {
    if (document['content'] !== content) {
      throw new Failure('request.key-reused', 'the idempotency key was used for another request');
    }
    if (document['status'] === undefined) {
      throw new Failure('request.key-in-use', 'a request with this key has begun and not ended');
    }
    const { mediaType } = document;
    // Since somebody was erased only the status is told again: nobody knows whom an answer is about.
    const body = typeof document['body'] === 'string' ? answers.open(document['body']) : undefined;
    return {
      status: Number(document['status']),
      headers: { 'idempotent-replayed': 'true' },
      ...(typeof mediaType === 'string' && { mediaType }),
      ...(body !== undefined && { body: JSON.parse(body) as unknown }),
    };
  };

  return {
    /** Forgets keys that are older than a day; gives their number. */
    dropOld,
    /** Returns the answer of `run`, or the one it gave before. */
    async once(request: KeyedRequest, run: () => Promise<Answer>): Promise<Answer> {
      const { tenant, actor, key, target } = request;
      const id = digests.keyedDigest(JSON.stringify([actor, target, key]));
      const content = digests.keyedDigest(request.content);
      const known = await find(tenant, id);
      const isOld = known !== undefined && clock.now() - Number(known.document['at'] ?? 0) > keptMs;
      if (known !== undefined && !isOld) return answerAgain(known, content);
      const version = (known?.record.version ?? 0) + 1;
      const claimed = { content, at: clock.now() };
      try {
        await write(request, id, version, claimed, 'idempotency-key-claimed');
      } catch (error) {
        if (!(error instanceof Failure) || error.code !== 'store.conflict') throw error;
        const winner = await find(tenant, id);
        if (winner === undefined) throw error;
        return answerAgain(winner, content);
      }
      try {
        const given = await run();
        const body = given.body === undefined ? undefined : JSON.stringify(given.body);
        const isSmall = body === undefined || body.length <= answerBytesMax;
        await write(
          request,
          id,
          version + 1,
          {
            ...claimed,
            status: given.status,
            ...(given.mediaType !== undefined && { mediaType: given.mediaType }),
            ...(body !== undefined && isSmall && { body: answers.seal(body) }),
          },
          'idempotency-key-settled',
        );
        return given;
      } catch (error) {
        // Nothing happened that could happen twice: what a catalogued failure refuses may be sent again.
        if (error instanceof Failure) await release(request, id);
        throw error;
      }
    },
  };

  async function dropOld(tenant: string): Promise<number> {
    const records = await store.registerRecords({ tenant, kind, limit: dropMax });
    const old = records.filter((record) => {
      const document = decodeValue(record.document);
      return isMap(document) && clock.now() - Number(document['at'] ?? 0) > keptMs;
    });
    if (old.length === 0) return 0;
    await commit({
      entries: [
        {
          tenant,
          at: clock.now(),
          stream: kind,
          type: 'idempotency-keys-expired',
          actor: 'system',
          payload: encodeValue({ ids: old.map((record) => record.id) }),
        },
      ],
      removedRegisterRecords: old.map(({ id }) => ({ tenant, kind, id })),
    });
    return old.length;
  }

  async function release(request: KeyedRequest, id: string): Promise<void> {
    await commit({
      entries: [
        {
          tenant: request.tenant,
          at: clock.now(),
          stream: `${kind}:${id}`,
          type: 'idempotency-key-released',
          actor: request.actor,
          payload: encodeValue({ id }),
        },
      ],
      removedRegisterRecords: [{ tenant: request.tenant, kind, id }],
    });
  }
}

/** What answers keyed requests once. */
export type Idempotency = ReturnType<typeof createIdempotency>;
