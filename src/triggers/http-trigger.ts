/** `core.http.Trigger`: asks an address and fires when its answer is as wanted. */
import { Failure } from '../core/failure/index.ts';
import { emptyMap, mapOf, plainText, type Value } from '../core/value/index.ts';
import type { PollingTrigger } from '../ports/trigger.ts';

const least = 400;

/** Asks an address from time to time. */
export const httpTrigger: PollingTrigger = {
  type: 'core.http.Trigger',
  summary:
    'Asks an address from time to time and starts an execution when the answer is as wanted.',
  task: 'core.http.Request',
  properties: {
    responseCondition: {
      type: ['string', 'boolean'],
      description:
        'When it fires, over `response.statusCode`, `response.body` and `response.headers`; without it, at every code below 400.',
    },
  },
  required: [],
  // Whether a code is a failure is what the condition says.
  taskDefaults: { allowFailed: true },
  async evaluate(context) {
    const { outputs, failure } = await context.ask();
    if (failure !== undefined) throw new Failure('http.unreachable', failure.message);
    const { code = 0, body = null, headers = emptyMap() } = outputs;
    const response = mapOf({ statusCode: code, body, headers });
    const wanted: Value = context.properties['responseCondition'] ?? null;
    const holds =
      wanted === null
        ? Number(code) < least
        : context.isTruthy(await context.render(plainText(wanted), mapOf({ response })));
    return holds ? { holds, variables: outputs } : { holds };
  },
};
