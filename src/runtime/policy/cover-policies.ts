/**
 * What policies leave open: actions that nothing permits or nothing restrains, risk tiers that no policy
 * of an action looks at, and policies that nothing ever met.
 */
import { actionTable, type PolicyEntry } from '../../core/policy/index.ts';
import type { RecordedDecision } from './recorded-questions.ts';

/** What policies say about one action. */
export interface ActionCoverage {
  readonly action: string;
  readonly permits: number;
  readonly forbids: number;
  /** Risk tiers that some forbid of the action names. */
  readonly tiers: readonly string[];
}

/** What policies leave open. */
export interface PolicyCoverage {
  readonly actions: readonly ActionCoverage[];
  /** Actions that no policy permits to anybody. */
  readonly neverPermitted: readonly string[];
  /** Actions that no policy restrains. */
  readonly neverForbidden: readonly string[];
  /** Policies that determined no decision of the period. */
  readonly neverMatched: readonly string[];
  readonly decisions: number;
}

const tiers = ['minimal', 'limited', 'high', 'prohibited'];

function tiersIn(policies: readonly PolicyEntry[]): readonly string[] {
  const reading = policies.filter(({ reads }) => reads.includes('riskTier'));
  return tiers.filter((tier) => reading.some(({ text }) => text.includes(`"${tier}"`)));
}

/** Returns what `policies` leave open, given what was decided with them. */
export function coverPolicies(
  policies: readonly PolicyEntry[],
  recorded: readonly RecordedDecision[],
): PolicyCoverage {
  const enforced = policies.filter(({ mode }) => mode === 'enforce');
  const runs = enforced.flatMap(({ actions }) => actions.filter((one) => one.startsWith('run:')));
  const names = [...Object.keys(actionTable), ...new Set(runs)].toSorted();
  const actions = names.map((action): ActionCoverage => {
    const about = enforced.filter((one) => one.actions.includes(action));
    const forbids = about.filter(({ effect }) => effect === 'forbid');
    return {
      action,
      permits: about.length - forbids.length,
      forbids: forbids.length,
      tiers: tiersIn(forbids),
    };
  });
  const matched = new Set(recorded.flatMap((one) => one.policies));
  return {
    actions,
    neverPermitted: actions.filter(({ permits }) => permits === 0).map(({ action }) => action),
    neverForbidden: actions.filter(({ forbids }) => forbids === 0).map(({ action }) => action),
    neverMatched: policies.map(({ id }) => id).filter((id) => !matched.has(id)),
    decisions: recorded.reduce((sum, { count }) => sum + count, 0),
  };
}
