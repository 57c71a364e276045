/** States that people set by hand: what goes on from there, what does not, and what is left as it was. */
import { describe, expect, test } from 'vitest';
import { EngineDrive, flowOf } from '../../../test/support/drive-engine.ts';
import type { Command } from './command.ts';
import { presentRuns, type TaskRun } from './execution.ts';
import { isMarkable } from './restart.ts';

const log = (id: string): string => `{ id: ${id}, type: core.log.Log, message: m }`;

function started(source: string): EngineDrive {
  const drive = new EngineDrive(flowOf(source), () => undefined);
  drive.start();
  return drive;
}

function runOf({ execution }: EngineDrive, taskId: string): TaskRun {
  const run = presentRuns(execution).find(({ task }) => task.id === taskId);
  if (run === undefined) throw new Error(`there is no run of ${taskId}`);
  return run;
}

function end(drive: EngineDrive, taskId: string, outcome: 'SUCCESS' | 'FAILED'): void {
  const taskRunId = runOf(drive, taskId).id;
  drive.apply({ type: 'task-started', taskRunId });
  const error = { message: `${taskId} failed` };
  drive.apply({ type: 'task-ended', taskRunId, outcome, ...(outcome === 'FAILED' && { error }) });
  close(drive);
}

/** Answers the end that is asked for. */
function close(drive: EngineDrive): void {
  const asked = drive.open.find(({ type }: Command) => type === 'end-execution');
  if (asked?.type !== 'end-execution') return;
  drive.open.splice(drive.open.indexOf(asked), 1);
  drive.apply({ type: 'execution-ended', state: asked.state });
}

function mark(drive: EngineDrive, taskId: string, state: 'SUCCESS' | 'WARNING' | 'FAILED'): void {
  const taskRunId = runOf(drive, taskId).id;
  drive.apply({ type: 'run-state-changed', taskRunId, state, by: 'ada', reason: 'looked' });
  close(drive);
}

function states({ execution }: EngineDrive): Record<string, string> {
  return Object.fromEntries(presentRuns(execution).map(({ task, state }) => [task.id, state]));
}

const sequence = `
id: s
namespace: demo
tasks: [${log('a')}, ${log('b')}]
errors: [${log('oops')}]
`;

describe('the state of a run', () => {
  test('that failed is set to SUCCESS, and what comes after it runs', () => {
    const drive = started(sequence);
    end(drive, 'a', 'FAILED');
    end(drive, 'oops', 'SUCCESS');
    expect(drive.execution.state).toBe('FAILED');
    mark(drive, 'a', 'SUCCESS');
    expect([drive.execution.state, states(drive)]).toEqual([
      'RUNNING',
      { a: 'SUCCESS', b: 'CREATED' },
    ]);
    expect(drive.execution.error).toBeUndefined();
    expect(runOf(drive, 'a').attempts.at(-1)?.state).toBe('SUCCESS');
    expect([...drive.execution.requesters]).toContain('ada');
    end(drive, 'b', 'SUCCESS');
    expect(drive.execution.state).toBe('SUCCESS');
  });

  test('that ended well is set to WARNING, and nothing runs twice', () => {
    const drive = started(sequence);
    end(drive, 'a', 'SUCCESS');
    end(drive, 'b', 'SUCCESS');
    mark(drive, 'a', 'WARNING');
    expect([drive.execution.state, states(drive)]).toEqual([
      'WARNING',
      { a: 'WARNING', b: 'SUCCESS' },
    ]);
  });

  test('that ended well is not set to FAILED: what follows it has run', () => {
    const drive = started(sequence);
    end(drive, 'a', 'SUCCESS');
    end(drive, 'b', 'SUCCESS');
    expect(isMarkable(runOf(drive, 'a'), 'FAILED')).toBe(false);
    mark(drive, 'a', 'FAILED');
    expect(drive.execution.state).toBe('SUCCESS');
  });

  test('is not set while the execution runs', () => {
    const drive = started(sequence);
    end(drive, 'a', 'SUCCESS');
    mark(drive, 'a', 'WARNING');
    expect(states(drive)).toEqual({ a: 'SUCCESS', b: 'CREATED' });
  });

  test('opens what encloses it; a sibling that failed still fails it', () => {
    const source = `
id: p
namespace: demo
tasks:
  - { id: both, type: core.flow.Sequential, tasks: [{ id: inner, type: core.flow.Sequential, tasks: [${log('x')}] }] }
  - ${log('after')}
`;
    const drive = started(source);
    end(drive, 'x', 'FAILED');
    expect(states(drive)).toEqual({ both: 'FAILED', inner: 'FAILED', x: 'FAILED' });
    mark(drive, 'x', 'WARNING');
    expect(states(drive)).toEqual({
      both: 'WARNING',
      inner: 'WARNING',
      x: 'WARNING',
      after: 'CREATED',
    });
    end(drive, 'after', 'SUCCESS');
    expect(drive.execution.state).toBe('WARNING');
  });

  test('waits with the execution for a slot where its flow has a limit', () => {
    const drive = started(`${sequence}concurrency: { limit: 1, behavior: QUEUE }\n`);
    drive.apply({ type: 'slot-granted' });
    end(drive, 'a', 'FAILED');
    end(drive, 'oops', 'SUCCESS');
    mark(drive, 'a', 'SUCCESS');
    expect([drive.execution.state, states(drive)]).toEqual(['RESTARTED', { a: 'FAILED' }]);
    drive.apply({ type: 'slot-granted' });
    expect(states(drive)).toEqual({ a: 'SUCCESS', b: 'CREATED' });
  });
});

describe('the state of an execution', () => {
  test('is set when it has ended, and nothing goes on', () => {
    const drive = started(sequence);
    drive.apply({ type: 'execution-state-changed', state: 'SUCCESS', by: 'ada' });
    expect(drive.execution.state).toBe('RUNNING');
    end(drive, 'a', 'FAILED');
    end(drive, 'oops', 'SUCCESS');
    drive.apply({ type: 'execution-state-changed', state: 'SUCCESS', by: 'ada' });
    const { state, error, isSettled } = drive.execution;
    expect([state, error, isSettled, states(drive)]).toEqual([
      'SUCCESS',
      undefined,
      true,
      { a: 'FAILED', oops: 'SUCCESS' },
    ]);
  });
});

describe('an execution that waits', () => {
  test('for a slot runs when it is forced, and a slot that comes later is given back', () => {
    const drive = started(`${sequence}concurrency: { limit: 1, behavior: QUEUE }\n`);
    drive.apply({ type: 'slot-denied', behavior: 'QUEUE' });
    drive.apply({ type: 'execution-forced', by: 'ada' });
    expect([drive.execution.state, drive.execution.holdsSlot]).toEqual(['RUNNING', true]);
    drive.apply({ type: 'execution-forced', by: 'ada' });
    drive.apply({ type: 'slot-granted' });
    expect(drive.asked.filter((one) => one.includes('release-slot'))).toHaveLength(1);
    expect(states(drive)).toEqual({ a: 'CREATED' });
  });
});
