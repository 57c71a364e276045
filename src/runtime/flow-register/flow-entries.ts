/**
 * Flows in the register: what people added to them, their stage and its history; each change an entry.
 * What a flow says of itself stands in its text; here stands what only people and policy may say of it.
 */
import { Failure } from '../../core/failure/index.ts';
import {
  type FlowAdditions,
  type FlowEntry,
  type FlowReport,
  type FlowReview,
  isLive,
  isReviewDue,
  moveProblem,
  overdueFrom,
  runsIn,
  type Stage,
  type StageMove,
  stageOf,
} from '../../core/governance/index.ts';
import { decodeValue, type Value } from '../../core/value/index.ts';
import type { RegisterId, Store } from '../../ports/store.ts';
import type { RegisterDesk, RegisterWork } from '../registers/index.ts';

const kind = 'workflow';

/** Names a flow. */
export interface FlowName {
  readonly namespace: string;
  readonly flowId: string;
}

function idOf({ namespace, flowId }: FlowName): string {
  return `${namespace}/${flowId}`;
}

/** Returns where the register has a flow. */
export function registerId(name: FlowName): Pick<RegisterId, 'kind' | 'id'> {
  return { kind, id: idOf(name) };
}

/** Returns what the register holds of a flow. */
export function findFlowEntry(desk: RegisterDesk, name: FlowName): Promise<FlowEntry | undefined> {
  return desk.read<FlowEntry>(kind, idOf(name));
}

/** How a flow stands. */
export interface RegisteredFlow extends FlowName {
  readonly stage: Stage | null;
  readonly liveRevision: number | null;
  readonly owner: string | null;
  readonly reviewDate: string | null;
  readonly isReviewDue: boolean;
}

/** Returns how flows stand that people did something with, in order. */
export async function listRegisteredFlows(
  desk: RegisterDesk,
  at: number,
  namespace?: string,
): Promise<readonly RegisteredFlow[]> {
  const key = namespace === undefined ? undefined : { name: 'namespace', value: namespace };
  return (await desk.list<FlowEntry>(kind, key)).map(({ content }) => ({
    namespace: content.namespace,
    flowId: content.flowId,
    stage: content.stage ?? null,
    liveRevision: liveRevisionOf(content) ?? null,
    owner: content.owner ?? null,
    reviewDate: content.reviewDate ?? null,
    isReviewDue: isReviewDue(content.reviewDate, at),
  }));
}

/** Where flows are registered. */
interface Registered {
  readonly store: Pick<Store, 'registerRecord'>;
  readonly tenant: string;
}

async function entryIn(
  { store, tenant }: Registered,
  name: FlowName,
): Promise<FlowEntry | undefined> {
  const record = await store.registerRecord({ tenant, ...registerId(name) });
  return record && (decodeValue(record.document) as unknown as FlowEntry);
}

function liveRevisionOf(entry: FlowEntry | undefined): number | undefined {
  return entry?.stage !== undefined && isLive(entry.stage) ? entry.liveRevision : undefined;
}

/** Returns the revision of a live flow that runs; undefined where the newest one does. */
export async function liveRevisionIn(
  place: Registered,
  name: FlowName,
): Promise<number | undefined> {
  return liveRevisionOf(await entryIn(place, name));
}

/** Returns the stage of a flow, as the register and the flow itself have it. */
export async function stageIn(
  place: Registered,
  name: FlowName,
  declared: Stage | undefined,
): Promise<Stage> {
  return stageOf((await entryIn(place, name))?.stage, declared);
}

/**
 * Throws `flow.revision-not-live` where another revision of a live flow is to run than the live one. What
 * ran before may run again in any revision that was live once.
 */
