/** The desk of governance: budgets and registers, as people ask about them and change them. */
import { type Budget, type Exception, lifetimeDays } from '../core/governance/index.ts';
import {
  type BudgetCard,
  expireReservations,
  findBudget,
  listBudgets,
  removeBudget,
  runOutcomes,
  setBudget,
} from '../runtime/budgets/index.ts';
import {
  type ExceptionOrder,
  grantException,
  listExceptions,
  withdrawException,
} from '../runtime/exceptions/index.ts';
import {
  findIntake,
  type IntakeOrder,
  listIntakes,
  type QueuedIntake,
  submitIntake,
} from '../runtime/intakes/index.ts';
import { registerDesk } from '../runtime/registers/index.ts';
import type { RunLoop } from '../runtime/run-loop/index.ts';

import { type AllowanceDesk, createAllowanceDesk } from './allowance-desk.ts';
import { assertAllowed, type Changer } from './assert-allowed.ts';
import { createDashboardDesk, type DashboardDesk } from './dashboard-desk.ts';
import { createFlowRegisterDesk, type FlowRegisterDesk } from './flow-register-desk.ts';
import { createFlowTestDesk, type FlowTestDesk } from './flow-test-desk.ts';
import { createKillSwitchDesk, type KillSwitchDesk } from './kill-switch-desk.ts';

export type { QueuedIntake };

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

/** Exceptions, as people grant and withdraw them. */
export interface ExceptionDesk {
  /** Returns every exception; what is over is closed first. */
  list(): Promise<readonly Exception[]>;
  /** Throws `input.invalid`, `exception.exists`, `policy.denied`. */
  grant(order: ExceptionOrder): Promise<Exception>;
  /** Throws `exception.not-found`. */
  withdraw(id: string, reason: string): Promise<Exception>;
}

/** Ideas, before they are flows. */
export interface IntakeDesk {
  list(): Promise<readonly QueuedIntake[]>;
  /** Throws `intake.not-found`. */
  show(id: string): Promise<QueuedIntake>;
  /** Throws `input.invalid`. */
  submit(order: IntakeOrder): Promise<QueuedIntake>;
}

/** The desk of governance. */
export interface GovernanceDesk {
  readonly killSwitches: KillSwitchDesk;
  readonly flows: FlowRegisterDesk;
  readonly allowances: AllowanceDesk;
  readonly exceptions: ExceptionDesk;
  readonly intakes: IntakeDesk;
  readonly budgets: BudgetDesk;
  readonly tests: FlowTestDesk;
  readonly dashboards: DashboardDesk;
}

/** Returns the namespace that an exception belongs to. */
function namespaceOf({ scope: { kind, id } }: ExceptionOrder): string | null {
  if (kind === 'namespace') return id === '*' ? null : id;
  return kind === 'flow' ? (id.split('/')[0] ?? null) : null;
}

/** Returns the desk over the tenant of `loop`, for `actor`. */
export function createGovernanceDesk(loop: RunLoop, changer: Changer): GovernanceDesk {
  const { actor } = changer;
  const { clock, random } = loop.parts;
  const registers = registerDesk(loop.parts);
  const outcomeOf = runOutcomes(loop.parts);
  return {
    killSwitches: createKillSwitchDesk(loop, registers, changer),
    flows: createFlowRegisterDesk(loop, registers, changer),
    allowances: createAllowanceDesk(loop, registers, changer),
    tests: createFlowTestDesk(loop, registers, changer),
    dashboards: createDashboardDesk(registers, actor),
    exceptions: {
      list: () => listExceptions(registers),
      async grant(order) {
        const { id, owner, countMax: count, reason } = order;
        await assertAllowed(loop.parts, changer, {
          action: 'grant-exception',
          resource: { type: 'Exception', id, namespace: namespaceOf(order) },
          facts: {
            involved: [owner],
            lifetimeDays: lifetimeDays(order, clock.now()),
            count,
            hasOwner: owner !== '',
            hasReason: reason.trim() !== '',
          },
          what: `the exception \`${id}\``,
        });
        return grantException(registers, order, actor, clock.now());
      },
      withdraw: (id, reason) => withdrawException(registers, id, reason, actor),
    },
    intakes: {
      list: () => listIntakes(registers),
      show: (id) => findIntake(registers, id),
      submit: (order) => submitIntake(registers, { ...order, id: random.id() }, actor),
    },
    budgets: {
      async list() {
        await expireReservations(registers, outcomeOf);
        return listBudgets(registers, clock.now());
      },
      async show(id) {
        await expireReservations(registers, outcomeOf);
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
