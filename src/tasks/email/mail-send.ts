/**
 * `email.MailSend`: sends an e-mail by the installation's server or one that the flow names.
 *
 * INVARIANT: what has been spent is what a server has accepted; whether it has accepted anything that nobody
 * knows of is a question to people, never a second mail.
 */
import { z } from 'zod';
import { Failure } from '../../core/failure/index.ts';
import type { MailAttachment, SentMail } from '../../ports/mailer.ts';
import type { TaskContext } from '../../ports/task-context.ts';
import { defineTask } from '../../ports/task.ts';
import { type MailFile, type MailProperties, mailProperties } from './mail-properties.ts';
import { showOutsideAsText } from './outside-html.ts';
import { prepareMail, type PreparedMail, recipientsMax } from './prepare-mail.ts';
import { countAddresses, domainsIn } from './read-addresses.ts';

/** The most that the files of a mail hold together; servers rarely take more. */
const filesBytesMax = 25 * 1024 ** 2;

/** Reads files one after another, so that no more than the most is ever in memory. */
async function readFiles(
  files: readonly MailFile[],
  context: TaskContext,
  bytes: { left: number },
): Promise<MailAttachment[]> {
  const read: MailAttachment[] = [];
  for (const { uri, name, contentType } of files) {
    bytes.left -= await context.files.size(uri);
    if (bytes.left < 0) {
      throw new Failure(
        'task.input-invalid',
        `the files of the mail hold more than ${filesBytesMax} bytes together`,
        { help: 'send a link to them', isRetryable: false },
      );
    }
    read.push({ name, contentType, content: await context.files.read(uri) });
  }
  return read;
}

async function bodyOf(properties: MailProperties, context: TaskContext) {
  const { htmlTextContent: html, plainTextContent: text, sanitizeHtml } = properties;
  if (html === undefined) return { text };
  if (!sanitizeHtml) return { text, html };
  const parts = await context.outsideParts('htmlTextContent', html);
  return { text, html: showOutsideAsText(html, parts) };
}

/** Sends a mail, and says what is known of it where that fails. */
async function send(
  properties: MailProperties,
  { server, images, attachments, from, ...addresses }: PreparedMail,
  context: TaskContext,
): Promise<SentMail> {
  const bytes = { left: filesBytesMax };
  const message = {
    ...addresses,
    ...(from !== undefined && { from }),
    ...(await bodyOf(properties, context)),
    subject: properties.subject ?? '',
    attachments: await readFiles(attachments, context, bytes),
    images: await readFiles(images, context, bytes),
    id: context.idempotencyKey.replaceAll(/[^\w.-]/g, '-'),
  };
  const route = { ...(server !== undefined && { server }), signal: context.signal };
  context.spent({});
  try {
    return await context.mailer.send(message, route);
  } catch (error) {
    if (error instanceof Failure && error.details['mayBeSent'] === true) {
      throw new Failure('task.outcome-unknown', error.message, {
        cause: error,
        help: error.help,
        isRetryable: false,
      });
    }
    context.spent('nothing');
    throw context.signal.aborted ? context.signal.reason : error;
  }
}

