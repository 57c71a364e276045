/**
 * The budgets as a process knows them, so that what no budget covers costs no look into the store. Only
 * what spends something asks at all.
 *
 * INVARIANT: it only ever tells that nothing covers a spending; what is covered is decided over the
 * records themselves.
 */
import { type Budget, countersFor, type Spending } from '../../core/governance/index.ts';
import type { RegisterDesk } from '../registers/index.ts';
import { budgetKinds } from './budget-records.ts';

/** The budgets as a process knows them. */
export interface KnownBudgets {
  /** Tells whether there is any budget. */
  isAny(at: number): Promise<boolean>;
  /** Tells whether a budget covers any of `spendings` at the moment `at`. */
  cover(spendings: readonly Spending[], at: number): Promise<boolean>;
  /** Tells whether a budget counts what concerns single subjects. */
  countSubjects(at: number): Promise<boolean>;
  /** Has them looked at anew at the next question: one was set or removed here. */
  forget(): void;
}

/** How long they are taken to be as they were without looking again; another process may change them. */
const freshMs = 250;

const known = new WeakMap<RegisterDesk, KnownBudgets>();

/** Returns the budgets as all who work at `desk` know them. */
export function knownBudgets(desk: RegisterDesk): KnownBudgets {
  let found = known.get(desk);
  if (found === undefined) known.set(desk, (found = createKnown(desk)));
  return found;
}

function createKnown(desk: RegisterDesk): KnownBudgets {
  let budgets: readonly Budget[] = [];
  let lookedAt = Number.NEGATIVE_INFINITY;
  const look = async (at: number): Promise<readonly Budget[]> => {
    const age = at - lookedAt;
    if (age >= 0 && age < freshMs) return budgets;
    const listed = await desk.list<Budget>(budgetKinds.budget);
    budgets = listed.map(({ content }) => content);
    lookedAt = at;
    return budgets;
  };
  return {
    isAny: async (at) => (await look(at)).length > 0,
    async cover(spendings, at) {
      const all = await look(at);
      return all.length > 0 && spendings.some((one) => countersFor(all, one, at).length > 0);
    },
    countSubjects: async (at) => (await look(at)).some(({ scope }) => scope.kind === 'subject'),
    forget: () => {
      lookedAt = Number.NEGATIVE_INFINITY;
    },
  };
}
