/**
 * Approvals as one person sees and decides them: the one of the view, and nobody else. What was shown is
 * read from the entry that opened the approval; each decision comes with a receipt of its entry.
 */
import { isDeepStrictEqual } from 'node:util';
import type { ApprovalOpened } from '../core/engine/index.ts';
import { decodeEvent } from '../core/engine/index.ts';
import {
  allDecidersOf,
  type Approval,
  decidersOf,
  type Delegation,
  isInForce,
  missingVoices,
  rightOf,
  shownValue,
} from '../core/governance/index.ts';
import { Failure } from '../core/failure/index.ts';
import type { Facts, Principal } from '../core/policy/index.ts';
import { decodeValue, mapOf, toPlain, type Value } from '../core/value/index.ts';
import type { Entry } from '../ports/store.ts';
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
  factsOf,
  givenValues,
  type KeptApproval,
  type KeptNotice,
  listApprovals,
  listDelegations,
  type Seen,
  type Teller,
  voterFor,
  withdrawRequest,
} from '../runtime/approvals/index.ts';
import type { Receipt } from '../runtime/sealer/index.ts';

/** What an approval is about, as it was shown. */
export interface ShownEffect {
  readonly openedSeq: number;
  readonly reasons: readonly string[];
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly preview: Readonly<Record<string, unknown>>;
  /** The values of the form that came with the first yes; null before. */
  readonly form: Readonly<Record<string, unknown>> | null;
  /** The approval before, under which something changed, and what. */
  readonly replaces: Readonly<Record<string, unknown>> | null;
}

/** A notice about an approval that is to be sent, or could not be. */
export interface UnsentNotice {
  readonly event: string;
  readonly way: string;
  readonly state: KeptNotice['state'];
  readonly attempts: number;
  readonly problem: string | null;
}

/** An approval as people see it. */
export interface ApprovalCard extends Approval {
  /** Who may decide at present. */
  readonly deciders: readonly string[];
  /** How many voices are missing at least. */
  readonly missing: number;
  /** Grows with each change; what is meant for another edition is refused. */
  readonly edition: number;
}

/** Which approvals to list. */
export interface ApprovalListQuery extends ApprovalQuery {
  /** Those only that whoever asks may decide at present. */
  readonly isMine?: boolean;
  /** Those only of these namespaces and below. */
  readonly isIn?: (namespace: string) => boolean;
}

/** What policies are asked about something that somebody does with an approval. */
export interface ApprovalTarget {
  readonly namespace: string;
  readonly resourceId: string;
  readonly flowId: string;
  readonly facts: Facts;
}

/** A decision that was kept, with what proves it. */
export interface DecidedApproval {
  readonly approval: ApprovalCard;
  readonly receipt: Receipt;
}

