/**
 * `email.MailSend`: sends an e-mail. The type is described whole, so that flows that use it are
 * checked; it refuses to run, because this version has no mail sender.
 */
import { z } from 'zod';
import { Failure } from '../../core/failure/index.ts';
import { defineTask } from '../../ports/task.ts';

const attachments = z.union([
  z.array(
    z.strictObject({
      uri: z.string().describe('The file.'),
      name: z.string().describe('Its name in the e-mail.'),
      contentType: z.string().default('application/octet-stream').describe('Its type.'),
    }),
  ),
  z.string(),
]);

/** Returns how many addresses a list of them holds. */
function addressesIn(list = ''): number {
  return list.split(/[;,]/).filter((one) => one.trim() !== '').length;
}

/** Sends an e-mail. */
export const mailSendTask = defineTask({
  type: 'email.MailSend',
  aliases: ['notifications.mail.MailSend'],
  propertyAliases: { html: 'htmlTextContent', body: 'htmlTextContent', text: 'plainTextContent' },
  lenientAliases: ['html', 'body', 'text'],
  summary: 'Sends an e-mail.',
  description:
    'Flows with this type are validated. Running it fails: the mail sender is not part of this version.',
  input: z.strictObject({
    from: z.string().optional().describe('Who sends it.'),
    to: z.string().optional().describe('Who gets it; several addresses are separated by `;`.'),
    cc: z.string().optional().describe('Who gets a copy; several are separated by `;`.'),
    subject: z.string().optional().describe('The subject.'),
    htmlTextContent: z.string().optional().describe('The body as HTML.'),
    plainTextContent: z
      .string()
      .default('Please view this email in a modern email client')
      .describe('The body as plain text.'),
    attachments: attachments.optional().describe('Files to attach, or JSON text of the list.'),
    embeddedImages: attachments.optional().describe('Pictures that the HTML shows.'),
    host: z.string().optional().describe('The mail server.'),
    port: z.int().min(1).max(65_535).optional().describe('The port of the mail server.'),
    username: z.string().optional().describe('The name of the account.'),
    password: z.string().optional().describe('The password of the account.'),
    accessToken: z.string().optional().describe('The token of the account, with SMTP_OAUTH2.'),
    transportStrategy: z
      .enum(['SMTP', 'SMTP_TLS', 'SMTPS', 'SMTP_OAUTH2'])
      .default('SMTPS')
      .describe('How the connection is protected.'),
    sessionTimeout: z.int().min(1).default(10_000).describe('How long to wait, in milliseconds.'),
    verifyServerIdentity: z
      .boolean()
      .default(true)
      .describe('Whether the server must prove itself.'),
    trustedHosts: z.array(z.string()).optional().describe('Servers whose certificate is trusted.'),
  }),
  output: z.strictObject({}),
  effect: {
    kind: 'external',
    touches: ['network', 'files'],
    spendsFor: ({ to, cc }) => ({ messages: addressesIn(to) + addressesIn(cc) }),
  },
  provenance: { output: 'trusted' },
  secrets: ['password', 'accessToken'],
  failures: ['task.type-missing'],
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
  ],
  async run() {
    throw new Failure(
      'task.type-missing',
      'the mail sender is not part of this version, so `email.MailSend` cannot run',
      { help: 'the flow is valid; leave the task out or disable it to run the rest of the flow' },
    );
  },
});
