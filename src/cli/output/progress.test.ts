/** What is seen while an execution runs depends on where it is seen. */
import { expect, test } from 'vitest';
import type { ApplicationEvent } from '../../app/application.ts';
import type { Call } from '../command.ts';
import { ScriptedSurroundings } from '../test-support/scripted-surroundings.ts';
import { LiveTree } from './live-tree.ts';
import { LineProgress, progressFor } from './progress.ts';

function callWith(options: Readonly<Record<string, string>>): Call {
  return {
    text: (name: string) => options[name],
    has: (name: string) => Object.hasOwn(options, name),
  } as unknown as Call;
}

const wide = { columns: 80, rows: 24 };

test('a terminal with room gets a live tree, a pipe and a narrow terminal get lines', () => {
  const none = callWith({});
  expect(progressFor(none, new ScriptedSurroundings(undefined, wide))).toBeInstanceOf(LiveTree);
  expect(progressFor(none, new ScriptedSurroundings())).toBeInstanceOf(LineProgress);
  const narrow = new ScriptedSurroundings(undefined, { columns: 39, rows: 24 });
  expect(progressFor(none, narrow)).toBeInstanceOf(LineProgress);
  const dumb = new ScriptedSurroundings(undefined, wide);
  dumb.environment['TERM'] = 'dumb';
  expect(progressFor(none, dumb)).toBeInstanceOf(LineProgress);
});

const events: readonly ApplicationEvent[] = [
  ['execution-state', 'RUNNING', undefined],
  ['task-run-state', 'RUNNING', 'greet'],
  ['log', 'INFO', 'greet'],
  ['task-run-state', 'FAILED', 'greet'],
].map(([kind, state, taskId], index) => ({
  kind: kind as ApplicationEvent['kind'],
  state: state as string,
  executionId: 'e1',
  namespace: 'demo',
  flowId: 'hello',
  at: Date.parse('2026-01-02T03:04:05.000Z') + index * 100,
  ...(taskId === undefined ? {} : { taskId, taskRunId: 'r1', value: 'a\nb' }),
  ...(index === 2 ? { message: 'one\ntwo' } : {}),
  ...(index === 3 ? { message: 'it broke' } : {}),
}));

test('in a pipe each change is one line', () => {
  const surroundings = new ScriptedSurroundings();
  const progress = progressFor(callWith({}), surroundings);
  for (const event of events) progress.event(event);
  expect(surroundings.out.text.split('\n')).toEqual([
    '03:04:05.000  RUNNING    demo/hello e1',
    '03:04:05.100  RUNNING    greet [a ⏎ b]',
    '03:04:05.200  INFO   greet [a ⏎ b]  one',
    '    two',
    '03:04:05.300  FAILED     greet [a ⏎ b]  200 ms  it broke',
    '',
  ]);
});

test('with JSON nothing but the document reaches standard output', () => {
  const piped = new ScriptedSurroundings();
  const json = callWith({ output: 'json' });
  for (const event of events) progressFor(json, piped).event(event);
  expect(piped.out.text + piped.err.text).toBe('');
  const terminal = new ScriptedSurroundings(undefined, wide);
  const progress = progressFor(json, terminal);
  for (const event of events) progress.event(event);
  progress.close();
  expect(terminal.out.text).toBe('');
  expect(terminal.err.text).toContain('greet');
});

test('quiet is silent', () => {
  const surroundings = new ScriptedSurroundings(undefined, wide);
  for (const event of events) progressFor(callWith({ quiet: '' }), surroundings).event(event);
  expect(surroundings.out.text + surroundings.err.text).toBe('');
});

test('colours are codes on a terminal and nothing with NO_COLOR', () => {
  const coloured = new ScriptedSurroundings(undefined, { columns: 30, rows: 24 });
  const plain = new ScriptedSurroundings(undefined, { columns: 30, rows: 24 });
  plain.environment['NO_COLOR'] = '1';
  for (const one of [coloured, plain]) progressFor(callWith({}), one).event(events[3] as never);
  expect(coloured.out.text).toContain('\u001b[31mFAILED');
  expect(plain.out.text).not.toContain('\u001b');
});
