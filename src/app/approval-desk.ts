/**
 * Approvals as one person sees and decides them: the one of the view, and nobody else. What was shown is
 * read from the entry that opened the approval; each decision comes with a receipt of its entry.
 */
import type { ApprovalOpened } from '../core/engine/index.ts';
import { decodeEvent } from '../core/engine/index.ts';
import {
  type Approval,
  decidersOf,
  type Delegation,
  isInForce,
  missingVoices,
} from '../core/governance/index.ts';
import { Failure } from '../core/failure/index.ts';
import type { Principal } from '../core/policy/index.ts';
import { decodeValue, toPlain, type Value } from '../core/value/index.ts';
import {
  type ApprovalParts,
  type ApprovalQuery,
  approvalOf,
  breakTheGlass,
  castVote,
  claimApproval,
  type Deciding,
  delegate,
  endDelegation,
  endorseValues,
  examineBrokenGlass,
  listApprovals,
  listDelegations,
  type Teller,
} from '../runtime/approvals/index.ts';
import type { Receipt } from '../runtime/sealer/index.ts';

/** What an approval is about, as it was shown. */
export interface ShownEffect {
  readonly openedSeq: number;
  readonly reasons: readonly string[];
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly preview: Readonly<Record<string, unknown>>;
  /** The approval before, under which something changed, and what. */
  readonly replaces: Readonly<Record<string, unknown>> | null;
}

/** An approval as people see it. */
export interface ApprovalCard extends Approval {
  /** Who may decide at present. */
  readonly deciders: readonly string[];
  /** How many voices are missing at least. */
  readonly missing: number;
}

/** A decision that was kept, with what proves it. */
export interface DecidedApproval {
  readonly approval: ApprovalCard;
  readonly receipt: Receipt;
}

/** Approvals as one person sees and decides them. */
export interface ApprovalDesk {
  list(query?: ApprovalQuery): Promise<readonly ApprovalCard[]>;
  /** Throws `approval.not-found`. */
  show(id: string): Promise<ApprovalCard & { readonly shown: ShownEffect }>;
  /**
   * Each throws `approval.not-found`, `approval.closed`, `approval.own`, `approval.not-yours`,
   * `approval.claimed`, `approval.reason-missing` or `policy.denied`.
   */
  approve(
    id: string,
    said?: { readonly reason?: string; readonly inputs?: Readonly<Record<string, Value>> },
  ): Promise<DecidedApproval>;
  reject(id: string, reason: string): Promise<DecidedApproval>;
  sendBack(id: string, reason: string): Promise<DecidedApproval>;
  claim(id: string): Promise<ApprovalCard>;
  unclaim(id: string): Promise<ApprovalCard>;
  endorse(id: string, names: readonly string[], reason: string): Promise<DecidedApproval>;
  breakGlass(id: string, reason: string): Promise<DecidedApproval>;
  examine(id: string, isAccepted: boolean, note: string): Promise<DecidedApproval>;
  /** Those in force, from or to anybody. */
  delegations(): Promise<readonly Delegation[]>;
  /** Throws `delegation.invalid`. `until` in epoch milliseconds. */
  delegate(to: string, until: number, reason: string): Promise<Delegation>;
  /** Throws `delegation.not-found`. */
  endDelegation(id: string): Promise<void>;
}

/** What the desk works with. */
export interface ApprovalDeskParts {
  readonly parts: ApprovalParts;
  readonly teller: Teller;
  readonly principal: () => Promise<Principal>;
  readonly receipt: (seq: number) => Promise<Receipt>;
  readonly newId: () => string;
}

function cardOf(approval: Approval): ApprovalCard {
  const isOpen = approval.state === 'open';
  return {
    ...approval,
    deciders: isOpen ? decidersOf(approval) : [],
    missing: isOpen ? missingVoices(approval) : 0,
  };
}

function plainMap(value: unknown): Readonly<Record<string, unknown>> {
  return value === undefined ? {} : (toPlain(value as Value) as Record<string, unknown>);
}

