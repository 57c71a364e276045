/** Checks: conditions on the inputs that are looked at before an execution is created. */
import { describe, expect, test } from 'vitest';
import { Failure } from '../../../src/core/failure/index.ts';
import { createFlowWorld } from '../../support/run-flow.ts';

function flowWith(checks: string): string {
  return `
id: f
namespace: shop
inputs:
  - { id: amount, type: INT }
checks:
${checks}
tasks:
  - { id: one, type: core.log.Log, message: ran }
`;
}

const check = (condition: string, message: string, behavior?: string): string =>
  `  - { condition: "${condition}", message: "${message}"${behavior === undefined ? '' : `, behavior: ${behavior}`} }\n`;

describe('checks', () => {
  test('[checks.block] one that does not hold refuses the start with its message', async () => {
    const world = await createFlowWorld();
    const flow = flowWith(
      check('{{ inputs.amount < 10 }}', 'not more than {{ 10 }}, was {{ inputs.amount }}'),
    );
    const error = await world.run(flow, { inputs: { amount: 12 } }).catch((one: unknown) => one);
    expect(error).toBeInstanceOf(Failure);
    expect((error as Failure).code).toBe('execution.check-failed');
    expect((error as Failure).message).toBe('not more than 10, was 12');
    expect(await world.application.executions({ limit: 10 })).toHaveLength(0);
    expect((await world.run(flow, { inputs: { amount: 9 } })).state).toBe('SUCCESS');
  });

  test('[checks.fail] FAIL_EXECUTION creates an execution that has failed', async () => {
    const world = await createFlowWorld();
    const flow = flowWith(check('{{ inputs.amount < 10 }}', 'too much', 'FAIL_EXECUTION'));
    const result = await world.run(flow, { inputs: { amount: 12 } });
    expect(result.state).toBe('FAILED');
    expect(result.taskIds).toEqual([]);
    expect(result.document.error?.message).toBe('too much');
  });

  test('[checks.create] CREATE_EXECUTION only warns', async () => {
    const world = await createFlowWorld();
    const flow = flowWith(check('{{ inputs.amount < 10 }}', 'rather much', 'CREATE_EXECUTION'));
    const result = await world.run(flow, { inputs: { amount: 12 } });
    expect(result.state).toBe('SUCCESS');
    const line = result.logs.find((one) => one.message === 'rather much');
    expect(line?.level).toBe('WARN');
  });

  test('[checks.strongest] of several the strongest behaviour wins; `when` is the newer name', async () => {
    const world = await createFlowWorld();
    const flow = flowWith(
      check('{{ inputs.amount < 5 }}', 'warned', 'CREATE_EXECUTION') +
        check('{{ inputs.amount < 10 }}', 'failed', 'FAIL_EXECUTION').replace('condition', 'when') +
        check('{{ inputs.amount < 20 }}', 'blocked'),
    );
    expect((await world.run(flow, { inputs: { amount: 12 } })).document.error?.message).toBe(
      'failed',
    );
    await expect(world.run(flow, { inputs: { amount: 22 } })).rejects.toThrow('blocked');
    expect((await world.run(flow, { inputs: { amount: 2 } })).state).toBe('SUCCESS');
  });
});
