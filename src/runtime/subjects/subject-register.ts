/**
 * The register of the people whom values are about. It leads from the id that somebody has outside
 * (`customer:812`) to an opaque handle, by a keyed digest of the id: who reads the register cannot tell
 * who is in it. The id itself is kept under the subject's own key, for people who look.
 *
 * INVARIANT: a handle has its key before anything is sealed under it, and stands for one id only.
 */
import { Failure } from '../../core/failure/index.ts';
import { decodeValue, encodeValue, isMap } from '../../core/value/index.ts';
import type { Cipher, Digests } from '../../ports/cipher.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Random } from '../../ports/random.ts';
import type { NewEntry, RegisterRecord, Store, Write } from '../../ports/store.ts';
import type { SubjectKeys } from '../../ports/subject-keys.ts';
import { handlePrefix } from './vault.ts';

/** Somebody whom values are about. */
export interface Subject {
  readonly handle: string;
  /** The id outside, as long as the key is there; null for somebody of whom no id is known. */
  readonly name: string | null;
  readonly keyId: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly isErasing: boolean;
  readonly record: RegisterRecord;
}

/** Who is known. */
export interface SubjectRegister {
  /**
   * Returns the handle of who has the id `name`, which comes to be at the first call; without a name,
   * of somebody of whom nothing else is known. Throws `subject.erasing`.
   */
  handleOf(name: string | null): Promise<string>;
  /** Returns who has the id `name`, if anybody does. */
  named(name: string): Promise<Subject | undefined>;
  /** Returns who has the handle, if anybody does. */
  find(handle: string): Promise<Subject | undefined>;
  /** Returns who is known, page by page in no order of meaning. */
  list(limit: number, after?: string): Promise<readonly Subject[]>;
}

/** What the register is made of. */
export interface SubjectParts {
  readonly tenant: string;
  readonly actor: string;
  readonly store: Pick<Store, 'registerRecord' | 'registerRecords'>;
  readonly commit: (write: Write) => Promise<void>;
  readonly keys: SubjectKeys;
  readonly cipher: Cipher & Digests;
  readonly clock: Pick<Clock, 'now'>;
  readonly random: Pick<Random, 'id'>;
}

/** The kind of the records of subjects. */
export const subjectKind = 'subject';

/** Returns the register of subjects. */
export function createSubjectRegister(parts: SubjectParts): SubjectRegister {
  const { tenant, actor, store, keys, cipher, clock, random } = parts;
  const placeOf = (handle: string): string => `subject-name:${handle}`;

  const subjectOf = (record: RegisterRecord): Subject => {
    const document = decodeValue(record.document);
    const fields = isMap(document) ? document : {};
    const handle = String(record.keys['handle']);
    const { name, keyId, createdAt } = fields;
    const key = keys.find(handle);
    const isReadable = typeof name === 'string' && key !== undefined;
    return {
      handle,
      name: isReadable ? cipher.decrypt(name, key, placeOf(handle)) : null,
      keyId: typeof keyId === 'string' ? keyId : '',
      createdAt: Number(createdAt),
      isErasing: record.keys['state'] === 'erasing',
      record,
    };
  };
  const recordId = (name: string): string =>
    cipher.keyedDigest(JSON.stringify(['subject', tenant, name]));
  const recordOf = async (id: string): Promise<Subject | undefined> => {
    const record = await store.registerRecord({ tenant, kind: subjectKind, id });
    return record === undefined ? undefined : subjectOf(record);
  };

  const create = async (name: string | null): Promise<string> => {
    const handle = `${handlePrefix}${random.id()}`;
    keys.create(handle);
    const key = keys.find(handle) ?? '';
    const createdAt = clock.now();
    const keyId = cipher.digest(`sluice/key-id/v1\0${key}`).slice(0, 16);
    const entry: NewEntry = {
      tenant,
      at: createdAt,
      stream: `subject:${handle}`,
      type: 'subject-registered',
      actor,
      payload: encodeValue({ handle, keyId }),
    };
    const sealed = name === null ? null : cipher.encrypt(name, key, placeOf(handle));
    const record: RegisterRecord = {
      tenant,
      kind: subjectKind,
      id: name === null ? handle : recordId(name),
      version: 1,
      keys: { handle },
      document: encodeValue({ name: sealed, keyId, createdAt }),
    };
    try {
      await parts.commit({ entries: [entry], registerRecords: [record] });
    } catch (error) {
      keys.destroy(handle);
      throw error;
    }
    return handle;
  };

  return {
    async handleOf(name) {
      if (name === null) return create(null);
      const known = await recordOf(recordId(name));
      if (known === undefined) {
        try {
          return await create(name);
        } catch (error) {
          // Somebody else was first.
          if (!(error instanceof Failure) || error.code !== 'store.conflict') throw error;
          return this.handleOf(name);
        }
      }
      if (!known.isErasing) return known.handle;
      throw new Failure('subject.erasing', `\`${known.handle}\` is being erased`);
    },
    named: (name) => recordOf(recordId(name)),
    async find(handle) {
      const [record] = await store.registerRecords({
        tenant,
        kind: subjectKind,
        key: { name: 'handle', value: handle },
        limit: 1,
      });
      return record === undefined ? undefined : subjectOf(record);
    },
    async list(limit, after) {
      const query = { tenant, kind: subjectKind, limit };
      const records = await store.registerRecords(
        after === undefined ? query : { ...query, after },
      );
      return records.map(subjectOf);
    },
  };
}
