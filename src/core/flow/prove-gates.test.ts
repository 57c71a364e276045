/** A gate counts only where nothing passes it by; every way around one is shown as a path. */
import { describe, expect, test } from 'vitest';
import { sampleCatalogue } from '../../../test/support/sample-catalogue.ts';
import type { Flow } from './flow.ts';
import { parseFlow } from './parse-flow.ts';
import { pathText, proveGates, waitsForPerson } from './prove-gates.ts';

function flowOf(tasks: string, id = 'g'): Flow {
  const source = `id: ${id}\nnamespace: a\n${tasks}`;
  const { flow, diagnostics } = parseFlow(source, { file: 'g.yaml', catalogue: sampleCatalogue });
  if (flow === undefined) throw new Error(JSON.stringify(diagnostics));
  return flow;
}

/** Returns what is found about each effect: `refund: gated`, or the path without a gate. */
function found(tasks: string, subflows: readonly Flow[] = []): readonly string[] {
  return proveGates(flowOf(tasks), {
    isEffect: ({ id }) => id.startsWith('pay'),
    isGate: (task) => waitsForPerson(task) || task.id.startsWith('gate'),
    subflow: (namespace, id) =>
      subflows.find((one) => one.namespace === namespace && one.id === id),
  }).map(({ task, isGated, path }) => `${task}: ${isGated ? 'gated' : pathText(path)}`);
}

const leaf = (id: string, more = ''): string => `{id: ${id}, type: core.debug.Return${more}}`;
const pause = (id: string, more = ''): string => `{id: ${id}, type: core.flow.Pause${more}}`;
const group = (type: string, id: string, more: string): string =>
  `{id: ${id}, type: core.flow.${type}, ${more}}`;
const list = (...tasks: readonly string[]): string => `[${tasks.join(', ')}]`;
const tasks = (...all: readonly string[]): string => `tasks: ${list(...all)}\n`;

const pay = leaf('pay');
const gate = pause('gate');

describe('in a sequence', () => {
  test.each([
    ['a gate before it', tasks(leaf('a'), gate, pay), 'pay: gated'],
    ['no gate', tasks(leaf('a'), pay), 'pay: a > pay'],
    ['a gate behind it', tasks(pay, gate), 'pay: pay'],
    ['a disabled gate', tasks(pause('gate', ', disabled: true'), pay), 'pay: pay'],
    [
      'a gate that may be skipped',
      tasks(pause('gate', ', runIf: "{{ false }}"'), pay),
      'pay: gate (skipped) > pay',
    ],
    [
      'a gate that may fail',
      tasks(leaf('gate', ', allowFailure: true'), pay),
      'pay: gate (failed) > pay',
    ],
    [
      'a gate inside a sequence',
      tasks(group('Sequential', 's', `tasks: ${list(gate)}`), pay),
      'pay: gated',
    ],
    [
      'a gate whose failure is allowed around it',
      tasks(group('AllowFailure', 's', `tasks: ${list(gate)}`), pay),
      'pay: s > pay',
    ],
    [
      'a gate in a group that may be skipped',
      tasks(group('Sequential', 's', `runIf: "{{ false }}", tasks: ${list(gate)}`), pay),
      'pay: s (skipped) > pay',
    ],
    [
      'a gate that `when` may skip',
      tasks(pause('gate', ', when: "{{ false }}"'), pay),
      'pay: gate (skipped) > pay',
    ],
    [
      'a gate that is tried again',
      tasks(pause('gate', ', retry: {type: constant, interval: PT1S, maxAttempts: 3}'), pay),
      'pay: gated',
    ],
    [
      'a handler of the gate itself',
      tasks(pause('gate', `, errors: ${list(pay)}`)),
      'pay: gate > pay (on failure)',
    ],
    [
      'a group whose failure is allowed, gate and all',
      tasks(group('Sequential', 's', `allowFailure: true, tasks: ${list(leaf('b'), gate)}`), pay),
      'pay: s (failed) > pay',
    ],
    [
      'an effect that is disabled, and one that is not',
      tasks(leaf('pay2', ', disabled: true'), pay),
      'pay: pay',
    ],
  ])('%s', (_, flow, expected) => {
    expect(found(flow)).toEqual([expected]);
  });
});

describe('in branches', () => {
  const condition = 'condition: "{{ true }}", ';
  test.each([
    [
      'gates in both',
      tasks(
        group('If', 'i', `${condition}then: ${list(gate)}, else: ${list(pause('gate2'))}`),
        pay,
      ),
      'pay: gated',
    ],
    [
      'a gate in one',
      tasks(group('If', 'i', `${condition}then: ${list(gate)}, else: ${list(leaf('b'))}`), pay),
      'pay: i > b (else) > pay',
    ],
    [
      'a gate in the only one',
      tasks(group('If', 'i', `${condition}then: ${list(gate)}`), pay),
      'pay: i > pay',
    ],
    [
      'a gate before the branch',
      tasks(gate, group('If', 'i', `${condition}then: ${list(pay)}`)),
      'pay: gated',
    ],
    [
      'a switch without defaults',
      tasks(group('Switch', 's', `value: x, cases: {a: ${list(gate)}}`), pay),
      'pay: s > pay',
    ],
    [
      'a switch with all gated',
      tasks(
        group(
          'Switch',
          's',
          `value: x, cases: {a: ${list(gate)}}, defaults: ${list(pause('gate2'))}`,
        ),
        pay,
      ),
      'pay: gated',
    ],
    [
      'the effect in another case',
      tasks(group('Switch', 's', `value: x, cases: {a: ${list(gate)}, b: ${list(pay)}}`)),
      'pay: s > pay (cases.b)',
    ],
  ])('%s', (_, flow, expected) => {
    expect(found(flow)).toEqual([expected]);
  });
});

