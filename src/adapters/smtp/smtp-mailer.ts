/**
 * Sends mail by SMTP. The library is loaded when the first mail goes: most processes send none.
 *
 * INVARIANT: what a caller hands in becomes addresses, a subject and a text, never another header.
 */
import type { Transporter } from 'nodemailer';
import { Failure } from '../../core/failure/index.ts';
import type { Mailer, MailMessage } from '../../ports/mailer.ts';

/** By which server mail goes, and who sends it. */
export interface SmtpMailerOptions {
  /** `smtps://user:password@host:465`, or `smtp://host:587`, which turns to TLS where the server can. */
  readonly url: string;
  readonly from: string;
  /** For a server that must be reached without TLS, on the same machine. */
  readonly ignoreTls?: boolean;
  readonly timeoutMs?: number;
}

const addressForm = /^[^\s@<>,;:"()[\]\\]+@[^\s@<>,;:"()[\]\\]+$/;
// oxlint-disable-next-line no-control-regex -- what would begin another header
const controls = /[\u0000-\u001f\u007f]/;

function checkMessage({ to, subject }: MailMessage): void {
  const wrong = to.find((address) => !addressForm.test(address));
  if (to.length === 0 || wrong !== undefined) {
    throw new Failure('mail.not-sent', `\`${wrong ?? ''}\` is no address for mail`, {
      isRetryable: false,
      help: 'write one plain address, like `audit@example.org`',
    });
  }
  if (controls.test(subject)) {
    throw new Failure('mail.not-sent', 'the subject of a mail is one line', { isRetryable: false });
  }
}

/** Returns a mailer for one server. */
export function createSmtpMailer(options: SmtpMailerOptions): Mailer {
  const { url, from, ignoreTls = false, timeoutMs = 10_000 } = options;
  let opened: Promise<Transporter> | undefined;
  const open = async (): Promise<Transporter> => {
    const { createTransport } = await import('nodemailer');
    const { protocol, hostname, port, username, password } = new URL(url);
    const isSecure = protocol === 'smtps:';
    return createTransport({
      host: hostname,
      port: port === '' ? (isSecure ? 465 : 587) : Number(port),
      secure: isSecure,
      ignoreTLS: ignoreTls,
      // A password never goes over an open connection.
      requireTLS: !isSecure && !ignoreTls && username !== '',
      ...(username === ''
        ? {}
        : { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
      connectionTimeout: timeoutMs,
      greetingTimeout: timeoutMs,
      socketTimeout: timeoutMs,
      // Nothing is fetched or read from disk on behalf of a message.
      disableFileAccess: true,
      disableUrlAccess: true,
    });
  };
  return {
    async send(message) {
      checkMessage(message);
      const { to, subject, text, html, attachments = [] } = message;
      try {
        const transport = await (opened ??= open());
        const sent: { messageId: string } = await transport.sendMail({
          from,
          to: to.map((address) => ({ name: '', address })),
          subject,
          text,
          ...(html === undefined ? {} : { html }),
          attachments: attachments.map(({ name, contentType, content }) => ({
            filename: name,
            contentType,
            content: typeof content === 'string' ? content : Buffer.from(content),
          })),
        });
        return { id: sent.messageId };
      } catch (cause) {
        const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
        throw new Failure('mail.not-sent', `the mail could not be sent (${code})`, { cause });
      }
    },
  };
}
