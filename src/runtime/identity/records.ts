/**
 * The registers of identity: users, groups, accounts, sessions, tokens, links. Reading is by id or by one
 * key; writing puts the entry and the records into one write.
 *
 * INVARIANT: no record changes without an entry; entries name people by opaque handles only.
 */
import { createHash } from 'node:crypto';
import { Failure } from '../../core/failure/index.ts';
import { decodeValue, encodeValue, type Value } from '../../core/value/index.ts';
import type { RegisterRecord } from '../../ports/store.ts';
import type { IdentityParts } from './identity-parts.ts';

/** The registers of identity belong to the installation; they are kept with the tenant that always is. */
export const home = 'main';

/** The registers. */
export type Register =
  | 'user'
  | 'user-name'
  | 'user-subject'
  | 'group'
  | 'group-name'
  | 'account'
  | 'session'
  | 'token'
  | 'one-time-link'
  | 'setup-link';

/** A record as it was read. */
export interface Kept<T> {
  readonly id: string;
  readonly version: number;
  readonly content: T;
}

/** A record as it shall be, or that it shall be no more. */
export type Change =
  | {
      readonly kind: Register;
      readonly id: string;
      /** Of the record that is replaced; 0 for none. */
      readonly version: number;
      readonly content: object;
      readonly keys?: Readonly<Record<string, string>>;
    }
  | { readonly kind: Register; readonly id: string; readonly isRemoved: true };

/** What happened, for the ledger. */
export interface Event {
  readonly type: string;
  readonly tenant: string;
  readonly actor: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** The registers of identity. */
export interface Records {
  find<T>(kind: Register, id: string): Promise<Kept<T> | undefined>;
  /** Returns all records whose key is so; sorted by id. */
  list<T>(kind: Register, key: string, value: string): Promise<readonly Kept<T>[]>;
  /** Tells whether there is any record of a kind. */
  hasAny(kind: Register): Promise<boolean>;
  write(events: readonly Event[], changes: readonly Change[]): Promise<void>;
}

const pageSize = 500;
const triesMax = 6;

/** Returns the SHA-256 of `text`; for secrets of many bits, and for names that become ids. */
export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function read<T>(record: RegisterRecord): Kept<T> {
  const content = decodeValue(record.document) as unknown as T;
  return { id: record.id, version: record.version, content };
}

/** Returns the registers of identity. */
export function createRecords({ store, committer, clock }: IdentityParts): Records {
  return {
    async find<T>(kind: Register, id: string) {
      const record = await store.registerRecord({ tenant: home, kind, id });
      return record === undefined ? undefined : read<T>(record);
    },
    async list<T>(kind: Register, name: string, value: string) {
      const all: Kept<T>[] = [];
      for (let after: string | undefined; ; ) {
        const page = await store.registerRecords({
          tenant: home,
          kind,
          key: { name, value },
          limit: pageSize,
          ...(after !== undefined && { after }),
        });
        all.push(...page.map((one) => read<T>(one)));
        if (page.length < pageSize) return all;
        after = page.at(-1)?.id;
      }
    },
    async hasAny(kind) {
      return (await store.registerRecords({ tenant: home, kind, limit: 1 })).length > 0;
    },
    async write(events, changes) {
      const put = changes.filter((one) => 'content' in one);
      const removed = changes.filter((one) => 'isRemoved' in one);
      await committer.commit({
        entries: events.map(({ type, tenant, actor, payload }) => ({
          tenant,
          at: clock.now(),
          stream: 'identity',
          type,
          actor,
          payload: encodeValue(payload as unknown as Value),
        })),
        registerRecords: put.map(({ kind, id, version, content, keys = {} }) => ({
          tenant: home,
          kind,
          id,
          version: version + 1,
          keys,
          document: encodeValue(content as unknown as Value),
        })),
        removedRegisterRecords: removed.map(({ kind, id }) => ({ tenant: home, kind, id })),
      });
    },
  };
}

/** Returns what `attempt` gives; where somebody else wrote meanwhile, it looks again and tries again. */
export async function untilUncontested<T>(attempt: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt();
    } catch (error) {
      const isContested = error instanceof Failure && error.code === 'store.conflict';
      if (!isContested || tries >= triesMax) throw error;
    }
  }
}
