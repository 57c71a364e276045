/**
 * `ai.agent.AIAgent`: lets a model reach a goal with tools. The type is described whole, so that flows
 * that use it are checked; it refuses to run, because models are only ever asked through the AI
 * gateway and this version has none.
 */
import { z } from 'zod';
import { Failure } from '../../../core/failure/index.ts';
import { modelId } from '../../../ports/model-id.ts';
import { defineTask } from '../../../ports/task.ts';
import { agentOutput } from './agent-output.ts';
import {
  configurationProperty,
  guardrailsProperty,
  memoryProperty,
  observabilityProperty,
  providerProperty,
  retrieversProperty,
  toolsProperty,
} from './agent-properties.ts';

/** Lets a model reach a goal with tools. */
export const aiAgentTask = defineTask({
  type: 'ai.agent.AIAgent',
  summary: 'Lets a model reach a goal with the tools it is given.',
  description:
    'Flows with this type are validated. Running it fails: the AI gateway, through which every model call has to pass, is not part of this version.',
  input: z.strictObject({
    prompt: z.string().describe('What the agent shall do.'),
    systemMessage: z.string().optional().describe('What the agent is and how it behaves.'),
    provider: providerProperty.optional(),
    configuration: configurationProperty,
    tools: toolsProperty,
    maxSequentialToolsInvocations: z
      .int()
      .min(1)
      .optional()
      .describe('How often tools may be called one after the other.'),
    contentRetrievers: retrieversProperty,
    memory: memoryProperty,
    guardrails: guardrailsProperty,
    observability: observabilityProperty,
    outputFiles: z
      .union([z.array(z.string()), z.string()])
      .optional()
      .describe('Patterns of the files of the agent to keep.'),
  }),
  output: agentOutput,
  effect: {
    kind: 'external',
    touches: ['model', 'network', 'files', 'process'],
    modelsFor: ({ provider }) => (provider === undefined ? [] : [modelId(provider)]),
  },
  provenance: { output: 'outside' },
  secrets: ['provider.apiKey', 'provider.clientPem', 'observability.secretKey'],
  rendering: { guardrails: 'raw' },
  failures: ['task.type-missing'],
  examples: [
    {
      title: 'Draft an answer to a customer',
      flow: `id: draft-answer
namespace: shop.support
inputs:
  - id: message
    type: STRING
tasks:
  - id: draft
    type: ai.agent.AIAgent
    systemMessage: You answer customers of a clothing shop, politely and briefly.
    prompt: "Draft an answer to: {{ inputs.message }}"
    provider:
      type: ai.provider.OpenAI
      modelName: gpt-5-mini
      apiKey: "{{ secret('OPENAI_KEY') }}"
    configuration:
      temperature: 0.2
    maxSequentialToolsInvocations: 5
`,
      isIllustration: true,
    },
  ],
  async run() {
    throw new Failure(
      'task.type-missing',
      'the AI gateway is not part of this version, so `ai.agent.AIAgent` cannot run',
      { help: 'the flow is valid; leave the task out or disable it to run the rest of the flow' },
    );
  },
});
