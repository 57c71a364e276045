/** Tests of `ai.agent.AIAgent`. */
import { expect, test } from 'vitest';
import { taskContract } from '../../../../test/contract/task.contract.ts';
import { createTaskWorld } from '../../../../test/support/task-world.ts';
import { aiAgentTask } from './ai-agent.ts';

taskContract(aiAgentTask, {
  valid: {
    prompt: 'Draft an answer',
    provider: { type: 'ai.provider.OpenAI', modelName: 'gpt-5-mini', apiKey: 'quite-secret-key' },
    tools: [{ type: 'ai.tool.CodeExecution' }],
    guardrails: { input: [{ expression: '{{ message | length < 100 }}', message: 'too long' }] },
  },
  alwaysFails: 'task.type-missing',
});

test('says plainly that it cannot run, and has no effect', async () => {
  const world = createTaskWorld();
  await expect(world.run(aiAgentTask, { prompt: 'hi' })).rejects.toThrow(
    'the AI gateway is not part of this version',
  );
  expect(world.effects).toEqual([]);
});

test('needs no provider of its own', () => {
  expect(aiAgentTask.input.safeParse({ prompt: 'hi' }).success).toBe(true);
});
