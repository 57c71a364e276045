/**
 * Approvals as records of the register. What was shown stands in the event that opened them, where what
 * is about somebody is protected; a record holds digests and what people said.
 */
import type { Approval, Delegation } from '../../core/governance/index.ts';
import { Failure } from '../../core/failure/index.ts';
import { decodeValue, encodeValue, type Value } from '../../core/value/index.ts';
import type { RegisterRecord, Store } from '../../ports/store.ts';
import type { ApprovalParts } from './approval-parts.ts';

/** The register of approvals. */
export const approvalKind = 'approval';
const delegationKind = 'delegation';
const pageSize = 500;

/** An approval as it was read. */
export interface KeptApproval {
  readonly approval: Approval;
  /** The number that its replacement must exceed by one. */
  readonly version: number;
  /** Values that another rendering would not give again, encrypted; until the approval is closed. */
  readonly held: string | null;
  /** The values of the form that came with the first yes, encrypted; until the approval is closed. */
  readonly given: string | null;
}

interface Place {
  readonly tenant: string;
  readonly store: Store;
}

function read(record: RegisterRecord): KeptApproval {
  const { held, given, ...approval } = decodeValue(record.document) as unknown as Approval &
    Pick<KeptApproval, 'held' | 'given'>;
  return { approval, held, given, version: record.version };
}

/** Tells whether `record` is that of the approval `id`. */
export function isApprovalRecord(record: RegisterRecord, id: string): boolean {
  return record.kind === approvalKind && record.id === id;
}

/** Returns the approval of a record that is still to be written, as what it replaces. */
export function readPending(record: RegisterRecord): KeptApproval {
  return { ...read(record), version: record.version - 1 };
}

/** Returns an approval by its id. */
export async function findApproval(
  { tenant, store }: Place,
  id: string,
): Promise<KeptApproval | undefined> {
  const record = await store.registerRecord({ tenant, kind: approvalKind, id });
  return record === undefined ? undefined : read(record);
}

/** Returns an approval by its id; throws `approval.not-found`. */
export async function approvalOf(parts: Place, id: string): Promise<KeptApproval> {
  const kept = await findApproval(parts, id);
  if (kept !== undefined) return kept;
  throw new Failure('approval.not-found', `there is no approval \`${id}\``);
}

/** Which approvals to list. */
export interface ApprovalQuery {
  readonly state?: Approval['state'];
  readonly executionId?: string;
  /** The change that they are about. */
  readonly change?: string;
  /** Those only whose glass was broken and nobody has examined. */
  readonly isUnexamined?: boolean;
  /** The id after which the list goes on. */
  readonly after?: string;
  /** At most so many. */
  readonly limit?: number;
}

function keyOf({ state, executionId, change, isUnexamined = false }: ApprovalQuery) {
  if (change !== undefined) return { key: { name: 'change', value: change } };
  if (executionId !== undefined) return { key: { name: 'execution', value: executionId } };
  if (isUnexamined) return { key: { name: 'unexamined', value: 'yes' } };
  return state === undefined ? {} : { key: { name: 'state', value: state } };
}

function matches({ approval }: KeptApproval, { state, isUnexamined = false }: ApprovalQuery) {
  if (state !== undefined && approval.state !== state) return false;
  return !isUnexamined || approval.brokenGlass?.review === null;
}

/** Returns the approvals that match, in order of their ids. */
export async function listApprovals(
  { tenant, store }: Place,
  query: ApprovalQuery,
): Promise<readonly KeptApproval[]> {
  const all: KeptApproval[] = [];
  const { limit = Number.POSITIVE_INFINITY } = query;
  for (let after = query.after; all.length < limit; ) {
    const page = await store.registerRecords({
      tenant,
      kind: approvalKind,
      ...keyOf(query),
      limit: pageSize,
      ...(after !== undefined && { after }),
    });
    all.push(...page.map(read).filter((one) => matches(one, query)));
    after = page.at(-1)?.id;
    if (page.length < pageSize || after === undefined) break;
  }
  return all.slice(0, limit);
}

/** Returns the record of an approval that replaces the one read as `version`; 0 for one that comes to be. */
export function approvalRecord(
  { tenant }: Pick<ApprovalParts, 'tenant'>,
  { approval, held, given, version }: KeptApproval,
): RegisterRecord {
  const isLive = approval.state === 'open' || approval.state === 'granted';
  // What can be tried out against it goes as soon as nothing is compared any more.
  const kept = isLive ? { held, given } : { held: null, given: null, parts: {} };
  const document = { ...approval, ...kept };
  return {
    tenant,
    kind: approvalKind,
    id: approval.id,
    version: version + 1,
    keys: approvalKeys(approval),
    document: encodeValue(document as unknown as Value),
  };
}

/** Returns what an approval is found by. */
export function approvalKeys(approval: Approval): Readonly<Record<string, string>> {
  return {
    state: approval.state,
    execution: approval.executionId,
    ...(approval.change !== undefined && { change: approval.change }),
    ...(approval.brokenGlass?.review === null && { unexamined: 'yes' }),
    namespace: approval.namespace,
  };
}

/** Returns the delegations to somebody, or all; those that have ended as well. */
export async function listDelegations(
  { tenant, store }: Place,
  to?: string,
): Promise<readonly (Delegation & { readonly version: number })[]> {
  const all: (Delegation & { readonly version: number })[] = [];
  for (let after: string | undefined; ; ) {
    const page: readonly RegisterRecord[] = await store.registerRecords({
      tenant,
      kind: delegationKind,
      limit: pageSize,
      ...(to !== undefined && { key: { name: 'to', value: to } }),
      ...(after !== undefined && { after }),
    });
    for (const { document, version } of page) {
      all.push({ ...(decodeValue(document) as unknown as Delegation), version });
    }
    after = page.at(-1)?.id;
    if (page.length < pageSize || after === undefined) return all;
  }
}

/** Returns the record of a delegation. */
export function delegationRecord(
  { tenant }: Pick<ApprovalParts, 'tenant'>,
  delegation: Delegation,
  version: number,
): RegisterRecord {
  return {
    tenant,
    kind: delegationKind,
    id: delegation.id,
    version: version + 1,
    keys: { to: delegation.to, from: delegation.from },
    document: encodeValue(delegation as unknown as Value),
  };
}