/** Returns what was shown of a change that people make. */
async function shownChange(
  { parts }: ApprovalDeskParts,
  { id }: Approval,
): Promise<ShownEffect | undefined> {
  const entries = await parts.store.entries(parts.tenant, `approval:${id}`);
  const opened = entries.find(({ type }) => type === 'approval-opened');
  if (opened === undefined) return undefined;
  const { reasons, arguments: shown, replaces } = plainMap(decodeValue(opened.payload));
  return {
    openedSeq: opened.seq,
    reasons: reasons as readonly string[],
    arguments: shown as Readonly<Record<string, unknown>>,
    preview: {},
    replaces: (replaces as Readonly<Record<string, unknown>> | undefined) ?? null,
  };
}

async function shownOf(desk: ApprovalDeskParts, approval: Approval): Promise<ShownEffect> {
  const { parts } = desk;
  const change = approval.change === undefined ? undefined : await shownChange(desk, approval);
  if (change !== undefined) return change;
  const stream = `execution:${approval.executionId}`;
  const entries = await parts.store.entries(parts.tenant, stream);
  const opened = entries.findLast(
    ({ type, payload }) => type === 'approval-opened' && payload.includes(approval.id),
  );
  if (opened === undefined) {
    throw new Failure('approval.not-found', `nothing tells what \`${approval.id}\` showed`);
  }
  const event = decodeEvent(opened.type, opened.at, opened.payload) as ApprovalOpened;
  return {
    openedSeq: opened.seq,
    reasons: event.reasons,
    arguments: plainMap(event.arguments),
    preview: plainMap(event.preview),
    replaces: event.replaces === undefined ? null : plainMap(event.replaces),
  };
}

/** Returns the desk of the approvals of a tenant, for one person. */
export function createApprovalDesk(desk: ApprovalDeskParts): ApprovalDesk {
  const { parts, teller } = desk;
  const deciding = async (): Promise<Deciding> => ({
    parts,
    teller,
    principal: await desk.principal(),
  });
  /** Returns `approval` with the receipt of what its person said last. */
  const withReceipt = async (approval: Approval, by: string): Promise<DecidedApproval> => {
    const entries = await parts.store.entries(parts.tenant, `approval:${approval.id}`);
    const own = entries.findLast(({ actor, type }) => actor === by && type !== 'approval-refused');
    if (own === undefined) throw new Failure('approval.not-found', 'nothing was decided');
    return { approval: cardOf(approval), receipt: await desk.receipt(own.seq) };
  };
  const decide = async (
    act: (deciding: Deciding) => Promise<Approval>,
  ): Promise<DecidedApproval> => {
    const who = await deciding();
    return withReceipt(await act(who), who.principal.id);
  };
  return {
    list: async (query = {}) =>
      (await listApprovals(parts, query)).map(({ approval }) => cardOf(approval)),
    async show(id) {
      const { approval } = await approvalOf(parts, id);
      return { ...cardOf(approval), shown: await shownOf(desk, approval) };
    },
    approve: (id, { reason = '', inputs } = {}) =>
      decide((who) =>
        castVote(who, id, {
          verdict: 'approve',
          reason,
          ...(inputs !== undefined && { inputs }),
        }),
      ),
    reject: (id, reason) => decide((who) => castVote(who, id, { verdict: 'reject', reason })),
    sendBack: (id, reason) => decide((who) => castVote(who, id, { verdict: 'send-back', reason })),
    claim: async (id) => cardOf(await claimApproval(await deciding(), id, true)),
    unclaim: async (id) => cardOf(await claimApproval(await deciding(), id, false)),
    endorse: (id, names, reason) => decide((who) => endorseValues(who, id, { names, reason })),
    breakGlass: (id, reason) => decide((who) => breakTheGlass(who, id, reason)),
    examine: (id, isAccepted, note) =>
      decide((who) => examineBrokenGlass(who, id, { isAccepted, note })),
    async delegations() {
      const now = parts.clock.now();
      return (await listDelegations(parts)).filter((one) => isInForce(one, now));
    },
    async delegate(to, until, reason) {
      const { principal } = await deciding();
      return delegate(parts, principal, { id: desk.newId(), to, until, reason });
    },
    async endDelegation(id) {
      const { principal } = await deciding();
      return endDelegation(parts, principal, id);
    },
  };
}
