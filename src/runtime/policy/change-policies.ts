/**
 * The way of policies into force: proposed with green tests, reviewed by another person, replayed over what
 * was decided, activated; and back. Each step is an entry in the same commit as the record it changes.
 *
 * INVARIANT: policies decide about their own change. Only where none are in force yet nothing can, so the
 * first set is activated by the owner of the data folder without a decision, and its entry says so.
 */
import { Failure } from '../../core/failure/index.ts';
import {
  type Answer,
  denialOf,
  type Facts,
  type MetObligation,
  type PolicySet,
  type Principal,
  rolesAt,
} from '../../core/policy/index.ts';
import { encodeValue, mapOf, type Value } from '../../core/value/index.ts';
import type { NewEntry } from '../../ports/store.ts';
import type { Decider, Decision } from './create-decider.ts';
import { type PolicyParts, policyStream } from './policy-parts.ts';
import {
  activeRecord,
  findActive,
  findVersion,
  type Numbered,
  type PolicyVersion,
  versionRecord,
} from './policy-records.ts';
import type { DecisionPeriod } from './recorded-questions.ts';
import { replayDecisions, type ReplayReport } from './replay-decisions.ts';
import { type PolicyTestReport, readCases, testPolicies } from './test-policies.ts';

/** Who changes policies, and what was met before. */
export interface PolicyActor {
  readonly principal: Principal;
  readonly met?: readonly MetObligation[];
}

/** Throws `policy.denied` unless `answer` is a yes; the reasons are in the message and in `details`. */
export function requireYes(answer: Answer, what: string): void {
  const denial = denialOf(answer, what);
  if (denial !== undefined) throw denial;
}

function entry(
  { tenant, clock }: PolicyParts,
  type: string,
  actor: string,
  payload: Readonly<Record<string, Value>>,
): NewEntry {
  const at = clock.now();
  return { tenant, at, stream: policyStream, type, actor, payload: encodeValue(mapOf(payload)) };
}

async function versionOf(parts: PolicyParts, version: string): Promise<Numbered<PolicyVersion>> {
  const found = await findVersion(parts, version);
  if (found !== undefined) return found;
  throw new Failure('policy.not-found', `there are no policies with the version \`${version}\``);
}

/** The role of whoever may write the data folder itself. */
const ownerRole = 'local-owner';

/** Decides about a change of policies; undefined where none are in force and the owner of the data folder acts. */
function decideChange(
  parts: PolicyParts,
  decider: Decider,
  { principal, met }: PolicyActor,
  action: 'propose-policy' | 'review-policy' | 'activate-policy',
  version: string,
  facts: Facts,
): Decision | undefined {
  if (decider.policies === undefined) {
    if (rolesAt(principal, null).includes(ownerRole)) return undefined;
    throw new Failure(
      'policy.denied',
      'no policies are in force that could decide about policies',
      {
        help: 'whoever owns the data folder puts the first ones in force: `sluice policy activate`',
      },
    );
  }
  const resource = { type: 'Policy', id: version, tenant: parts.tenant, namespace: null } as const;
  return decider.decide({ principal, action, resource, situation: { facts } }, met);
}

async function keepRefusal(
  parts: PolicyParts,
  decider: Decider,
  decision: Decision | undefined,
  what: string,
): Promise<readonly NewEntry[]> {
  if (decision === undefined) return [];
  await decider.keep(decision);
  const own = decider.entryOf(decision);
  const entries = own === undefined ? [] : [own];
  if (decision.answer.verdict !== 'allow') {
    await parts.committer.commit({ entries });
    requireYes(decision.answer, what);
  }
  return entries;
}

/** Stores `set` as a proposal; throws `policy.invalid` with `details.diagnostics`. The same set again is the same proposal. */
export async function proposePolicies(
  parts: PolicyParts,
  decider: Decider,
  set: PolicySet,
  actor: PolicyActor & { readonly reason: string },
): Promise<{ readonly version: PolicyVersion; readonly tests: PolicyTestReport }> {
  await refreshIfFit(decider);
  const loaded = await parts.engine.load(set);
  const { cases, diagnostics } = readCases(
    set.packs.flatMap((pack) => pack.tests),
    parts.tenant,
  );
  if (diagnostics.length > 0) {
    loaded.release();
    throw new Failure('policy.invalid', 'the test cases have errors', { details: { diagnostics } });
  }
  const tests = testPolicies(loaded, cases);
  const author = actor.principal.id;
  const facts = { author, hasReason: actor.reason !== '' };
  const decision = decideChange(parts, decider, actor, 'propose-policy', loaded.version, facts);
  const decided = await keepRefusal(parts, decider, decision, 'to propose policies');
  const known = await findVersion(parts, loaded.version);
  loaded.release();
  if (known !== undefined) return { version: known.content, tests };
  const version: PolicyVersion = {
    version: loaded.version,
    set,
    author,
    proposedAt: parts.clock.now(),
    reason: actor.reason,
    tests: { cases: tests.results.length, passed: tests.passed },
    reviews: [],
    replay: null,
    activations: [],
  };
  await parts.committer.commit({
    entries: [
      ...decided,
      entry(parts, 'policy-proposed', author, {
        version: version.version,
        packs: set.packs.map(({ id, version: number }) => mapOf({ id, version: number })),
        reason: actor.reason,
        tests: mapOf({ ...version.tests }),
      }),
    ],
    registerRecords: [versionRecord(parts, version, 0)],
  });
  return { version, tests };
}

