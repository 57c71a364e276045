/** Sending mail: to whom, what about, the text. Who sends it and by which server is configuration. */

/** A file that goes with a mail. */
export interface MailAttachment {
  readonly name: string;
  readonly contentType: string;
  readonly content: string | Uint8Array;
}

/** A mail. */
export interface MailMessage {
  /** Addresses, one each. */
  readonly to: readonly string[];
  /** One line. */
  readonly subject: string;
  readonly text: string;
  readonly html?: string;
  readonly attachments?: readonly MailAttachment[];
}

/** Sends mail. */
export interface Mailer {
  /** Gives the id of the message once a server has taken it; throws `mail.not-sent`. */
  send(message: MailMessage): Promise<{ readonly id: string }>;
}
