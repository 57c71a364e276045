/**
 * Webhooks: addresses that strangers call with the key that the flow names. What a webhook brings is
 * untrusted wherever it goes.
 */
import { z } from 'zod';
import { readJson } from '../../core/flow/index.ts';
import { emptyMap, type Value, type ValueMap } from '../../core/value/index.ts';
import { executionSchema } from '../contract/index.ts';
import { answer, type Method, noContent, type Route, type RouteRequest } from '../server/index.ts';
import { flowId, namespace, open, route, tenant } from './define-route.ts';
import { readExecution } from './executions.ts';

/** Returns what a webhook brings, as flows read it under `trigger`. */
function webhookVariables(request: RouteRequest): ValueMap {
  const variables = emptyMap();
  const text = typeof request.body === 'string' ? request.body : '';
  if (text !== '') {
    const read = readJson(text)?.value;
    variables['body'] = typeof read === 'object' && read !== null ? read : text;
  }
  const lists = (of: Readonly<Record<string, unknown>>): ValueMap => {
    const map = emptyMap();
    for (const [name, value] of Object.entries(of)) {
      map[name] = [value].flat().map((one): Value => String(one));
    }
    return map;
  };
  variables['headers'] = lists(request.headers);
  variables['parameters'] = lists(request.query as Record<string, unknown>);
  return variables;
}

function webhookRoute(method: Method): Route {
  const name = method.charAt(0) + method.slice(1).toLowerCase();
  return route({
    id: `triggerExecutionBy${name}Webhook`,
    method,
    path: '/api/v1/{tenant}/executions/webhook/{namespace}/{flowId}/{key}',
    tag: 'Executions',
    summary: 'Starts an execution; the key in the address says who may.',
    access: open,
    params: z.strictObject({ tenant, namespace, flowId, key: z.string().min(1).max(256) }),
    query: z.record(z.string().max(200), z.union([z.string(), z.array(z.string())])),
    ...(method === 'GET' ? {} : { body: { kind: 'text' } as const }),
    answers: {
      200: { description: 'The execution', schema: executionSchema },
      204: { description: 'The conditions of the trigger do not hold' },
    },
    handle: async (request) => {
      const { view, params } = request;
      const id = await view.callWebhook({
        namespace: params.namespace,
        flowId: params.flowId,
        key: params.key,
        variables: webhookVariables(request),
        from: request.id,
      });
      if (id === undefined) return noContent();
      // The caller is a stranger: he learns that it was started, and nothing of what is in it.
      const {
        inputs: _inputs,
        outputs: _outputs,
        trigger: _trigger,
        variables: _variables,
        ...given
      } = await readExecution(request, id);
      return answer({ ...given, inputs: {}, outputs: {}, taskRunList: [] });
    },
  });
}

/** The routes of webhooks. */
export const webhookRoutes: readonly Route[] = (['GET', 'POST', 'PUT'] as const).map(webhookRoute);
