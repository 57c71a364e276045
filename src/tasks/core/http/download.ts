/** `core.http.Download`: fetches a file over HTTP into the execution. */
import { open } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { z } from 'zod';
import { Failure } from '../../../core/failure/index.ts';
import { provenanceOf } from '../../../core/value/index.ts';
import { defineTask } from '../../../ports/task.ts';
import { requestSchema, requestSecrets } from './request-properties.ts';
import { type BegunAnswer, sendRequest } from './send-request.ts';

/** Fetches a file. */
export const downloadTask = defineTask({
  type: 'core.http.Download',
  aliases: ['fs.http.Download'],
  // Certificates are always checked.
  ignoredProperties: ['sslOptions'],
  summary: 'Fetches a file over HTTP and stores it in the execution.',
  input: requestSchema.extend({
    failOnEmptyResponse: z.boolean().default(true).describe('Whether an empty answer is an error.'),
    saveAs: z.string().optional().describe('The name of the stored file.'),
  }),
  output: z.strictObject({
    uri: z.string().describe('The stored file.'),
    code: z.int().describe('The code of the answer.'),
    length: z.int().describe('The number of bytes.'),
    headers: z
      .record(z.string(), z.array(z.string()))
      .describe('The headers of the answer: name to values.'),
  }),
  effect: { kind: 'read', touches: ['network', 'files'] },
  provenance: { output: 'outside' },
  secrets: requestSecrets,
  failures: [
    'http.status',
    'http.unreachable',
    'http.address-refused',
    'task.input-invalid',
    'file.not-found',
    'file.refused',
  ],
  examples: [
    {
      title: 'Fetch the price list of a supplier',
      flow: `id: fetch-supplier-prices
namespace: shop.pricing
tasks:
  - id: prices
    type: core.http.Download
    uri: https://supplier.example.com/prices.csv
    saveAs: supplier-prices.csv
  - id: show
    type: core.log.Log
    message: "{{ outputs.prices.length }} bytes"
`,
      isIllustration: true,
    },
  ],
  async run({ failOnEmptyResponse, saveAs, ...request }, context) {
    const answer = await sendRequest(request, context);
    const name = safeName(saveAs ?? offeredName(answer) ?? URL.parse(request.uri)?.pathname ?? '');
    const path = join(await context.workingFolder(), `.download-${context.taskRun.id}`);
    const length = await writeAnswer(answer, path);
    if (length === 0 && failOnEmptyResponse) {
      throw new Failure('http.status', `\`${answer.host}\` answered with an empty body`, {
        help: 'set `failOnEmptyResponse: false` when an empty file is fine',
      });
    }
    const uri = await context.files.putFile(name, path, provenanceOf({ trust: 'untrusted' }));
    context.metric({ name: 'response.length', type: 'counter', value: length });
    return { uri, code: answer.code, length, headers: answer.headers };
  },
});

/** Returns a name that is one part of a path, whatever the remote proposes. */
function safeName(proposed: string): string {
  const name = posix.basename(proposed.replaceAll('\\', '/')).replaceAll(/[^\w.-]/g, '_');
  return /^\.*$/.test(name) ? 'download' : name.slice(-120);
}

function offeredName({ headers }: BegunAnswer): string | undefined {
  const disposition = headers['content-disposition']?.[0] ?? '';
  const found = /;\s*filename\s*=\s*(?:"([^"]+)"|([^;\s]+))/i.exec(disposition);
  return found?.[1] ?? found?.[2];
}

async function writeAnswer(answer: BegunAnswer, path: string): Promise<number> {
  const file = await open(path, 'w');
  let length = 0;
  try {
    for await (const chunk of answer.chunks()) {
      await file.writeFile(chunk);
      length += chunk.byteLength;
    }
    return length;
  } finally {
    await file.close();
  }
}
