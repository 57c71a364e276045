/**
 * What people ask of an execution, and what it asks of them: expressions in a past task run, inputs before
 * a start, outputs, and the answer to what became of an effect when a process ended.
 */
import { z } from 'zod';
import { Failure } from '../../core/failure/index.ts';
import { flowDocument } from '../../core/flow/index.ts';
import { isMap, type Value, type ValueMap } from '../../core/value/index.ts';
import { answer, noContent, type Route } from '../server/index.ts';
import { asked, executionParams, flowParams, revision, route } from './define-route.ts';
import { inputsOf, readExecution } from './executions.ts';
import { storedFlow } from './flows.ts';
import { textsSchema } from '../contract/index.ts';

const anything = z.record(z.string(), z.unknown());
const taskRunId = z.string().min(1).max(64);
const runParams = z.strictObject({ ...executionParams.shape, taskRunId });

/** The routes of questions. */
export const questionRoutes: readonly Route[] = [
  route({
    id: 'answerExecution',
    method: 'POST',
    path: '/api/v1/{tenant}/executions/{executionId}/answer',
    tag: 'Executions',
    summary: 'Says what became of an effect that may or may not have taken place.',
    access: asked('resume', 'Execution'),
    params: executionParams,
    body: {
      kind: 'json',
      schema: z.strictObject({
        answer: z.enum(['happened', 'retry', 'fail']),
        outputs: anything.optional().describe('For `happened`: what the task gave'),
        taskRunId: taskRunId.optional(),
      }),
    },
    answers: { 204: { description: 'It goes on' } },
    handle: async ({ view, params, body }) => {
      const outputs = body.outputs as ValueMap | undefined;
      if (outputs !== undefined && !isMap(outputs as Value)) {
        throw new Failure('request.malformed', 'the outputs are no object');
      }
      await view.answer(params.executionId, {
        answer: body.answer,
        ...(outputs !== undefined && { outputs }),
        ...(body.taskRunId !== undefined && { taskRunId: body.taskRunId }),
      });
      return noContent();
    },
  }),
  route({
    id: 'evalTaskRunExpression',
    method: 'POST',
    path: '/api/v1/{tenant}/executions/{executionId}/eval/{taskRunId}',
    tag: 'Executions',
    summary: 'Returns what an expression gives in a task run; secrets as stars.',
    access: asked('view', 'Execution'),
    params: runParams,
    body: { kind: 'text' },
    answers: {
      200: {
        description: 'What it gives, or why it gives nothing',
        schema: z.object({ result: z.string().optional(), error: z.string().optional() }),
      },
    },
    handle: async ({ view, params, body }) => {
      try {
        return answer({ result: await view.evaluate(params.executionId, params.taskRunId, body) });
      } catch (error) {
        if (!(error instanceof Failure) || error.code !== 'expression.failed') throw error;
        return answer({ error: error.message });
      }
    },
  }),
  route({
    id: 'validateNewExecutionInputs',
    method: 'POST',
    path: '/api/v1/{tenant}/executions/{namespace}/{id}/validate',
    tag: 'Executions',
    summary: 'Tells what is wrong with inputs, without starting anything.',
    access: asked('execute', 'Flow'),
    params: flowParams,
    query: z.strictObject({ labels: textsSchema.optional(), revision: revision.optional() }),
    body: { kind: 'form' },
    answers: {
      200: {
        description: 'The inputs, each with what is wrong',
        schema: z.object({ id: z.string(), namespace: z.string(), inputs: z.array(anything) }),
      },
    },
    handle: async (request) => {
      const { view, params, query } = request;
      const record = await storedFlow(view, params.namespace, params.id, query.revision);
      const declared = flowDocument(record.source)?.['inputs'];
      const given = inputsOf(request);
      const problems = await view.checkInputs({
        namespace: params.namespace,
        flowId: params.id,
        revision: record.revision,
        inputs: given,
      });
      const inputs = (Array.isArray(declared) ? (declared as { id?: string }[]) : []).map(
        (input) => ({
          input,
          value: Object.hasOwn(given, input.id ?? '') ? given[input.id ?? ''] : undefined,
          enabled: true,
          errors: problems
            .filter((one) => one.id === input.id)
            .map(({ message, help }) => ({ message, help })),
        }),
      );
      return answer({ id: params.id, namespace: params.namespace, inputs });
    },
  }),
  route({
    id: 'validateResumeExecutionInputs',
    method: 'POST',
    path: '/api/v1/{tenant}/executions/{executionId}/resume/validate',
    tag: 'Executions',
    summary: 'Tells what is wrong with the values of a pause, without letting anything go on.',
    access: asked('resume', 'Execution'),
    params: executionParams,
    body: { kind: 'form' },
    answers: {
      200: {
        description: 'The inputs of the pause, each with what is wrong',
        schema: z.object({ id: z.string(), inputs: z.array(anything) }),
      },
    },
    handle: async (request) => {
      const { executionId: id } = request.params;
      const { inputs, problems } = await request.view.checkResume(id, inputsOf(request));
      return answer({
        id,
        inputs: inputs.map((input) => ({
          input: { id: input.id, type: input.type },
          enabled: true,
          errors: problems
            .filter((one) => one.id === input.id)
            .map(({ message, help }) => ({ message, help })),
        })),
      });
    },
  }),
  route({
    id: 'getOutputs',
    method: 'GET',
    path: '/api/v1/{tenant}/outputs/{executionId}',
    tag: 'Executions',
    summary: 'Returns the outputs of an execution.',
    access: asked('view', 'Execution'),
    params: executionParams,
    answers: { 200: { description: 'The outputs', schema: anything } },
    handle: async (request) =>
      answer((await readExecution(request, request.params.executionId)).outputs),
  }),
  route({
    id: 'getTaskRunOutputs',
    method: 'GET',
    path: '/api/v1/{tenant}/outputs/{executionId}/{taskRunId}',
    tag: 'Executions',
    summary: 'Returns the outputs of a task run.',
    access: asked('view', 'Execution'),
    params: runParams,
    answers: { 200: { description: 'The outputs', schema: anything } },
    handle: async (request) => {
      const { executionId, taskRunId: id } = request.params;
      const run = (await readExecution(request, executionId)).taskRunList.find(
        (one) => one.id === id,
      );
      if (run !== undefined) return answer(run.outputs);
      throw new Failure('execution.not-found', `there is no task run \`${id}\``);
    },
  }),
];
