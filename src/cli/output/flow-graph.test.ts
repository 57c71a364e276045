/** What follows what is read from the flow as the engine goes through it. */
import { expect, test } from 'vitest';
import type { Flow, Task } from '../../core/flow/index.ts';
import { dotText, graphOf, mermaidText, treeText } from './flow-graph.ts';

function task(id: string, type = 'core.log.Log', more: Partial<Task> = {}): Task {
  return { id, type, blocks: {}, isDisabled: false, ...more } as Task;
}

function flow(tasks: readonly Task[], more: Partial<Flow> = {}): Flow {
  const lists = { errors: [], finally: [], afterExecution: [] };
  return { id: 'f', namespace: 'demo', tasks, ...lists, ...more } as unknown as Flow;
}

function arrows(tasks: readonly Task[], more: Partial<Flow> = {}): readonly string[] {
  return graphOf(flow(tasks, more)).edges.map(
    ({ from, to, label, isError }) =>
      `${from} ${isError === true ? '~>' : '->'} ${to}${label === undefined ? '' : ` (${label})`}`,
  );
}

test('tasks of a list follow each other', () => {
  expect(arrows([task('a'), task('b')])).toEqual(['(start) -> a', 'a -> b']);
});

test('branches of a choice meet again, and a missing else passes by', () => {
  const choice = task('choose', 'core.flow.If', { blocks: { then: [task('yes')] } });
  expect(arrows([choice, task('end')])).toEqual([
    '(start) -> choose',
    'choose -> yes (then)',
    'yes -> end',
    'choose -> end (else)',
  ]);
  const cases = task('pick', 'core.flow.Switch', {
    blocks: { 'cases.a b': [task('one')], defaults: [task('other')] },
  });
  expect(arrows([cases]).slice(1)).toEqual(['pick -> one (a b)', 'pick -> other (defaults)']);
});

test('what runs side by side begins together and is waited for together', () => {
  const both = task('both', 'core.flow.Parallel', { blocks: { tasks: [task('a'), task('b')] } });
  expect(arrows([both, task('end')])).toEqual([
    '(start) -> both',
    'both -> a',
    'both -> b',
    'a -> end',
    'b -> end',
  ]);
});

test('a Dag follows what is waited for, in whatever order it is written', () => {
  const dag = task('dag', 'core.flow.Dag', {
    blocks: { tasks: [task('c'), task('a'), task('b')] },
    dependsOn: { c: ['a', 'b'], b: ['a'] },
  });
  expect(arrows([dag, task('end')])).toEqual([
    '(start) -> dag',
    'dag -> a',
    'a -> b',
    'a -> c',
    'b -> c',
    'c -> end',
  ]);
});

test('errors are set apart and finally comes last', () => {
  const inner = task('loop', 'core.flow.ForEach', {
    blocks: { tasks: [task('a')], errors: [task('mend')], finally: [task('tidy')] },
  });
  expect(arrows([inner], { errors: [task('alarm')], finally: [task('close')] })).toEqual([
    '(start) -> loop',
    'loop -> a',
    'loop ~> mend (errors)',
    'a -> tidy',
    '(start) ~> alarm (errors)',
    'tidy -> close',
  ]);
});

test('each form holds every task, and odd labels do not break it', () => {
  const odd = task('pick', 'core.flow.Switch', { blocks: { 'cases.a"\n]': [task('one')] } });
  const graph = graphOf(flow([odd]));
  expect(dotText(graph, 'demo/f')).toContain('  "pick" -> "one" [label="a\\" ⏎ ]"];\n');
  expect(mermaidText(graph, 'demo/f')).toContain('  n1 -->|"a#quot; ⏎ ]"| n2\n');
  expect(treeText(flow([odd]))).toContain('   └─ one  core.log.Log\n');
});
