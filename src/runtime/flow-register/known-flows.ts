/**
 * Flows as policy is told of them: parsed, assessed together with all they start, and with what the
 * register says. Every door asks here, so that no two of them think differently of a flow.
 *
 * INVARIANT: nothing is told that was computed before the flow, one it starts, or its place in the
 * register changed; what no number of the watch has moved since is told without looking.
 */
import { Failure } from '../../core/failure/index.ts';
import type { Flow, TypeCatalogue } from '../../core/flow/index.ts';
import {
  assessFlow,
  type FlowAssessment,
  type FlowEntry,
  flowStartedBy,
  standingOf,
  visitTasks,
} from '../../core/governance/index.ts';
import type { Facts } from '../../core/policy/index.ts';
import { decodeValue } from '../../core/value/index.ts';
import type { Store } from '../../ports/store.ts';
import type { WriteWatch } from '../committer/index.ts';
import { type FlowName, registerId } from './flow-entries.ts';

/** A revision of a flow and what is known of it. */
export interface KnownFlow {
  readonly flow: Flow;
  readonly revision: number;
  /** What people added in the register. */
  readonly entry: FlowEntry | undefined;
  readonly assessment: FlowAssessment;
  /** The flows that it starts, and those that they start, with the revisions that run: `shop/pay`. */
  readonly starts: ReadonlyMap<string, number>;
  /** What policy is told of it, whatever is done with it. */
  readonly facts: Facts;
}

/** Flows as policy is told of them. */
export interface KnownFlows {
  /** Returns a revision, the one that runs when none is named; throws `flow.not-found`, `flow.invalid`. */
  find(name: FlowName, revision?: number): Promise<KnownFlow>;
}

/** What knowing flows needs of the world. */
export interface KnownFlowsParts {
  readonly tenant: string;
  readonly store: Pick<Store, 'registerRecord'>;
  readonly catalogue: TypeCatalogue;
  readonly watch: WriteWatch;
  /** Stored flows, parsed. */
  readonly library: {
    find(
      namespace: string,
      id: string,
      revision?: number,
    ): Promise<{ readonly flow: Flow; readonly revision: number }>;
  };
}

type StoredFlow = Pick<KnownFlow, 'flow' | 'revision'>;

const noneCodes: ReadonlySet<string> = new Set(['flow.not-found', 'flow.invalid']);
const startedMax = 200;
const keptMax = 2_000;

/** Returns the flows that `first` starts, and those that they start, by name. */
async function startedBy(
  { library }: KnownFlowsParts,
  first: StoredFlow,
): Promise<Map<string, StoredFlow>> {
  const found = new Map([[`${first.flow.namespace}/${first.flow.id}`, first]]);
  const waiting = [first.flow];
  for (const one of waiting) {
    const names: (readonly [string, string])[] = [];
    visitTasks(one, (task) => {
      const started = flowStartedBy(task);
      if (started !== undefined) names.push([started.namespace, started.flowId]);
    });
    for (const [namespace, id] of names) {
      if (found.has(`${namespace}/${id}`) || found.size >= startedMax) continue;
      const next = await library.find(namespace, id).catch((error: unknown) => {
        // A template, a flow that is yet to come, or one that this version cannot run.
        const isNone = error instanceof Failure && noneCodes.has(error.code);
        if (isNone) return undefined;
        throw error;
      });
      if (next === undefined) continue;
      found.set(`${namespace}/${id}`, next);
      waiting.push(next.flow);
    }
  }
  return found;
}

interface Kept {
  readonly known: KnownFlow;
  /** What it was computed from: the record of the register, and the revisions of what it starts. */
  readonly from: string;
}

/** Returns the flows of a tenant as policy is told of them. */
export function createKnownFlows(parts: KnownFlowsParts): KnownFlows {
  const { tenant, store, catalogue, watch, library } = parts;
  const kept = new Map<string, Kept>();
  /** What holds while the number of the watch is `upTo`: looked up, or being looked up. */
  let current = new Map<string, Promise<KnownFlow>>();
  let upTo = -1;

  const look = async (name: FlowName, wanted: number | undefined): Promise<KnownFlow> => {
    const record = await store.registerRecord({ tenant, ...registerId(name) });
    const { flow, revision } = await library.find(name.namespace, name.flowId, wanted);
    const others = await startedBy(parts, { flow, revision });
    const revisions = [...others].map(([id, one]) => `${id} ${one.revision}`);
    const from = [String(record?.version ?? 0), ...revisions].join('\n');
    const key = `${name.namespace}/${name.flowId}/${revision}`;
    const before = kept.get(key);
    if (before?.from === from) return before.known;
    const entry = record && (decodeValue(record.document) as unknown as FlowEntry);
    const assessment = assessFlow(flow, {
      effectOf: (type) => catalogue.find(type)?.entry.effect,
      subflow: (namespace, id) => others.get(`${namespace}/${id}`)?.flow,
    });
    const { stage, riskTier } = standingOf(flow, assessment, entry);
    const isReviewDue =
      entry?.overdueSince !== undefined && entry.overdueSince === entry.reviewDate;
    const { autonomy } = assessment;
    const facts = { flowId: flow.id, stage, riskTier, autonomy, isReviewDue };
    others.delete(`${flow.namespace}/${flow.id}`);
    const starts = new Map([...others].map(([id, one]) => [id, one.revision]));
    const known = { flow, revision, entry, assessment, starts, facts };
    if (kept.size >= keptMax) kept.clear();
    kept.set(key, { known, from });
    return known;
  };

  return {
    async find(name, revision) {
      const number = watch.known() ?? (await watch.look());
      if (number !== upTo || current.size >= keptMax) {
        current = new Map();
        upTo = number;
      }
      const key = `${name.namespace}/${name.flowId}/${revision ?? ''}`;
      const before = current.get(key);
      if (before !== undefined) return before;
      const looking = look(name, revision);
      const round = current;
      round.set(key, looking);
      // One that could not be found may be there for the next who asks.
      looking.catch(() => round.delete(key));
      return looking;
    },
  };
}
