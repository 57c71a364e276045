/** What a flow says of a mail. */
import { z } from 'zod';
import { Failure } from '../../core/failure/index.ts';

// oxlint-disable-next-line no-control-regex -- what would begin another header
const controls = /[\u0000-\u001f\u007f\u2028\u2029]/;

const mailFile = z.strictObject({
  uri: z
    .string()
    .regex(/^(?:kestra|nsfile):\/\//, 'is no address of a stored file like `kestra:///…`')
    .describe('The file: one of the execution or of its namespace.'),
  name: z
    .string()
    .min(1)
    .max(200)
    .refine((name) => !controls.test(name), 'holds a control character')
    .describe('Its name in the e-mail.'),
  contentType: z
    .string()
    .regex(/^[\w.+-]{1,100}\/[\w.+-]{1,100}$/, 'is no type like `text/csv`')
    .default('application/octet-stream')
    .describe('Its type.'),
});

/** A stored file that goes with a mail. */
export type MailFile = z.output<typeof mailFile>;

const files = z.union([z.array(mailFile), z.string()]);

/** The properties of a mail. */
export const mailProperties = z.strictObject({
  from: z
    .string()
    .optional()
    .describe("Who sends it, like `Shop <shop@example.com>`; absent: the installation's sender."),
  to: z.string().optional().describe('Who gets it; several addresses are separated by `;` or `,`.'),
  cc: z.string().optional().describe('Who gets a copy; several are separated by `;` or `,`.'),
  bcc: z
    .string()
    .optional()
    .describe(
      'Who gets a copy without the others being told; several are separated by `;` or `,`.',
    ),
  replyTo: z.string().optional().describe('Where answers go.'),
  subject: z.string().optional().describe('The subject, in one line.'),
  htmlTextContent: z.string().optional().describe('The body as HTML.'),
  sanitizeHtml: z
    .boolean()
    .default(true)
    .describe(
      'Whether the parts of the HTML that come from outside are shown as text, `<br>` aside. Switch it off only where whoever wrote them may put links and pictures into your mail.',
    ),
  plainTextContent: z
    .string()
    .default('Please view this email in a modern email client')
    .describe('The body as plain text.'),
  attachments: files.optional().describe('Files to attach, or JSON text of the list.'),
  embeddedImages: files
    .optional()
    .describe(
      'Pictures that the HTML shows with `<img src="cid:NAME">`, or JSON text of the list.',
    ),
  host: z
    .string()
    .optional()
    .describe("The mail server; absent: the installation's, named by `SLUICE_SMTP_URL`."),
  port: z
    .int()
    .min(1)
    .max(65_535)
    .optional()
    .describe('The port of `host`; 465 for SMTPS, 587 for SMTP_TLS and SMTP_OAUTH2, 25 for SMTP.'),
  username: z.string().optional().describe('The name of the account.'),
  password: z
    .string()
    .optional()
    .describe('The password of the account; never sent over a connection without TLS.'),
  accessToken: z.string().optional().describe('The token of the account, with SMTP_OAUTH2.'),
  transportStrategy: z
    .enum(['SMTP', 'SMTP_TLS', 'SMTPS', 'SMTP_OAUTH2'])
    .default('SMTPS')
    .describe(
      'How the connection to `host` is protected: TLS from the first byte (SMTPS), turned to TLS (SMTP_TLS, SMTP_OAUTH2), or turned to TLS where the server can (SMTP).',
    ),
  sessionTimeout: z
    .int()
    .min(1)
    .max(600_000)
    .default(10_000)
    .describe('How long to wait for the server, in milliseconds.'),
  verifyServerIdentity: z
    .boolean()
    .default(true)
    .describe('Whether the certificate of the server must be in its name.'),
  trustedHosts: z
    .array(z.string())
    .optional()
    .describe('Servers of which any certificate is trusted.'),
});

/** What a flow says of a mail, checked. */
export type MailProperties = z.output<typeof mailProperties>;

/** Returns the files that the property `name` lists, also where it is JSON text; throws `task.input-invalid`. */
export function mailFiles(name: string, given: MailProperties['attachments']): readonly MailFile[] {
  if (given === undefined || given === '') return [];
  if (typeof given !== 'string') return given;
  let list: unknown;
  try {
    list = JSON.parse(given);
  } catch {
    // Told below like a list of the wrong shape; the parser's own words would repeat the text.
    list = undefined;
  }
  const read = z.array(mailFile).safeParse(list);
  if (read.success) return read.data;
  throw new Failure('task.input-invalid', `\`${name}\` is no list of files`, {
    help: 'write a list of `uri`, `name` and `contentType`, or its JSON text',
    isRetryable: false,
  });
}
