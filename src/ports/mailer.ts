/**
 * Sending mail: from whom, to whom, what about, the text; by which server where the installation's own is
 * not meant. What is told of a failure is whether a server may have taken the mail all the same.
 */

/** An address, with the name that is shown for it. */
export interface MailAddress {
  readonly address: string;
  /** One line. */
  readonly name?: string;
}

/** A file that goes with a mail. */
export interface MailAttachment {
  readonly name: string;
  readonly contentType: string;
  readonly content: string | Uint8Array;
}

/** A mail. */
export interface MailMessage {
  /** Who sends it; the installation's own address when absent. */
  readonly from?: MailAddress;
  readonly replyTo?: readonly MailAddress[];
  /** Plain addresses, or addresses with names. */
  readonly to: readonly (string | MailAddress)[];
  readonly cc?: readonly MailAddress[];
  /** Who gets it without the others being told. */
  readonly bcc?: readonly MailAddress[];
  /** One line. */
  readonly subject: string;
  readonly text: string;
  readonly html?: string;
  readonly attachments?: readonly MailAttachment[];
  /** Pictures that the HTML shows as `cid:<name>`. */
  readonly images?: readonly MailAttachment[];
  /** The part of the message id before the `@`, so that the same mail is known again; a fresh one when absent. */
  readonly id?: string;
}

/** How the connection to a mail server is protected: not at all if the server cannot, turned to TLS, or TLS from the first byte. */
export type MailProtection = 'if-possible' | 'starttls' | 'tls';

/** A mail server that somebody names. */
export interface NamedMailServer {
  readonly host: string;
  readonly port: number;
  readonly protection: MailProtection;
  /** Who signs in there: with a password, or with a token of OAuth. */
  readonly account?:
    | { readonly user: string; readonly password: string }
    | { readonly user: string; readonly token: string };
  /** Whether the certificate must be in the name of the host; true when absent. */
  readonly verifiesName?: boolean;
  /** Whether any certificate will do; false when absent. */
  readonly trustsCertificate?: boolean;
  readonly timeoutMs?: number;
}

/** How one mail goes. */
export interface MailRoute {
  /** The server; the installation's own when absent. */
  readonly server?: NamedMailServer;
  readonly signal?: AbortSignal;
}

/** A mail that a server has taken. */
export interface SentMail {
  /** The message id, without angle brackets around it. */
  readonly id: string;
  readonly accepted: readonly string[];
  /** Recipients that the server refuses, with what it says. */
  readonly refused: readonly { readonly address: string; readonly answer: string }[];
  /** What the server says when it takes the mail. */
  readonly answer: string;
}

/** Sends mail. */
export interface Mailer {
  /** Whether there is a server where nobody names one. */
  readonly hasServer: boolean;
  /** Whether there is a sender where nobody names one. */
  readonly hasSender: boolean;
  /**
   * Gives what became of a mail once a server has taken it for at least one recipient. Throws `mail.not-sent`,
   * with `mayBeSent: true` among its details where a server may have taken it without saying so; and
   * `http.address-refused` for a server that must not be reached.
   */
  send(message: MailMessage, route?: MailRoute): Promise<SentMail>;
}