describe('side by side', () => {
  const dag = (...all: readonly (readonly [string, string])[]): string =>
    group(
      'Dag',
      'd',
      `tasks: ${list(...all.map(([task, on]) => `{task: ${task}${on === '' ? '' : `, dependsOn: [${on}]`}}`))}`,
    );
  test.each([
    [
      'a gate beside it',
      tasks(group('Parallel', 'p', `tasks: ${list(gate, pay)}`)),
      'pay: p > pay',
    ],
    [
      'a gate among those that must be over',
      tasks(group('Parallel', 'p', `tasks: ${list(gate, leaf('b'))}`), pay),
      'pay: gated',
    ],
    ['a gate that it depends on', tasks(dag([gate, ''], [pay, 'gate'])), 'pay: gated'],
    [
      'a gate among those it depends on',
      tasks(dag([gate, ''], [leaf('b'), ''], [pay, 'b, gate'])),
      'pay: gated',
    ],
    [
      'a gate that others depend on',
      tasks(dag([gate, ''], [leaf('b'), 'gate'], [pay, ''])),
      'pay: d > pay',
    ],
  ])('%s', (_, flow, expected) => {
    expect(found(flow)).toEqual([expected]);
  });
});

describe('in loops, handlers and pauses', () => {
  const loop = (inner: string): string =>
    group('ForEach', 'l', `values: "[1]", tasks: ${list(inner)}`);
  test.each([
    ['a gate in a loop that may have no rounds', tasks(loop(gate), pay), 'pay: l > pay'],
    [
      'a gate before it in the same round',
      tasks(group('ForEach', 'l', `values: "[1]", tasks: ${list(gate, pay)}`)),
      'pay: gated',
    ],
    [
      'a handler of failures',
      `${tasks(gate, leaf('b'))}errors: ${list(pay)}\n`,
      'pay: pay (on failure)',
    ],
    [
      'a handler with its own gate',
      `${tasks(leaf('b'))}errors: ${list(gate, pay)}\n`,
      'pay: gated',
    ],
    [
      'a handler inside, behind a gate',
      tasks(gate, group('Sequential', 's', `tasks: ${list(leaf('b'))}, errors: ${list(pay)}`)),
      'pay: gated',
    ],
    ['finally', `${tasks(gate)}finally: ${list(pay)}\n`, 'pay: pay (finally)'],
    [
      'after the execution',
      `${tasks(gate)}afterExecution: ${list(pay)}\n`,
      'pay: pay (afterwards)',
    ],
    [
      'what runs while it pauses',
      tasks(group('Pause', 'gate', `onPause: ${pay}`)),
      'pay: gate > pay (onPause)',
    ],
    [
      'a pause that resumes by itself',
      tasks(pause('wait', ', pauseDuration: PT1H'), pay),
      'pay: wait > pay',
    ],
    [
      'a pause that fails by itself',
      tasks(pause('wait', ', pauseDuration: PT1H, behavior: FAIL'), pay),
      'pay: gated',
    ],
  ])('%s', (_, flow, expected) => {
    expect(found(flow)).toEqual([expected]);
  });
});

describe('in subflows', () => {
  const call = (id: string, more = ''): string =>
    `{id: call, type: core.flow.Subflow, namespace: a, flowId: ${id}${more}}`;
  const gated = flowOf(tasks(gate), 'gated');
  const paying = flowOf(tasks(pay), 'paying');

  test.each([
    ['an effect in one', tasks(call('paying')), ['pay: call > pay']],
    ['an effect in one behind a gate', tasks(gate, call('paying')), ['pay: gated']],
    ['a gate in one that is waited for', tasks(call('gated'), pay), ['pay: gated']],
    [
      'a gate in one that is not waited for',
      tasks(call('gated', ', wait: false'), pay),
      ['pay: call > pay'],
    ],
    [
      'a gate in one whose failure does not matter',
      tasks(call('gated', ', transmitFailed: false'), pay),
      ['pay: call > pay'],
    ],
    [
      'a gate in one that may or may not be waited for',
      tasks(call('gated', ', wait: "{{ inputs.x }}"'), pay),
      ['pay: call > pay'],
    ],
    [
      'a gate in one that may be skipped',
      tasks(call('gated', ', runIf: "{{ inputs.x }}"'), pay),
      ['pay: call (skipped) > pay'],
    ],
    [
      'an effect in one for each item, which may be none',
      tasks(`{id: each, type: core.flow.ForEachItem, items: x, namespace: a, flowId: gated}`, pay),
      ['pay: each > pay'],
    ],
    ['one that is not there', tasks(call('nowhere')), ['call: call']],
    ['one whose name is a template', tasks(call('"{{ inputs.x }}"')), ['call: call']],
  ])('%s', (_, flow, expected) => {
    expect(found(flow, [gated, paying])).toEqual(expected);
  });

  test('a circle of subflows ends', () => {
    const a = flowOf(tasks(call('b'), pay), 'a');
    const b = flowOf(tasks(call('a')), 'b');
    expect(found(tasks(call('a')), [a, b])).toEqual(['pay: call > call > call > pay']);
  });
});
