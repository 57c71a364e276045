/** What a request is made of: properties that all tasks which speak HTTP have in common. */
import { z } from 'zod';

const duration = (what: string) => z.string().optional().describe(`${what}, as an ISO duration.`);

const auth = z
  .strictObject({
    type: z
      .enum(['BASIC', 'BEARER'])
      .optional()
      .describe('How `username` and `password`, or `token`, are sent.'),
    username: z.string().optional().describe('The name, with BASIC.'),
    password: z.string().optional().describe('The password, with BASIC.'),
    token: z.string().optional().describe('The token, with BEARER.'),
  })
  .describe('The credentials to send.');

const options = z
  .strictObject({
    auth: auth.optional(),
    followRedirects: z.boolean().default(true).describe('Whether redirects are followed.'),
    allowFailed: z.boolean().default(false).describe('Whether codes from 400 on are accepted.'),
    allowedResponseCodes: z
      .array(z.int())
      .optional()
      .describe('Codes from 400 on that are accepted.'),
    defaultCharset: z
      .string()
      .default('UTF-8')
      .describe('The charset of an answer that names none.'),
    maxContentLength: z
      .int()
      .min(1)
      .default(10 * 1024 * 1024)
      .describe('The most bytes of an answer that is kept as text.'),
    timeout: z
      .strictObject({
        connectTimeout: duration('How long to wait for an answer to begin'),
        readIdleTimeout: duration('How long an answer may stop flowing'),
      })
      .optional()
      .describe('Time limits of the request.'),
    connectTimeout: duration('An older place of `timeout.connectTimeout`'),
    readTimeout: duration('An older name of `timeout.connectTimeout`'),
    readIdleTimeout: duration('An older place of `timeout.readIdleTimeout`'),
    basicAuthUser: z.string().optional().describe('An older place of `auth.username`.'),
    basicAuthPassword: z.string().optional().describe('An older place of `auth.password`.'),
  })
  .prefault({})
  .describe('Redirects, accepted codes, time limits and credentials.');

const formValue = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.strictObject({
    name: z.string().describe('The name of the file.'),
    content: z.string().describe('The URI of a file, or its content.'),
  }),
]);

const plainValue = z.union([z.string(), z.number(), z.boolean()]);

/** The schema of a request. */
export const requestSchema = z.strictObject({
  uri: z.string().describe('The address, `http` or `https`.'),
  method: z
    .enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'])
    .default('GET')
    .describe('The method of the request.'),
  body: z.string().optional().describe('The body, as text.'),
  formData: z
    .record(z.string(), formValue)
    .optional()
    .describe('Fields of a form; `{name, content}` and URIs of files are sent as files.'),
  contentType: z
    .string()
    .optional()
    .describe('The type of the body; JSON when the body is a JSON map or list, else plain text.'),
  headers: z.record(z.string(), plainValue).optional().describe('Headers to send.'),
  params: z
    .record(z.string(), z.union([plainValue, z.array(plainValue)]))
    .optional()
    .describe('Parameters to add to the address; a list adds one for each element.'),
  options,
  allowFailed: z.boolean().default(false).describe('Whether codes from 400 on are accepted.'),
});

/** A request as a task is given it. */
export type RequestProperties = z.infer<typeof requestSchema>;

/** Properties of a request that hold secrets. */
export const requestSecrets = [
  'options.auth.password',
  'options.auth.token',
  'options.basicAuthPassword',
] as const;
