/** The policies of a data folder, as people ask about them and change them. */
import { Failure } from '../core/failure/index.ts';
import type { Answer, PolicySet, Question } from '../core/policy/index.ts';
import type { ReadPolicies } from '../ports/policy-engine.ts';
import type { RunLoopParts } from '../runtime/run-loop/index.ts';
import {
  activatePolicies,
  coverPolicies,
  createDecider,
  type Decider,
  type DecisionPeriod,
  findActive,
  findVersion,
  listVersions,
  type PolicyCoverage,
  type PolicyParts,
  type PolicyTestReport,
  type PolicyVersion,
  proposePolicies,
  recordedDecisions,
  replayProposal,
  type ReplayReport,
  reviewPolicies,
} from '../runtime/policy/index.ts';
import { policyEngineFor } from './policy-bench.ts';
import { localOwner } from './principals.ts';

/** The policies of a data folder, as people ask about them and change them. */
export interface PolicyDesk {
  /** Every set that was proposed, the newest first. */
  versions(): Promise<readonly PolicyVersion[]>;
  /** Returns the version in force; undefined when none is. */
  active(): Promise<string | undefined>;
  /** Returns a set, the one in force when none is named; throws `policy.not-found`. */
  version(id?: string): Promise<PolicyVersion & ReadPolicies>;
  /** Throws `policy.invalid` with diagnostics, `policy.denied`. */
  propose(
    set: PolicySet,
    options: { readonly reason: string; readonly as?: string },
  ): Promise<{ readonly version: PolicyVersion; readonly tests: PolicyTestReport }>;
  review(
    id: string,
    options: { readonly note: string; readonly as?: string },
  ): Promise<PolicyVersion>;
  replay(
    id: string,
    period: DecisionPeriod,
    options?: { readonly as?: string },
  ): Promise<ReplayReport>;
  /** Throws `policy.denied`, `policy.tests-failed`. */
  activate(id: string, options?: { readonly as?: string }): Promise<PolicyVersion>;
  /** Asks the policies in force without keeping anything. */
  explain(question: Question): Promise<Answer>;
  coverage(period: DecisionPeriod): Promise<PolicyCoverage>;
}

/** Returns what deciding needs of a tenant. */
export function policyParts(parts: RunLoopParts): PolicyParts {
  const { tenant, store, committer, cipher, clock, catalogue } = parts;
  return { tenant, store, committer, digests: cipher, clock, engine: policyEngineFor(catalogue) };
}

/** Returns what decides in a tenant; nothing is in force in it until it is refreshed. */
export function createTenantDecider(parts: RunLoopParts): Decider {
  return createDecider(policyParts(parts));
}

/** Returns the desk over the policies of `parts`; `actor` acts where nobody else is named. */
export function createPolicyDesk(
  parts: PolicyParts,
  actor: string,
  /** Called when a set was put in force. */
  changed: () => void = () => undefined,
): PolicyDesk {
  const decider = createDecider(parts);
  const by = (as: string | undefined) => ({ principal: localOwner(parts.tenant, as ?? actor) });
  return {
    versions: () => listVersions(parts),
    active: async () => (await findActive(parts))?.content.version,
    async version(id) {
      const wanted = id ?? (await findActive(parts))?.content.version;
      const found = wanted === undefined ? undefined : await findVersion(parts, wanted);
      if (found === undefined) {
        const what =
          id === undefined ? 'no policies are in force' : `there is no version \`${id}\``;
        throw new Failure('policy.not-found', what, {
          help: 'propose policies with `sluice policy propose`, list them with `sluice policy list --versions`',
        });
      }
      return { ...found.content, ...(await parts.engine.read(found.content.set)) };
    },
    async propose(set, { reason, as }) {
      await decider.refresh();
      return proposePolicies(parts, decider, set, { ...by(as), reason });
    },
    async review(id, { note, as }) {
      await decider.refresh();
      return reviewPolicies(parts, decider, id, { ...by(as), note });
    },
    replay: (id, period, { as } = {}) => replayProposal(parts, id, period, by(as)),
    async activate(id, { as } = {}) {
      await decider.refresh();
      const version = await activatePolicies(parts, decider, id, by(as));
      changed();
      return version;
    },
    async explain(question) {
      await decider.refresh();
      return decider.decide(question).answer;
    },
    async coverage(period) {
      await decider.refresh();
      return coverPolicies(
        decider.policies?.policies ?? [],
        await recordedDecisions(parts, period),
      );
    },
  };
}
