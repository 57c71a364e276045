/**
 * The desk of the register of flows: each flow with what is computed of it, what people add, its way
 * through the stages of its life, and which revision of it is live. Policy decides over computed facts; a
 * change that needs the yes of others waits for exactly that revision.
 */
import { Failure } from '../core/failure/index.ts';
import {
  additionProblems,
  changeFacts,
  compareAssessments,
  type FlowAdditions,
  type FlowAssessment,
  type FlowCard,
  flowFacts,
  type FlowReport,
  isDay,
  isLive,
  moveProblem,
  needsOwner,
  nothingAssessed,
  overdueFrom,
  reportDaysMax,
  type Stage,
} from '../core/governance/index.ts';
import { type Facts, personsBehind } from '../core/policy/index.ts';
import { mapOf, type Value, type ValueMap } from '../core/value/index.ts';
import { askForChange, type ChangeUse } from '../runtime/approvals/index.ts';
import {
  addToFlow,
  deployFlow,
  type FlowName,
  listRegisteredFlows,
  moveFlow,
  notLive,
  type RegisteredFlow,
  reportFlow,
  reviewFlow,
  stageWrong,
} from '../runtime/flow-register/index.ts';
import type { RegisterDesk } from '../runtime/registers/index.ts';
import type { RunLoop } from '../runtime/run-loop/index.ts';
import { assertAllowed, type Changer } from './assert-allowed.ts';
import { localOwner } from './principals.ts';
import { type ReadCard, readFlowCard } from './read-flow-card.ts';

/** A report that somebody enters. */
export interface ReportOrder extends Pick<FlowReport, 'kind' | 'digest' | 'name'> {
  /** Its last day: `2027-01-31`. */
  readonly validUntil: string;
}

/** The register of flows, as people read it and add to it. */
export interface FlowRegisterDesk {
  list(namespace?: string): Promise<readonly FlowCard[]>;
  /** Returns how flows stand that people did something with: stage, what is live, review. */
  registered(namespace?: string): Promise<readonly RegisteredFlow[]>;
  /** Returns what a revision is to governance, the newest where none is named; throws `flow.not-found`. */
  show(name: FlowName, revision?: number): Promise<FlowCard>;
  /** Returns the same with what it was made from. */
  read(name: FlowName, revision?: number): Promise<ReadCard>;
  /** Adds to what the flow says of itself; throws `input.invalid`, `policy.denied`. */
  set(name: FlowName, additions: FlowAdditions): Promise<FlowCard>;
  /** Enters that the newest revision was read and is agreed to; throws `policy.denied`. */
  review(name: FlowName, note: string): Promise<FlowCard>;
  /** Enters a report about the newest revision; throws `input.invalid`, `policy.denied`. */
  report(name: FlowName, order: ReportOrder): Promise<FlowCard>;
  /** Returns what policy is told of a move. */
  moveFacts(name: FlowName, to: Stage): Promise<Facts>;
  /** Throws `flow.stage-wrong`, `policy.denied`, `approval.pending`. */
  move(name: FlowName, to: Stage, reason: string): Promise<FlowCard>;
  /** Returns what policy is told of a deployment. */
  deployFacts(name: FlowName, revision?: number): Promise<Facts>;
  /** Makes a revision of a live flow the one that runs; throws `flow.stage-forbids`, `policy.denied`, `approval.pending`. */
  deploy(name: FlowName, reason: string, revision?: number): Promise<FlowCard>;
}

const dayMs = 86_400_000;

/** Returns a refusal that tells which gates do not hold, and why: what there is to do. */
function withGates(refusal: Failure, { gates }: FlowCard): Failure {
  const open = Object.entries(gates).filter(([, { holds }]) => !holds);
  if (open.length === 0) return refusal;
  const { message, details } = refusal;
  const help = `what does not hold: ${open.map(([name, { reason }]) => `${name}: ${reason}`).join('; ')}`;
  return new Failure(refusal.code, message, { details, cause: refusal, help });
}

