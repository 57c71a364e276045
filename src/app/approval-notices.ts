/**
 * Tells people by mail and webhook that something waits for them. What is sent leads to a page and holds no
 * value of the effect; following its link decides nothing.
 */
import type { ApprovalNotice, ApprovalNotices } from '../ports/approval-notices.ts';
import type { Mailer } from '../ports/mailer.ts';
import { webhookHeaders } from '../runtime/anchors/index.ts';

/** How notices are sent. */
export interface NoticeParts {
  readonly mailer: Mailer | undefined;
  readonly fetch: typeof globalThis.fetch;
  readonly now: () => number;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Hears what could not be sent. */
  readonly complain: (error: unknown) => void;
}

const sentences: Readonly<Record<ApprovalNotice['event'], string>> = {
  opened: 'is to be decided',
  reminder: 'still waits to be decided',
  escalated: 'was escalated to you',
  expired: 'was not decided in time',
  granted: 'was granted',
  rejected: 'was rejected',
  returned: 'was sent back',
  voided: 'is void',
  'glass-broken': 'went on without its approvers and is to be examined',
};

function textOf(notice: ApprovalNotice, link: string): string {
  const until =
    notice.deadlineAt === null ? '' : `\nUntil: ${new Date(notice.deadlineAt).toISOString()}`;
  return `${notice.title}\n\nWho decides: ${notice.deciders.join(', ')}${until}\n\n${link}\n`;
}

/** Returns what sends notices as the environment says; undefined when it names nobody to tell. */
export function createApprovalNotices(parts: NoticeParts): ApprovalNotices | undefined {
  const { environment, mailer, fetch, now, complain } = parts;
  const to = (environment['SLUICE_APPROVAL_MAIL_TO'] ?? '').split(',').filter((one) => one !== '');
  const hook = environment['SLUICE_APPROVAL_WEBHOOK'] ?? '';
  const secret = environment['SLUICE_APPROVAL_WEBHOOK_SECRET'] ?? '';
  const base = (environment['SLUICE_SERVER_URL'] ?? '').replace(/\/$/, '');
  if (hook === '' && (to.length === 0 || mailer === undefined)) return undefined;
  return {
    send(notice) {
      const link = `${base}/ui/${notice.tenant}/approvals/${encodeURIComponent(notice.approval)}`;
      const what = sentences[notice.event];
      if (mailer !== undefined && to.length > 0) {
        const subject = `Approval ${notice.approval} ${what}`;
        mailer.send({ to, subject, text: textOf(notice, link) }).catch(complain);
      }
      if (hook === '' || secret === '') return;
      const at = now();
      const id = `${notice.approval}-${notice.event}-${at}`;
      const { event, ...data } = notice;
      const timestamp = new Date(at).toISOString();
      const body = JSON.stringify({
        type: `approval.${event}`,
        timestamp,
        data: { ...data, link },
      });
      const headers = webhookHeaders(secret, { id, at, body });
      fetch(hook, { method: 'POST', headers, body, redirect: 'error' }).catch(complain);
    },
  };
}
