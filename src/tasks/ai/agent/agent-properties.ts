/** What an agent is made of: the model, its configuration, its tools, its memory and its guards. */
import { z } from 'zod';

const text = (what: string) => z.string().optional().describe(what);
const flag = (what: string) => z.boolean().optional().describe(what);
const count = (what: string) => z.int().optional().describe(what);

/** The vendor and model; what else it needs depends on its type. */
export const providerProperty = z
  .looseObject({
    type: z.string().describe('The type of the provider: `ai.provider.OpenAI` and others.'),
    modelName: z.string().describe('The name of the model.'),
    apiKey: text('The key of the account.'),
    baseUrl: text('The address, when it is not that of the vendor.'),
    endpoint: text('The address, where the provider calls it so.'),
    clientPem: text('The certificate of this side, with its key.'),
    caPem: text('The certificate that vouches for the other side.'),
  })
  .describe('The vendor and model to ask.');

/** How the model answers. */
export const configurationProperty = z
  .strictObject({
    temperature: z.number().optional().describe('How much chance is in the answer.'),
    topK: count('Among how many of the most likely words to choose.'),
    topP: z.number().optional().describe('Among what share of the likely words to choose.'),
    seed: count('The seed of chance.'),
    maxToken: count('The most tokens of an answer.'),
    logRequests: flag('Whether requests are logged.'),
    logResponses: flag('Whether answers are logged.'),
    thinkingEnabled: flag('Whether the model may think first.'),
    thinkingBudgetTokens: count('The most tokens of thinking.'),
    returnThinking: flag('Whether its thinking is given.'),
    promptCaching: flag('Whether the vendor may cache the prompt.'),
    responseFormat: z
      .strictObject({
        type: z.enum(['TEXT', 'JSON']).default('TEXT').describe('Text or JSON.'),
        jsonSchema: z
          .record(z.string(), z.unknown())
          .optional()
          .describe('The schema of the JSON.'),
        jsonSchemaDescription: text('What the JSON is.'),
        strictJson: z.boolean().default(false).describe('Whether the schema is enforced.'),
      })
      .optional()
      .describe('The form of the answer.'),
  })
  .optional()
  .describe('How the model answers.');

const typed = (what: string) =>
  z.looseObject({ type: z.string().describe(`The type of the ${what}.`) });

/** What the model may use. */
export const toolsProperty = z
  .array(typed('tool'))
  .optional()
  .describe('What the model may use; properties depend on the type.');

/** What is looked up for each prompt. */
export const retrieversProperty = z
  .array(typed('retriever'))
  .optional()
  .describe('What is looked up for each prompt.');

/** What the agent remembers. */
export const memoryProperty = z
  .looseObject({
    type: z.string().describe('The type of the memory.'),
    messages: z.int().min(1).default(10).describe('How many messages are kept.'),
    ttl: z.string().default('PT1H').describe('How long they are kept, as an ISO duration.'),
    memoryId: text('Whose memory it is; that of the execution and its subflows when absent.'),
    drop: z
      .enum(['NEVER', 'BEFORE_TASKRUN', 'AFTER_TASKRUN'])
      .default('NEVER')
      .describe('When it is forgotten.'),
  })
  .optional()
  .describe('What the agent remembers from run to run.');

const guards = (what: string) =>
  z
    .array(
      z.strictObject({
        expression: z.string().describe('Must give `true`.'),
        message: z.string().describe('What to say when it does not.'),
      }),
    )
    .optional()
    .describe(what);

/** What prompts and answers must keep. */
export const guardrailsProperty = z
  .strictObject({
    input: guards('Rules over `message`, before the model is asked.'),
    output: guards('Rules over `response`, before the answer is given.'),
  })
  .optional()
  .describe('What prompts and answers must keep.');

/** Where traces are sent. */
export const observabilityProperty = z
  .strictObject({
    type: z.string().describe('The type of the receiver.'),
    endpoint: text('Its address.'),
    publicKey: text('The public key of the account.'),
    secretKey: text('The secret key of the account.'),
    serviceName: text('The name that traces carry.'),
    environment: text('The environment that traces carry.'),
    release: text('The release that traces carry.'),
    capturePrompt: flag('Whether prompts are sent.'),
    captureSystemMessage: flag('Whether the system message is sent.'),
    captureOutput: flag('Whether answers are sent.'),
    captureToolArguments: flag('Whether arguments of tools are sent.'),
    captureToolResults: flag('Whether results of tools are sent.'),
    maxPayloadChars: count('The most letters of each text.'),
    exportTimeout: text('How long sending may take, as an ISO duration.'),
  })
  .optional()
  .describe('Where traces are sent.');
