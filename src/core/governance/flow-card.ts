/**
 * A flow in the register: what it says of itself, what people added, and what is computed, as one card;
 * and the facts that gates ask about.
 *
 * INVARIANT: a fact that cannot be computed is false, with the reason; nobody types one in.
 */
import { type Flow, pathText } from '../flow/index.ts';
import type { Facts } from '../policy/index.ts';
import { type Allowance, allowanceProblem } from './allowance.ts';
import { type FlowAssessment, type RiskTier, riskTiers, type TierReason } from './assess-flow.ts';
import { type FlowReport, reportKinds, reportProblem } from './flow-report.ts';
import { type KillSwitch, modelStoppedBy } from './kill-switch.ts';
import { isLive, needsOwner, type Stage, stageOf } from './lifecycle.ts';
import { isDay, isReviewDue } from './review-date.ts';
import type { TestStanding } from './test-standing.ts';

/** What people may add to a flow without changing its text. */
export interface FlowAdditions {
  readonly owner?: string;
  readonly sponsor?: string;
  readonly purpose?: string;
  /** Counts where it is higher than the computed one. */
  readonly riskTier?: RiskTier;
  /** A day: `2027-01-31`. */
  readonly reviewDate?: string;
  readonly controls?: readonly string[];
}

/** Somebody has read a revision and agrees. */
export interface FlowReview {
  readonly revision: number;
  readonly by: string;
  readonly at: number;
  readonly note: string;
}

/** A move from one stage to another. */
export interface StageMove {
  readonly from: Stage;
  readonly to: Stage;
  readonly by: string;
  readonly at: number;
  readonly revision: number;
  readonly reason: string;
}

/** A revision was made the one that runs. */
export interface Deployment {
  readonly revision: number;
  readonly by: string;
  readonly at: number;
  readonly reason: string;
}

/** What the register holds of a flow. */
export interface FlowEntry extends FlowAdditions {
  readonly namespace: string;
  readonly flowId: string;
  readonly stage?: Stage;
  /** The revision that runs while the flow is live; absent in every other stage. */
  readonly liveRevision?: number;
  readonly moves: readonly StageMove[];
  readonly reviews: readonly FlowReview[];
  /** Which revisions were made live, the newest last. */
  readonly deployments?: readonly Deployment[];
  readonly reports?: readonly FlowReport[];
  /** The review date that is known to be overdue. */
  readonly overdueSince?: string;
}

/** Whether something holds of a flow, and why. */
export interface Claim {
  readonly holds: boolean;
  readonly reason: string;
}

/** What gates ask about. */
export const gateNames = [
  'hasOwner',
  'testsPassed',
  'reportsFresh',
  'modelsApproved',
  'vendorsApproved',
  'effectsGated',
  'subflowsLive',
  'isReviewed',
] as const;

/** The name of what a gate asks about. */
export type GateName = (typeof gateNames)[number];

/** What a flow is in the register. */
export interface FlowCard {
  readonly namespace: string;
  readonly flowId: string;
  readonly revision: number;
  /** Handle of who saved the revision. */
  readonly author: string | null;
  readonly stage: Stage;
  /** The revision that runs, where the flow is live; null where the newest one does. */
  readonly liveRevision: number | null;
  readonly owner: string | null;
  readonly sponsor: string | null;
  readonly purpose: string | null;
  readonly riskTier: RiskTier;
  readonly reasons: readonly TierReason[];
  readonly dataClasses: readonly string[];
  readonly models: readonly string[];
  readonly vendors: readonly string[];
  readonly effects: readonly string[];
  readonly autonomy: string;
  readonly controls: readonly string[];
  readonly reviewDate: string | null;
  /** Whether its review date has passed. */
  readonly isReviewDue: boolean;
  readonly gates: Readonly<Record<GateName, Claim>>;
  readonly moves: readonly StageMove[];
  readonly reviews: readonly FlowReview[];
  readonly deployments: readonly Deployment[];
  readonly reports: readonly FlowReport[];
}

/** What is known of a flow from outside its text. */
export interface FlowSurroundings {
  readonly revision: number;
  readonly author: string | null;
  readonly entry: FlowEntry | undefined;
  readonly assessment: FlowAssessment;
  /** What recorded runs say of this revision. */
  readonly tests: TestStanding;
  /** The models and vendors that somebody proposed, and how they stand. */
  readonly allowances: readonly Allowance[];
  readonly switches: readonly KillSwitch[];
  /** Flows it starts that are not live themselves, by `namespace/id`. */
  readonly startsUnready: readonly string[];
  /** The moment it is asked; epoch milliseconds. */
  readonly at: number;
}

function yes(reason: string): Claim {
  return { holds: true, reason };
}

function no(reason: string): Claim {
  return { holds: false, reason };
}

function approvedClaim(kind: 'model' | 'vendor', around: FlowSurroundings): Claim {
  const { assessment, allowances, switches, at } = around;
  const names = kind === 'model' ? assessment.models : assessment.vendors;
  const [unknown] = assessment.unknown;
  if (unknown !== undefined) return no(`nobody knows which ${kind}s it uses: ${unknown}`);
  if (names.length === 0) return yes(`the flow uses no ${kind}`);
  const problems = names.flatMap((name) => {
    const stopped = modelStoppedBy(switches, name);
    if (stopped !== undefined) return [`a kill switch stops the ${kind} \`${name}\``];
    return allowanceProblem(allowances, kind, name, at) ?? [];
  });
  return problems.length === 0 ? yes(`each ${kind} is allowed`) : no(problems.join('; '));
}

