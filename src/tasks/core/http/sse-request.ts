/**
 * `core.http.SseRequest`: follows a stream of server-sent events until it ends and keeps the events. A
 * stream that never ends is ended by the number of events wanted or by the `timeout` of the task.
 */
import { z } from 'zod';
import { Failure } from '../../../core/failure/index.ts';
import { defineTask } from '../../../ports/task.ts';
import { readEvents, type ServerEvent } from './read-events.ts';
import { requestSchema, requestSecrets } from './request-properties.ts';
import { sendRequest } from './send-request.ts';

/** Follows a stream of events. */
export const sseRequestTask = defineTask({
  type: 'core.http.SseRequest',
  ignoredProperties: ['sslOptions'],
  summary: 'Sends an HTTP request and gives the server-sent events of the answer.',
  description:
    'The task ends when the server ends the stream, or after `eventsMax` events. Data of events is text; use `fromJson()` where it is JSON.',
  input: requestSchema.extend({
    eventsMax: z
      .int()
      .min(1)
      .optional()
      .describe('After how many events to stop; all until the end of the stream when absent.'),
  }),
  output: z.strictObject({
    uri: z.string().describe('The address that was asked.'),
    code: z.int().describe('The code of the answer.'),
    headers: z
      .record(z.string(), z.array(z.string()))
      .describe('The headers of the answer: name to values.'),
    events: z
      .array(
        z.strictObject({
          id: z.string().describe('The id the server gave last; empty when it gave none.'),
          event: z.string().describe('The kind of the event; `message` when it is not said.'),
          data: z.string().describe('What the event carries, as text.'),
        }),
      )
      .describe('The events, oldest first.'),
    size: z.int().describe('The number of events.'),
  }),
  effect: { kind: 'external', touches: ['network', 'files'] },
  provenance: { output: 'outside', fields: { uri: 'join' } },
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
      title: 'Take the next ten price changes',
      flow: `id: take-price-changes
namespace: shop.pricing
tasks:
  - id: changes
    type: core.http.SseRequest
    uri: https://prices.example.com/v1/changes
    eventsMax: 10
    timeout: PT5M
  - id: show
    type: core.log.Log
    message: "{{ outputs.changes.size }} prices changed"
`,
      isIllustration: true,
    },
  ],
  async run({ eventsMax, ...request }, context) {
    const accepting = { ...request, headers: { accept: 'text/event-stream', ...request.headers } };
    const answer = await sendRequest(accepting, context);
    const { maxContentLength } = request.options;
    const events: ServerEvent[] = [];
    let length = 0;
    for await (const event of readEvents(answer.chunks())) {
      length += event.data.length;
      if (length > maxContentLength) throw tooLong(answer.host, maxContentLength);
      events.push(event);
      if (events.length === eventsMax) break;
    }
    return {
      uri: request.uri,
      code: answer.code,
      headers: answer.headers,
      events,
      size: events.length,
    };
  },
});

function tooLong(host: string, lengthMax: number): Failure {
  return new Failure('task.failed', `\`${host}\` sent events of more than ${lengthMax} letters`, {
    help: 'set `eventsMax`, or raise `options.maxContentLength`',
    isRetryable: false,
  });
}
