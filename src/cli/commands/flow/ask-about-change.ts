/**
 * What policies say of a changed flow: whether it may be proposed, and which duties come with it when it
 * goes live that did not before. Without policies a fixed rule decides: nothing riskier.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Flow } from '../../../core/flow/index.ts';
import {
  changeFacts,
  type FlowAssessment,
  type GovernanceChange,
} from '../../../core/governance/index.ts';
import {
  type ActionId,
  type Answer,
  describeAnswer,
  type Facts,
  type Question,
  type Verdict,
} from '../../../core/policy/index.ts';
import type { Call, Surroundings } from '../../command.ts';
import { dataFolder } from '../../data-folder.ts';
import { withApplication } from '../../with-application.ts';
import { openBench, readFolders } from '../policy/open-bench.ts';

/** What policies say of a change. */
export interface ChangeVerdict {
  readonly verdict: Verdict;
  readonly reasons: readonly string[];
  /** Who decided: policies of folders, those in force, or the fixed rule. */
  readonly by: 'policies' | 'policies-in-force' | 'fixed-rule';
  /** What has to be done before it goes live, and had not: `policy: why`. */
  readonly duties: readonly string[];
}

/** A flow as it was and as it is. */
export interface ComparedFlow {
  readonly flow: Flow;
  readonly before: FlowAssessment;
  readonly after: FlowAssessment;
  readonly changes: readonly GovernanceChange[];
}

type Ask = (question: Question) => Promise<Answer>;

const tenant = 'main';

function questionOf(
  { namespace, id }: Flow,
  action: ActionId,
  principal: { readonly kind: 'system' | 'user'; readonly roles: readonly string[] },
  facts: Facts,
): Question {
  return {
    principal: {
      kind: principal.kind,
      id: 'pipeline',
      tenant,
      roles: principal.roles.map((role) => ({ role, namespace: '*' })),
      groups: [],
      onBehalfOf: [],
      authentication: { factors: ['password', 'totp'], freshness: 'fresh' },
    },
    action,
    resource: { type: 'Flow', id: `${namespace}/${id}`, tenant, namespace },
    situation: { facts },
  };
}

function flowFacts({ flow }: ComparedFlow, assessment: FlowAssessment): Facts {
  const { tier, autonomy, effects, dataClasses, models, vendors, effectsGated } = assessment;
  return {
    flowId: flow.id,
    riskTier: tier,
    autonomy,
    effects,
    dataClasses,
    models,
    vendors,
    effectsGated,
    hasOwner: flow.governance?.owner !== undefined,
  };
}

/** Returns what stands against a live revision whose evidence is complete: what is asked of people, and refused. */
async function dutiesOf(
  ask: Ask,
  compared: ComparedFlow,
  assessment: FlowAssessment,
): Promise<readonly string[]> {
  const complete = {
    stage: 'monitoring',
    author: 'author',
    involved: ['author'],
    hasOwner: true,
    testsPassed: true,
    modelsApproved: true,
    vendorsApproved: true,
    reportsFresh: true,
    subflowsLive: true,
    isReviewed: true,
    isReviewDue: false,
  };
  const facts = { ...flowFacts(compared, assessment), ...complete };
  const operator = { kind: 'user', roles: ['operator'] } as const;
  const { policies } = await ask(questionOf(compared.flow, 'deploy', operator, facts));
  return policies
    .filter(({ effect }) => effect === 'forbid')
    .map(({ id, reason }) => `${id}: ${reason}`);
}

async function verdictBy(
  ask: Ask,
  by: ChangeVerdict['by'],
  compared: ComparedFlow,
): Promise<ChangeVerdict> {
  const { flow, before, after, changes } = compared;
  const facts = { ...flowFacts(compared, after), ...changeFacts(before, changes) };
  const pipeline = { kind: 'system', roles: [] } as const;
  const answer = await ask(questionOf(flow, 'propose-revision', pipeline, facts));
  const duties = await dutiesOf(ask, compared, after);
  const known = await dutiesOf(ask, compared, before);
  return {
    verdict: answer.verdict,
    reasons: answer.verdict === 'allow' ? [] : describeAnswer(answer),
    by,
    duties: duties.filter((one) => !known.includes(one)),
  };
}

function fixedRule({ changes }: ComparedFlow): ChangeVerdict {
  const worse = changes.filter(({ isWorse }) => isWorse);
  const verdict = worse.length === 0 ? 'allow' : 'deny';
  const reasons = worse.length === 0 ? [] : ['something makes the flow riskier'];
  return { verdict, reasons, by: 'fixed-rule', duties: [] };
}

/** Returns what policies say of a change: those of `--policies`, those in force, or the fixed rule. */
export async function askAboutChange(
  call: Call,
  surroundings: Surroundings,
  compared: ComparedFlow,
): Promise<ChangeVerdict> {
  const folders = call.texts('policies');
  if (folders.length > 0) {
    const bench = await openBench(surroundings);
    const { set } = await readFolders(bench, folders);
    return verdictBy((question) => bench.ask(set, question), 'policies', compared);
  }
  const { storeName } = await import('../../../app/data-folder.ts');
  // Only looking: a data folder that is not there is not made.
  if (!existsSync(join(dataFolder(call, surroundings), storeName))) return fixedRule(compared);
  return withApplication(call, surroundings, async (application) => {
    const policies = await application.policies();
    if ((await policies.active()) === undefined) return fixedRule(compared);
    return verdictBy((question) => policies.explain(question), 'policies-in-force', compared);
  });
}
