/** A flow of the register as lines that people read. */
import { type FlowCard, gateNames } from '../../../core/governance/index.ts';

/** The day that ends at `end`: what people name is the last day of a time. */
function lastDayBefore(end: number): string {
  return new Date(end - 1).toISOString().slice(0, 10);
}

/** Returns the lines of a card. */
export function cardText(card: FlowCard): string {
  const { namespace, flowId, revision, stage, owner, sponsor, purpose, riskTier, reasons } = card;
  const { liveRevision, reviewDate, isReviewDue, reports } = card;
  const live = liveRevision === null ? '' : `; revision ${liveRevision} is live`;
  const lines = [
    `${namespace}/${flowId}, revision ${revision}, in ${stage}${live}`,
    `owner: ${owner ?? 'nobody'}`,
    ...(sponsor === null ? [] : [`sponsor: ${sponsor}`]),
    ...(purpose === null ? [] : [`purpose: ${purpose}`]),
    ...(reviewDate === null ? [] : [`review: ${reviewDate}${isReviewDue ? ', overdue' : ''}`]),
    ...reports.map(
      ({ kind, name, by, validUntil }) =>
        `${kind} report: ${name} by ${by}, until ${lastDayBefore(validUntil)}`,
    ),
    `risk tier: ${riskTier}`,
    ...reasons.map(({ tier, reason }) => `  ${tier}: ${reason}`),
    'gates:',
    ...gateNames.map((name) => {
      const { holds, reason } = card.gates[name];
      return `  ${holds ? 'yes' : 'no '} ${name}: ${reason}`;
    }),
  ];
  return lines.join('\n');
}
