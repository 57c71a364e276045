/** Which runs a fixture stands for: by task, and by the values of the iterations around a run. */
import { expect, test } from 'vitest';
import type { Flow, TaskFixture } from '../flow/index.ts';
import { emptyMap, mapOf } from '../value/index.ts';
import { blankExecution, type Execution, type TaskRun } from './execution.ts';
import { fixtureOf } from './fixture.ts';

const fixture = (taskId: string, value?: string): TaskFixture => ({
  taskId,
  ...(value !== undefined && { value }),
  state: 'SUCCESS',
  outputs: emptyMap(),
  files: {},
});

function runOf(taskId: string, values: readonly (string | undefined)[]): TaskRun {
  let run: TaskRun | null = null;
  for (const value of [...values].toReversed()) {
    run = { task: { id: taskId }, parent: run, ...(value !== undefined && { value }) } as TaskRun;
  }
  return run ?? ({ task: { id: taskId }, parent: null } as TaskRun);
}

function executionWith(fixtures: readonly TaskFixture[] | undefined, item?: string): Execution {
  const execution = blankExecution('e', 'main', { id: 'f' } as Flow, 1);
  execution.fixtures = fixtures;
  if (item !== undefined) execution.item = mapOf({ value: item });
  return execution;
}

test('without fixtures, and for other tasks, nothing is given', () => {
  expect(fixtureOf(executionWith(undefined), runOf('a', []))).toBeUndefined();
  expect(fixtureOf(executionWith([]), runOf('a', []))).toBeUndefined();
  expect(fixtureOf(executionWith([fixture('b')]), runOf('a', []))).toBeUndefined();
});

test('the innermost value decides, and one without a value is for all others', () => {
  const all = fixture('a');
  const one = fixture('a', '1');
  const outer = fixture('a', 'x');
  const execution = executionWith([all, outer, one]);
  expect(fixtureOf(execution, runOf('a', []))).toBe(all);
  expect(fixtureOf(execution, runOf('a', ['1']))).toBe(one);
  expect(fixtureOf(execution, runOf('a', ['1', 'x']))).toBe(one);
  expect(fixtureOf(execution, runOf('a', ['2', 'x']))).toBe(outer);
  expect(fixtureOf(execution, runOf('a', [undefined, 'x']))).toBe(outer);
  expect(fixtureOf(execution, runOf('a', ['2']))).toBe(all);
});

test('an iteration that is an execution of its own has the value of its item', () => {
  const one = fixture('a', 'x');
  expect(fixtureOf(executionWith([one], 'x'), runOf('a', []))).toBe(one);
  expect(fixtureOf(executionWith([one], 'y'), runOf('a', []))).toBeUndefined();
});
