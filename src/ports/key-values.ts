/**
 * Key–value pairs of a namespace. A value keeps its provenance: what an outsider wrote stays untrusted
 * when it is read back.
 */
import type { Marked, Provenance, Value } from '../core/value/index.ts';

/** The types a pair may be forced to. */
export const keyValueTypes = [
  'STRING',
  'NUMBER',
  'BOOLEAN',
  'DATETIME',
  'DATE',
  'DURATION',
  'JSON',
] as const;

/** The type of a pair's value. */
export type KeyValueType = (typeof keyValueTypes)[number];

/** A pair without its value. */
export interface KeyEntry {
  readonly key: string;
  readonly type: KeyValueType;
  readonly description?: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** When it vanishes. */
  readonly expiresAt?: string;
  /** Where the pair comes from; absent when nothing is marked. */
  readonly provenance?: Provenance;
}

/** The pairs of one namespace. */
export interface KeyValues {
  readonly namespace: string;
  /** Returns the value, or undefined when there is none or it has expired. */
  get(key: string): Promise<Marked | undefined>;
  /** Sets a value; with `overwrite: false` an existing key is refused with `kv.exists`. */
  set(
    key: string,
    value: Marked<Value>,
    options?: {
      readonly ttlMs?: number;
      readonly overwrite?: boolean;
      readonly type?: KeyValueType;
      readonly description?: string;
    },
  ): Promise<void>;
  /** Tells whether it was there. */
  delete(key: string): Promise<boolean>;
  /** Returns the pairs in order of key; expired ones may be among them, with their `expiresAt`. */
  list(prefix?: string): Promise<readonly KeyEntry[]>;
}
