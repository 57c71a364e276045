/** The front door of runtime/due-dates: what ends or is overdue at a date, entered when it comes. */
export { type DueDates, watchDueDates } from './watch-due-dates.ts';