/** Approvals as one person sees and decides them. */
export interface ApprovalDesk {
  list(query?: ApprovalListQuery): Promise<readonly ApprovalCard[]>;
  /** Throws `approval.not-found`. */
  show(
    id: string,
  ): Promise<
    ApprovalCard & { readonly shown: ShownEffect; readonly notices: readonly UnsentNotice[] }
  >;
  /** Returns what policies are asked about; throws `approval.not-found`. */
  target(id: string, reason?: string): Promise<ApprovalTarget>;
  /**
   * Each throws `approval.not-found`, `approval.closed`, `approval.own`, `approval.not-yours`,
   * `approval.claimed`, `approval.other-values`, `approval.reason-missing`, `policy.denied`, or
   * `request.precondition-failed` where it is not as whoever decides has seen it.
   */
  approve(
    id: string,
    said?: {
      readonly reason?: string;
      readonly inputs?: Readonly<Record<string, Value>>;
      /** Of what was looked at. */
      readonly digest?: string;
    },
    seen?: Seen,
  ): Promise<DecidedApproval>;
  reject(id: string, reason: string, seen?: Seen): Promise<DecidedApproval>;
  sendBack(id: string, reason: string, seen?: Seen): Promise<DecidedApproval>;
  /** Takes back what one had part in asking for. */
  withdraw(id: string, reason: string, seen?: Seen): Promise<DecidedApproval>;
  claim(id: string, seen?: Seen): Promise<ApprovalCard>;
  unclaim(id: string, seen?: Seen): Promise<ApprovalCard>;
  endorse(
    id: string,
    names: readonly string[],
    reason: string,
    seen?: Seen,
  ): Promise<DecidedApproval>;
  /** Throws `approval.unexamined` as long as nobody has examined what the same person did before. */
  breakGlass(id: string, reason: string, seen?: Seen): Promise<DecidedApproval>;
  examine(id: string, isAccepted: boolean, note: string, seen?: Seen): Promise<DecidedApproval>;
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

/** Entries that are somebody's decision. */
const decisions: ReadonlySet<string> = new Set([
  'approval-decided',
  'approval-withdrawn',
  'value-endorsed',
  'glass-broken',
  'glass-examined',
]);

function cardOf({ approval, version }: Pick<KeptApproval, 'approval' | 'version'>): ApprovalCard {
  const isOpen = approval.state === 'open';
  return {
    ...approval,
    edition: version,
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
    form: null,
    replaces: (replaces as Readonly<Record<string, unknown>> | undefined) ?? null,
  };
}

/** The opening of an approval is told once, whatever later ones say of it. */
function openingIn(
  entries: readonly Entry[],
  id: string,
): { readonly seq: number; readonly event: ApprovalOpened } | undefined {
  for (const { type, at, seq, payload } of entries) {
    if (type !== 'approval-opened' || !payload.includes(id)) continue;
    const event = decodeEvent(type, at, payload) as ApprovalOpened;
    if (event.approval === id) return { seq, event };
  }
  return undefined;
}

async function shownOf(desk: ApprovalDeskParts, kept: KeptApproval): Promise<ShownEffect> {
  const { parts } = desk;
  const { approval } = kept;
  const change = approval.change === undefined ? undefined : await shownChange(desk, approval);
  if (change !== undefined) return change;
  const stream = `execution:${approval.executionId}`;
  const opened = openingIn(await parts.store.entries(parts.tenant, stream), approval.id);
  if (opened === undefined) {
    throw new Failure(
      'approval.not-found',
      `nothing tells any more what \`${approval.id}\` showed: it was erased or deleted`,
    );
  }
  const { event } = opened;
  const digest = (text: string): string => parts.cipher.keyedDigest(text);
  const given = givenValues(parts, kept);
  return {
    openedSeq: opened.seq,
    form:
      given === undefined
        ? null
        : plainMap(shownValue(mapOf(given as Record<string, Value>), digest)),
    reasons: event.reasons,
    arguments: plainMap(event.arguments),
    preview: besides(plainMap(event.preview), plainMap(event.arguments)),
    replaces: event.replaces === undefined ? null : plainMap(event.replaces),
  };
}

/** Returns what of `preview` is not shown among `shown` already. */
function besides(
  preview: Readonly<Record<string, unknown>>,
  shown: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const rest = Object.entries(preview).filter(
    ([name, value]) => !(Object.hasOwn(shown, name) && isDeepStrictEqual(shown[name], value)),
  );
  return Object.fromEntries(rest);
}

/** Returns the desk of the approvals of a tenant, for one person. */
export function createApprovalDesk(desk: ApprovalDeskParts): ApprovalDesk {
  const { parts, teller } = desk;
  const deciding = async (): Promise<Deciding> => ({
    parts,
    teller,
    principal: await desk.principal(),
  });
  const cardAfter = async ({ id }: Approval): Promise<ApprovalCard> =>
    cardOf(await approvalOf(parts, id));
  /** Returns `approval` with the receipt of what its person said last. */
  const withReceipt = async (approval: Approval, by: string): Promise<DecidedApproval> => {
    const entries = await parts.store.entries(parts.tenant, `approval:${approval.id}`);
    const own = entries.findLast(({ actor, type }) => actor === by && decisions.has(type));
    if (own === undefined) throw new Failure('approval.not-found', 'nothing was decided');
    return { approval: await cardAfter(approval), receipt: await desk.receipt(own.seq) };
  };
  const decide = async (
    act: (deciding: Deciding) => Promise<Approval>,
  ): Promise<DecidedApproval> => {
    const who = await deciding();
    return withReceipt(await act(who), who.principal.id);
  };
  return {
    async list({ isMine = false, isIn, limit, ...query } = {}) {
      const isFiltered = isMine || isIn !== undefined;
      const found = await listApprovals(parts, {
        ...query,
        ...(limit !== undefined && !isFiltered && { limit }),
      });
      const who = isMine ? await deciding() : undefined;
      const delegations = isMine ? await listDelegations(parts) : [];
      const cards: ApprovalCard[] = [];
      for (const kept of found) {
        if (cards.length === limit) break;
        const { approval } = kept;
        if (isIn?.(approval.namespace) === false) continue;
        const isDecided = approval.votes.some(({ by }) => by === who?.principal.id);
        const mayDecide =
          who === undefined ||
          (approval.state === 'open' &&
            !isDecided &&
            !('code' in rightOf(approval, await voterFor(who, approval, delegations))));
        if (mayDecide) cards.push(cardOf(kept));
      }
      return cards;
    },
    async show(id) {
      const kept = await approvalOf(parts, id);
      const notices = (await parts.notices?.about(id)) ?? [];
      return {
        ...cardOf(kept),
        shown: await shownOf(desk, kept),
        notices: notices.map(({ notice, way, state, attempts, problem }) => ({
          event: notice.event,
          way,
          state,
          attempts,
          problem,
        })),
      };
    },
    async target(id, reason = '') {
      const { approval } = await approvalOf(parts, id);
      const voter = await voterFor(await deciding(), approval);
      // Whoever decided learns that it is closed, not that it is for somebody else.
      const isWaiting = approval.state === 'open' && approval.brokenGlass === null;
      const deciders = isWaiting ? decidersOf(approval) : allDecidersOf(approval);
      return {
        namespace: approval.namespace,
        resourceId: approval.id,
        flowId: approval.flowId,
        facts: factsOf(approval, voter, deciders, reason),
      };
    },
    approve: (id, { reason = '', inputs, digest } = {}, seen = {}) =>
      decide((who) =>
        castVote(who, id, {
          ...seen,
          verdict: 'approve',
          reason,
          ...(inputs !== undefined && { inputs }),
          ...(digest !== undefined && { digest }),
        }),
      ),
    reject: (id, reason, seen = {}) =>
      decide((who) => castVote(who, id, { ...seen, verdict: 'reject', reason })),
    sendBack: (id, reason, seen = {}) =>
      decide((who) => castVote(who, id, { ...seen, verdict: 'send-back', reason })),
    withdraw: (id, reason, seen = {}) =>
      decide((who) => withdrawRequest(who, id, { ...seen, reason })),
    claim: async (id, seen) => cardAfter(await claimApproval(await deciding(), id, true, seen)),
    unclaim: async (id, seen) => cardAfter(await claimApproval(await deciding(), id, false, seen)),
    endorse: (id, names, reason, seen = {}) =>
      decide((who) => endorseValues(who, id, { ...seen, names, reason })),
    breakGlass: (id, reason, seen = {}) =>
      decide((who) => breakTheGlass(who, id, { ...seen, reason })),
    examine: (id, isAccepted, note, seen = {}) =>
      decide((who) => examineBrokenGlass(who, id, { ...seen, isAccepted, note })),
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
