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
}

interface Place {
  readonly tenant: string;
  readonly store: Store;
}

function read(record: RegisterRecord): KeptApproval {
  const { held, ...approval } = decodeValue(record.document) as unknown as Approval & {
    readonly held: string | null;
  };
  return { approval, held, version: record.version };
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
}

function keyOf({ state, executionId, change }: ApprovalQuery) {
  if (change !== undefined) return { key: { name: 'change', value: change } };
  if (executionId !== undefined) return { key: { name: 'execution', value: executionId } };
  return state === undefined ? {} : { key: { name: 'state', value: state } };
}

/** Returns the approvals that match, in order of their ids. */
export async function listApprovals(
  { tenant, store }: Place,
  query: ApprovalQuery,
): Promise<readonly KeptApproval[]> {
  const all: KeptApproval[] = [];
  for (let after: string | undefined; ; ) {
    const page = await store.registerRecords({
      tenant,
      kind: approvalKind,
      ...keyOf(query),
      limit: pageSize,
      ...(after !== undefined && { after }),
    });
    all.push(...page.map(read));
    after = page.at(-1)?.id;
    if (page.length < pageSize || after === undefined) break;
  }
  return all.filter(({ approval }) => query.state === undefined || approval.state === query.state);
}

/** Returns the record of an approval that replaces the one read as `version`; 0 for one that comes to be. */
export function approvalRecord(
  { tenant }: Pick<ApprovalParts, 'tenant'>,
  { approval, held, version }: KeptApproval,
): RegisterRecord {
  const isLive = approval.state === 'open' || approval.state === 'granted';
  // What can be tried out against it goes as soon as nothing is compared any more.
  const kept = isLive ? { held } : { held: null, parts: {} };
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
  };
}

/** Returns the delegations to somebody, or all; those that have ended as well. */
export async function listDelegations(
  { tenant, store }: Place,
  to?: string,
): Promise<readonly (Delegation & { readonly version: number })[]> {
  const records = await store.registerRecords({
    tenant,
    kind: delegationKind,
    limit: pageSize,
    ...(to !== undefined && { key: { name: 'to', value: to } }),
  });
  return records.map(({ document, version }) => ({
    ...(decodeValue(document) as unknown as Delegation),
    version,
  }));
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
