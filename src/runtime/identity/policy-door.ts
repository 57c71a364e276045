/**
 * The door of the API as policy guards it: a request becomes a question, the policies in force answer, and
 * what they answered is kept as any other decision.
 *
 * INVARIANT: what a token's scopes do not name is refused before policy is asked, and never allowed by it.
 */
import {
  type Answer,
  describeAnswer,
  type Facts,
  type Principal,
  type Question,
} from '../../core/policy/index.ts';
import { encodeValue, mapOf } from '../../core/value/index.ts';
import type { Door, DoorAnswer, DoorQuestion } from '../../ports/door.ts';
import { type Decider, type PolicyParts, policyStream } from '../policy/index.ts';
import { scopesCover } from './accounts.ts';

/** What the door of a tenant needs. */
export interface DoorParts {
  readonly parts: PolicyParts;
  readonly decider: Decider;
  /** Returns what is known about what a question is about. */
  readonly factsOf: (question: DoorQuestion) => Promise<Facts>;
}

function closed(reason: string, isHidden = false): DoorAnswer {
  return { isOpen: false, isHidden, reason, needs: [] };
}

function refusal(answer: Answer, action: string): DoorAnswer {
  const reasons = describeAnswer(answer);
  const needs = answer.verdict === 'obliged' ? answer.obligations.map(({ kind }) => kind) : [];
  return {
    isOpen: false,
    isHidden: false,
    reason: `\`${action}\` is not allowed: ${reasons.join('; ')}`,
    needs: [...new Set(needs)],
  };
}

/** Returns a door that asks the policies of the tenant that a question is about. */
export function createPolicyDoor(doorOf: (tenant: string) => Promise<DoorParts>): Door {
  const questionOf = async (
    door: DoorParts,
    principal: Principal,
    asked: DoorQuestion,
  ): Promise<Question> => {
    const facts: Facts = {
      ...(await door.factsOf(asked)),
      ...asked.facts,
      ...(asked.reason !== undefined && { hasReason: true }),
    };
    return {
      principal,
      action: asked.action,
      resource: {
        type: asked.resourceType,
        id: asked.resourceId ?? '',
        tenant: asked.tenant,
        namespace: asked.namespace,
      },
      situation: { facts },
    };
  };

  const decide = async (principal: Principal, asked: DoorQuestion): Promise<Answer> => {
    const door = await doorOf(asked.tenant);
    const { decider, parts } = door;
    await decider.refresh();
    const { reason } = asked;
    const decision = decider.decide(await questionOf(door, principal, asked));
    const entry = decider.entryOf(decision);
    if (entry !== undefined) {
      await decider.keep(decision);
      const said = {
        tenant: asked.tenant,
        at: parts.clock.now(),
        stream: policyStream,
        type: 'reason-given',
        actor: principal.id,
        payload: encodeValue(
          mapOf({ action: asked.action, reason: reason ?? '', digest: decision.note.digest }),
        ),
      };
      await parts.committer.commit({ entries: reason === undefined ? [entry] : [entry, said] });
    }
    return decision.answer;
  };

  return {
    async ask(principal, question) {
      const { action, namespace, tenant, scopes } = question;
      if (principal.tenant !== tenant) return closed('there is nothing here', true);
      if (scopes !== undefined && !scopesCover(scopes, action, namespace)) {
        return closed(`the token is not for \`${action}\` ${namespace ?? ''}`.trim());
      }
      const answer = await decide(principal, question);
      return answer.verdict === 'allow' ? { isOpen: true } : refusal(answer, action);
    },

    async openIn(principal, asked, namespaces) {
      const { action, tenant, scopes } = asked;
      if (principal.tenant !== tenant) return [];
      const door = await doorOf(tenant);
      await door.decider.refresh();
      const open: (typeof namespaces)[number][] = [];
      for (const namespace of namespaces) {
        if (scopes !== undefined && !scopesCover(scopes, action, namespace)) continue;
        const question = await questionOf(door, principal, { ...asked, namespace });
        if (door.decider.decide(question).answer.verdict === 'allow') open.push(namespace);
      }
      return open;
    },
  };
}
