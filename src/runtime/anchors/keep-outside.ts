/** Takes one checkpoint to one place outside: a file, a webhook, a mailbox. */
import { Failure } from '../../core/failure/index.ts';
import type { Cipher } from '../../ports/cipher.ts';
import type { Fetch } from '../../ports/fetch.ts';
import type { Mailer } from '../../ports/mailer.ts';
import type { Notebook } from '../../ports/notebook.ts';
import { webhookHeaders } from './sign-webhook.ts';

/** By which way a checkpoint leaves. */
export type AnchorKind = 'file' | 'webhook' | 'email';

/** Where checkpoints are kept outside. */
export interface AnchorPlace {
  readonly id: string;
  readonly kind: AnchorKind;
  /** A path, a URL or an address. */
  readonly target: string;
  /** The encrypted secret of a webhook. */
  readonly secret?: string;
}

/** What is kept. */
export interface AnchoredCheckpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: string;
  readonly note: string;
  readonly verifierKey: string;
}

/** The ways out. */
export interface WaysOut {
  readonly fetch: Fetch;
  readonly notebook: Notebook;
  readonly cipher: Cipher;
  /** Absent where no mail server is configured. */
  readonly mailer?: Mailer;
  readonly now: () => number;
}

/** The most that is waited for one place; what is slower is tried again with the next checkpoint. */
const waitMaxMs = 5_000;

async function toWebhook(
  place: AnchorPlace,
  kept: AnchoredCheckpoint,
  out: WaysOut,
): Promise<void> {
  const { id, target, secret = '' } = place;
  const at = out.now();
  const body = JSON.stringify({
    type: 'ledger.checkpoint',
    timestamp: new Date(at).toISOString(),
    data: kept,
  });
  // The same for every attempt with one checkpoint, so that the receiver knows a repetition.
  const messageId = `msg_${id}_${kept.size}`;
  const headers = webhookHeaders(out.cipher.decrypt(secret), { id: messageId, at, body });
  const { host } = new URL(target);
  const answer = await out.fetch(target, {
    method: 'POST',
    headers,
    body,
    redirect: 'error',
    signal: AbortSignal.timeout(waitMaxMs),
  });
  await answer.body?.cancel();
  if (answer.ok) return;
  throw new Failure('anchor.not-kept', `\`${host}\` answers with the status ${answer.status}`, {
    details: { isGone: answer.status === 410 },
  });
}

async function toMailbox(
  place: AnchorPlace,
  kept: AnchoredCheckpoint,
  out: WaysOut,
): Promise<void> {
  if (out.mailer === undefined) {
    throw new Failure('anchor.not-kept', 'no mail server is configured', {
      help: 'set `SLUICE_SMTP_URL` and `SLUICE_MAIL_FROM`',
    });
  }
  await out.mailer.send({
    to: [place.target],
    subject: `Checkpoint of ${kept.origin}: ${kept.size} entries`,
    text: [
      'The ledger below signed how it looks. Keep this mail: should entries up to this point be',
      'changed or removed later, the attached checkpoint shows it.',
      '',
      `  ledger:  ${kept.origin}`,
      `  entries: ${kept.size}`,
      `  root:    ${kept.root}`,
      `  key:     ${kept.verifierKey}`,
      '',
      'To compare, where the ledger is:',
      '',
      `  sluice ledger verify --from checkpoint.txt --vkey '${kept.verifierKey}'`,
      '',
      kept.note,
    ].join('\n'),
    attachments: [
      { name: 'checkpoint.txt', contentType: 'text/plain; charset=utf-8', content: kept.note },
    ],
  });
}

/** Returns the name under which a checkpoint is kept in a folder; names sort by size. */
export function checkpointFileName({ origin, size }: AnchoredCheckpoint): string {
  const log = origin.replaceAll(/[^A-Za-z0-9.-]/g, '-');
  return `${log}-${`${size}`.padStart(16, '0')}.checkpoint`;
}

/** Keeps a checkpoint at a place outside; throws a failure that says why it could not. */
export async function keepOutside(
  place: AnchorPlace,
  kept: AnchoredCheckpoint,
  out: WaysOut,
): Promise<void> {
  switch (place.kind) {
    case 'file':
      return out.notebook.keep(place.target, checkpointFileName(kept), kept.note);
    case 'webhook':
      return toWebhook(place, kept, out);
    case 'email':
      return toMailbox(place, kept, out);
  }
}
