/**
 * Reports about a flow: somebody measured bias or quality, and says until when that holds. What is kept is
 * the digest of the report, who entered it, and what the flow used then.
 *
 * INVARIANT: a report is in date only while the flow uses the models and data that it was about.
 */

/** What a report is about. */
export const reportKinds = ['bias', 'quality'] as const;

/** The kind of a report. */
export type ReportKind = (typeof reportKinds)[number];

/** A report that somebody entered. */
export interface FlowReport {
  readonly kind: ReportKind;
  /** SHA-256 of its bytes, in hexadecimal digits. */
  readonly digest: string;
  /** Where people find it: the name of a file, an address. */
  readonly name: string;
  readonly revision: number;
  /** What the flow used when it was entered. */
  readonly models: readonly string[];
  readonly dataClasses: readonly string[];
  readonly by: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly validUntil: number;
}

/** What a flow uses that reports are about. */
export type Reported = Pick<FlowReport, 'models' | 'dataClasses'>;

/** How long a report may be said to hold. */
export const reportDaysMax = 366;

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((name) => other.includes(name));
}

/** Returns why there is no report of `kind` in date at the moment `at`, as a clause; undefined where there is. */
export function reportProblem(
  reports: readonly FlowReport[],
  kind: ReportKind,
  { models, dataClasses }: Reported,
  at: number,
): string | undefined {
  const last = reports.findLast((one) => one.kind === kind);
  if (last === undefined) return `no ${kind} report is recorded`;
  if (last.validUntil <= at) return `the ${kind} report is out of date`;
  if (isSame(last.models, models) && isSame(last.dataClasses, dataClasses)) return undefined;
  return `the ${kind} report is about other models or data than the flow uses`;
}
