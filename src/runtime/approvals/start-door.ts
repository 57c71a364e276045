/**
 * The door of what executions do to executions, which no person asked for at a door of their own: flows that
 * flows and triggers start, executions, pairs and files of other
 * namespaces that tasks change. Whoever had it started is asked about as they would be at the door of the API.
 *
 * INVARIANT: what is not allowed, or cannot be decided, does not start; a no is an entry, and a yes travels
 * in the event that creates the execution.
 */
import type { DecisionNote } from '../../core/engine/index.ts';
import { Failure } from '../../core/failure/index.ts';
import { describeAnswer, type Question } from '../../core/policy/index.ts';
import type { Decider } from '../policy/index.ts';
import type { ApprovalParts } from './approval-parts.ts';
import { requesterOf } from './involved.ts';

/** An execution that is about to be started. */
export interface StartRequest {
  readonly namespace: string;
  readonly flowId: string;
  readonly revision: number;
  /** Handle of who has it started; absent: the engine itself. */
  readonly by?: string;
  /** The type of the trigger that starts it, where one does. */
  readonly trigger?: string;
}

/** What a task does to something that is not of its own execution. */
export interface Deed {
  readonly action: 'resume' | 'kill' | 'delete' | 'edit';
  readonly resource: 'Execution' | 'Trigger' | 'KeyValue' | 'File';
  readonly namespace: string;
  /** Absent where all flows of the namespace are meant. */
  readonly flowId?: string;
}

type Asked = Pick<Question, 'action' | 'resource' | 'situation'>;

/** Asks as whoever is behind `by`; throws `policy.denied`, which says `what` was refused. */
async function decideAs(
  parts: ApprovalParts,
  inForce: Decider,
  by: string | undefined,
  what: string,
  asked: Asked,
): Promise<DecisionNote> {
  const refused = (why: string): Failure =>
    new Failure('policy.denied', `policy refuses to ${what}: ${why}`);
  const principal = await requesterOf(parts, { by });
  if (principal === undefined) throw refused('whoever had it started is not known any more');
  const decision = inForce.decide({ principal, ...asked });
  await inForce.keep(decision);
  const entry = inForce.entryOf(decision);
  if (entry !== undefined) await parts.committer.commit({ entries: [entry] });
  // Nobody is there who could be asked for what it obliges to.
  if (decision.answer.verdict !== 'allow') {
    throw refused(describeAnswer(decision.answer).join('; '));
  }
  return decision.note;
}

/** Returns the decision that lets an execution start; throws `policy.denied`. */
export async function decideStart(
  parts: ApprovalParts,
  { namespace, flowId, revision, by, trigger }: StartRequest,
): Promise<DecisionNote> {
  const { tenant, policies, flows } = parts;
  const inForce = await policies.look();
  if (inForce === 'built-in') return 'built-in';
  const { facts } = await flows.find({ namespace, flowId }, revision);
  return decideAs(parts, inForce, by, `start \`${namespace}/${flowId}\``, {
    action: 'execute',
    resource: { type: 'Flow', id: flowId, tenant, namespace },
    situation: { facts: { ...facts, ...(trigger !== undefined && { trigger }) } },
  });
}

/** Throws `policy.denied` unless whoever is behind `by` may do that. */
export async function assertMayDo(
  parts: ApprovalParts,
  by: string | undefined,
  { action, resource, namespace, flowId }: Deed,
): Promise<void> {
  const { tenant, policies, flows } = parts;
  const inForce = await policies.look();
  if (inForce === 'built-in') return;
  const facts = flowId === undefined ? {} : (await flows.find({ namespace, flowId })).facts;
  await decideAs(parts, inForce, by, `${action} what is of \`${namespace}\` (${resource})`, {
    action,
    resource: { type: resource, id: flowId ?? '', tenant, namespace },
    situation: { facts },
  });
}
