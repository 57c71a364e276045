/** The desk of governance: budgets and registers, as people ask about them and change them. */
import type { Budget } from '../core/governance/index.ts';
import {
  type BudgetCard,
  expireReservations,
  findBudget,
  listBudgets,
  removeBudget,
  setBudget,
} from '../runtime/budgets/index.ts';
import { registerDesk } from '../runtime/registers/index.ts';
import type { RunLoop } from '../runtime/run-loop/index.ts';

import type { Changer } from './assert-allowed.ts';
import { createFlowRegisterDesk, type FlowRegisterDesk } from './flow-register-desk.ts';
import { createKillSwitchDesk, type KillSwitchDesk } from './kill-switch-desk.ts';

/** Budgets, as people ask about them and change them. */
export interface BudgetDesk {
  /** Returns every budget, and how it stands in the present period. */
  list(): Promise<readonly BudgetCard[]>;
  /** Throws `budget.not-found`. */
  show(id: string): Promise<BudgetCard>;
  /** Throws `input.invalid`. */
  set(budget: Budget): Promise<BudgetCard>;
  /** Throws `budget.not-found`. */
  remove(id: string): Promise<void>;
}

/** The desk of governance. */
export interface GovernanceDesk {
  readonly killSwitches: KillSwitchDesk;
  readonly flows: FlowRegisterDesk;
  readonly budgets: BudgetDesk;
}

/** Returns the desk over the tenant of `loop`, for `actor`. */
export function createGovernanceDesk(loop: RunLoop, changer: Changer): GovernanceDesk {
  const { actor } = changer;
  const { clock } = loop.parts;
  const registers = registerDesk(loop.parts);
  return {
    killSwitches: createKillSwitchDesk(loop, registers, changer),
    flows: createFlowRegisterDesk(loop, registers, changer),
    budgets: {
      async list() {
        await expireReservations(registers);
        return listBudgets(registers, clock.now());
      },
      async show(id) {
        await expireReservations(registers);
        return findBudget(registers, id, clock.now());
      },
      async set(budget) {
        await setBudget(registers, budget, actor);
        return findBudget(registers, budget.id, clock.now());
      },
      remove: (id) => removeBudget(registers, id, actor),
    },
  };
}
