/**
 * P1: a decision under a pack of a hundred policies beside a raw call of Cedar, parsed before, over ten of
 * them: the same question, handed over in the same way, without slices and cache.
 */
import { createRequire } from 'node:module';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type * as cedarLibrary from '@cedar-policy/cedar-wasm/nodejs';
import { policyEngineFor } from '../../src/app/policy-bench.ts';
import { readTypeCatalogue } from '../../src/app/type-catalogue.ts';
import type { PolicySet, Question } from '../../src/core/policy/index.ts';
import { readPack } from '../../src/runtime/policy/index.ts';
import { median } from '../measure.ts';
import { type BenchContext, eachRound, scaled, type Workload } from '../workload.ts';

const folder = join(import.meta.dirname, '../../policies/default');
const packSize = 100;
const rawSize = 10;

/** The default policies, filled up to a hundred with gates of shops, of which most are about other actions. */
function packOfHundred(): PolicySet {
  const files = readdirSync(folder).map((name) => {
    const path = join(folder, name);
    return { path, text: readFileSync(path, 'utf8') };
  });
  const { pack } = readPack(files);
  if (pack === undefined) throw new Error('bug: the default policies cannot be read');
  const count = pack.policies.reduce((sum, { text }) => sum + text.split('@id(').length - 1, 0);
  const actions = [
    'edit',
    'delete',
    'deploy',
    'approve',
    'kill',
    'run:jdbc.duckdb.Query',
    'call-model',
    'execute',
  ];
  const more = Array.from({ length: Math.max(0, packSize - count) }, (_, at) => {
    const action = actions[at % actions.length] ?? 'edit';
    return `@id("shop.gate-${at}") @reason("Shop ${at} closed this") @missing("passes")
forbid (principal, action == Action::"${action}", resource) when { resource.namespaces.contains("shop-${at}") };`;
  });
  const policies = [...pack.policies, { path: 'more.cedar', text: more.join('\n') }];
  return { packs: [{ ...pack, policies }] };
}

function questionAt(at: number): Question {
  const origin = { trust: 'trusted', bits: 0, classes: [] } as const;
  return {
    principal: {
      kind: 'user',
      id: 'u-5f0c2d7e',
      tenant: 'main',
      roles: [{ role: 'operator', namespace: 'company' }],
      groups: ['support'],
      onBehalfOf: [],
      authentication: { factors: ['password', 'totp'], freshness: 'fresh' },
    },
    action: 'run:email.MailSend',
    resource: {
      type: 'Task',
      id: 'company.shop/refund#mail',
      tenant: 'main',
      namespace: 'company.shop',
    },
    situation: {
      arguments: {
        to: { ...origin, isAddressLike: true },
        plainTextContent: { ...origin, trust: 'untrusted', isAddressLike: false },
      },
      control: origin,
      facts: {
        stage: 'deployment',
        riskTier: 'limited',
        effect: 'external',
        taskType: 'email.MailSend',
        flowId: 'refund',
        amount: at,
      },
    },
  };
}

/** Returns the microseconds of one call of `work`. */
function microsecondsOf(count: number, work: (at: number) => unknown): number {
  const start = performance.now();
  for (let at = 0; at < count; at += 1) work(at);
  return ((performance.now() - start) * 1_000) / count;
}

/** A raw call over ten policies that read what the policies of the question's slice read. */
function rawCall(): (at: number) => unknown {
  const cedar = createRequire(import.meta.url)(
    '@cedar-policy/cedar-wasm/nodejs',
  ) as typeof cedarLibrary;
  const policies = Array.from({ length: rawSize }, (_, at) =>
    at === 0
      ? 'permit (principal, action, resource) when { principal.roles.contains("operator") };'
      : `forbid (principal, action, resource) unless { context has stage && context.stage != "${at}" && context has riskTier && context.addressTrust == "trusted" && !context.classes.contains("c${at}") && !(context has amount && context.amount > ${at}000000) };`,
  );
  cedar.preparsePolicySet('raw', { staticPolicies: policies.join('\n') });
  const principal = { type: 'User', id: 'u-5f0c2d7e' };
  return (at) =>
    cedar.statefulIsAuthorized({
      principal,
      action: { type: 'Action', id: 'run:email.MailSend' },
      resource: { type: 'Task', id: 'company.shop/refund#mail' },
      context: {
        stage: 'deployment',
        riskTier: 'limited',
        addressTrust: 'trusted',
        controlTrust: 'trusted',
        classes: [],
        amount: at,
      },
      entities: [{ uid: principal, attrs: { roles: ['operator'] }, parents: [] }],
      preparsedPolicySetId: 'raw',
    });
}

/** Decisions of policy. */
export const policyDecisions: Workload = {
  id: 'P1',
  title: 'a policy decision, 100-policy pack',
  async run({ size, progress }: BenchContext) {
    const policies = await policyEngineFor(readTypeCatalogue()).load(packOfHundred());
    const raw = rawCall();
    const count = scaled(size, 4_000, 200);
    const same = questionAt(1);
    let next = 0;
    const other = () => policies.decide(questionAt((next += 1)));
    if (other().verdict !== 'allow') throw new Error('bug: the question of the bench is refused');
    microsecondsOf(count, raw);
    microsecondsOf(count, other);
    const rounds = await eachRound(size, async (round) => {
      progress(`decisions, round ${round + 1}`);
      const rawUs = microsecondsOf(count, raw);
      const uncachedUs = microsecondsOf(count, other);
      const cachedUs = microsecondsOf(count * 5, () => policies.decide(same));
      return { rawUs, uncachedUs, cachedUs };
    });
    policies.release();
    const of = (pick: (one: (typeof rounds)[number]) => number) => median(rounds.map(pick));
    const [rawUs, uncachedUs, cachedUs] = [
      of((one) => one.rawUs),
      of((one) => one.uncachedUs),
      of((one) => one.cachedUs),
    ];
    const to = 'a raw call over ten policies';
    return [
      { what: 'raw call of Cedar over ten policies', value: rawUs, unit: 'µs' },
      {
        what: 'decision, asked for the first time',
        value: uncachedUs,
        unit: 'µs',
        ratio: of((one) => one.uncachedUs / one.rawUs),
        to,
        budget: { max: 2 },
      },
      {
        what: 'the same question again',
        value: cachedUs,
        unit: 'µs',
        ratio: of((one) => one.cachedUs / one.rawUs),
        to,
        budget: { max: 0.2 },
      },
    ];
  },
};
