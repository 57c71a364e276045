/** What every task may say, whatever its type: conditions, allowances, logs, the cache of outputs. */
import { describe, expect, test } from 'vitest';
import { createFlowWorld } from '../../support/run-flow.ts';

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

describe('what every task may say', () => {
  test('[task.disabled] a disabled task is taken out before anything is decided', async () => {
    const world = await createFlowWorld();
    const result = await world.run(`
id: f
namespace: shop
tasks:
  - id: off
    type: core.execution.Fail
    disabled: true
  - id: block
    type: core.flow.Sequential
    tasks:
      - id: inner
        type: core.execution.Fail
        disabled: true
  - id: on
    type: core.debug.Return
    format: ran
`);
    expect(result.state).toBe('SUCCESS');
    expect(result.taskIds).toEqual(['block', 'on']);
    expect(result.taskRun('block').state.current).toBe('SUCCESS');
  });

  test('[task.run-if] a condition that does not hold skips a task without an attempt', async () => {
    const world = await createFlowWorld();
    const result = await world.run(
      `
id: f
namespace: shop
inputs:
  - id: mode
    type: STRING
tasks:
  - id: skipped
    type: core.execution.Fail
    runIf: "{{ inputs.mode == 'hard' }}"
  - id: skippedBlock
    type: core.flow.Sequential
    runIf: "{{ inputs.mode == 'hard' }}"
    tasks:
      - id: inner
        type: core.execution.Fail
  - id: empty
    type: core.execution.Fail
    when: "{{ '' }}"
  - id: zero
    type: core.execution.Fail
    runIf: "0"
  - id: never
    type: core.execution.Fail
    runIf: false
  - id: text
    type: core.debug.Return
    runIf: "False"
    format: any other text holds
`,
      { inputs: { mode: 'soft' } },
    );
    expect(result.state).toBe('SUCCESS');
    for (const id of ['skipped', 'skippedBlock', 'empty', 'zero', 'never']) {
      expect(result.taskRun(id).state.current, id).toBe('SKIPPED');
      expect(result.taskRun(id).attempts, id).toHaveLength(0);
    }
    expect(result.taskIds).not.toContain('inner');
    expect(result.taskRun('text').outputs['value']).toBe('any other text holds');
  });

  test('[task.run-if] a condition that cannot be rendered fails the task', async () => {
    const world = await createFlowWorld();
    const result = await world.run(`
id: f
namespace: shop
tasks:
  - id: broken
    type: core.debug.Return
    runIf: "{{ fromJson('nothing').a }}"
    format: x
`);
    expect(result.state).toBe('FAILED');
    expect(result.taskRun('broken').state.current).toBe('FAILED');
  });

  test('[task.allow-failure] a failure becomes a warning, and with `allowWarning` a success', async () => {
    const world = await createFlowWorld();
    const result = await world.run(`
id: f
namespace: shop
tasks:
  - id: warned
    type: core.execution.Fail
    allowFailure: true
  - id: fine
    type: core.execution.Fail
    allowFailure: true
    allowWarning: true
  - id: after
    type: core.debug.Return
    format: still here
`);
    expect(result.state).toBe('WARNING');
    expect(result.taskRun('warned').state.current).toBe('WARNING');
    expect(result.taskRun('fine').state.current).toBe('SUCCESS');
    expect(result.taskRun('after').outputs['value']).toBe('still here');
  });

  test('[task.allow-failure] retries come before the allowance', async () => {
    const world = await createFlowWorld();
    const result = await world.run(`
id: f
namespace: shop
tasks:
  - id: tried
    type: core.execution.Fail
    allowFailure: true
    retry:
      type: constant
      interval: PT0.01S
      maxAttempts: 3
`);
    expect(result.state).toBe('WARNING');
    expect(result.taskRun('tried').attempts).toHaveLength(3);
  });

  test('[task.log-level] lines below the level of a task are not stored', async () => {
    const world = await createFlowWorld();
    const result = await world.run(`
id: f
namespace: shop
tasks:
  - id: quiet
    type: core.log.Log
    message: below
    level: TRACE
    logLevel: INFO
  - id: loud
    type: core.log.Log
    message: above
    level: WARN
    logLevel: INFO
`);
    expect(result.messages('quiet')).toEqual([]);
    expect(result.messages('loud')).toEqual(['above']);
  });

  test('[task.log-to-file] lines of an attempt stand in a file of its own, secrets hidden', async () => {
    const world = await createFlowWorld({ SECRET_TOKEN: btoa('top-secret-token') });
    const result = await world.run(`
id: f
namespace: shop
tasks:
  - id: told
    type: core.log.Log
    logToFile: true
    message:
      - first line
      - token {{ secret('TOKEN') }}
  - id: broken
    type: core.execution.Fail
    errorMessage: it broke
    logToFile: true
    retry:
      type: constant
      interval: PT0.01S
      maxAttempts: 2
`);
    expect(result.messages('told')).toEqual([]);
    const [attempt] = result.taskRun('told').attempts;
    expect(attempt?.logFile).toMatch(/^kestra:\/\/\/shop\/f\/executions\/.*\/attempt-1\.log$/);
    const lines = text(await world.application.readFile(attempt?.logFile ?? '')).split('\n');
    expect(lines[0]).toMatch(/^\d{4}-\d\d-\d\dT.*Z INFO first line$/);
    expect(lines[1]).toMatch(/INFO token \*{8}$/);
    const attempts = result.taskRun('broken').attempts;
    expect(attempts).toHaveLength(2);
    for (const one of attempts) {
      expect(text(await world.application.readFile(one.logFile ?? ''))).toContain('ERROR it broke');
    }
  });
});

