/**
 * Key–value pairs of a namespace. A pair keeps the marks of its value; a change of it is an entry of
 * the ledger, made durable with it, that names the key and the provenance but never holds the value.
 *
 * INVARIANT: what has expired is absent to everyone who reads here; a pair that must not exist is
 * looked for and written without anyone in between.
 */
import { Failure } from '../../core/failure/index.ts';
import {
  decodeMarks,
  decodeValue,
  encodeMarks,
  encodeValue,
  flatten,
  mapOf,
  type Marks,
  marksOf,
  plainMarks,
  type Value,
} from '../../core/value/index.ts';
import type { Clock } from '../../ports/clock.ts';
import type { KeyEntry, KeyValueType, KeyValues } from '../../ports/key-values.ts';
import type { KeyValueRecord, NewEntry, Store, Write } from '../../ports/store.ts';
import { inTurn } from '../committer/index.ts';
import { hideSealed } from '../rendering/index.ts';
import { mayConcern } from '../subjects/index.ts';
import { forceType, typeOfValue } from './key-value-type.ts';

/** What the pairs of a namespace are made of. */
export interface KeyValueParts {
  readonly store: Pick<Store, 'keyValue' | 'keyValues'>;
  readonly clock: Pick<Clock, 'now'>;
  /** Returns the stored text of a value as whoever works with it reads it; left out, as people see it. */
  readonly open?: (pair: KeyValueRecord) => string;
  /** Throws `hold.in-force` where a pair must be kept; left out, nothing is held. */
  readonly refuseHeld?: (pair: KeyValueRecord) => Promise<void>;
  /** Makes a write durable. */
  readonly commit: (write: Write) => Promise<void>;
  readonly tenant: string;
  readonly namespace: string;
  /** Handle of who changes pairs; stands in the ledger. */
  readonly actor: string;
}

const keyPattern = /^[a-zA-Z0-9][a-zA-Z0-9._-]*$/;

function checkKey(key: string): void {
  if (keyPattern.test(key)) return;
  throw new Failure('task.input-invalid', `the key \`${key}\` is not valid`, {
    help: 'use letters, digits, `.`, `_` and `-`, beginning with a letter or digit',
  });
}

function isoOf(milliseconds: number): string {
  return Temporal.Instant.fromEpochMilliseconds(milliseconds).toString();
}

function marksOfRecord({ marks }: KeyValueRecord): Marks {
  return marks === null ? plainMarks : decodeMarks(JSON.parse(marks) as unknown);
}

function keyEntryOf(record: KeyValueRecord): KeyEntry {
  return {
    key: record.key,
    type: record.type as KeyValueType,
    createdAt: isoOf(record.createdAt),
    updatedAt: isoOf(record.updatedAt),
    ...(record.description === null ? {} : { description: record.description }),
    ...(record.expiresAt === null ? {} : { expiresAt: isoOf(record.expiresAt) }),
    ...(record.marks === null ? {} : { provenance: flatten(marksOfRecord(record)) }),
  };
}

/** Returns the pairs of one namespace. */
export function createKeyValues(parts: KeyValueParts): KeyValues {
  const { store, clock, commit, tenant, namespace, actor } = parts;

  const isAlive = (record: KeyValueRecord): boolean =>
    record.expiresAt === null || record.expiresAt > clock.now();
  const find = async (key: string): Promise<KeyValueRecord | undefined> => {
    checkKey(key);
    const record = await store.keyValue(tenant, namespace, key);
    return record !== undefined && isAlive(record) ? record : undefined;
  };
  const entry = (type: string, payload: Record<string, Value>): NewEntry => ({
    tenant,
    at: clock.now(),
    stream: `kv:${namespace}`,
    type,
    actor,
    payload: encodeValue(mapOf(payload)),
  });
  const alone = <T>(key: string, work: () => Promise<T>): Promise<T> =>
    inTurn(store, JSON.stringify([tenant, namespace, key]), work);

  return {
    namespace,
    async get(key) {
      const record = await find(key);
      if (record === undefined) return undefined;
      const text = parts.open?.(record) ?? record.value;
      const value = decodeValue(text);
      return {
        value: parts.open === undefined ? hideSealed(value) : value,
        marks: marksOfRecord(record),
      };
    },
    set(key, { value, marks }, options = {}) {
      return alone(key, async () => {
        const before = await find(key);
        if (before !== undefined && options.overwrite === false) {
          throw new Failure('kv.exists', `the key \`${key}\` exists in \`${namespace}\``);
        }
        const kept = options.type === undefined ? value : forceType(value, options.type);
        // A value of another form has none of the parts that were marked one by one.
        const keptMarks = kept === value ? marks : marksOf(flatten(marks));
        const type = options.type ?? typeOfValue(value);
        const now = clock.now();
        const expiresAt = options.ttlMs === undefined ? null : now + options.ttlMs;
        const provenance = flatten(marks) as unknown as Value;
        await commit({
          entries: [entry('kv-set', { key, type, expiresAt, provenance })],
          keyValues: [
            {
              tenant,
              namespace,
              key,
              type,
              description: options.description ?? null,
              createdAt: before?.createdAt ?? now,
              updatedAt: now,
              expiresAt,
              value: encodeValue(kept),
              marks: keptMarks === plainMarks ? null : JSON.stringify(encodeMarks(keptMarks)),
            },
          ],
        });
      });
    },
    delete(key) {
      return alone(key, async () => {
        const before = await find(key);
        if (before === undefined) return false;
        await parts.refuseHeld?.(before);
        // The key of a pair about somebody may tell who it is: marked, it stands under their key.
        const isAbout = before.marks !== null && mayConcern(before.marks);
        const provenance = isAbout
          ? { provenance: flatten(marksOfRecord(before)) as unknown as Value }
          : {};
        await commit({
          entries: [entry('kv-deleted', { key, ...provenance })],
          removedKeyValues: [{ tenant, namespace, key }],
        });
        return true;
      });
    },
    async list(prefix = '') {
      const records = await store.keyValues(tenant, namespace, prefix);
      return records.filter(isAlive).map(keyEntryOf);
    },
  };
}
