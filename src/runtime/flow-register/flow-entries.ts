/**
 * Flows in the register: what people added to them, their stage and its history; each change an entry.
 * What a flow says of itself stands in its text; here stands what only people and policy may say of it.
 */
import { Failure } from '../../core/failure/index.ts';
import {
  type FlowAdditions,
  type FlowEntry,
  type FlowReview,
  moveProblem,
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

/** Returns the stage of a flow, as the register and the flow itself have it. */
export async function stageIn(
  { store, tenant }: { readonly store: Pick<Store, 'registerRecord'>; readonly tenant: string },
  name: FlowName,
  declared: Stage | undefined,
): Promise<Stage> {
  const record = await store.registerRecord({ tenant, ...registerId(name) });
  const entry = record && (decodeValue(record.document) as unknown as FlowEntry);
  return stageOf(entry?.stage, declared);
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

/** Moves a flow to another stage, which policy has allowed; throws `flow.stage-wrong`. */
export function moveFlow(
  desk: RegisterDesk,
  name: FlowName,
  move: Omit<StageMove, 'at'>,
  facts: Readonly<Record<string, Value>>,
): Promise<FlowEntry> {
  return desk.do(async (work) => {
    const { from, to, by, revision, reason } = move;
    const present = await work.read<FlowEntry>(kind, idOf(name));
    const problem =
      present?.stage !== undefined && present.stage !== from
        ? `it is in ${present.stage} meanwhile`
        : moveProblem(from, to);
    if (problem !== undefined) throw stageWrong(name, to, problem);
    const after = await change(work, name, (before) => ({
      ...before,
      stage: to,
      moves: [...before.moves, { ...move, at: work.at }],
    }));
    const payload = { ...name, from, to, revision, reason, facts };
    work.enter({ stream: `flow:${idOf(name)}`, type: 'flow-stage-changed', actor: by, payload });
    return () => after;
  });
}

/** Returns the failure of a move that cannot be made. */
export function stageWrong({ namespace, flowId }: FlowName, to: Stage, why: string): Failure {
  return new Failure(
    'flow.stage-wrong',
    `the flow \`${namespace}/${flowId}\` cannot go to ${to}: ${why}`,
  );
}
