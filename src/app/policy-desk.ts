/**
 * The policies of a tenant, as people ask about them and change them. Who changes them is the principal the
 * desk was opened for; only the command line, which may write the data folder anyway, acts as its owner.
 */
import { Failure } from '../core/failure/index.ts';
import type {
  Answer,
  Facts,
  PolicyFile,
  PolicySet,
  Principal,
  Question,
} from '../core/policy/index.ts';
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
  readCases,
  recordedDecisions,
  replayProposal,
  type ReplayReport,
  reviewPolicies,
  testPolicies,
  versionFacts,
} from '../runtime/policy/index.ts';
import { policyEngineFor } from './policy-bench.ts';
import { localOwner } from './principals.ts';
import { type SeedOutcome, seedPolicies } from './seed-policies.ts';

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
  /** Asks policies that are not in force, or those in force, what they answer to test cases; throws `policy.invalid`. */
  test(set: PolicySet | undefined, cases: readonly PolicyFile[]): Promise<PolicyTestReport>;
  /** Reads and checks policies; keeps nothing. */
  check(set: PolicySet): Promise<ReadPolicies>;
  /** Returns what policies may ask about a version; nothing of one that is not there. */
  facts(id: string): Promise<Facts>;
  /** Puts the policies that come with the product in force, or proposes them. */
  seed(): Promise<SeedOutcome>;
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

/**
 * Returns the desk over the policies of a tenant and the decider of all its doors. Changes are those of
 * `principal`; absent, of `actor` as the owner of the data folder, or of whom they name.
 */
export function createPolicyDesk(
  loopParts: RunLoopParts,
  decider: Decider,
  actor: string,
  principal?: Principal,
): PolicyDesk {
  const parts = policyParts(loopParts);
  const by = (as: string | undefined) => ({
    principal: principal ?? localOwner(parts.tenant, as ?? actor),
  });
  const readingCases = (files: readonly PolicyFile[]) => {
    const { cases, diagnostics } = readCases(files, parts.tenant);
    if (diagnostics.length === 0) return cases;
    throw new Failure('policy.invalid', 'the test cases have errors', { details: { diagnostics } });
  };
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
    propose: (set, { reason, as }) => proposePolicies(parts, decider, set, { ...by(as), reason }),
    review: (id, { note, as }) => reviewPolicies(parts, decider, id, { ...by(as), note }),
    replay: (id, period, { as } = {}) => replayProposal(parts, id, period, by(as)),
    activate: (id, { as } = {}) => activatePolicies(parts, decider, id, by(as)),
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
    check: (set) => parts.engine.read(set),
    async test(set, files) {
      const cases = readingCases(files);
      if (set === undefined) {
        await decider.refresh();
        if (decider.policies !== undefined) return testPolicies(decider.policies, cases);
        throw new Failure('policy.not-found', 'no policies are in force');
      }
      const loaded = await parts.engine.load(set);
      try {
        return testPolicies(loaded, cases);
      } finally {
        loaded.release();
      }
    },
    async facts(id) {
      const found = await findVersion(parts, id);
      return found === undefined ? {} : versionFacts(found.content);
    },
    seed: () => seedPolicies(parts, decider),
  };
}
