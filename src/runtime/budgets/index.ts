/** The front door of runtime/budgets: budgets, and reserving, settling and releasing what they limit. */
export type { Reservation, ReservedLine, ReservedRun, RunOutcome } from './budget-records.ts';
export {
  type BudgetCard,
  type BudgetStanding,
  findBudget,
  listBudgets,
  removeBudget,
  setBudget,
  spentSoFar,
} from './change-budgets.ts';
export { type KnownBudgets, knownBudgets } from './known-budgets.ts';
export {
  expireReservations,
  release,
  reserve,
  reserveAll,
  type ReserveOrder,
  settle,
  settleRun,
} from './reservations.ts';
export { runOutcomes } from './run-outcome.ts';
