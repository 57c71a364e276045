/**
 * Policy sets as records of the register: what was proposed, by whom, how its tests ended, who reviewed
 * it, when it was in force. A set never changes: its id is the digest of what decides.
 */
import type { PolicySet } from '../../core/policy/index.ts';
import { decodeValue, encodeValue, type Value } from '../../core/value/index.ts';
import type { RegisterRecord } from '../../ports/store.ts';
import type { PolicyParts } from './policy-parts.ts';

/** A review of a set by a person. */
export interface PolicyReview {
  readonly by: string;
  readonly at: number;
  readonly note: string;
}

/** When a set came into force. */
export interface PolicyActivation {
  readonly by: string;
  readonly at: number;
  readonly isRollback: boolean;
}

/** A set of policies with its history. */
export interface PolicyVersion {
  /** Digest of what decides. */
  readonly version: string;
  readonly set: PolicySet;
  readonly author: string;
  readonly proposedAt: number;
  readonly reason: string;
  /** How its test cases ended. */
  readonly tests: { readonly cases: number; readonly passed: boolean };
  readonly reviews: readonly PolicyReview[];
  /** The last replay over recorded decisions. */
  readonly replay: {
    readonly at: number;
    readonly decisions: number;
    readonly changed: number;
  } | null;
  readonly activations: readonly PolicyActivation[];
}

/** Which set is in force, and which were before it, the newest first. */
export interface ActivePolicies {
  readonly version: string;
  readonly before: readonly string[];
}

const setKind = 'policy-set';
const activeKind = 'policy-active';
const activeId = 'active';
const pageSize = 100;

/** A record as it was read, with the number that its replacement must exceed by one. */
export interface Numbered<T> {
  readonly number: number;
  readonly content: T;
}

function read<T>(record: RegisterRecord | undefined): Numbered<T> | undefined {
  if (record === undefined) return undefined;
  return { number: record.version, content: decodeValue(record.document) as unknown as T };
}

/** Returns a set by its version; a beginning of at least 8 digits is enough when only one begins so. */
export async function findVersion(
  { store, tenant }: PolicyParts,
  version: string,
): Promise<Numbered<PolicyVersion> | undefined> {
  const exact = await store.registerRecord({ tenant, kind: setKind, id: version });
  if (exact !== undefined || version.length < 8) return read(exact);
  // Every id that begins with the given digits comes after the digits with the last one left out.
  const before = version.slice(0, -1);
  const near = await store.registerRecords({
    tenant,
    kind: setKind,
    after: before,
    limit: pageSize,
  });
  const found = near.filter(({ id }) => id.startsWith(version));
  return found.length === 1 ? read(found[0]) : undefined;
}

/** Returns every set that was proposed, the newest first. */
export async function listVersions({
  store,
  tenant,
}: PolicyParts): Promise<readonly PolicyVersion[]> {
  const all: PolicyVersion[] = [];
  for (let after = ''; ; ) {
    const query = { tenant, kind: setKind, limit: pageSize };
    const page = await store.registerRecords(after === '' ? query : { ...query, after });
    for (const one of page) all.push(decodeValue(one.document) as unknown as PolicyVersion);
    if (page.length < pageSize) return all.toSorted((a, b) => b.proposedAt - a.proposedAt);
    after = page.at(-1)?.id ?? '';
  }
}

/** Returns which set is in force. */
export async function findActive({
  store,
  tenant,
}: PolicyParts): Promise<Numbered<ActivePolicies> | undefined> {
  return read(await store.registerRecord({ tenant, kind: activeKind, id: activeId }));
}

function encode(content: object): string {
  return encodeValue(content as unknown as Value);
}

/** Returns the record of a set, which replaces the one that was read as `number`. */
export function versionRecord(
  { tenant }: PolicyParts,
  content: PolicyVersion,
  number: number,
): RegisterRecord {
  const keys = { author: content.author };
  const document = encode(content);
  return { tenant, kind: setKind, id: content.version, version: number + 1, keys, document };
}

/** Returns the record of which set is in force, which replaces the one that was read as `number`. */
export function activeRecord(
  { tenant }: PolicyParts,
  content: ActivePolicies,
  number: number,
): RegisterRecord {
  const document = encode(content);
  return { tenant, kind: activeKind, id: activeId, version: number + 1, keys: {}, document };
}