function reportsClaim(tier: RiskTier, { assessment, entry, at }: FlowSurroundings): Claim {
  if (tier === 'minimal' || tier === 'limited') {
    return yes(`a flow of tier ${tier} needs no reports`);
  }
  const problems = reportKinds.flatMap(
    (kind) => reportProblem(entry?.reports ?? [], kind, assessment, at) ?? [],
  );
  return problems.length === 0 ? yes('each report is in date') : no(problems.join('; '));
}

function reviewClaim({ revision, author, entry }: FlowSurroundings): Claim {
  if (author === null) return no(`nobody knows who wrote revision ${revision}`);
  const review = entry?.reviews.find((one) => one.revision === revision && one.by !== author);
  return review === undefined
    ? no(`nobody but its author has reviewed revision ${revision}`)
    : yes(`\`${review.by}\` has reviewed revision ${revision}`);
}

function gatedClaim({ proofs }: FlowAssessment): Claim {
  const open = proofs.filter(({ isGated }) => !isGated);
  if (proofs.length === 0) return yes('the flow has no effects outside');
  if (open.length === 0) return yes('a gate stands before each effect outside, on every path');
  const paths = open.map(({ task, path }) => `\`${task}\` (${pathText(path)})`);
  return no(`no gate stands before ${paths.join(', ')}`);
}

function subflowsClaim({ startsUnready }: FlowSurroundings): Claim {
  if (startsUnready.length === 0) return yes('each flow that it starts is live');
  return no(`not live: ${startsUnready.map((name) => `\`${name}\``).join(', ')}`);
}

function tierWith(
  { tier, reasons }: FlowAssessment,
  raised: RiskTier | undefined,
): { readonly riskTier: RiskTier; readonly reasons: readonly TierReason[] } {
  if (raised === undefined || riskTiers.indexOf(raised) <= riskTiers.indexOf(tier)) {
    return { riskTier: tier, reasons };
  }
  return { riskTier: raised, reasons: [...reasons, { tier: raised, reason: 'people say so' }] };
}

/** Where a flow stands: what every decision about it begins with. */
export interface FlowStanding {
  readonly stage: Stage;
  readonly riskTier: RiskTier;
  readonly reasons: readonly TierReason[];
}

/**
 * Returns where a flow stands: its stage is the register's, its tier the highest of what its graph shows,
 * what it declares and what people say.
 */
export function standingOf(
  flow: Flow,
  assessment: FlowAssessment,
  entry: FlowEntry | undefined,
): FlowStanding {
  const stage = stageOf(entry?.stage, flow.governance?.stage);
  return { stage, ...tierWith(assessment, entry?.riskTier) };
}

/** Returns what a flow is in the register. */
export function flowCard(flow: Flow, around: FlowSurroundings): FlowCard {
  const { revision, author, entry, assessment, tests, at } = around;
  const declared = flow.governance;
  const owner = entry?.owner ?? declared?.owner ?? null;
  const { models, vendors, dataClasses, effects, autonomy } = assessment;
  const { stage, riskTier, reasons } = standingOf(flow, assessment, entry);
  const reviewDate = entry?.reviewDate ?? null;
  return {
    namespace: flow.namespace,
    flowId: flow.id,
    revision,
    author,
    stage,
    liveRevision: isLive(stage) ? (entry?.liveRevision ?? null) : null,
    owner,
    sponsor: entry?.sponsor ?? null,
    purpose: entry?.purpose ?? declared?.purpose ?? null,
    riskTier,
    reasons,
    dataClasses,
    models,
    vendors,
    effects,
    autonomy,
    controls: [...new Set([...(declared?.controls ?? []), ...(entry?.controls ?? [])])],
    reviewDate,
    isReviewDue: isReviewDue(reviewDate, at),
    gates: {
      hasOwner:
        owner === null ? no('nobody answers for the flow') : yes(`\`${owner}\` answers for it`),
      testsPassed: { holds: tests.passed, reason: tests.reason },
      reportsFresh: reportsClaim(riskTier, around),
      modelsApproved: approvedClaim('model', around),
      vendorsApproved: approvedClaim('vendor', around),
      effectsGated: gatedClaim(assessment),
      subflowsLive: subflowsClaim(around),
      isReviewed: reviewClaim(around),
    },
    moves: entry?.moves ?? [],
    reviews: entry?.reviews ?? [],
    deployments: entry?.deployments ?? [],
    reports: entry?.reports ?? [],
  };
}

/** Returns what policy may know of a flow. */
export function flowFacts(card: FlowCard, actor: string): Facts {
  const { author, gates } = card;
  return {
    flowId: card.flowId,
    stage: card.stage,
    riskTier: card.riskTier,
    autonomy: card.autonomy,
    effects: card.effects,
    dataClasses: card.dataClasses,
    models: card.models,
    vendors: card.vendors,
    ...(author !== null && { author }),
    involved: [...new Set([...(author === null ? [] : [author]), actor])],
    isReviewDue: card.isReviewDue,
    ...Object.fromEntries(gateNames.map((name) => [name, gates[name].holds])),
  };
}

/** Returns why `additions` cannot be made, as clauses. */
export function additionProblems(
  card: FlowCard,
  computed: RiskTier,
  additions: FlowAdditions,
): readonly string[] {
  const problems: string[] = [];
  const { riskTier, owner, reviewDate } = additions;
  if (riskTier !== undefined && riskTiers.indexOf(riskTier) < riskTiers.indexOf(computed)) {
    problems.push(`the tier is ${computed} at least; it can be raised and not lowered`);
  }
  if (owner === '' && needsOwner(card.stage)) {
    problems.push(`in ${card.stage} somebody must answer for the flow`);
  }
  if (reviewDate !== undefined && reviewDate !== '' && !isDay(reviewDate)) {
    problems.push(`\`${reviewDate}\` is no day like 2027-01-31`);
  }
  return problems;
}
