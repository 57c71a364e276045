/** The front door of runtime/budgets: budgets, and reserving, settling and releasing what they limit. */
export type { Reservation, ReservedLine } from './budget-records.ts';
export {
  type BudgetCard,
  type BudgetStanding,
  findBudget,
  listBudgets,
  removeBudget,
  setBudget,
  spendingFacts,
} from './change-budgets.ts';
export {
  expireReservations,
  release,
  reserve,
  type ReserveOrder,
  settle,
} from './reservations.ts';
