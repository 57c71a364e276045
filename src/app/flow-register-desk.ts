/**
 * The desk of the register of flows: each flow with what is computed of it, what people add, and its
 * way through the stages of its life, which policy decides over computed facts.
 */
import { Failure } from '../core/failure/index.ts';
import {
  additionProblems,
  type FlowAdditions,
  type FlowCard,
  flowCard,
  flowFacts,
  moveProblem,
  needsOwner,
  type Stage,
} from '../core/governance/index.ts';
import { decodeValue, isMap, type Value } from '../core/value/index.ts';
import {
  addToFlow,
  findFlowEntry,
  type FlowName,
  moveFlow,
  reviewFlow,
  stageWrong,
} from '../runtime/flow-register/index.ts';
import { testStandingOf } from '../runtime/flow-tests/index.ts';
import type { RegisterDesk } from '../runtime/registers/index.ts';
import type { RunLoop } from '../runtime/run-loop/index.ts';
import { assertAllowed, type Changer } from './assert-allowed.ts';
import { deciding } from './deciding.ts';

/** The register of flows, as people read it and add to it. */
export interface FlowRegisterDesk {
  list(namespace?: string): Promise<readonly FlowCard[]>;
  /** Throws `flow.not-found`. */
  show(name: FlowName): Promise<FlowCard>;
  /** Adds to what the flow says of itself; throws `input.invalid`, `policy.denied`. */
  set(name: FlowName, additions: FlowAdditions): Promise<FlowCard>;
  /** Enters that the newest revision was read and is agreed to; throws `policy.denied`. */
  review(name: FlowName, note: string): Promise<FlowCard>;
  /** Throws `flow.stage-wrong`, `policy.denied`. */
  move(name: FlowName, to: Stage, reason: string): Promise<FlowCard>;
}

/** Returns who saved a revision: the actor of its entry. */
async function authorOf(
  { parts: { store, tenant } }: RunLoop,
  { namespace, flowId }: FlowName,
  revision: number,
): Promise<string | null> {
  const entries = await store.entries(tenant, `flow:${namespace}/${flowId}`);
  const saved = entries.findLast(({ type, payload }) => {
    const read = type === 'flow-saved' ? decodeValue(payload) : null;
    return isMap(read) && Number(read['revision']) === revision;
  });
  return saved?.actor ?? null;
}

async function read(loop: RunLoop, registers: RegisterDesk, name: FlowName) {
  const { flow, revision } = await loop.library.find(name.namespace, name.flowId);
  const { assessment } = await deciding(loop.parts).flows.find(name, revision);
  const { store, tenant } = loop.parts;
  const card = flowCard(flow, {
    revision,
    author: await authorOf(loop, name, revision),
    entry: await findFlowEntry(registers, name),
    assessment,
    tests: await testStandingOf(store, tenant, name, revision),
    approved: [],
  });
  return { card, computed: assessment.tier };
}

/** Returns the desk of the register of flows over the tenant of `loop`. */
export function createFlowRegisterDesk(
  loop: RunLoop,
  registers: RegisterDesk,
  changer: Changer,
): FlowRegisterDesk {
  const { actor } = changer;
  const { store, tenant } = loop.parts;
  const cardOf = async (name: FlowName): Promise<FlowCard> =>
    (await read(loop, registers, name)).card;
  const resourceOf = ({ namespace, flowId }: FlowName) => ({
    type: 'Flow' as const,
    id: `${namespace}/${flowId}`,
    namespace,
  });
  const assertEdit = async (name: FlowName, card: FlowCard, what: string): Promise<void> => {
    const { stage, riskTier, flowId } = card;
    await assertAllowed(loop.parts, changer, {
      action: 'edit',
      resource: resourceOf(name),
      facts: { flowId, stage, riskTier },
      what,
    });
  };
  return {
    async list(namespace) {
      const flows = await store.flows(tenant, namespace);
      const cards: FlowCard[] = [];
      for (const { namespace: space, id } of flows) {
        cards.push(await cardOf({ namespace: space, flowId: id }));
      }
      return cards;
    },
    show: cardOf,
    async set(name, additions) {
      const { card, computed } = await read(loop, registers, name);
      const problems = additionProblems(card, computed, additions);
      if (problems.length > 0) {
        throw new Failure('input.invalid', problems.join('; '), { details: { problems } });
      }
      await assertEdit(name, card, 'the addition to the register');
      await addToFlow(registers, name, additions, actor);
      return cardOf(name);
    },
    async review(name, note) {
      const card = await cardOf(name);
      await assertEdit(name, card, 'the review');
      await reviewFlow(registers, name, { revision: card.revision, by: actor, note });
      return cardOf(name);
    },
    async move(name, to, reason) {
      const card = await cardOf(name);
      const { stage: from, owner, revision, gates } = card;
      const problem =
        moveProblem(from, to) ??
        (needsOwner(to) && owner === null ? gates.hasOwner.reason : undefined);
      if (problem !== undefined) throw stageWrong(name, to, problem);
      const facts = { ...flowFacts(card, actor), toStage: to };
      await assertAllowed(loop.parts, changer, {
        action: 'change-stage',
        resource: resourceOf(name),
        facts,
        what: `the move of \`${name.namespace}/${name.flowId}\` to ${to}`,
      });
      const kept = facts as Readonly<Record<string, Value>>;
      await moveFlow(registers, name, { from, to, by: actor, revision, reason }, kept);
      return cardOf(name);
    },
  };
}
