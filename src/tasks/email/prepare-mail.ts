/**
 * The properties of a mail as what is sent: by which server, from whom, to whom. Whatever can be wrong with
 * them is told before anything is decided, set aside or sent.
 */
import { Failure } from '../../core/failure/index.ts';
import type { MailAddress, Mailer, MailProtection, NamedMailServer } from '../../ports/mailer.ts';
import { type MailFile, type MailProperties, mailFiles } from './mail-properties.ts';
import { readAddresses } from './read-addresses.ts';

/** The most addresses of one mail. */
export const recipientsMax = 100;
const filesMax = 50;
// oxlint-disable-next-line no-control-regex -- what would begin another header
const controls = /[\u0000-\u001f\u007f\u2028\u2029]/;

const strategies: Readonly<
  Record<MailProperties['transportStrategy'], { port: number; protection: MailProtection }>
> = {
  SMTP: { port: 25, protection: 'if-possible' },
  SMTP_TLS: { port: 587, protection: 'starttls' },
  SMTPS: { port: 465, protection: 'tls' },
  SMTP_OAUTH2: { port: 587, protection: 'starttls' },
};

/** A mail that is ready but for its files. */
export interface PreparedMail {
  readonly from: MailAddress | undefined;
  readonly to: readonly MailAddress[];
  readonly cc: readonly MailAddress[];
  readonly bcc: readonly MailAddress[];
  readonly replyTo: readonly MailAddress[];
  readonly server: NamedMailServer | undefined;
  readonly attachments: readonly MailFile[];
  readonly images: readonly MailFile[];
}

function invalid(message: string, help: string): Failure {
  return new Failure('task.input-invalid', message, { help, isRetryable: false });
}

function accountOf(properties: MailProperties): Pick<NamedMailServer, 'account'> {
  const { username, password, accessToken, transportStrategy } = properties;
  if (transportStrategy === 'SMTP_OAUTH2') {
    const token = accessToken ?? password;
    if (username === undefined || token === undefined) {
      throw invalid('SMTP_OAUTH2 needs `username` and `accessToken`', 'give both');
    }
    return { account: { user: username, token } };
  }
  if (accessToken !== undefined) {
    throw invalid('`accessToken` is used with SMTP_OAUTH2 only', 'set `transportStrategy`');
  }
  if (username === undefined && password === undefined) return {};
  if (username === undefined || password === undefined) {
    throw invalid('an account needs both `username` and `password`', 'give both, or none');
  }
  return { account: { user: username, password } };
}

function serverOf(properties: MailProperties, mailer: Mailer): NamedMailServer | undefined {
  const { host = '', port, transportStrategy, sessionTimeout } = properties;
  if (host === '') {
    const alone = (['port', 'username', 'password', 'accessToken'] as const).find(
      (name) => properties[name] !== undefined,
    );
    // The account of one server is never shown to another.
    if (alone !== undefined) {
      throw invalid(`\`${alone}\` is given without a \`host\``, 'name the mail server');
    }
    if (mailer.hasServer) return undefined;
    throw new Failure('mail.no-server', 'the task names no `host`, and there is no mail server', {
      isRetryable: false,
    });
  }
  const { port: usual, protection } = strategies[transportStrategy];
  return {
    host,
    port: port ?? usual,
    protection,
    ...accountOf(properties),
    verifiesName: properties.verifyServerIdentity,
    trustsCertificate: properties.trustedHosts?.includes(host) === true,
    timeoutMs: sessionTimeout,
  };
}

function senderOf(given: string | undefined, mailer: Mailer): MailAddress | undefined {
  const [from, second] = readAddresses('from', given);
  if (second !== undefined) throw invalid('`from` holds several addresses', 'write one');
  if (from === undefined && !mailer.hasSender) {
    throw invalid('the task does not say who sends the mail', 'give `from`');
  }
  return from;
}

/** Returns what `properties` say; throws where no mail can come of them. */
export function prepareMail(properties: MailProperties, mailer: Mailer): PreparedMail {
  const { subject = '' } = properties;
  const from = senderOf(properties.from, mailer);
  const to = readAddresses('to', properties.to);
  const cc = readAddresses('cc', properties.cc);
  const bcc = readAddresses('bcc', properties.bcc);
  const replyTo = readAddresses('replyTo', properties.replyTo);
  const count = to.length + cc.length + bcc.length;
  if (count === 0) throw invalid('the mail goes to nobody', 'give `to`');
  if (count > recipientsMax || replyTo.length > recipientsMax) {
    throw invalid(
      `the mail goes to ${count} addresses, and ${recipientsMax} is the most`,
      'send several mails',
    );
  }
  if (controls.test(subject)) {
    throw invalid('`subject` holds a line break or a control character', 'write it in one line');
  }
  const attachments = mailFiles('attachments', properties.attachments);
  const images = mailFiles('embeddedImages', properties.embeddedImages);
  if (attachments.length + images.length > filesMax) {
    throw invalid(`the mail has more than ${filesMax} files`, 'pack them into one');
  }
  const server = serverOf(properties, mailer);
  return { from, to, cc, bcc, replyTo, server, attachments, images };
}
