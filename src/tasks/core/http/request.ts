/** `core.http.Request`: asks a remote over HTTP and keeps the answer as text. */
import { z } from 'zod';
import { Failure } from '../../../core/failure/index.ts';
import { defineTask } from '../../../ports/task.ts';
import { requestSchema, requestSecrets } from './request-properties.ts';
import { sendRequest } from './send-request.ts';

/** Asks a remote and keeps the answer as text. */
export const requestTask = defineTask({
  type: 'core.http.Request',
  aliases: ['fs.http.Request'],
  // Certificates are always checked.
  ignoredProperties: ['sslOptions'],
  summary: 'Sends an HTTP request and gives the answer as text.',
  description:
    'Codes from 400 on fail the task unless they are allowed. Names of headers are in lower case. For large answers use `core.http.Download`.',
  input: requestSchema.extend({
    encryptBody: z
      .literal(false)
      .default(false)
      .describe('Encrypted bodies are not available; only `false` is accepted.'),
  }),
  output: z.strictObject({
    uri: z.string().describe('The address that was asked.'),
    code: z.int().describe('The code of the answer.'),
    headers: z
      .record(z.string(), z.array(z.string()))
      .describe('The headers of the answer: name to values.'),
    body: z.string().nullable().describe('The body of the answer; null when there is none.'),
    formData: z.record(z.string(), z.unknown()).optional().describe('The form that was sent.'),
  }),
  effect: {
    kind: 'external',
    touches: ['network', 'files'],
    // What the protocol calls safe: whoever is asked does nothing by being asked.
    kindFor: ({ method }) => (['GET', 'HEAD', 'OPTIONS'].includes(method) ? 'read' : 'external'),
  },
  provenance: { output: 'outside', fields: { uri: 'join', formData: 'join' } },
  secrets: requestSecrets,
  failures: [
    'http.status',
    'http.unreachable',
    'http.address-refused',
    'task.input-invalid',
    'task.failed',
    'file.not-found',
    'file.refused',
  ],
  examples: [
    {
      title: 'Ask for the stock of a product',
      flow: `id: ask-stock
namespace: shop.catalogue
tasks:
  - id: stock
    type: core.http.Request
    uri: https://stock.example.com/v1/products/J-1
    headers:
      accept: application/json
    options:
      auth:
        type: BEARER
        token: "{{ secret('STOCK_TOKEN') }}"
  - id: show
    type: core.log.Log
    message: "{{ fromJson(outputs.stock.body).count }} left"
`,
      isIllustration: true,
    },
    {
      title: 'Register a parcel with the carrier',
      flow: `id: register-parcel
namespace: shop.fulfilment
inputs:
  - id: order
    type: INT
tasks:
  - id: register
    type: core.http.Request
    uri: https://carrier.example.com/v2/parcels
    method: POST
    body: |
      {"order": {{ inputs.order }}}
    options:
      allowedResponseCodes: [409]
`,
      isIllustration: true,
    },
  ],
  async run(request, context) {
    const answer = await sendRequest(request, context);
    const { defaultCharset, maxContentLength } = request.options;
    const parts: Uint8Array[] = [];
    let length = 0;
    for await (const chunk of answer.chunks()) {
      length += chunk.byteLength;
      if (length > maxContentLength) throw tooLong(answer.host, maxContentLength);
      parts.push(chunk);
    }
    const charset = charsetOf(answer.headers['content-type']?.[0]) ?? defaultCharset;
    return {
      uri: request.uri,
      code: answer.code,
      headers: answer.headers,
      body: length === 0 ? null : readerOf(charset).decode(Buffer.concat(parts)),
      ...(request.formData === undefined ? {} : { formData: request.formData }),
    };
  },
});

function tooLong(host: string, bytesMax: number): Failure {
  return new Failure('task.failed', `\`${host}\` answered with more than ${bytesMax} bytes`, {
    help: 'use `core.http.Download`, or raise `options.maxContentLength`',
    isRetryable: false,
  });
}

function charsetOf(contentType: string | undefined): string | undefined {
  return /;\s*charset\s*=\s*"?([\w.:-]+)/i.exec(contentType ?? '')?.[1];
}

function readerOf(charset: string): TextDecoder {
  try {
    return new TextDecoder(charset);
  } catch (cause) {
    throw new Failure('task.input-invalid', `\`${charset}\` is no known charset`, { cause });
  }
}