describe('[task.cache] the cache of outputs', () => {
  const cached = (cache: string): string => `
id: f
namespace: shop
inputs:
  - id: word
    type: STRING
tasks:
  - id: made
    type: core.debug.Return
    format: "{{ inputs.word }}"
    taskCache: ${cache}
  - id: unique
    type: scripts.shell.Commands
    taskRunner:
      type: core.runner.Process
    env:
      WORD: "{{ inputs.word }}"
    commands:
      - date +%N > stamp.txt
      - 'echo "::{\\"outputs\\":{\\"stamp\\":\\"$(cat stamp.txt)\\"}}::"'
    outputFiles:
      - stamp.txt
    taskCache: ${cache}
  - id: seen
    type: core.debug.Return
    format: "{{ read(outputs.unique.outputFiles['stamp.txt']) | trim }}"
`;

  test('reuses the outputs of the same rendered properties, files included', async () => {
    const world = await createFlowWorld();
    const flow = cached('{ enabled: true, ttl: PT1H }');
    const first = await world.run(flow, { inputs: { word: 'a' } });
    expect(first.state, first.messages().join('\n')).toBe('SUCCESS');
    const again = await world.run(flow, { inputs: { word: 'a' } });
    expect(again.state).toBe('SUCCESS');
    expect(again.taskRun('made').outputs).toEqual(first.taskRun('made').outputs);
    expect(again.messages('unique')).toEqual(['the outputs of an earlier run are reused']);
    expect(again.taskRun('seen').outputs).toEqual(first.taskRun('seen').outputs);
    const uris = JSON.stringify(again.taskRun('unique').outputs);
    expect(uris).toContain(again.document.id);
    expect(uris).not.toContain(first.document.id);
  });

  test('runs again for other properties, after the time, and when it is switched off', async () => {
    const world = await createFlowWorld();
    const stamp = async (cache: string, word: string): Promise<unknown> => {
      const result = await world.run(cached(cache), { inputs: { word } });
      expect(result.state).toBe('SUCCESS');
      return result.taskRun('seen').outputs['value'];
    };
    const first = await stamp('{ enabled: true }', 'a');
    expect(await stamp('{ enabled: true }', 'b')).not.toBe(first);
    expect(await stamp('{ enabled: true }', 'a')).toBe(first);
    expect(await stamp('{ enabled: false }', 'a')).not.toBe(first);
    expect(await stamp('{ enabled: true, ttl: PT0S }', 'a')).not.toBe(first);
  });
});
