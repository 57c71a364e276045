/** Events written and read back: values without loss, provenance beside them, types left to the ledger. */
import {
  assert,
  constantFrom,
  dictionary,
  double,
  integer,
  oneof,
  property,
  string,
} from 'fast-check';
import { expect, test } from 'vitest';
import { emptyMap, mapOf, marksOf, plain, plainMarks, type Value } from '../value/index.ts';
import { decodeEvent, encodeEvent } from './encode-event.ts';
import type { ExecutionEvent } from './event.ts';

const untrusted = marksOf({ ...plain, trust: 'untrusted' });

function again(event: ExecutionEvent): ExecutionEvent {
  return decodeEvent(event.type, event.at, encodeEvent(event));
}

test('values of every kind come back as they were', () => {
  const value = oneof(
    string(),
    integer(),
    double({ noNaN: true, noDefaultInfinity: true, noInteger: true }),
    constantFrom<Value>(null, true, false, [], [1, 'a', null]),
  );
  assert(
    property(dictionary(string(), value), string(), (outputs, message) => {
      const event: ExecutionEvent = {
        type: 'task-ended',
        at: 7,
        taskRunId: 'x-1',
        outcome: 'FAILED',
        outputs: Object.assign(emptyMap(), outputs),
        error: { message },
        chance: 0.25,
      };
      expect(again(event)).toEqual(event);
    }),
  );
});

test('provenance comes back where something is marked and is left out where nothing is', () => {
  const event: ExecutionEvent = {
    type: 'evaluated',
    at: 1,
    taskRunId: null,
    purpose: 'outputs',
    value: mapOf({ answer: 42 }),
    marks: untrusted,
  };
  expect(again(event)).toEqual(event);
  expect(encodeEvent({ ...event, marks: plainMarks })).not.toContain('marks');
});

test('runs that a replay takes over come back with their outputs and provenance', () => {
  const event: ExecutionEvent = {
    type: 'execution-created',
    at: 1,
    executionId: 'x',
    tenant: 'main',
    namespace: 'demo',
    flowId: 'flow',
    revision: 3,
    inputs: mapOf({ who: 'ada' }),
    inputsMarks: untrusted,
    labels: [{ key: 'team', value: 'blue' }],
    causedBy: { executionId: 'y', taskRunId: 'y-0', index: 2, attempt: 1 },
    copied: [
      {
        taskId: 'say',
        parent: null,
        value: 'a',
        valueMarks: untrusted,
        lane: 0,
        state: 'SUCCESS',
        outputs: mapOf({ value: 'hello' }),
        outputsMarks: untrusted,
        facts: emptyMap(),
        role: 'done',
      },
    ],
  };
  expect(again(event)).toEqual(event);
});

test('the type and the time stand beside the text and not in it', () => {
  const text = encodeEvent({ type: 'execution-killed', at: 5, by: 'user:ada' });
  expect(JSON.parse(text)).toEqual({ by: 'user:ada' });
});
