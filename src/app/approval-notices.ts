/**
 * The ways by which people are told that something waits for them: mail and webhook. What is sent leads to a
 * page and holds no value of the effect; following its link decides nothing.
 */
import { Failure } from '../core/failure/index.ts';
import type { ApprovalNotice, NoticeWay } from '../ports/approval-notices.ts';
import type { Fetch } from '../ports/fetch.ts';
import type { Mailer } from '../ports/mailer.ts';
import { isWebhookSecret, webhookHeaders } from '../runtime/anchors/index.ts';

/** How notices are sent. */
export interface NoticeParts {
  readonly mailer: Mailer | undefined;
  readonly fetch: Fetch;
  readonly now: () => number;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

const waitMaxMs = 10_000;

const sentences: Readonly<Record<ApprovalNotice['event'], string>> = {
  opened: 'is to be decided',
  reminder: 'still waits to be decided',
  escalated: 'was escalated to you',
  expired: 'was not decided in time',
  granted: 'was granted',
  rejected: 'was rejected',
  returned: 'was sent back',
  withdrawn: 'was withdrawn',
  voided: 'is void',
  'glass-broken': 'went on without its approvers and is to be examined',
  'glass-unexamined': 'went on without its approvers, and nobody has examined it in time',
};

function textOf(notice: ApprovalNotice, where: string): string {
  const { title, deciders, deadlineAt } = notice;
  const who = deciders.length === 0 ? [] : [`Who decides: ${deciders.join(', ')}`];
  const until = deadlineAt === null ? [] : [`Until: ${new Date(deadlineAt).toISOString()}`];
  return [`${title}`, '', ...who, ...until, '', where, ''].join('\n');
}

/** Where people see an approval: on the page of the server where that is known, else by a command. */
function whereIs(base: string, { tenant, approval }: ApprovalNotice): string | undefined {
  return base === '' ? undefined : `${base}/ui/${tenant}/approvals/${encodeURIComponent(approval)}`;
}

async function post(
  { fetch, now }: NoticeParts,
  url: string,
  secret: string,
  notice: ApprovalNotice,
  link: string | undefined,
): Promise<void> {
  const { event, id, at, deadlineAt, ...data } = notice;
  const isoOf = (moment: number): string => new Date(moment).toISOString();
  const body = JSON.stringify({
    type: `approval.${event}`,
    timestamp: isoOf(at),
    data: {
      ...data,
      deadlineAt: deadlineAt === null ? null : isoOf(deadlineAt),
      ...(link !== undefined && { link }),
    },
  });
  const headers = webhookHeaders(secret, { id, at: now(), body });
  const signal = AbortSignal.timeout(waitMaxMs);
  let status: number;
  try {
    const answer = await fetch(url, { method: 'POST', headers, body, redirect: 'error', signal });
    ({ status } = answer);
    await answer.body?.cancel();
  } catch (cause) {
    const why = cause instanceof Failure ? `: ${cause.message}` : '';
    throw new Failure('notice.not-sent', `the webhook of approvals cannot be reached${why}`, {
      cause,
    });
  }
  if (status >= 200 && status < 300) return;
  throw new Failure('notice.not-sent', `the webhook of approvals answers ${status}`, {
    // Who is gone does not come back; who refuses may have to be told to take it.
    isRetryable: status !== 410,
  });
}

/** Returns the ways by which the environment says that people are told. */
export function createNoticeWays(parts: NoticeParts): readonly NoticeWay[] {
  const { environment, mailer } = parts;
  const to = (environment['SLUICE_APPROVAL_MAIL_TO'] ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
  const hook = environment['SLUICE_APPROVAL_WEBHOOK'] ?? '';
  const secret = environment['SLUICE_APPROVAL_WEBHOOK_SECRET'] ?? '';
  const base = (environment['SLUICE_SERVER_URL'] ?? '').replace(/\/$/, '');
  const ways: NoticeWay[] = [];
  if (to.length > 0) {
    ways.push({
      name: 'mail',
      async send(notice) {
        if (mailer === undefined) {
          throw new Failure('notice.not-sent', 'there is no mail server to send notices by');
        }
        const subject = `Approval ${notice.approval} ${sentences[notice.event]}`;
        const where =
          whereIs(base, notice) ?? `See it with: sluice approval show ${notice.approval}`;
        await mailer.send({ to, subject, text: textOf(notice, where) });
      },
    });
  }
  if (hook !== '') {
    ways.push({
      name: 'webhook',
      async send(notice) {
        if (!isWebhookSecret(secret)) {
          throw new Failure(
            'notice.not-sent',
            '`SLUICE_APPROVAL_WEBHOOK_SECRET` is no secret of a webhook',
            { help: 'give `whsec_` and the Base64 of 24 to 64 bytes' },
          );
        }
        await post(parts, hook, secret, notice, whereIs(base, notice));
      },
    });
  }
  return ways;
}
