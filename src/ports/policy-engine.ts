/**
 * What reads policies and answers questions with them. Reading is checking: policies that are not valid
 * against the schema of all actions never answer anything.
 *
 * INVARIANT: `decide` throws for nothing a caller or a policy can cause: whatever cannot be decided is a
 * denial, and no text of the engine's own errors leaves it.
 */
import type {
  Answer,
  PolicyDiagnostic,
  PolicyEntry,
  PolicySet,
  Question,
} from '../core/policy/index.ts';

/** Policies that were read. */
export interface ReadPolicies {
  readonly policies: readonly PolicyEntry[];
  /** Any error among them means that nothing may be loaded. */
  readonly diagnostics: readonly PolicyDiagnostic[];
}

/** Policies that answer. */
export interface LoadedPolicies {
  /** Digest of everything that decides; stands in every answer. */
  readonly version: string;
  readonly policies: readonly PolicyEntry[];
  decide(question: Question): Answer;
  /** Lets go of what the engine keeps for them; deciding afterwards denies. */
  release(): void;
}

/** Reads policies and answers questions with them. */
export interface PolicyEngine {
  /** Checks policies against the schema. */
  read(set: PolicySet): Promise<ReadPolicies>;
  /** Prepares policies for answering; throws `policy.invalid` with `details.diagnostics` when there is an error. */
  load(set: PolicySet): Promise<LoadedPolicies>;
  /** Returns Cedar text in its canonical layout; undefined when it cannot be parsed. */
  format(text: string): Promise<string | undefined>;
}
