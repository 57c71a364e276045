/**
 * Policies as documents: files of Cedar text in packs, each pack with its name, owner, version and mode.
 * All packs of a tenant together are its policy set; a change is another set with another version.
 */
import type { Obligation } from './obligation.ts';

/** Whether a policy decides, or is only recorded as what it would have decided. */
export type PolicyMode = 'enforce' | 'observe';

/** A text with the name it is called by in diagnostics. */
export interface PolicyFile {
  readonly path: string;
  readonly text: string;
}

/** Policies that belong together. */
export interface PolicyPack {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly owner: string;
  /** The pack's own version, as its owner counts. */
  readonly version: string;
  readonly mode: PolicyMode;
  /** Cedar text. */
  readonly policies: readonly PolicyFile[];
  /** YAML text of test cases. */
  readonly tests: readonly PolicyFile[];
}

/** Everything that decides for a tenant. */
export interface PolicySet {
  readonly packs: readonly PolicyPack[];
}

/** What is known of one policy of a set. */
export interface PolicyEntry {
  /** Its `@id`; unique in the set. */
  readonly id: string;
  readonly pack: string;
  readonly title: string;
  readonly reason: string;
  readonly effect: 'permit' | 'forbid';
  readonly mode: PolicyMode;
  /** What meets it; empty: nothing does. */
  readonly obligations: readonly Obligation[];
  /** The control that it enforces. */
  readonly control?: string;
  readonly file: string;
  /** Where it begins, from 1. */
  readonly line: number;
  readonly text: string;
  /** The actions it may decide about, sorted. */
  readonly actions: readonly string[];
  /** The resource types it may decide about, sorted. */
  readonly resources: readonly string[];
  /** The attributes of the context that it reads, sorted: `stage`, `args.to`. */
  readonly reads: readonly string[];
}

/** One thing wrong, or doubtful, in policies or their tests. */
export interface PolicyDiagnostic {
  readonly severity: 'error' | 'warning';
  /** `policy.…` */
  readonly code: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly help: string;
}
