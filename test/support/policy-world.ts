/** Policies for tests: the engine with the task types of this repository, packs from text, questions. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createCedarPolicyEngine } from '../../src/adapters/cedar/cedar-policy-engine.ts';
import { taskActionsOf } from '../../src/app/policy-bench.ts';
import { readTypeCatalogue } from '../../src/app/type-catalogue.ts';
import type { PolicyPack, PolicySet, Question } from '../../src/core/policy/index.ts';
import type { LoadedPolicies, PolicyEngine } from '../../src/ports/policy-engine.ts';
import { readPack } from '../../src/runtime/policy/index.ts';

/** The root of the repository. */
export const root = join(import.meta.dirname, '../..');

/** Returns a policy engine. */
export function openEngine(): PolicyEngine {
  return createCedarPolicyEngine(taskActionsOf(readTypeCatalogue()));
}

/** Returns the pack in a folder of `policies`. */
export function packOf(name: string): PolicyPack {
  const folder = join(root, 'policies', name);
  const files = readdirSync(folder)
    .toSorted()
    .map((file) => ({ path: `${name}/${file}`, text: readFileSync(join(folder, file), 'utf8') }));
  const { pack, diagnostics } = readPack(files);
  if (pack === undefined) throw new Error(JSON.stringify(diagnostics));
  return pack;
}

/** Returns a set of one pack with the policies in `text`. */
export function setOf(text: string, more: Partial<PolicyPack> = {}): PolicySet {
  const pack: PolicyPack = {
    id: 'test',
    title: 'Test',
    description: '',
    owner: 'tests',
    version: '1',
    mode: 'enforce',
    policies: [{ path: 'test.cedar', text }],
    tests: [],
    ...more,
  };
  return { packs: [pack] };
}

let shared: PolicyEngine | undefined;

/** Returns loaded policies of `text`. */
export function load(text: string, more: Partial<PolicyPack> = {}): Promise<LoadedPolicies> {
  shared ??= openEngine();
  return shared.load(setOf(text, more));
}

/** The parts of a question that a test may name; the rest is as usual. */
export interface QuestionParts {
  readonly principal?: Partial<Question['principal']>;
  readonly roles?: readonly string[];
  readonly action?: Question['action'];
  readonly resource?: Partial<Question['resource']>;
  readonly situation?: Question['situation'];
  readonly facts?: NonNullable<Question['situation']['facts']>;
}

/** Returns a question: by default, whether Ada, an operator, may start a flow. */
export function ask(parts: QuestionParts = {}): Question {
  const roles = (parts.roles ?? ['operator']).map((role) => ({ role, namespace: '*' }));
  return {
    principal: {
      kind: 'user',
      id: 'ada',
      tenant: 'main',
      roles,
      groups: [],
      onBehalfOf: [],
      authentication: { factors: ['password', 'totp'], freshness: 'fresh' },
      ...parts.principal,
    },
    action: parts.action ?? 'execute',
    resource: {
      type: 'Flow',
      id: 'shop/refund',
      tenant: 'main',
      namespace: 'shop',
      ...parts.resource,
    },
    situation: parts.situation ?? { facts: parts.facts ?? {} },
  };
}
