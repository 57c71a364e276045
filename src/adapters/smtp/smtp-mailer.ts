/**
 * Sends mail by SMTP. The library is loaded when the first mail goes: most processes send none.
 *
 * INVARIANT: what a caller hands in becomes addresses, a subject and a text, never another header; a
 * password never goes over an open connection; a server that a flow names is reached at an address that was
 * judged.
 */
import type { SendMailOptions } from 'nodemailer';
import type { Options } from 'nodemailer/lib/smtp-transport/index.js';
import { Failure } from '../../core/failure/index.ts';
import type { AddressGuard } from '../../ports/address-guard.ts';
import type { Mailer, MailMessage, NamedMailServer } from '../../ports/mailer.ts';
import { checkedMessage } from './checked-message.ts';
import { type SendTrouble, sentOrUnknown } from './send-trouble.ts';

/** By which server mail goes where nobody names one, who sends it, and which others may be reached. */
export interface SmtpMailerOptions {
  /** `smtps://user:password@host:465`, or `smtp://host:587`, which turns to TLS where the server can. */
  readonly url?: string;
  readonly from?: string;
  /** For a server that must be reached without TLS, on the same machine. */
  readonly ignoreTls?: boolean;
  readonly timeoutMs?: number;
  /** Judges servers that are named with a mail; absent: none may be named. */
  readonly guard?: AddressGuard;
}

/** Nothing is fetched or read from disk on behalf of a message. */
const closed = { disableFileAccess: true, disableUrlAccess: true };

function timeouts(timeoutMs: number): Options {
  return {
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    dnsTimeout: timeoutMs,
  };
}

/** Returns how the installation's own server is reached. */
function ownServer(url: string, { ignoreTls = false, timeoutMs = 10_000 }: SmtpMailerOptions) {
  const { protocol, hostname, port, username, password } = new URL(url);
  const isSecure = protocol === 'smtps:';
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? (isSecure ? 465 : 587) : Number(port),
    secure: isSecure,
    ignoreTLS: ignoreTls,
    requireTLS: !isSecure && !ignoreTls && username !== '',
    ...(username === ''
      ? {}
      : { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
    ...timeouts(timeoutMs),
    ...closed,
  } satisfies Options;
}

function authOf({ account }: NamedMailServer): Pick<Options, 'auth'> {
  if (account === undefined) return {};
  const { user } = account;
  return 'token' in account
    ? { auth: { type: 'OAuth2', user, accessToken: account.token } }
    : { auth: { user, pass: account.password } };
}

/** Returns how a named server is reached, at the first of its judged addresses. */
async function namedServer(server: NamedMailServer, guard: AddressGuard): Promise<Options> {
  const { host, port, protection, account, timeoutMs = 10_000 } = server;
  const [address = host] = await guard(host, port);
  return {
    host: address,
    port,
    secure: protection === 'tls',
    requireTLS: protection === 'starttls' || (protection !== 'tls' && account !== undefined),
    ...authOf(server),
    tls: {
      ...(address === host ? {} : { servername: host }),
      rejectUnauthorized: server.trustsCertificate !== true,
      ...(server.verifiesName === false && { checkServerIdentity: () => undefined }),
    },
    ...timeouts(timeoutMs),
    ...closed,
  };
}

function unreached(cause: unknown): Failure {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
  return new Failure('mail.not-sent', `the mail server cannot be reached (${code})`, {
    cause,
    details: { mayBeSent: false },
  });
}

/** Returns a mail as the library takes it. */
function mailOf(message: MailMessage, from: string | undefined): SendMailOptions {
  const { sender, recipients, header, id } = checkedMessage(message, from);
  const { subject, text, html, attachments = [], images = [] } = message;
  const contentOf = (content: string | Uint8Array) =>
    typeof content === 'string' ? content : Buffer.from(content);
  return {
    ...header,
    envelope: { from: sender, to: [...recipients] },
    subject,
    text,
    ...(html === undefined ? {} : { html }),
    ...(id === undefined ? {} : { messageId: `<${id}>` }),
    xMailer: false,
    attachments: [
      ...attachments.map(({ name, contentType, content }) => ({
        filename: name,
        contentType,
        content: contentOf(content),
      })),
      ...images.map(({ name, contentType, content }) => ({
        filename: name,
        cid: name,
        contentType,
        contentDisposition: 'inline' as const,
        content: contentOf(content),
      })),
    ],
  };
}

/** Returns a mailer for one server and for those that are named with a mail. */
export function createSmtpMailer(options: SmtpMailerOptions): Mailer {
  const { url = '', from = '', guard } = options;
  const serverFor = async (named: NamedMailServer | undefined): Promise<Options> => {
    if (named === undefined) {
      if (url !== '') return ownServer(url, options);
      throw new Failure('mail.no-server', 'there is no mail server to send by');
    }
    if (guard === undefined) {
      throw new Failure('http.address-refused', `mail does not go by \`${named.host}\``);
    }
    return namedServer(named, guard).catch((error: unknown) => {
      throw error instanceof Failure && error.code !== 'http.unreachable'
        ? error
        : unreached(error);
    });
  };
  return {
    hasServer: url !== '',
    hasSender: from !== '',
    async send(message, { server: named, signal } = {}) {
      const mail = mailOf(message, from === '' ? undefined : from);
      const server = await serverFor(named);
      signal?.throwIfAborted();
      const { createTransport } = await import('nodemailer');
      const transport = createTransport(server);
      let isHandedOver = false;
      transport.use('stream', ({ message: composed }, done) => {
        const create = composed.createReadStream.bind(composed);
        // It flows from the moment when the server has asked for the content; before, nothing can be taken.
        composed.createReadStream = (given) =>
          create(given).once('resume', () => {
            isHandedOver = true;
          });
        done();
      });
      try {
        const sent = await transport.sendMail({ ...mail, ...(signal !== undefined && { signal }) });
        return {
          id: sent.messageId.replace(/^<|>$/g, ''),
          accepted: sent.accepted.map(String),
          refused: (sent.rejectedErrors ?? []).map((error) => ({
            address: error.recipient ?? '',
            answer: error.response ?? '',
          })),
          answer: sent.response,
        };
      } catch (cause) {
        throw sentOrUnknown(cause as SendTrouble, isHandedOver);
      } finally {
        transport.close();
      }
    },
  };
}
