/** Circles of flows that start each other: those that never end are errors, those that may are warnings. */
import { expect, test } from 'vitest';
import { compileTemplate } from '../expression/index.ts';
import { type Flow, parseFlow } from '../flow/index.ts';
import { sampleCatalogue } from '../../../test/support/sample-catalogue.ts';
import { triggerLoops } from './trigger-loops.ts';

function flow(id: string, trigger?: string, tasks = '[{ id: a, type: core.debug.Return }]'): Flow {
  const triggers =
    trigger === undefined ? '' : `triggers:\n  - { id: t, type: core.trigger.Flow, ${trigger} }\n`;
  const source = `id: ${id}\nnamespace: shop\ntasks: ${tasks}\n${triggers}`;
  const read = parseFlow(source, {
    file: id,
    catalogue: sampleCatalogue,
    compile: compileTemplate,
  });
  if (read.flow === undefined) throw new Error(JSON.stringify(read.diagnostics));
  return read.flow;
}

const on = (id: string, more = ''): string =>
  `conditions: [{ type: core.condition.ExecutionFlow, namespace: shop, flowId: ${id} }${more}]`;
const calls = (id: string): string =>
  `[{ id: call, type: core.flow.Subflow, namespace: shop, flowId: ${id} }]`;

function found(...flows: readonly Flow[]): readonly string[] {
  const [first] = flows;
  if (first === undefined) return [];
  return triggerLoops(first, flows, 'flow.yaml').map(({ code, message }) => `${code} ${message}`);
}

test('two flows that listen to each other are an error that names the way', () => {
  const [message] = found(flow('a', on('b')), flow('b', on('a')));
  expect(message).toBe(
    'flow.trigger-loop the ends of these flows start each other for ever: `shop/a` → `shop/b` → `shop/a`',
  );
  const [first] = triggerLoops(flow('a', on('b')), [flow('b', on('a'))], 'flow.yaml');
  expect(first).toMatchObject({ severity: 'error', line: 5, path: 'triggers[0]' });
});

test('a longer circle, one through a task, and one of flows that listen to everything are found', () => {
  expect(found(flow('a', on('c')), flow('b', on('a')), flow('c', on('b')))[0]).toContain(
    '`shop/a` → `shop/b` → `shop/c` → `shop/a`',
  );
  expect(found(flow('a', on('b'), calls('b')), flow('b'))[0]).toMatch(/^flow\.trigger-loop /);
  expect(found(flow('a', 'description: x'), flow('b', 'description: x'))[0]).toMatch(
    /^flow\.trigger-loop /,
  );
  const depends = 'dependsOn: [{ flowId: b }]';
  expect(found(flow('a', depends), flow('b', on('a')))[0]).toMatch(/^flow\.trigger-loop /);
});

test('what may end by itself is a warning', () => {
  const failed = ', { type: core.condition.ExecutionStatus, in: [FAILED] }';
  const asked = ', { type: core.condition.Expression, expression: "{{ outputs.more }}" }';
  const cases = [
    [flow('a', on('b')), flow('b', on('a', failed))],
    [flow('a', on('b')), flow('b', on('a', asked))],
    [flow('a', 'states: [FAILED]'), flow('b', 'states: [FAILED]')],
    [
      flow(
        'a',
        on('b'),
        `[{ id: if, type: core.flow.If, condition: "{{ x }}", then: ${calls('b')} }]`,
      ),
      flow('b'),
    ],
    [flow('a', on('b')), flow('b', 'dependsOn: [{ flowId: a }, { flowId: c }]'), flow('c')],
  ];
  for (const flows of cases) {
    expect(found(...flows)[0]).toMatch(/^flow\.trigger-loop-possible /);
  }
});

test('a chain, a flow that listens to all others, and one that is off are no circle', () => {
  expect(found(flow('a'), flow('b', on('a')), flow('c', on('b')))).toEqual([]);
  expect(found(flow('alert', 'states: [FAILED]'), flow('b'), flow('c', on('b')))).toEqual([]);
  expect(found(flow('a', on('b')), flow('b', `disabled: true, ${on('a')}`))).toEqual([]);
  const prefix = 'conditions: [{ type: core.condition.ExecutionNamespace, namespace: other }]';
  expect(found(flow('a', prefix), flow('b', on('a')))).toEqual([]);
});