/** Sends an e-mail. */
export const mailSendTask = defineTask({
  type: 'email.MailSend',
  aliases: ['notifications.mail.MailSend'],
  propertyAliases: { html: 'htmlTextContent', body: 'htmlTextContent', text: 'plainTextContent' },
  lenientAliases: ['html', 'body', 'text'],
  summary: 'Sends an e-mail.',
  description: `Without a \`host\` it goes by the installation's mail server (\`SLUICE_SMTP_URL\`, sender
\`SLUICE_MAIL_FROM\`); where there is neither, the task fails with \`mail.no-server\` before anybody is asked and
anything is set aside. A named \`host\` must not be private or local unless \`SLUICE_ALLOW_PRIVATE_HOSTS\` names it.

Parts of \`htmlTextContent\` that come from outside (a customer, a web page, a model) are shown as text: their
tags do not work, except \`<br>\`, so that \`nl2br\` does. What the flow itself writes around them stays HTML.
Put values from outside between tags or between the quotes of an attribute; an attribute without quotes, or one
that holds a link, cannot be made safe by this. Plain text, and HTML that nobody outside had a part in, go as given.

The files come from the storage of the execution or its namespace and hold at most 25 MiB together; a mail has at
most ${recipientsMax} recipients. Line breaks in the subject or in addresses are refused.

If the server refuses some of the recipients, the task ends in WARNING and says which; budgets count those that
were accepted. If the connection breaks after the content was handed over, nobody knows whether the mail was taken:
what follows is said by \`governance.onUnknown\`, and by default somebody is asked. Every attempt at the same mail
has the same \`Message-ID\`.`,
  input: mailProperties,
  output: z.strictObject({
    messageId: z.string().describe('The id of the message, the same for every attempt at it.'),
    accepted: z.array(z.string()).describe('The recipients for whom the server has taken it.'),
    refused: z
      .array(
        z.strictObject({
          address: z.string().describe('The recipient.'),
          answer: z.string().describe('What the server says of it.'),
        }),
      )
      .describe('The recipients that the server refuses.'),
    answer: z.string().describe('What the server says when it takes the mail.'),
  }),
  effect: {
    kind: 'external',
    touches: ['network', 'files'],
    factsFor: ({ to, cc, bcc }) => ({
      count: countAddresses(to) + countAddresses(cc) + countAddresses(bcc),
      recipientDomains: domainsIn([to, cc, bcc]),
    }),
    spendsFor: ({ to, cc, bcc }) => ({
      messages: countAddresses(to) + countAddresses(cc) + countAddresses(bcc),
    }),
  },
  addressLike: ['from', 'to', 'cc', 'bcc', 'replyTo', 'host', 'port', 'username', 'trustedHosts'],
  provenance: {
    output: 'join',
    fields: { messageId: 'trusted', refused: 'outside', answer: 'outside' },
  },
  secrets: ['password', 'accessToken'],
  failures: [
    'task.input-invalid',
    'task.outcome-unknown',
    'mail.no-server',
    'mail.not-sent',
    'http.address-refused',
    'file.not-found',
    'file.refused',
  ],
  examples: [
    {
      title: 'Tell a customer that the parcel is on its way',
      flow: `id: tell-customer
namespace: shop.fulfilment
inputs:
  - id: email
    type: EMAIL
tasks:
  - id: tell
    type: email.MailSend
    from: parcels@shop.example.com
    to: "{{ inputs.email }}"
    subject: Your parcel is on its way
    htmlTextContent: "<p>It should arrive within two days.</p>"
    host: mail.shop.example.com
    port: 465
    username: parcels
    password: "{{ secret('MAIL_PASSWORD') }}"
`,
      isIllustration: true,
    },
    {
      title: 'Send a report with a file, by the mail server of the installation',
      flow: `id: send-report
namespace: shop.reports
tasks:
  - id: report
    type: core.storage.Write
    content: "day,orders\\n2026-03-01,12\\n"
    extension: .csv
  - id: send
    type: email.MailSend
    to: "Ada <ada@shop.example.com>; grace@shop.example.com"
    bcc: archive@shop.example.com
    subject: Orders of the day
    plainTextContent: The orders are in the file.
    attachments:
      - uri: "{{ outputs.report.uri }}"
        name: orders.csv
        contentType: text/csv
`,
      isIllustration: true,
    },
  ],
  check(input, { mailer }) {
    prepareMail(input, mailer);
  },
  async run(input, context) {
    context.spent('nothing');
    const prepared = prepareMail(input, context.mailer);
    const { id, accepted, refused, answer } = await send(input, prepared, context);
    context.spent({ messages: accepted.length });
    const count = accepted.length + refused.length;
    context.log('INFO', `the mail \`${id}\` was accepted for ${accepted.length} of ${count}`);
    if (refused.length > 0) {
      context.endWithWarning(`the mail server refuses ${refused.length} of ${count} recipients`);
    }
    return { messageId: id, accepted: [...accepted], refused: [...refused], answer };
  },
});
