/** A flow of the register as people read it. */
import { expect, test } from 'vitest';
import { type FlowCard, gateNames } from '../../../core/governance/index.ts';
import { cardText } from './card-text.ts';

test('a report is said to hold until the day that was given, and through it', () => {
  const card = {
    namespace: 'shop',
    flowId: 'reprice',
    revision: 1,
    stage: 'testing',
    liveRevision: null,
    owner: null,
    sponsor: null,
    purpose: null,
    reviewDate: null,
    isReviewDue: false,
    riskTier: 'high',
    reasons: [],
    gates: Object.fromEntries(gateNames.map((name) => [name, { holds: true, reason: '' }])),
    reports: [
      { kind: 'bias', name: 'bias.pdf', by: 'user:ada', validUntil: Date.parse('2027-07-01') },
    ],
  } as unknown as FlowCard;
  expect(cardText(card)).toContain('bias report: bias.pdf by user:ada, until 2027-06-30\n');
});