export async function assertLiveRevision(
  place: Registered,
  name: FlowName,
  { revision, isRepeated }: { readonly revision: number; readonly isRepeated: boolean },
): Promise<void> {
  const entry = await entryIn(place, name);
  const live = liveRevisionOf(entry);
  if (live === undefined || live === revision) return;
  const wasLive = entry?.deployments?.some((one) => one.revision === revision) === true;
  if (isRepeated && wasLive) return;
  throw new Failure(
    'flow.revision-not-live',
    `revision ${revision} of \`${idOf(name)}\` is not live; revision ${live} is`,
    { details: { revision, live } },
  );
}

/** Throws `flow.stage-forbids` where a flow does not run outside tests. */
export function assertRuns({ namespace, flowId }: FlowName, stage: Stage): void {
  if (runsIn(stage)) return;
  throw new Failure(
    'flow.stage-forbids',
    `the flow \`${namespace}/${flowId}\` is in ${stage} and runs in tests only`,
    { details: { stage } },
  );
}

async function change(
  work: RegisterWork,
  name: FlowName,
  changed: (before: FlowEntry) => FlowEntry,
): Promise<FlowEntry> {
  const id = idOf(name);
  const before = (await work.read<FlowEntry>(kind, id)) ?? { ...name, moves: [], reviews: [] };
  const after = changed(before);
  const { owner, stage } = after;
  await work.put(kind, id, after, {
    namespace: name.namespace,
    ...(owner !== undefined && { owner }),
    ...(stage !== undefined && { stage }),
  });
  return after;
}

/** Adds to what a flow says of itself; an empty text takes an addition back. */
export function addToFlow(
  desk: RegisterDesk,
  name: FlowName,
  additions: FlowAdditions,
  actor: string,
): Promise<FlowEntry> {
  return desk.do(async (work) => {
    const after = await change(work, name, (before) => {
      const all = Object.entries({ ...before, ...additions }).filter(([, value]) => value !== '');
      return Object.fromEntries(all) as unknown as FlowEntry;
    });
    work.enter({
      stream: `flow:${idOf(name)}`,
      type: 'flow-registered',
      actor,
      payload: { ...name, ...(additions as Readonly<Record<string, Value>>) },
    });
    return () => after;
  });
}

/** Enters that somebody has read a revision and agrees. */
export function reviewFlow(
  desk: RegisterDesk,
  name: FlowName,
  review: Omit<FlowReview, 'at'>,
): Promise<FlowEntry> {
  return desk.do(async (work) => {
    const { revision, by, note } = review;
    const after = await change(work, name, (before) => ({
      ...before,
      reviews: [...before.reviews, { ...review, at: work.at }],
    }));
    const stream = `flow:${idOf(name)}`;
    const payload = { ...name, revision, note };
    work.enter({ stream, type: 'flow-reviewed', actor: by, payload });
    return () => after;
  });
}

/** What was allowed, and what is written together with it. */
export interface AllowedChange {
  readonly facts: Readonly<Record<string, Value>>;
  /** Uses up the approval that it rests on, in the same write. */
  readonly use?: (work: RegisterWork) => Promise<void>;
}

/** Moves a flow to another stage, which policy has allowed; throws `flow.stage-wrong`. */
export function moveFlow(
  desk: RegisterDesk,
  name: FlowName,
  move: Omit<StageMove, 'at'>,
  { facts, use }: AllowedChange,
): Promise<FlowEntry> {
  return desk.do(async (work) => {
    const { from, to, by, revision, reason } = move;
    const present = await work.read<FlowEntry>(kind, idOf(name));
    const problem =
      present?.stage !== undefined && present.stage !== from
        ? `it is in ${present.stage} meanwhile`
        : moveProblem(from, to);
    if (problem !== undefined) throw stageWrong(name, to, problem);
    await use?.(work);
    const after = await change(work, name, (before) => {
      const { liveRevision, ...rest } = before;
      const moves = [...before.moves, { ...move, at: work.at }];
      if (!isLive(to)) return { ...rest, stage: to, moves };
      // What is live stays live; what goes live is the revision that was decided about.
      if (isLive(from) && liveRevision !== undefined) return { ...before, stage: to, moves };
      const deployments = [...(before.deployments ?? []), { revision, by, at: work.at, reason }];
      return { ...before, stage: to, moves, liveRevision: revision, deployments };
    });
    const payload = { ...name, from, to, revision, reason, facts };
    work.enter({ stream: `flow:${idOf(name)}`, type: 'flow-stage-changed', actor: by, payload });
    return () => after;
  });
}

