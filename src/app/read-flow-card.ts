/**
 * What a revision of a flow is to governance: its text, those of the flows it starts, what the registers
 * hold of it and of its models, and who wrote it, read together as one card.
 */
import type { Flow } from '../core/flow/index.ts';
import { type FlowAssessment, type FlowCard, flowCard, isLive } from '../core/governance/index.ts';
import { decodeValue, isMap } from '../core/value/index.ts';
import { listAllowances } from '../runtime/allowances/index.ts';
import { findFlowEntry, type FlowName } from '../runtime/flow-register/index.ts';
import { testStandingOf } from '../runtime/flow-tests/index.ts';
import { listSwitches } from '../runtime/kill-switch/index.ts';
import type { RegisterDesk } from '../runtime/registers/index.ts';
import type { RunLoop } from '../runtime/run-loop/index.ts';
import { deciding } from './deciding.ts';

/** A card and what it was made from. */
export interface ReadCard {
  readonly card: FlowCard;
  readonly assessment: FlowAssessment;
  readonly flow: Flow;
  /** The flows that it starts, by name and revision: `shop/pay@3`. */
  readonly starts: readonly string[];
  /** Handles of those who wrote this revision and those before it, down to the live one. */
  readonly authors: readonly string[];
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
  const { store, tenant, clock } = loop.parts;
  const revision = wanted ?? (await loop.library.newest(name.namespace, name.flowId)).revision;
  const { flow, assessment, entry, starts } = await deciding(loop.parts).flows.find(name, revision);
  const authors = await authorsOf(loop, name);
  const card = flowCard(flow, {
    revision,
    author: authors.get(revision) ?? null,
    entry,
    assessment,
    tests: await testStandingOf(store, tenant, name, revision),
    allowances: await listAllowances(registers),
    switches: await listSwitches(registers),
    startsUnready: await startsUnready(registers, starts.keys()),
    at: clock.now(),
  });
  const live = card.liveRevision ?? 0;
  const own = [...authors].filter(([one]) => one === revision || (one > live && one < revision));
  return {
    card,
    assessment,
    flow,
    starts: [...starts].map(([one, of]) => `${one}@${of}`).toSorted(),
    authors: [...new Set(own.map(([, actor]) => actor))].toSorted(),
  };
}
