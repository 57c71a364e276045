/** Executes the example of a task type and compares what it promises. */
import { expect } from 'vitest';
import type { TaskExample } from '../../src/ports/task.ts';
import { createFlowWorld } from './run-flow.ts';

/** Runs `example` to its end and checks its state and the outputs it names. */
export async function runExample(example: TaskExample): Promise<void> {
  const world = await createFlowWorld({});
  const inputs: Record<string, string> = { ...example.inputs };
  for (const [name, content] of Object.entries(example.files ?? {})) {
    const path = await world.file(name, content);
    // A FILE input is given as a path; examples name the file.
    for (const [input, value] of Object.entries(inputs)) if (value === name) inputs[input] = path;
  }
  const result = await world.run(example.flow, { inputs });
  const why = result.logs.filter((line) => line.level === 'ERROR').map((line) => line.message);
  expect({ state: result.state, why }).toMatchObject({ state: example.state ?? 'SUCCESS' });
  for (const [taskId, outputs] of Object.entries(example.outputs ?? {})) {
    expect(result.taskRun(taskId).outputs).toMatchObject(outputs as Record<string, unknown>);
  }
}
