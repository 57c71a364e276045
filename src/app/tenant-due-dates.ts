/** What ends, or is overdue, at a date in one tenant: exceptions, permissions, reviews, approvals of changes. */
import { endAllowances } from '../runtime/allowances/index.ts';
import { tellerOfAll, tendChanges } from '../runtime/approvals/index.ts';
import { type DueDates, watchDueDates } from '../runtime/due-dates/index.ts';
import { closeEndedExceptions } from '../runtime/exceptions/index.ts';
import { noteOverdueReviews } from '../runtime/flow-register/index.ts';
import { registerDesk } from '../runtime/registers/index.ts';
import { approvalTeller, type RunLoop } from '../runtime/run-loop/index.ts';

/** Watches over the dates of the tenant of `loop`; gives what stops it. */
export function watchTenantDates(
  loop: RunLoop,
  complain: (error: unknown) => void,
): () => Promise<void> {
  const { parts } = loop;
  const desk = registerDesk(parts);
  const approvals = parts.approvals?.parts;
  const all: DueDates[] = [
    () => closeEndedExceptions(desk),
    () => endAllowances(desk),
    () => noteOverdueReviews(desk),
  ];
  if (approvals !== undefined) {
    all.push(async () => {
      await tendChanges(approvals, tellerOfAll(approvals, approvalTeller(loop)));
      return undefined;
    });
  }
  return watchDueDates(parts.clock, all, complain).stop;
}