/** Enters that a person reviewed a proposal and found it good. */
export async function reviewPolicies(
  parts: PolicyParts,
  decider: Decider,
  id: string,
  actor: PolicyActor & { readonly note: string },
): Promise<PolicyVersion> {
  await refreshIfFit(decider);
  const { number, content } = await versionOf(parts, id);
  const by = actor.principal.id;
  const facts = { author: content.author };
  const decision = decideChange(parts, decider, actor, 'review-policy', content.version, facts);
  const decided = await keepRefusal(parts, decider, decision, 'to review these policies');
  const review = { by, at: parts.clock.now(), note: actor.note };
  const version = { ...content, reviews: [...content.reviews, review] };
  const payload = { version: content.version, note: actor.note };
  await parts.committer.commit({
    entries: [...decided, entry(parts, 'policy-reviewed', by, payload)],
    registerRecords: [versionRecord(parts, version, number)],
  });
  return version;
}

/** Replays a proposal over the decisions of `period`, and enters that it was. */
export async function replayProposal(
  parts: PolicyParts,
  id: string,
  period: DecisionPeriod,
  actor: PolicyActor,
): Promise<ReplayReport> {
  const { number, content } = await versionOf(parts, id);
  const draft = await parts.engine.load(content.set);
  const report = await replayDecisions(parts, draft, period);
  draft.release();
  const { decisions, changed } = report;
  const version = { ...content, replay: { at: parts.clock.now(), decisions, changed } };
  const payload = { version: content.version, ...period, decisions, changed };
  await parts.committer.commit({
    entries: [entry(parts, 'policy-replayed', actor.principal.id, payload)],
    registerRecords: [versionRecord(parts, version, number)],
  });
  return report;
}

/** Policies that no longer fit the schema decide nothing; that must not keep others from replacing them. */
async function refreshIfFit(decider: Decider): Promise<void> {
  try {
    await decider.refresh();
  } catch (failure) {
    if (!(failure instanceof Failure && failure.code === 'policy.invalid')) throw failure;
  }
}

/** Returns what policies may ask about a version that is to be reviewed or put in force. */
export function versionFacts(version: PolicyVersion): Facts {
  const { author, tests, reviews, replay, activations } = version;
  return {
    author,
    testsPassed: tests.passed,
    isReviewed: reviews.some((one) => one.by !== author),
    isReplayed: replay !== null,
    isRollback: activations.length > 0,
  };
}

/** Puts a proposal in force; one that was in force before is a way back. Gives its version. */
export async function activatePolicies(
  parts: PolicyParts,
  decider: Decider,
  id: string,
  actor: PolicyActor,
): Promise<PolicyVersion> {
  await refreshIfFit(decider);
  const { number, content } = await versionOf(parts, id);
  const active = await findActive(parts);
  if (active?.content.version === content.version && decider.policies !== undefined) return content;
  const by = actor.principal.id;
  const isRollback = content.activations.length > 0;
  const facts = versionFacts(content);
  const decision = decideChange(parts, decider, actor, 'activate-policy', content.version, facts);
  const decided = await keepRefusal(parts, decider, decision, 'to activate these policies');
  if (!content.tests.passed) {
    throw new Failure('policy.tests-failed', 'policies whose tests fail are not put in force');
  }
  const activation = { by, at: parts.clock.now(), isRollback };
  const version = { ...content, activations: [...content.activations, activation] };
  const before = active === undefined ? [] : [active.content.version, ...active.content.before];
  await parts.committer.commit({
    entries: [
      ...decided,
      entry(parts, 'policy-activated', by, {
        version: content.version,
        before: before[0] ?? null,
        isRollback,
        // Nothing was in force that could have decided about it.
        isFirst: active === undefined,
      }),
    ],
    registerRecords: [
      versionRecord(parts, version, number),
      activeRecord(parts, { version: content.version, before }, active?.number ?? 0),
    ],
  });
  await decider.refresh();
  return version;
}
