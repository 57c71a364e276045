/**
 * How two revisions of a flow differ to governance: what is there that was not, which gates were lost, and
 * whether people have to look. Made for pull requests.
 */
import { pathText } from '../flow/index.ts';
import type { Facts } from '../policy/index.ts';
import { type FlowAssessment, riskTiers } from './assess-flow.ts';
import type { Volume } from './flow-reach.ts';

/** One difference. */
export interface GovernanceChange {
  readonly what:
    | 'tier'
    | 'autonomy'
    | 'effect'
    | 'touch'
    | 'task-type'
    | 'data-class'
    | 'model'
    | 'vendor'
    | 'recipient'
    | 'unknown'
    | 'volume'
    | 'gate';
  readonly change: 'added' | 'removed' | 'raised' | 'lowered' | 'lost' | 'won';
  readonly name: string;
  /** True when it makes the flow riskier. */
  readonly isWorse: boolean;
}

const lists = [
  ['effect', 'effects'],
  ['touch', 'touches'],
  ['task-type', 'taskTypes'],
  ['data-class', 'dataClasses'],
  ['model', 'models'],
  ['vendor', 'vendors'],
  ['recipient', 'recipients'],
  ['unknown', 'unknown'],
] as const;

const autonomies = ['none', 'suggest', 'act-with-approval', 'act'];

/** A task of a known type adds nothing that its effects do not say; neither does one without effects. */
function isWorse(what: GovernanceChange['what'], name: string): boolean {
  return what !== 'task-type' && !(what === 'effect' && name === 'none');
}

function* rank(
  what: 'tier' | 'autonomy',
  order: readonly string[],
  before: string,
  after: string,
): Generator<GovernanceChange> {
  if (before === after) return;
  const isRaised = order.indexOf(after) > order.indexOf(before);
  const name = `${before} to ${after}`;
  yield { what, change: isRaised ? 'raised' : 'lowered', name, isWorse: isRaised };
}

function* gates(before: FlowAssessment, after: FlowAssessment): Generator<GovernanceChange> {
  const nameOf = ({ flow, task }: FlowAssessment['proofs'][number]) => `${flow}#${task}`;
  const openBefore = new Set(before.proofs.filter((one) => !one.isGated).map(nameOf));
  for (const proof of after.proofs) {
    const name = nameOf(proof);
    if (!proof.isGated && !openBefore.has(name)) {
      yield {
        what: 'gate',
        change: 'lost',
        name: `${name}: ${pathText(proof.path)}`,
        isWorse: true,
      };
    }
    if (proof.isGated && openBefore.has(name)) {
      yield { what: 'gate', change: 'won', name, isWorse: false };
    }
  }
}

function timesText({ perDay }: Volume): string {
  return perDay === null ? 'as often as others like' : `${perDay} times a day`;
}

function* volumes(before: FlowAssessment, after: FlowAssessment): Generator<GovernanceChange> {
  const [was, is] = [before.volume.perDay, after.volume.perDay];
  if (was === is) return;
  const isRaised = is === null || (was !== null && is > was);
  const name = `${timesText(before.volume)} to ${timesText(after.volume)}`;
  // How often something only computes is nobody's worry.
  const isWorse = isRaised && after.effects.includes('external');
  yield { what: 'volume', change: isRaised ? 'raised' : 'lowered', name, isWorse };
}

/** Returns how `after` differs from `before`, what is worse first. */
export function compareAssessments(
  before: FlowAssessment,
  after: FlowAssessment,
): readonly GovernanceChange[] {
  const changes: GovernanceChange[] = [
    ...rank('tier', riskTiers, before.tier, after.tier),
    ...rank('autonomy', autonomies, before.autonomy, after.autonomy),
    ...gates(before, after),
    ...volumes(before, after),
  ];
  for (const [what, key] of lists) {
    for (const name of after[key].filter((one) => !before[key].includes(one))) {
      changes.push({ what, change: 'added', name, isWorse: isWorse(what, name) });
    }
    for (const name of before[key].filter((one) => !after[key].includes(one))) {
      changes.push({ what, change: 'removed', name, isWorse: false });
    }
  }
  return changes.toSorted((a, b) => Number(b.isWorse) - Number(a.isWorse));
}

/** What there is before a flow is first saved: nothing of it. */
export const nothingAssessed: FlowAssessment = {
  taskTypes: [],
  effects: [],
  touches: [],
  dataClasses: [],
  models: [],
  vendors: [],
  recipients: [],
  unknown: [],
  volume: { perDay: 0, reasons: [] },
  autonomy: 'none',
  proofs: [],
  effectsGated: true,
  tier: 'minimal',
  reasons: [],
};

/** Returns what policy may know of how a revision differs from what is there before it. */
export function changeFacts(before: FlowAssessment, changes: readonly GovernanceChange[]): Facts {
  const added = (what: GovernanceChange['what']): readonly string[] =>
    changes.filter((one) => one.what === what && one.change === 'added').map(({ name }) => name);
  const lostGates = changes
    .filter(({ what, change }) => what === 'gate' && change === 'lost')
    .map(({ name }) => name);
  return {
    tierBefore: before.tier,
    newEffects: added('effect'),
    newDataClasses: added('data-class'),
    newRecipients: added('recipient'),
    newModels: added('model'),
    newVendors: added('vendor'),
    lostGates,
    losesGate: lostGates.length > 0,
    isRiskier: changes.some(({ isWorse: is }) => is),
  };
}