/** Makes a revision of a live flow the one that runs, which policy has allowed; throws `flow.stage-wrong`. */
export function deployFlow(
  desk: RegisterDesk,
  name: FlowName,
  { revision, from, by, reason }: Deployed,
  { facts, use }: AllowedChange,
): Promise<FlowEntry> {
  return desk.do(async (work) => {
    const present = await work.read<FlowEntry>(kind, idOf(name));
    if (present?.stage === undefined || !isLive(present.stage)) {
      throw notLive(name);
    }
    if ((present.liveRevision ?? null) !== from) {
      throw new Failure(
        'store.conflict',
        `revision ${present.liveRevision ?? 'none'} of \`${idOf(name)}\` is live meanwhile`,
      );
    }
    await use?.(work);
    const after = await change(work, name, (before) => ({
      ...before,
      liveRevision: revision,
      deployments: [...(before.deployments ?? []), { revision, by, at: work.at, reason }],
    }));
    const payload = { ...name, revision, from, reason, facts };
    work.enter({ stream: `flow:${idOf(name)}`, type: 'flow-deployed', actor: by, payload });
    return () => after;
  });
}

/** A revision that is made live. */
export interface Deployed {
  readonly revision: number;
  /** The revision that was live when it was decided. */
  readonly from: number | null;
  readonly by: string;
  readonly reason: string;
}

/** Returns the failure of a deployment of a flow that is not live. */
export function notLive(name: FlowName): Failure {
  return new Failure('flow.stage-forbids', `the flow \`${idOf(name)}\` is not live`, {
    help: 'its newest revision runs; `sluice flow stage FLOW --to deployment` makes it live',
  });
}

/** Enters a report about a flow. */
export function reportFlow(
  desk: RegisterDesk,
  name: FlowName,
  report: Omit<FlowReport, 'at'>,
): Promise<FlowEntry> {
  return desk.do(async (work) => {
    const after = await change(work, name, (before) => ({
      ...before,
      reports: [...(before.reports ?? []), { ...report, at: work.at }],
    }));
    const { by, models, dataClasses, ...fields } = report;
    const payload = { ...name, ...fields, models: [...models], dataClasses: [...dataClasses] };
    work.enter({ stream: `flow:${idOf(name)}`, type: 'flow-reported', actor: by, payload });
    return () => after;
  });
}

/** Enters, once for each review date, that it has passed; gives the moment at which the next one does. */
export function noteOverdueReviews(desk: RegisterDesk): Promise<number | undefined> {
  return desk.do(async (work) => {
    let next: number | undefined;
    for (const { content } of await work.list<FlowEntry>(kind)) {
      const { namespace, flowId, reviewDate, overdueSince, stage, owner } = content;
      const from = overdueFrom(reviewDate);
      const isKnown = from === undefined || overdueSince === reviewDate;
      if (isKnown || reviewDate === undefined || stage === 'retirement') continue;
      if (from > work.at) {
        next = Math.min(next ?? from, from);
        continue;
      }
      const name = { namespace, flowId };
      await change(work, name, (before) => ({ ...before, overdueSince: reviewDate }));
      const payload = { ...name, reviewDate, owner: owner ?? null };
      work.enter({
        stream: `flow:${idOf(name)}`,
        type: 'review-overdue',
        actor: 'engine',
        payload,
      });
    }
    return () => next;
  });
}

/** Returns the failure of a move that cannot be made. */
export function stageWrong({ namespace, flowId }: FlowName, to: Stage, why: string): Failure {
  return new Failure(
    'flow.stage-wrong',
    `the flow \`${namespace}/${flowId}\` cannot go to ${to}: ${why}`,
  );
}
