/** What the process after this one finds: executions for which something is still to be performed. */
import { expect, test } from 'vitest';
import { type Draft, flowOf } from '../../../test/support/drive-engine.ts';
import { applyEvent, blankExecution, type ExecutionEvent } from '../../core/engine/index.ts';
import { Outstanding, standsUnderWay } from './active.ts';

function begun(source: string) {
  const flow = flowOf(`id: one\nnamespace: demo\n${source}`);
  const execution = blankExecution('x1', 'main', flow, 1);
  const outstanding = new Outstanding();
  const apply = (draft: Draft): void => {
    const event = { at: 1_000, ...draft } as ExecutionEvent;
    outstanding.note(event, applyEvent(execution, event).commands);
  };
  const { namespace, id: flowId } = flow;
  const about = { executionId: 'x1', tenant: 'main', namespace, flowId, revision: 1 };
  apply({ type: 'execution-created', ...about, inputs: {}, labels: [] });
  const asked = (): string[] => outstanding.commands().map(({ type }) => type);
  return { execution, apply, asked };
}

test('an execution that has asked for its slot is found, whatever its timers', () => {
  const { execution, apply } = begun(`concurrency: { limit: 1, behavior: QUEUE }
sla: [{ id: prompt, type: MAX_DURATION, duration: PT2H, behavior: FAIL }]
tasks: [{ id: a, type: core.log.Log, message: a }]
`);
  expect([execution.state, standsUnderWay(execution)]).toEqual(['CREATED', true]);
  apply({ type: 'slot-denied', behavior: 'QUEUE' });
  expect([execution.state, standsUnderWay(execution)]).toEqual(['QUEUED', false]);
});

test('an execution that is paused is found until the child that it gave up has ended', () => {
  const { execution, apply, asked } = begun('tasks: [{ id: gate, type: core.flow.Pause }]\n');
  for (const purpose of execution.runs[0]!.awaited)
    apply({
      type: 'evaluated',
      taskRunId: execution.runs[0]!.id,
      purpose: purpose.replace('evaluate ', ''),
      result: null,
    } as never);
  expect([execution.state, standsUnderWay(execution)]).toEqual(['PAUSED', false]);
  apply({ type: 'child-started', taskRunId: 'gone', index: 0, executionId: 'c1' });
  expect([asked(), standsUnderWay(execution)]).toEqual([['kill-child'], true]);
  // News of a pause do not answer the kill.
  apply({ type: 'child-ended', taskRunId: 'gone', executionId: 'c1', state: 'PAUSED' });
  expect([asked(), standsUnderWay(execution)]).toEqual([['kill-child'], true]);
  apply({ type: 'child-ended', taskRunId: 'gone', executionId: 'c1', state: 'KILLED' });
  expect([asked(), standsUnderWay(execution)]).toEqual([[], false]);
});
