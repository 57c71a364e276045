/**
 * Policies as clients send and read them: packs of files, versions with their history, answers with the
 * reasons people read.
 */
import { z } from 'zod';

const file = z.strictObject({
  path: z.string().min(1).max(300).describe('What diagnostics call it: `shop/refunds.cedar`'),
  text: z.string().max(500_000),
});

/** A pack of policies. */
const packSchema = z
  .strictObject({
    id: z.string().min(1).max(100),
    title: z.string().min(1).max(300),
    description: z.string().max(5_000).default(''),
    owner: z.string().min(1).max(200),
    version: z.string().min(1).max(100).describe('As its owner counts'),
    mode: z.enum(['enforce', 'observe']).default('enforce'),
    policies: z.array(file).max(200).describe('Cedar text'),
    tests: z.array(file).max(200).default([]).describe('YAML text of test cases'),
  })
  .describe('Policies that belong together');

/** A set of packs: everything that would decide. */
export const packsSchema = z.array(packSchema).min(1).max(50);

/** Files of test cases. */
export const caseFilesSchema = z.array(file).max(200);

/** What is wrong with policies. */
export const policyDiagnosticSchema = z
  .object({
    severity: z.enum(['error', 'warning']),
    code: z.string(),
    file: z.string(),
    line: z.int(),
    column: z.int(),
    message: z.string(),
    help: z.string(),
  })
  .describe('One thing wrong, or doubtful, in policies');

/** A policy of a set. */
export const policySchema = z
  .object({
    id: z.string(),
    pack: z.string(),
    title: z.string(),
    reason: z.string(),
    control: z.string().optional().describe('What an exception may be from'),
    effect: z.enum(['permit', 'forbid']),
    mode: z.enum(['enforce', 'observe']),
    obligations: z.array(z.object({ kind: z.string() }).loose()),
    file: z.string(),
    line: z.int(),
    text: z.string(),
    actions: z.array(z.string()),
    resources: z.array(z.string()),
    reads: z.array(z.string()),
  })
  .describe('A policy');

/** A version of the policies, with its history. */
export const policyVersionSchema = z
  .object({
    version: z.string(),
    isActive: z.boolean(),
    packs: z.array(z.object({ id: z.string(), title: z.string(), version: z.string() })),
    author: z.string(),
    proposedAt: z.string(),
    reason: z.string(),
    tests: z.object({ cases: z.int(), passed: z.boolean() }),
    reviews: z.array(z.object({ by: z.string(), at: z.string(), note: z.string() })),
    replay: z.object({ at: z.string(), decisions: z.int(), changed: z.int() }).nullable(),
    activations: z.array(z.object({ by: z.string(), at: z.string(), isRollback: z.boolean() })),
  })
  .describe('A set of policies that was proposed, and what became of it');

/** The answer to one question. */
export const policyAnswerSchema = z
  .object({
    verdict: z.enum(['allow', 'deny', 'obliged']),
    reasons: z.array(z.string()).describe('For people'),
    policies: z.array(z.object({ id: z.string() }).loose()),
    obligations: z.array(z.object({ kind: z.string() }).loose()),
    version: z.string(),
  })
  .loose()
  .describe('What policies answer');

/** What became of test cases. */
export const policyTestSchema = z
  .object({
    passed: z.boolean(),
    results: z.array(
      z.object({
        title: z.string(),
        file: z.string(),
        line: z.int(),
        verdict: z.enum(['allow', 'deny', 'obliged']),
        reasons: z.array(z.string()),
        complaint: z.string().optional(),
      }),
    ),
    unshown: z.array(z.string()).describe('Policies that no case shows'),
    neverMissing: z.array(z.string()).describe('Facts whose absence no case shows'),
  })
  .describe('What became of test cases');

/** What a draft would have decided. */
export const policyReplaySchema = z
  .object({
    version: z.string(),
    decisions: z.int(),
    questions: z.int(),
    unknown: z.int(),
    changed: z.int(),
    groups: z.array(
      z.object({
        action: z.string(),
        resource: z.string(),
        before: z.string(),
        after: z.string(),
        policies: z.array(z.string()),
        count: z.int(),
        questions: z.int(),
        examples: z.array(z.object({ principal: z.string(), resource: z.string() })),
      }),
    ),
  })
  .describe('What policies would have decided, the verdicts that change in groups');

/** What policies leave open. */
export const policyCoverageSchema = z
  .object({
    actions: z.array(
      z.object({
        action: z.string(),
        permits: z.int(),
        forbids: z.int(),
        tiers: z.array(z.string()),
      }),
    ),
    neverPermitted: z.array(z.string()),
    neverForbidden: z.array(z.string()),
    neverMatched: z.array(z.string()),
    decisions: z.int(),
  })
  .describe('What policies leave open');
