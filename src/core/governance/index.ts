/** The front door of core/governance: budgets, risk tiers, lifecycle, switches, exceptions; pure decisions. */
export {
  amountProblem,
  type Budget,
  type BudgetCounter,
  budgetProblems,
  type BudgetRefusal,
  type BudgetUnit,
  budgetUnits,
  type BudgetUsage,
  counterOf,
  countersFor,
  leftOf,
  refusalOf,
  type Spending,
} from './budget.ts';
export {
  type BudgetPeriod,
  budgetPeriods,
  isTimeZone,
  type PeriodBounds,
  periodAt,
} from './budget-period.ts';
export { modelsOf, visitTasks } from './flow-models.ts';
export {
  describeTarget,
  type KillSwitch,
  modelStoppedBy,
  stoppedBy,
  type Stoppable,
  switchId,
  switchKinds,
  type SwitchTarget,
  targetProblem,
  vendorOf,
} from './kill-switch.ts';
export {
  countedAs,
  describeScope,
  isNamespaceWithin,
  type Scope,
  type ScopeKind,
  scopeKinds,
  type Situated,
} from './scope.ts';
