/**
 * Policies as folders of files: read, checked, tested, asked. It needs no data folder, so that it runs in
 * any pipeline and before anything is in force.
 */
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createCedarPolicyEngine } from '../adapters/cedar/cedar-policy-engine.ts';
import { Failure } from '../core/failure/index.ts';
import type { TypeCatalogue } from '../core/flow/index.ts';
import type {
  Answer,
  PolicyDiagnostic,
  PolicyEntry,
  PolicyFile,
  PolicySet,
  Question,
  TaskAction,
} from '../core/policy/index.ts';
import type { PolicyEngine } from '../ports/policy-engine.ts';
import {
  type PolicyTestReport,
  readCases,
  readPack,
  testPolicies,
} from '../runtime/policy/index.ts';

export { readQuestionText } from '../runtime/policy/index.ts';

/** The tenant of questions that are asked without a data folder. */
export const benchTenant = 'main';

/** Policies of some folders, read. */
export interface PolicyReading {
  readonly set: PolicySet;
  readonly policies: readonly PolicyEntry[];
  readonly diagnostics: readonly PolicyDiagnostic[];
}

/** Reads, checks and tests policies of folders. */
export interface PolicyBench {
  /** Reads and checks the packs of `folders`; throws `policy.not-found` for a folder that cannot be read. */
  read(folders: readonly string[]): Promise<PolicyReading>;
  /** Throws `policy.invalid` with `details.diagnostics`. */
  test(set: PolicySet): Promise<PolicyTestReport>;
  /** Throws `policy.invalid` with `details.diagnostics`. */
  ask(set: PolicySet, question: Question): Promise<Answer>;
  /** Returns Cedar text in its canonical layout; undefined when it cannot be parsed. */
  format(text: string): Promise<string | undefined>;
}

const waits: ReadonlySet<string> = new Set(['core.flow.Pause', 'govern.Approval']);

/** Returns what policy must know of the task types of `catalogue`. */
export function taskActionsOf(catalogue: TypeCatalogue): readonly TaskAction[] {
  return catalogue.all().flatMap(({ type, kind, effect, schema }) => {
    const properties = Object.keys(schema.properties ?? {});
    // Waits for people are decided as well: a policy may say who ends them.
    if (waits.has(type)) return [{ type, effect: 'none' as const, touches: [], properties }];
    if (kind !== 'runnable' || effect === undefined) return [];
    return [{ type, effect: effect.kind, touches: effect.touches, properties }];
  });
}

/** What was checked once is not checked again for another tenant. */
const engines = new WeakMap<TypeCatalogue, PolicyEngine>();

/** Returns the policy engine for the task types of `catalogue`: the same for all who ask. */
export function policyEngineFor(catalogue: TypeCatalogue): PolicyEngine {
  const engine = engines.get(catalogue) ?? createCedarPolicyEngine(taskActionsOf(catalogue));
  engines.set(catalogue, engine);
  return engine;
}

async function filesOf(folder: string): Promise<readonly PolicyFile[]> {
  try {
    const names = (await readdir(folder)).toSorted();
    const wanted = names.filter((name) => /\.(cedar|ya?ml)$/.test(name));
    return await Promise.all(
      wanted.map(async (name) => {
        const path = join(folder, name);
        return { path, text: await readFile(path, 'utf8') };
      }),
    );
  } catch (cause) {
    throw new Failure('policy.not-found', `the folder \`${folder}\` cannot be read`, {
      cause,
      help: 'name a folder with a `pack.yaml` and `*.cedar` files',
    });
  }
}

/** Returns the policies of `folders` as one set, and what is wrong with their manifests. */
export async function readPolicySet(
  folders: readonly string[],
): Promise<{ readonly set: PolicySet; readonly diagnostics: readonly PolicyDiagnostic[] }> {
  const read = await Promise.all(folders.map(async (folder) => readPack(await filesOf(folder))));
  const packs = read.flatMap(({ pack }) => (pack === undefined ? [] : [pack]));
  return { set: { packs }, diagnostics: read.flatMap((one) => one.diagnostics) };
}

function invalid(diagnostics: readonly PolicyDiagnostic[]): Failure {
  return new Failure('policy.invalid', 'the question has errors', { details: { diagnostics } });
}

/** Returns what reads, checks and tests policies of folders. */
export function createPolicyBench(catalogue: TypeCatalogue): PolicyBench {
  const engine = policyEngineFor(catalogue);
  const casesOf = (set: PolicySet) =>
    readCases(
      set.packs.flatMap((one) => one.tests),
      benchTenant,
    );
  return {
    async read(folders) {
      const { set, diagnostics } = await readPolicySet(folders);
      const { policies, diagnostics: wrong } = await engine.read(set);
      const cases = casesOf(set).diagnostics;
      return { set, policies, diagnostics: [...diagnostics, ...wrong, ...cases] };
    },
    async test(set) {
      const { cases, diagnostics } = casesOf(set);
      if (diagnostics.length > 0) throw invalid(diagnostics);
      const loaded = await engine.load(set);
      try {
        return testPolicies(loaded, cases);
      } finally {
        loaded.release();
      }
    },
    async ask(set, question) {
      const loaded = await engine.load(set);
      try {
        return loaded.decide(question);
      } finally {
        loaded.release();
      }
    },
    format: (text) => engine.format(text),
  };
}
