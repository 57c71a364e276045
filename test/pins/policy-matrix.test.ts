/**
 * Who may do what under the default policies: every role, every action, every kind of resource, as text
 * that a person reads in a review. Two tables: nothing known but who asks, and everything in order.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import {
  type ActionDefinition,
  type ActionId,
  actionTable,
  type Facts,
  type Question,
  type ResourceType,
} from '../../src/core/policy/index.ts';
import type { LoadedPolicies } from '../../src/ports/policy-engine.ts';
import { openEngine, packOf } from '../support/policy-world.ts';

const roles = [
  'viewer',
  'builder',
  'operator',
  'approver',
  'auditor',
  'risk-officer',
  'privacy-officer',
  'security-officer',
  'admin',
  'executive',
];

/** Somebody without a role, and principals that are no people. */
const others = ['(none)', 'system:trigger', 'service:runner', 'agent:agent'];

const signs = { allow: '+', deny: '.', obliged: '?' } as const;

/** Task types that stand for their effects. */
const runs: readonly ActionId[] = [
  'run:core.log.Log',
  'run:core.http.Download',
  'run:core.kv.Set',
  'run:email.MailSend',
];

/** What is known when everything is in order: somebody else’s work, reviewed, tested, within limits. */
const inOrder: Facts = {
  stage: 'deployment',
  riskTier: 'limited',
  author: 'somebody-else',
  involved: ['somebody-else'],
  approvers: roles.map((role) => `role:${role}`),
  hasOwner: true,
  hasReason: true,
  testsPassed: true,
  reportsFresh: true,
  modelsApproved: true,
  vendorsApproved: true,
  effectsGated: true,
  isReviewed: true,
  isReplayed: true,
  role: 'viewer',
  lifetimeDays: 30,
  isPrivateAddress: false,
  scheme: 'https',
  connector: 'email.MailSend',
  taskType: 'email.MailSend',
  hasReadOutside: false,
  hasReadPersonal: false,
};

function principalOf(who: string): Question['principal'] {
  const [prefix = '', role = ''] = who.includes(':') ? who.split(':') : ['', who];
  const kinds = { system: 'system', service: 'service-account', agent: 'agent' } as const;
  const kind = prefix === '' ? 'user' : kinds[prefix as 'agent'];
  const hasRole = who !== '(none)';
  return {
    kind,
    id: 'somebody',
    tenant: 'main',
    roles: hasRole ? [{ role, namespace: 'company' }] : [],
    groups: [],
    onBehalfOf: [],
    authentication: { factors: ['password', 'totp'], freshness: 'fresh' },
  };
}

function rows(): readonly (readonly [ActionId, ResourceType])[] {
  const table: readonly (readonly [string, ActionDefinition])[] = Object.entries(actionTable);
  const named = table.flatMap(([action, { resources }]) =>
    [...new Set(resources)].map((resource) => [action as ActionId, resource] as const),
  );
  return [...named, ...runs.map((action) => [action, 'Task'] as const)];
}

function tableOf(policies: LoadedPolicies, facts: Facts): string {
  const who = [...roles, ...others];
  const origin = { trust: 'trusted', bits: 0, classes: [] } as const;
  const lines = rows().map(([action, type]) => {
    const cells = who.map((one, at) => {
      const { verdict } = policies.decide({
        principal: principalOf(one),
        action,
        resource: { type, id: 'something', tenant: 'main', namespace: 'company.shop' },
        situation: { arguments: {}, control: origin, facts },
      });
      return signs[verdict].padStart(at === 0 ? 1 : 3);
    });
    return `${`${action} ${type}`.padEnd(32)} ${cells.join('')}`.trimEnd();
  });
  const legend = who.map((one, at) => `${String.fromCodePoint(97 + at)} ${one}`);
  const head = who.map((_, at) => String.fromCodePoint(97 + at).padStart(at === 0 ? 1 : 3));
  return [...legend, '', `${''.padEnd(32)} ${head.join('')}`, ...lines].join('\n');
}

function matrixOf(policies: LoadedPolicies): string {
  return [
    '+ yes   . no   ? once its obligations are met',
    '',
    'Nothing is known but who asks.',
    '',
    tableOf(policies, {}),
    '',
    'Everything is in order: the work of somebody else, reviewed, tested, within limits, live.',
    '',
    tableOf(policies, inOrder),
    '',
    'A flow of limited risk in development.',
    '',
    tableOf(policies, { ...inOrder, stage: 'development' }),
    '',
  ].join('\n');
}

let policies: LoadedPolicies;

beforeAll(async () => {
  policies = await openEngine().load({ packs: [packOf('default')] });
});

test('the default policies decide as the matrix says [G-120] [G-221]', () => {
  const pinned = join(import.meta.dirname, 'policy-matrix.txt');
  const matrix = matrixOf(policies);
  // `SLUICE_WRITE_PINS=policy-matrix` writes the text; the review of its difference is the point of it.
  if (process.env['SLUICE_WRITE_PINS'] === 'policy-matrix') writeFileSync(pinned, matrix);
  expect(matrix).toBe(readFileSync(pinned, 'utf8'));
});

test('nobody without a role may do anything at all [G-016]', () => {
  for (const facts of [{}, inOrder, { ...inOrder, stage: 'development' }]) {
    for (const [action, type] of rows()) {
      const { verdict } = policies.decide({
        principal: principalOf('(none)'),
        action,
        resource: { type, id: 'something', tenant: 'main', namespace: 'company.shop' },
        situation: { arguments: {}, facts },
      });
      expect(`${action} ${type} ${verdict}`).toBe(`${action} ${type} deny`);
    }
  }
});

test('an administrator approves nothing and runs nothing [G-122]', () => {
  const business: readonly (readonly [ActionId, ResourceType])[] = [
    ['approve', 'Approval'],
    ['break-glass', 'Approval'],
    ['execute', 'Flow'],
    ['run:email.MailSend', 'Task'],
  ];
  for (const [action, type] of business) {
    const question: Question = {
      principal: principalOf('admin'),
      action,
      resource: { type, id: 'something', tenant: 'main', namespace: 'company.shop' },
      situation: { arguments: {}, facts: inOrder },
    };
    expect(policies.decide(question).verdict).toBe('deny');
  }
});
