/**
 * `sluice approval show`: exactly what one says yes to, line by line. A value cannot pass for a line of
 * this page: each of its lines begins with a bar.
 */
import type { ApprovalCard, ShownEffect, UnsentNotice } from '../../../app/approval-desk.ts';
import type { Perform } from '../../command.ts';
import { exitCodes } from '../../output/exit-codes.ts';
import { harmless, oneLine } from '../../output/terminal-text.ts';
import { printDone } from '../../print-rows.ts';
import { withApplication } from '../../with-application.ts';

const isoOf = (at: number): string => new Date(at).toISOString();

function barred(value: unknown): readonly string[] {
  const text = typeof value === 'string' ? value : JSON.stringify(value, null, 2);
  return harmless(text ?? 'null')
    .split('\n')
    .map((line) => `    | ${line}`);
}

function isOriginated(
  value: unknown,
): value is { value: unknown; origin: { trust: string; classes: readonly string[] } } {
  return typeof value === 'object' && value !== null && 'origin' in value && 'value' in value;
}

function rowsOf(shown: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.entries(shown).flatMap(([name, value]) => {
    if (!isOriginated(value)) return [`  ${oneLine(name)}:`, ...barred(value)];
    const { trust, classes } = value.origin;
    const origin = [...(trust === 'trusted' ? [] : [trust]), ...classes].join(', ');
    return [`  ${oneLine(name)} (${oneLine(origin)}):`, ...barred(value.value)];
  });
}

function section(title: string, rows: readonly string[]): readonly string[] {
  return rows.length === 0 ? [] : ['', title, ...rows];
}

function replacedRows({ replaces }: ShownEffect): readonly string[] {
  if (replaces === null) return [];
  const { approval, changed } = replaces as { approval: string; changed: readonly string[] };
  const what = changed.length === 0 ? 'nothing changed' : changed.map(oneLine).join(', ');
  return section('in place of', [`  ${approval}: ${what}`]);
}

function peopleRows(found: ApprovalCard): readonly string[] {
  const { deciders, missing, stage, terms, votes, claimedBy, brokenGlass, deadlineAt } = found;
  const isStaged = terms.stages.length > 1;
  const who = deciders.length === 0 ? 'nobody any more' : deciders.join(', ');
  return [
    `asked by: ${found.requester}`,
    `had part in it, and so do not decide: ${found.involved.join(', ') || 'nobody'}`,
    `who decides: ${who}${missing > 0 ? `, ${missing} missing` : ''}`,
    ...(isStaged
      ? [`stage: ${Math.min(stage + 1, terms.stages.length)} of ${terms.stages.length}`]
      : []),
    ...(claimedBy === null ? [] : [`taken on by: ${claimedBy}`]),
    ...(deadlineAt === null ? [] : [`until: ${isoOf(deadlineAt)}, then ${terms.onDeadline}`]),
    ...votes.map(({ by, verdict, reason, delegation }) => {
      const way = delegation === null ? '' : ` for ${delegation}`;
      return `said: ${by} ${verdict}${way}${reason === '' ? '' : `: ${oneLine(reason)}`}`;
    }),
    ...(found.closedBecause === null ? [] : [`why closed: ${oneLine(found.closedBecause)}`]),
    ...(brokenGlass === null
      ? []
      : [
          `glass broken by: ${brokenGlass.by}: ${oneLine(brokenGlass.reason)}`,
          brokenGlass.review === null
            ? `to be examined until: ${isoOf(brokenGlass.reviewDueAt)}`
            : `examined by: ${brokenGlass.review.by}, ${brokenGlass.review.isAccepted ? 'accepted' : 'objected to'}: ${oneLine(brokenGlass.review.note)}`,
        ]),
  ];
}

function noticeRow({ event, way, state, attempts, problem }: UnsentNotice): string {
  const why = problem === null ? '' : `: ${oneLine(problem)}`;
  return `  ${event} by ${way}: ${state} after ${attempts} attempts${why}`;
}

/** Shows an approval with the effect as it was shown. */
export const showApproval: Perform = async (call, surroundings) => {
  const [id = ''] = call.args;
  const found = await withApplication(call, surroundings, async (application) =>
    (await application.approvals()).show(id),
  );
  const { shown, notices } = found;
  const isOpen = found.state === 'open';
  const lines = [
    `${found.id}: ${found.state}`,
    `${oneLine(found.title)}, revision ${found.revision}`,
    ...(found.executionId === '' ? [] : [`execution: ${found.executionId}`]),
    ...peopleRows(found),
    ...section(
      'why it waits',
      shown.reasons.map((one) => `  ${oneLine(one)}`),
    ),
    ...section('what will be done, exactly', rowsOf(shown.arguments)),
    ...section('what the flow says of it', rowsOf(shown.preview)),
    ...section('the values of its form', shown.form === null ? [] : rowsOf(shown.form)),
    ...replacedRows(shown),
    ...section('not told yet', notices.map(noticeRow)),
    '',
    `digest: ${found.digest}`,
    ...(isOpen
      ? [
          `to agree to exactly this: sluice approval approve ${id} --digest ${found.digest.slice(0, 16)}`,
        ]
      : []),
  ];
  printDone(call, surroundings, lines.join('\n'), { ...found });
  return exitCodes.success;
};