/** Returns the desk of the register of flows over the tenant of `loop`. */
export function createFlowRegisterDesk(
  loop: RunLoop,
  registers: RegisterDesk,
  changer: Changer,
): FlowRegisterDesk {
  const { actor } = changer;
  const { store, tenant, clock, cipher } = loop.parts;
  const read = (name: FlowName, revision?: number): Promise<ReadCard> =>
    readFlowCard(loop, registers, name, revision);
  const cardOf = async (name: FlowName, revision?: number): Promise<FlowCard> =>
    (await read(name, revision)).card;
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
  const principal = changer.principal ?? localOwner(tenant, actor);
  /** Returns the revision that runs where another is to, as it was assessed. */
  const assessmentBefore = async (name: FlowName, { card }: ReadCard): Promise<FlowAssessment> => {
    const { liveRevision, revision } = card;
    if (liveRevision === null || liveRevision === revision) return nothingAssessed;
    return (await read(name, liveRevision)).assessment;
  };
  const factsOf = async (name: FlowName, found: ReadCard): Promise<Facts> => {
    const { card, authors, assessment } = found;
    const before = await assessmentBefore(name, found);
    // Whoever wrote a part of what goes live is its author, whoever saved it last.
    const persons = personsBehind(principal);
    const own = authors.find((one) => persons.includes(one));
    return {
      ...flowFacts(card, actor),
      ...changeFacts(before, compareAssessments(before, assessment)),
      ...(own !== undefined && { author: own }),
      involved: [...new Set([...authors, actor])],
    };
  };

  /** Returns the card that a move is decided about: of what is live, or goes live. */
  const readForMove = async (name: FlowName, to: Stage): Promise<ReadCard> => {
    const newest = await read(name);
    const { stage, liveRevision } = newest.card;
    const isOfLive = isLive(stage) && isLive(to) && liveRevision !== null;
    return isOfLive ? read(name, liveRevision) : newest;
  };

  /** Returns what those see who decide: what the revision is, and what is different from the live one. */
  const shownOf = async (name: FlowName, found: ReadCard): Promise<ValueMap> => {
    const { card, assessment } = found;
    const { liveRevision, revision, riskTier, reasons, gates } = card;
    const changes = compareAssessments(await assessmentBefore(name, found), assessment);
    return mapOf({
      flow: `${name.namespace}/${name.flowId}`,
      revision,
      live: liveRevision,
      owner: card.owner,
      riskTier,
      reasons: reasons.map((one) => `${one.tier}: ${one.reason}`),
      gates: Object.entries(gates).map(
        ([gate, { holds, reason }]) => `${holds ? 'yes' : 'no'} ${gate}: ${reason}`,
      ),
      changes: changes.map(
        (one) => `${one.isWorse ? '! ' : ''}${one.what} ${one.change} ${one.name}`,
      ),
    });
  };

  const ask = async (
    name: FlowName,
    found: ReadCard,
    change: {
      readonly action: 'change-stage' | 'deploy';
      readonly facts: Facts;
      readonly what: string;
      readonly to: string;
    },
  ): Promise<ChangeUse | undefined> => {
    const { action, facts, what, to } = change;
    const approvals = loop.parts.approvals?.parts;
    if (approvals === undefined) throw new Error('bug: nobody keeps approvals here');
    const { card, flow, starts } = found;
    const asked = askForChange(approvals, {
      principal,
      action,
      resource: resourceOf(name),
      flowId: name.flowId,
      revision: card.revision,
      facts,
      what,
      parts: {
        revision: String(card.revision),
        source: cipher.digest(flow.source),
        'started flows': starts.join(' '),
        from: card.stage,
        to,
        live: String(card.liveRevision),
        owner: card.owner ?? '',
        'risk tier': card.riskTier,
      },
      shown: await shownOf(name, found),
    });
    return asked.catch((error: unknown) => {
      const isNo = error instanceof Failure && error.code === 'policy.denied';
      throw isNo ? withGates(error, card) : error;
    });
  };

  const allowed = (facts: Facts, use: ChangeUse | undefined) => ({
    facts: facts as Readonly<Record<string, Value>>,
    ...(use !== undefined && { use }),
  });

  /** Returns the revision of a live flow that is to be deployed. */
  const readToDeploy = async (name: FlowName, revision?: number): Promise<ReadCard> => {
    const { namespace, flowId } = name;
    const record = await store.flow(tenant, namespace, flowId, revision);
    if (record === undefined || record.isDeleted) {
      const which = revision === undefined ? '' : ` in revision ${revision}`;
      throw new Failure('flow.not-found', `there is no flow \`${namespace}/${flowId}\`${which}`);
    }
    return read(name, record.revision);
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
    registered: (namespace) => listRegisteredFlows(registers, clock.now(), namespace),
    show: cardOf,
    read,
    async set(name, additions) {
      const { card, assessment } = await read(name);
      const problems = additionProblems(card, assessment.tier, additions);
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
    async report(name, { kind, digest, name: file, validUntil }) {
      const { card, assessment } = await read(name);
      const end = isDay(validUntil) ? overdueFrom(validUntil) : undefined;
      const latest = clock.now() + reportDaysMax * dayMs;
      if (end === undefined || end <= clock.now() || end > latest) {
        throw new Failure(
          'input.invalid',
          `\`${validUntil}\` is no day from today to ${reportDaysMax} days from it`,
        );
      }
      if (!/^[0-9a-f]{64}$/.test(digest)) {
        throw new Failure('input.invalid', 'the digest is not a SHA-256 in hexadecimal digits');
      }
      await assertEdit(name, card, 'the report');
      const { models, dataClasses } = assessment;
      const { revision } = card;
      const report = { kind, digest, name: file, revision, models, dataClasses, by: actor };
      await reportFlow(registers, name, { ...report, validUntil: end });
      return cardOf(name);
    },
    async moveFacts(name, to) {
      return { ...(await factsOf(name, await readForMove(name, to))), toStage: to };
    },
    async move(name, to, reason) {
      const found = await readForMove(name, to);
      const { stage: from, owner, revision, gates } = found.card;
      const problem =
        moveProblem(from, to) ??
        (needsOwner(to) && owner === null ? gates.hasOwner.reason : undefined);
      if (problem !== undefined) throw stageWrong(name, to, problem);
      const facts = { ...(await factsOf(name, found)), toStage: to };
      const what = `the move of \`${name.namespace}/${name.flowId}\` to ${to}`;
      const use = await ask(name, found, { action: 'change-stage', facts, what, to });
      const move = { from, to, by: actor, revision, reason };
      await moveFlow(registers, name, move, allowed(facts, use));
      return cardOf(name);
    },
    async deployFacts(name, revision) {
      return factsOf(name, await readToDeploy(name, revision));
    },
    async deploy(name, reason, wanted) {
      const found = await readToDeploy(name, wanted);
      const { stage, revision, liveRevision: from } = found.card;
      if (!isLive(stage)) throw notLive(name);
      if (from === revision) {
        throw new Failure('flow.stage-wrong', `revision ${revision} is live already`);
      }
      const facts = await factsOf(name, found);
      const what = `the deployment of revision ${revision} of \`${name.namespace}/${name.flowId}\``;
      const use = await ask(name, found, { action: 'deploy', facts, what, to: String(revision) });
      const deployed = { revision, from, by: actor, reason };
      await deployFlow(registers, name, deployed, allowed(facts, use));
      return cardOf(name);
    },
  };
}
