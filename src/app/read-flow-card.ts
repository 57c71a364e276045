/**
 * What a revision of a flow is to governance: its text, those of the flows it starts, what the registers
 * hold of it and of its models, and who wrote it, read together as one card.
 */
import { Failure } from '../core/failure/index.ts';
import type { Flow } from '../core/flow/index.ts';
import {
  assessFlow,
  type FlowAssessment,
  type FlowCard,
  flowCard,
  flowStartedBy,
  isLive,
  visitTasks,
} from '../core/governance/index.ts';
import { decodeValue, isMap } from '../core/value/index.ts';
import { listAllowances } from '../runtime/allowances/index.ts';
import { findFlowEntry, type FlowName } from '../runtime/flow-register/index.ts';
import { listSwitches } from '../runtime/kill-switch/index.ts';
import type { RegisterDesk } from '../runtime/registers/index.ts';
import type { RunLoop } from '../runtime/run-loop/index.ts';

/** A card and what it was made from. */
export interface ReadCard {
  readonly card: FlowCard;
  readonly assessment: FlowAssessment;
  readonly source: string;
  /** The flows that it starts, by name and revision: `shop/pay@3`. */
  readonly starts: readonly string[];
  /** Handles of those who wrote this revision and those before it, down to the live one. */
  readonly authors: readonly string[];
}

const flowsMax = 200;

interface Started {
  readonly flow: Flow;
  readonly revision: number;
}

/** Returns the flows that `flow` starts, and those that they start, by name. */
async function subflowsOf(loop: RunLoop, flow: Flow): Promise<ReadonlyMap<string, Started>> {
  const own = `${flow.namespace}/${flow.id}`;
  const found = new Map<string, Started>();
  const waiting = [flow];
  for (const one of waiting) {
    const names: (readonly [string, string])[] = [];
    visitTasks(one, (task) => {
      const started = flowStartedBy(task);
      if (started !== undefined) names.push([started.namespace, started.flowId]);
    });
    for (const [namespace, id] of names) {
      const name = `${namespace}/${id}`;
      if (name === own || found.has(name) || found.size >= flowsMax) continue;
      const next = await loop.library.find(namespace, id).catch((error: unknown) => {
        // A template, or a flow that is yet to come.
        if (error instanceof Failure && error.code === 'flow.not-found') return undefined;
        throw error;
      });
      if (next === undefined) continue;
      found.set(name, next);
      waiting.push(next.flow);
    }
  }
  return found;
}

/** Returns who saved each revision: the actors of its entries. */
async function authorsOf(
  { parts: { store, tenant } }: RunLoop,
  { namespace, flowId }: FlowName,
): Promise<ReadonlyMap<number, string>> {
  const authors = new Map<number, string>();
  for (const { type, actor, payload } of await store.entries(
    tenant,
    `flow:${namespace}/${flowId}`,
  )) {
    const read = type === 'flow-saved' ? decodeValue(payload) : null;
    if (isMap(read)) authors.set(Number(read['revision']), actor);
  }
  return authors;
}

async function startsUnready(
  registers: RegisterDesk,
  started: Iterable<string>,
): Promise<readonly string[]> {
  const unready: string[] = [];
  for (const name of started) {
    const [namespace = '', flowId = ''] = name.split('/');
    const entry = await findFlowEntry(registers, { namespace, flowId });
    if (entry?.stage === undefined || !isLive(entry.stage)) unready.push(name);
  }
  return unready.toSorted();
}

/** Returns the card of a revision, the newest where none is named; throws `flow.not-found`. */
export async function readFlowCard(
  loop: RunLoop,
  registers: RegisterDesk,
  name: FlowName,
  wanted?: number,
): Promise<ReadCard> {
  const { namespace, flowId } = name;
  const { catalogue, clock } = loop.parts;
  const { flow, revision } =
    wanted === undefined
      ? await loop.library.newest(namespace, flowId)
      : await loop.library.find(namespace, flowId, wanted);
  const started = await subflowsOf(loop, flow);
  const assessment = assessFlow(flow, {
    effectOf: (type) => catalogue.find(type)?.entry.effect,
    subflow: (space, id) =>
      space === flow.namespace && id === flow.id ? flow : started.get(`${space}/${id}`)?.flow,
  });
  const authors = await authorsOf(loop, name);
  const entry = await findFlowEntry(registers, name);
  const card = flowCard(flow, {
    revision,
    author: authors.get(revision) ?? null,
    entry,
    assessment,
    allowances: await listAllowances(registers),
    switches: await listSwitches(registers),
    startsUnready: await startsUnready(registers, started.keys()),
    at: clock.now(),
  });
  const live = card.liveRevision ?? 0;
  const own = [...authors].filter(([one]) => one === revision || (one > live && one < revision));
  return {
    card,
    assessment,
    source: flow.source,
    starts: [...started].map(([one, { revision: of }]) => `${one}@${of}`).toSorted(),
    authors: [...new Set(own.map(([, actor]) => actor))].toSorted(),
  };
}
