/**
 * A message before it is sent: its addresses are addresses, and what becomes a header is one line.
 *
 * INVARIANT: nothing in it begins another header, another recipient or another part.
 */
import { Failure } from '../../core/failure/index.ts';
import type { MailAddress, MailAttachment, MailMessage } from '../../ports/mailer.ts';

const addressForm = /^[^\s@<>,;:"()[\]\\]{1,64}@[^\s@<>,;:"()[\]\\]{1,253}$/;
// oxlint-disable-next-line no-control-regex -- what would begin another header
const controls = /[\u0000-\u001f\u007f\u2028\u2029]/;
const typeForm = /^[\w.+-]{1,100}\/[\w.+-]{1,100}(?:; ?[\w-]{1,50}=[\w.-]{1,50}){0,3}$/;

function refusal(message: string, help = 'mend the mail'): Failure {
  return new Failure('mail.not-sent', message, {
    isRetryable: false,
    help,
    details: { mayBeSent: false },
  });
}

function shown(text: string): string {
  return text.replaceAll(new RegExp(controls, 'g'), ' ').slice(0, 100);
}

function checkedAddress(given: string | MailAddress): { name: string; address: string } {
  const { address, name = '' } = typeof given === 'string' ? { address: given } : given;
  if (!addressForm.test(address) || controls.test(address)) {
    throw refusal(
      `\`${shown(address)}\` is no address for mail`,
      'write one plain address, like `audit@example.org`',
    );
  }
  if (controls.test(name)) throw refusal('the name beside an address is one line');
  return { name, address };
}

function checkFile({ name, contentType }: MailAttachment): void {
  if (name === '' || controls.test(name)) throw refusal('the name of a file is one line');
  if (!typeForm.test(contentType)) {
    throw refusal(`\`${shown(contentType)}\` is no type of a file`, 'write one like `text/csv`');
  }
}

/** A message whose addresses have been checked. */
export interface CheckedMessage {
  readonly sender: string;
  /** Everybody who gets it, once each. */
  readonly recipients: readonly string[];
  readonly header: {
    readonly from: { name: string; address: string };
    readonly to: { name: string; address: string }[];
    readonly cc: { name: string; address: string }[];
    readonly replyTo: { name: string; address: string }[];
  };
  /** The message id, where it is given. */
  readonly id: string | undefined;
}

/** Returns the addresses of `message`, sent by `ownFrom` where it names nobody; throws `mail.not-sent`. */
export function checkedMessage(message: MailMessage, ownFrom: string | undefined): CheckedMessage {
  const { from = ownFrom, to, cc = [], bcc = [], replyTo = [], subject, id } = message;
  if (from === undefined) throw refusal('nobody is named who sends the mail', 'name a sender');
  const header = {
    from: checkedAddress(from),
    to: to.map(checkedAddress),
    cc: cc.map(checkedAddress),
    replyTo: replyTo.map(checkedAddress),
  };
  const all = [...header.to, ...header.cc, ...bcc.map(checkedAddress)];
  if (all.length === 0) throw refusal('`` is no address for mail', 'name a recipient');
  if (controls.test(subject)) throw refusal('the subject of a mail is one line');
  for (const file of [...(message.attachments ?? []), ...(message.images ?? [])]) checkFile(file);
  if (id !== undefined && !/^[\w.-]{1,200}$/.test(id)) throw refusal('the id of a mail is a word');
  const { address: sender } = header.from;
  return {
    sender,
    recipients: [...new Set(all.map(({ address }) => address))],
    header,
    id: id === undefined ? undefined : `${id}@${sender.slice(sender.indexOf('@') + 1)}`,
  };
}
